"""Nobody learns from Auth's answers or its clock who has an account.

Passwords of cost 6 (4 ms instead of the usual 60) keep the long comparison short; bcrypt's calls
are counted too, so that equal times are not chance. At the usual cost a few tries show that bcrypt
is asked for the same work.
"""

import random
import statistics
import time
from pathlib import Path

import bcrypt
import pytest

from app.local.config import Config
from tests.fixtures.auth import QUICK, Project, an_email, auth_project
from tests.fixtures.postgres import Dsn

TRIES = 200
TOLERANCE = 0.05
# Ranks between which the true median lies with 99.9 %: half of TRIES, and 3.29 deviations.
LOW, HIGH = 76, 123


async def wrong_try(auth: Project, email: str) -> tuple[float, float]:
    """How many seconds a refusal took, and how many of the processor."""
    begun, used = time.perf_counter(), time.process_time()
    answer = await auth.call(
        "POST", "token?grant_type=password", {"email": email, "password": "a wrong password"}
    )
    took = time.perf_counter() - begun, time.process_time() - used
    assert answer.json()["code"] == "invalid_credentials"
    return took


async def test_a_wrong_password_and_an_unknown_address_take_the_same_time(
    auth_dsn: Dsn, auth_home: Path
) -> None:
    async with auth_project(auth_dsn, auth_home, QUICK, password_cost=6) as auth:
        email = an_email()
        await auth.signed_up(email)
        tries: dict[str, list[tuple[float, float]]] = {"known": [], "unknown": []}
        calls = {"known": 0, "unknown": 0}
        for _ in range(TRIES):
            # In changing order, so that neither is always the one after the other.
            for kind in random.sample(sorted(tries), 2):
                before = auth.bcrypt_calls
                tries[kind].append(await wrong_try(auth, email if kind == "known" else an_email()))
                calls[kind] += auth.bcrypt_calls - before
    assert calls == {"known": TRIES, "unknown": TRIES}
    known, unknown = (list(zip(*tries[kind], strict=True)) for kind in ("known", "unknown"))
    assert statistics.median(known[1]) == pytest.approx(
        statistics.median(unknown[1]), rel=TOLERANCE
    )
    # What else the machine does moves the wall clock by more than that, but moves both tries
    # of a pair: their ratio may only stray as far as this run's own noise explains.
    ratios = sorted(one / other for one, other in zip(known[0], unknown[0], strict=True))
    assert ratios[LOW] < 1 + TOLERANCE
    assert ratios[HIGH] > 1 - TOLERANCE


async def test_at_the_usual_cost_the_work_is_the_same_too(
    auth_dsn: Dsn, auth_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []
    check = bcrypt.checkpw

    def watched(password: bytes, against: bytes) -> bool:
        asked.append(against)
        return check(password, against)

    monkeypatch.setattr(bcrypt, "checkpw", watched)
    usual = Config().password_cost
    async with auth_project(auth_dsn, auth_home, Config()) as auth:
        email = an_email()
        await auth.signed_up(email)
        pairs = [
            (await wrong_try(auth, email), await wrong_try(auth, an_email())) for _ in range(5)
        ]
    assert usual == 10
    assert [each[:7] for each in asked] == [b"$2a$10$"] * 10
    assert len(set(asked[0::2])) == len(set(asked[1::2])) == 1
    # A tenth of the work on either side, or none, would show through any load.
    known, unknown = (statistics.median(one[side][1] for one in pairs) for side in (0, 1))
    assert 1 / 3 < known / unknown < 3


async def test_every_way_to_be_refused_costs_one_bcrypt_check(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    names = ("plain", "banned", "unconfirmed", "anonymous", "unknown", "removed")
    emails = {name: f"{name}.{an_email()}" for name in names}
    await auth.signed_up(emails["plain"])
    for name in ("banned", "unconfirmed", "removed"):
        ban = "1h" if name == "banned" else "none"
        made = await admin.create_user(
            {"email": emails[name], "password": "right one", "ban_duration": ban}
        )
        if name == "removed":
            await admin.delete_user(made.user.id)
    for email in emails.values():
        before = auth.bcrypt_calls
        await wrong_try(auth, email)
        assert auth.bcrypt_calls - before == 1
