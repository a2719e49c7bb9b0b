"""The drill of docs/keys.md, and what a copy of the database tells: no word. On a database of its
own, since it looks at every row there is."""

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.cli import keys
from app.cli.paths import Paths
from app.config import Settings
from app.config_values import keys as read_keys
from app.core.machine import MachineClient
from app.core.reseal import Resealed, reseal
from app.core.seal import Seal
from app.local.binaries import find_binaries
from app.messages.actions import Messages
from app.messages.attachments import Attachments
from app.messages.templates import Template, Templates
from tests.fixtures.people import KEYS
from tests.fixtures.postgres import Server
from tests.fixtures.supabase import Supabase, running_supabase
from tests.messages.conftest import House

WORDS = "Zwischen Seegras und Laternen"
LETTER = b"%PDF-1.7\n" + WORDS.encode() * 20
FIRST = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def supabase(postgres18: Server, tmp_path: Path) -> Iterator[Supabase]:
    dsn = postgres18.new_database(migrated=True)
    with running_supabase(dsn, tmp_path / "supabase") as project:
        yield project


async def _write(house: House) -> None:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    sent = await house.kim.messages.send(thread, uuid4(), f"{WORDS} eins")
    sent = await house.kim.messages.edit(sent, f"{WORDS} zwei")
    place = ("translation", thread, sent.client_id, sent.version, "en")
    await house.amina.db.rpc(
        "keep_translation",
        message=str(sent.id),
        version=sent.version,
        language="en",
        sealed=Seal(KEYS).seal_text(f"{WORDS} two", *place),
    )
    gone = await house.kim.messages.send(thread, uuid4(), f"{WORDS} drei")
    await house.kim.messages.take_back(gone)
    await house.amina.messages.save_draft(thread, f"{WORDS} vier")
    await house.sam.messages.late.come_in(thread, uuid4(), f"{WORDS} fünf", None)
    often = Template(shared=False, title=f"{WORDS} sechs", texts={"de": f"{WORDS} acht"})
    await Templates(house.amina.db, Seal(KEYS)).keep(house.organisation, often)
    file = await house.kim.attachments.keep(uuid4(), thread, f"{WORDS}.pdf", LETTER)
    last = await house.kim.messages.send(
        thread, uuid4(), f"{WORDS} sieben", None, attachment=file.id
    )
    assert last.attachment == file


def _dump(dsn: str) -> str:
    program = find_binaries().program("pg_dump")
    done = subprocess.run([program, dsn], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def _stored(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


async def test_a_dump_of_the_database_and_the_bucket_hold_no_word_of_a_message(
    house: House, supabase: Supabase, tmp_path: Path
) -> None:
    await _write(house)
    dumped = await asyncio.to_thread(_dump, supabase.dsn("supabase_admin"))

    assert "COPY private.message_versions" in dumped
    assert "Kim Lee" in dumped
    stored = await asyncio.to_thread(_stored, tmp_path)
    assert len(LETTER) + 28 in map(len, stored)
    for word in ("Seegras", "Laternen", "Zwischen"):
        assert word not in dumped
        assert not any(word.encode() in content for content in stored)


async def test_the_drill(
    house: House,
    settings: Settings,
    machine: Callable[[str], Awaitable[MachineClient]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await _write(house)
    jobs = await machine("jobs")
    file, paths = tmp_path / "keys", Paths(tmp_path)
    file.write_text(FIRST)
    monkeypatch.setattr(os, "environ", {
        "SUPABASE_URL": settings.supabase_url,
        "SUPABASE_ANON_KEY": settings.supabase_anon_key,
        "HANDRAIL_SEAL_KEYS_FILE": str(file),
        "HANDRAIL_MACHINE_JOBS": ":".join(jobs._account),
    })  # fmt: skip

    assert keys.rotate(paths) == 0
    both = read_keys(file.read_text())
    assert (list(both), both["k1"], file.stat().st_mode & 0o777) == (
        ["k2", "k1"],
        KEYS["k1"],
        0o600,
    )
    assert await keys.verify(paths) == 0
    sealed = (
        "k1 still seals attachments, drafts, kept_back, messages, templates, translations: keep it."
    )
    assert sealed in capsys.readouterr().out

    # What is written meanwhile is sealed with the new key already.
    seal = Seal(both)
    await Messages(house.kim.db, seal).send(
        (await house.kim.messages.open(house.kim.id)).thread_id, uuid4(), f"{WORDS} neu"
    )
    assert await reseal(jobs.db, seal, seal.old_keys) == Resealed(done=9, broken=0)
    assert await reseal(jobs.db, seal, seal.old_keys) == Resealed(done=0, broken=0)
    assert await keys.verify(paths) == 0
    assert "k1 seals only sign-ins" in capsys.readouterr().out

    without_the_old = Seal({"k2": both["k2"]})
    read = await Messages(house.kim.db, without_the_old).open(house.kim.id)
    assert [each.text for each in read.messages] == [
        f"{WORDS} zwei", "", f"{WORDS} sieben", f"{WORDS} neu",
    ]  # fmt: skip
    letter = read.messages[2].attachment
    assert letter
    files = Attachments(house.kim.db, house.kim.files, without_the_old)
    assert await files.read(letter.id) == (letter, LETTER)
    theirs = await Messages(house.amina.db, without_the_old).open(house.kim.id)
    assert (theirs.draft, theirs.messages[0].translation) == (f"{WORDS} vier", f"{WORDS} two")
    (kept,) = (await Messages(house.sam.db, without_the_old).open(house.kim.id)).kept_back
    assert kept.text == f"{WORDS} fünf"
    (often,) = await Templates(house.amina.db, without_the_old).mine(house.organisation)
    assert often.texts == {"de": f"{WORDS} acht"}

    # The keys are lost: nothing can be read, and verify says so.
    file.write_text(FIRST)
    lost = await house.kim.messages.open(house.kim.id)
    assert [(each.text, each.readable) for each in lost.messages] == [
        ("", False), ("", True), ("", False), ("", False),
    ]  # fmt: skip
    assert await keys.verify(paths) == 1
    assert "messages: the key k2 is missing." in capsys.readouterr().out


async def test_a_text_that_nobody_can_open_does_not_hold_up_the_others(
    house: House, machine: Callable[[str], Awaitable[MachineClient]]
) -> None:
    await _write(house)
    forged = Seal({"k1": bytes(32)})
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    await Messages(house.amina.db, forged).send(thread, uuid4(), "Sealed elsewhere")
    jobs = await machine("jobs")
    seal = Seal({"k2": bytes(range(32, 64)), **KEYS})

    assert await reseal(jobs.db, seal, seal.old_keys) == Resealed(done=8, broken=1)


def test_every_table_with_sealed_words_is_sealed_anew(supabase: Supabase) -> None:
    columns = supabase.execute(
        "select c.relname from pg_attribute as a join pg_class as c on c.oid = a.attrelid"
        " where a.atttypid = 'private.sealed'::regtype and c.relkind = 'r'"
    )
    ((body,),) = supabase.execute(
        "select p.prosrc from pg_proc as p where p.oid = 'private.sealed_rows'::regproc"
    )

    assert columns
    for (table,) in columns:
        assert f"private.{table} as" in body
