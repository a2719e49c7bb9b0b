"""The dishonest key worker: gets into a young person's place with a code of their own making.

They hold a code, the passphrase they chose themselves, their own token and that of the new sign-in,
and speak to Rest, Auth, Storage and Realtime directly, past all screens.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from app.config import Settings
from app.core.http import Backend
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.people.notices import Notices
from tests.door.conftest import Doorstep, in_front_of
from tests.door.returns import NEW, Pair, get_back_in, make_pair
from tests.door.test_join import device_cookie_of, login_on
from tests.fixtures.people import MakeInviter
from tests.fixtures.supabase import Supabase
from tests.local.realtime_peer import Ear

# As a reader of the code would list them.
PRIVATE = (
    "sign_ins", "notices", "returns", "proof_tries", "devices", "codes", "audit", "access_log",
    "hints", "machines", "contacts", "needs", "openings",
)  # fmt: skip


_BELONGINGS = """
select (select p::text from public.people as p where p.id = %(person)s),
    (select array_agg(m::text order by m.id) from public.memberships as m
        where m.person_id = %(person)s),
    (select array_agg(s::text) from private.sign_ins as s where s.user_id = %(user)s),
    (select array_agg(d.cookie_hash order by d.id) from private.devices as d
        where d.user_id = %(user)s),
    (select (u.email, u.encrypted_password, u.banned_until)::text from auth.users as u
        where u.id = %(user)s),
    (select array_agg(s.id order by s.id) from auth.sessions as s where s.user_id = %(user)s)
"""


@dataclass
class Thief:
    """The key worker behind the young person's mask. `token` is of the new sign-in, `own` theirs;
    `user`, `refresh` and `cookie_hash` belong to the new one."""

    supabase: Supabase
    pair: Pair
    login: str
    token: str
    refresh: str
    user: str
    own: str
    cookie_hash: str

    async def rest(self, method: str, path: str, **options: Any) -> httpx.Response:
        token = options.pop("token", self.token)
        return await self.supabase.send(method, f"/rest/v1/{path}", token, **options)

    async def rpc(self, name: str, *, token: str | None = None, **arguments: object) -> str:
        """`ok`, or the code of the refusal."""
        named = {f"p_{key}": value for key, value in arguments.items()}
        answer = await self.rest("POST", f"rpc/{name}", json=named, token=token or self.token)
        return "ok" if answer.is_success else str(answer.json()["message"])

    async def auth(self, method: str, path: str, **options: Any) -> httpx.Response:
        token = options.pop("token", self.token)
        return await self.supabase.send(method, f"/auth/v1/{path}", token, **options)


async def signed_in(supabase: Supabase, email: str, password: str) -> dict[str, Any]:
    answer = await supabase.send(
        "POST",
        "/auth/v1/token?grant_type=password",
        json={"email": email, "password": password},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest_asyncio.fixture
async def pair(inviter: MakeInviter, supabase: Supabase, doorstep: Doorstep) -> Pair:
    return await make_pair(inviter, supabase, doorstep)


@pytest_asyncio.fixture
async def thief(
    pair: Pair, supabase: Supabase, settings: Settings, backend: Backend, seal: Seal
) -> AsyncIterator[Thief]:
    """In by the code, in a browser of their own."""
    async with in_front_of(settings, backend, seal) as browser:
        page = await get_back_in(browser, await pair.code("other"))
        cookie = device_cookie_of(browser)
        assert cookie
        tokens = await signed_in(supabase, f"{login_on(page)}@people.invalid", NEW)
        own = await pair.worker.device.tokens()
        yield Thief(
            supabase,
            pair,
            login_on(page),
            tokens["access_token"],
            tokens["refresh_token"],
            tokens["user"]["id"],
            own.access,
            hashlib.sha256(cookie.encode()).hexdigest(),
        )


@pytest.fixture(autouse=True)
def nothing_of_the_young_person_changes(thief: Thief) -> Iterator[None]:
    """Whatever was tried in the test, it left no trace in what is theirs."""
    before = belongings(thief)
    yield
    assert belongings(thief) == before


def belongings(thief: Thief) -> list[tuple[Any, ...]]:
    return thief.supabase.execute(
        _BELONGINGS.replace("%(person)s", f"'{thief.pair.young_id}'").replace(
            "%(user)s", f"'{thief.pair.device.user_id}'"
        ),
        user="supabase_admin",
    )


async def return_id(thief: Thief) -> UUID:
    unseen = (await Notices(thief.pair.device.db).told()).unseen
    assert unseen[0].ref
    return unseen[0].ref


async def test_the_young_person_knows_who_made_it_and_that_it_was_used(thief: Thief) -> None:
    told = (await Notices(thief.pair.device.db).told()).unseen

    assert [each.kind for each in told] == ["return_code_used"]
    assert {each.made_by for each in told} == {"Samira"}


async def test_they_read_no_notice_and_mark_none_as_seen(thief: Thief) -> None:
    notices = (await Notices(thief.pair.device.db).told()).unseen
    answer = await thief.rest("POST", "rpc/my_notices", json={})
    assert answer.json()["notices"] == []
    assert answer.json()["full_from"]
    for notice in notices:
        assert await thief.rpc("see_notice", notice=str(notice.id)) == "not_full_yet"
        assert await thief.rpc("see_notice", notice=str(notice.id), token=thief.own) == "not_found"

    assert (await Notices(thief.pair.device.db).told()).unseen == notices


async def test_they_close_and_see_no_device_but_their_own(thief: Thief, doorstep: Doorstep) -> None:
    listed = await thief.rest("POST", "rpc/my_devices", json={"p_cookie_hash": thief.cookie_hash})
    assert [each["this"] for each in listed.json()] == [True]
    assert await thief.rpc("close_devices", cookie_hash=thief.cookie_hash, keep_this=False) == "ok"
    gone = await thief.rpc("close_devices", cookie_hash=thief.cookie_hash, keep_this=False)
    assert gone == "signed_out"

    assert (await doorstep.home()).text == "home"
    assert await doorstep.devices.state(thief.pair.device.cookie_hash) == "open"


async def test_they_cannot_object_vouch_or_allow(thief: Thief) -> None:
    returned = str(await return_id(thief))
    masked = {
        "object_to_return": {"return": returned},
        "vouch_for": {"user": thief.user},
        "allow_return": {"return": returned},
    }
    for name, arguments in masked.items():
        assert await thief.rpc(name, **arguments) == "not_full_yet"
    barefaced = {
        "object_to_return": ({"return": returned}, "not_found"),
        "vouch_for": ({"user": thief.user}, "not_found"),
        "claim_return": ({"code": await thief.pair.code()}, "has_a_person"),
    }
    for name, (arguments, answer) in barefaced.items():
        assert await thief.rpc(name, token=thief.own, **arguments) == answer
    assert (await thief.rest("POST", "rpc/my_notices", json={})).json()["full_from"]


async def test_they_cannot_allow_themselves_what_the_young_person_objected_to(
    thief: Thief,
) -> None:
    returned = str(await return_id(thief))
    await thief.pair.device.db.rpc("object_to_return", **{"return": returned})

    assert (
        await thief.rpc("allow_return", token=thief.own, **{"return": returned}) == "not_yourself"
    )
    assert (
        await thief.rpc(
            "new_return_code", token=thief.own, person=str(thief.pair.young_id), reason="other"
        )
        == "objected"
    )


async def test_no_table_gives_more_than_their_own_row_and_none_takes_a_change(
    thief: Thief,
) -> None:
    described = (await thief.rest("GET", "")).json().get("definitions")
    tables = described or [
        "people", "memberships", "team_members", "organisations", "justice_facts", "consents",
        "countries", "sites", "duties",
    ]  # fmt: skip
    for table in tables:
        before = await thief.rest("GET", table)
        for method, options in (
            ("POST", {"json": {"id": str(uuid4())}}),
            ("PATCH", {"json": {"version": 9}, "params": {"version": "gte.0"}}),
            ("DELETE", {"params": {"version": "gte.0"}}),
        ):
            assert (await thief.rest(method, table, **options)).status_code in {400, 401, 403, 404}
        assert (await thief.rest("GET", table)).json() == before.json()
    for hidden in ("justice_facts", "consents"):
        assert (await thief.rest("GET", hidden)).json() == []
    own = {UUID(each["id"]) for each in (await thief.rest("GET", "people")).json()}
    assert own == {thief.pair.young_id}


@pytest.mark.parametrize("table", PRIVATE)
async def test_the_private_tables_are_not_there(thief: Thief, table: str) -> None:
    change = {"full_from": "2020-01-01T00:00:00Z"}
    for profile in ({}, {"accept-profile": "private", "content-profile": "private"}):
        headers = {**profile, "authorization": f"Bearer {thief.token}"}
        for answer in (
            await thief.rest("GET", table, headers=headers),
            await thief.rest("PATCH", table, headers=headers, json=change),
            await thief.rest("POST", table, headers=headers, json=change),
        ):
            assert answer.status_code in {404, 406}, answer.text


async def test_auth_changes_their_own_secret_and_nobody_elses(
    thief: Thief, settings: Settings
) -> None:
    changed = await thief.auth("PUT", "user", json={"password": "something new here"})
    assert changed.status_code == 200
    assert (await thief.rest("POST", "rpc/my_notices", json={})).json()["full_from"]
    young = str(thief.pair.device.user_id)
    wish = {"password": "mine now", "email": "me@example.org", "email_confirm": True}
    for token in (thief.token, thief.own):
        for method, path in (
            ("GET", "admin/users"),
            ("GET", f"admin/users/{young}"),
            ("PUT", f"admin/users/{young}"),
            ("DELETE", f"admin/users/{young}"),
            ("POST", "invite"),
            ("POST", "signup"),
            ("POST", "recover"),
            ("POST", "magiclink"),
            ("POST", "otp"),
            ("POST", "admin/generate_link"),
        ):
            body = wish if method in {"PUT", "POST"} else None
            answer = await thief.auth(method, path, token=token, json=body)
            assert answer.status_code in {401, 403, 422, 501}, (path, answer.text)


async def test_their_metadata_opens_nothing(thief: Thief) -> None:
    for data in (
        {"user_metadata": {"full": True}},
        {"data": {"full_from": "2020-01-01"}, "app_metadata": {"machine": "live"}},
    ):
        await thief.auth("PUT", "user", json=data)

    assert await thief.rpc("enlist_machine") == "not_allowed"
    assert await thief.rpc("found_organisation") == "not_allowed"
    assert (await thief.rest("POST", "rpc/my_notices", json={})).json()["full_from"]


async def test_signing_out_everywhere_ends_only_their_own_sessions(thief: Thief) -> None:
    answer = await thief.auth("POST", "logout?scope=global")

    assert answer.status_code == 204
    assert (await Notices(thief.pair.device.db).told()).unseen


async def test_a_form_of_the_old_passphrase_tells_them_no_address(
    thief: Thief, doorstep: Doorstep
) -> None:
    answer = await thief.rest("POST", "rpc/begin_proof", json={})
    assert answer.json() == [str(thief.pair.device.user_id)]
    everything = [
        (await thief.rest("POST", f"rpc/{name}", json=body)).text
        for name, body in (
            ("my_home", {"p_cookie_hash": thief.cookie_hash}),
            ("my_devices", {"p_cookie_hash": thief.cookie_hash}),
            ("my_team", {}),
        )
    ]
    assert "people.invalid" not in "".join(everything)
    for _ in range(4):
        assert await thief.rpc("begin_proof") == "ok"
    assert await thief.rpc("begin_proof") == "too_many_tries"


async def test_realtime_lets_them_listen_to_nothing(
    thief: Thief, machine: Callable[[str], Awaitable[MachineClient]]
) -> None:
    live = (await (await machine("live")).tokens()).access
    allowed = await thief.supabase.client(live)
    await allowed.realtime.set_auth(live)
    assert await Ear(allowed, "hints:0").join() == "SUBSCRIBED"
    await allowed.realtime.close()
    young, user = thief.pair.young_id, thief.pair.device.user_id
    for token in (thief.token, thief.own):
        client = await thief.supabase.client(token)
        await client.realtime.set_auth(token)
        for topic in ("hints:0", "hints:15", f"people:{young}", str(young), str(user), "*"):
            ear = Ear(client, topic)
            assert await ear.join() == "CHANNEL_ERROR"
            assert "Unauthorized" in ear.errors[-1]
        assert await Ear(client, "hints:1", private=False).join() == "CHANNEL_ERROR"
        await client.realtime.close()


async def test_storage_takes_and_shows_nothing(thief: Thief) -> None:
    young, bucket = thief.pair.young_id, f"letters-{thief.pair.young_id}"
    thief.supabase.execute(
        "insert into storage.buckets (id, name, public) values (%s, %s, false)",
        bucket,
        bucket,
        user="supabase_admin",
    )
    for token in (thief.token, thief.own):
        client = await thief.supabase.client(token)
        assert await client.storage.list_buckets() == []
        for method, path in (
            ("POST", f"object/{bucket}/{young}/note.txt"),
            ("PUT", f"object/{bucket}/{young}/note.txt"),
            ("GET", f"object/{bucket}/{young}/note.txt"),
            ("DELETE", f"object/{bucket}/{young}/note.txt"),
            ("POST", f"object/list/{bucket}"),
            ("POST", f"object/sign/{bucket}/{young}/note.txt"),
        ):
            answer = await thief.supabase.send(
                method, f"/storage/v1/{path}", token, json={"prefix": "", "expiresIn": 60}
            )
            assert not answer.is_success or answer.json() == [], (path, answer.text)
    assert thief.supabase.execute(
        "select count(*) from storage.objects where bucket_id = %s", bucket, user="supabase_admin"
    ) == [(0,)]


async def test_an_objection_leaves_them_with_nothing_at_once(
    thief: Thief, doorstep: Doorstep
) -> None:
    await thief.pair.device.db.rpc("object_to_return", **{"return": str(await return_id(thief))})

    for name in ("my_notices", "my_team", "begin_proof"):
        assert await thief.rpc(name) == "not_allowed"
    assert (await thief.rest("GET", "people")).json() == []
    renewed = await thief.supabase.send(
        "POST", "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": thief.refresh}
    )
    fresh = renewed.json().get("access_token", thief.token)
    assert await thief.rpc("my_team", token=fresh) == "not_allowed"
    assert await thief.rpc("claim_return", token=fresh, code="ABCD-EFGH-JKMN") == "code_not_valid"
    answer = await doorstep.sign_in(thief.login, NEW)
    assert answer.status_code == 422


async def test_without_an_objection_72_hours_and_a_used_up_code_are_what_it_says(
    thief: Thief,
) -> None:
    """The same calls that are refused above, once they are the young person's own."""
    thief.supabase.execute(
        "update private.sign_ins set full_from = now() where user_id = %s", thief.user
    )
    answer = await thief.rest("POST", "rpc/my_notices", json={})

    assert [each["kind"] for each in answer.json()["notices"]] == ["return_code_used"]
    assert await thief.rpc("see_notice", notice=answer.json()["notices"][0]["id"]) == "ok"
