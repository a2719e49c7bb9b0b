"""Nobody learns from Auth's clock who has an account.

Quick passwords (cost 6, about 4 ms) keep this short; the work is counted too, so that equal
times are not chance.
"""

import statistics
import time
from pathlib import Path

import pytest

from app.local.config import Config
from tests.fixtures.auth import Project, an_email, auth_project
from tests.fixtures.postgres import Dsn

TRIES = 200
TOLERANCE = 0.05


async def seconds_of_a_try(auth: Project, email: str) -> float:
    begun = time.perf_counter()
    answer = await auth.call(
        "POST", "token?grant_type=password", {"email": email, "password": "a wrong password"}
    )
    seconds = time.perf_counter() - begun
    assert answer.json()["code"] == "invalid_credentials"
    return seconds


@pytest.mark.parametrize("cost", [6])
async def test_a_wrong_password_and_an_unknown_address_take_the_same_time(
    auth_dsn: Dsn, tmp_path: Path, cost: int
) -> None:
    async with auth_project(auth_dsn, tmp_path, Config(password_cost=cost)) as auth:
        known = an_email()
        await auth.signed_up(known)
        times: dict[str, list[float]] = {"known": [], "unknown": []}
        calls = {"known": 0, "unknown": 0}
        for _ in range(TRIES):
            for kind, email in (("known", known), ("unknown", an_email())):
                before = auth.bcrypt_calls
                times[kind].append(await seconds_of_a_try(auth, email))
                calls[kind] += auth.bcrypt_calls - before
        assert calls == {"known": TRIES, "unknown": TRIES}
        medians = {kind: statistics.median(found) for kind, found in times.items()}
        assert medians["known"] == pytest.approx(medians["unknown"], rel=TOLERANCE), medians


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
        await seconds_of_a_try(auth, email)
        assert auth.bcrypt_calls - before == 1
