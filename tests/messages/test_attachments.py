"""Files of messages: what is taken, who reads them, and that they go when their message goes."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from app.core.errors import Conflict, Invalid, NotFound
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.messages.attachment import LARGEST_FILE, file_name
from app.messages.attachments import Uploads
from app.messages.jobs import message_jobs
from app.messages.model import Attachment, Message
from tests.fixtures.people import KEYS
from tests.fixtures.supabase import Supabase
from tests.messages.archives import office, plain_zip, unpacks_to
from tests.messages.conftest import House, Talker
from tests.people.pictures import bomb, from_a_phone, picture, too_heavy

LETTER = b"%PDF-1.7\nDear Kim"


async def _thread(who: Talker, house: House) -> UUID:
    return (await who.messages.open(house.kim.id)).thread_id


async def _send(who: Talker, house: House, content: bytes, name: str, text: str = "") -> Message:
    thread = await _thread(who, house)
    file = await who.attachments.keep(uuid4(), thread, name, content)
    return await who.messages.send(thread, uuid4(), text, attachment=file.id)


def _file(message: Message) -> Attachment:
    assert message.attachment
    return message.attachment


async def test_a_photo_reaches_the_other_side_upright_and_says_only_what_is_seen(
    house: House,
) -> None:
    sent = await _send(house.kim, house, from_a_phone(), "IMG_1.JPG")

    (got,) = (await house.amina.messages.open(house.kim.id)).messages
    assert (got.text, got.attachment) == ("", sent.attachment)
    file = _file(got)
    assert (file.name, file.media_type, file.width, file.height) == (
        "IMG_1.jpg", "image/jpeg", 640, 480,
    )  # fmt: skip
    for reader in (house.amina, house.sam, house.kim):
        _, large = await reader.attachments.read(file.id)
        _, small = await reader.attachments.read(file.id, small=True)
        assert len(small) < len(large) == file.size
        assert large.startswith(b"\xff\xd8\xff")
        assert b"Telltale" not in large + small


async def test_a_letter_comes_back_as_it_was_and_a_reply_knows_that_there_was_a_file(
    house: House,
) -> None:
    sent = await _send(house.amina, house, LETTER, "Letter of the office.PDF", "Please read")

    file, content = await house.kim.attachments.read(_file(sent).id)
    assert (file.name, content) == ("Letter of the office.pdf", LETTER)
    assert not file.picture
    thread = await _thread(house.kim, house)
    reply = await house.kim.messages.send(thread, uuid4(), "Yes", sent.id)
    assert (reply.reply_text, reply.reply_file) == ("Please read", True)


async def test_who_cannot_read_the_thread_finds_nothing(house: House) -> None:
    file = _file(await _send(house.kim, house, LETTER, "a.pdf"))

    for id_ in (file.id, uuid4()):
        with pytest.raises(NotFound):
            await house.kofi.attachments.read(id_)


async def test_what_was_chosen_and_not_sent_is_its_author_s_alone(house: House) -> None:
    thread = await _thread(house.kim, house)
    file = await house.kim.attachments.keep(uuid4(), thread, "a.pdf", LETTER)

    assert (await house.kim.attachments.read(file.id))[1] == LETTER
    with pytest.raises(NotFound):
        await house.amina.attachments.read(file.id)
    with pytest.raises(Conflict, match="attachment_gone"):
        await house.amina.messages.send(thread, uuid4(), "Mine", attachment=file.id)
    assert (await house.kim.messages.open(house.kim.id)).messages == ()


async def test_a_file_is_sent_once_and_with_one_message(house: House) -> None:
    thread, client_id = await _thread(house.kim, house), uuid4()
    file = await house.kim.attachments.keep(uuid4(), thread, "a.pdf", LETTER)

    first = await house.kim.messages.send(thread, client_id, "Here", attachment=file.id)
    assert await house.kim.messages.send(thread, client_id, "Here", attachment=file.id) == first
    with pytest.raises(Conflict, match="attachment_gone"):
        await house.kim.messages.send(thread, uuid4(), "Again", attachment=file.id)
    with pytest.raises(Invalid, match="text_not_valid"):
        await house.kim.messages.send(thread, uuid4(), "")
    assert len((await house.kim.messages.open(house.kim.id)).messages) == 1


async def test_what_is_taken_back_is_read_by_nobody(house: House) -> None:
    sent = await _send(house.kim, house, from_a_phone(), "a.jpg")
    await house.kim.messages.take_back(sent)

    for who in (house.kim, house.amina):
        (message,) = (await who.messages.open(house.kim.id)).messages
        assert message.attachment is None
        with pytest.raises(NotFound):
            await who.attachments.read(_file(sent).id)


async def test_what_was_never_sent_leaves_the_bucket_too(
    house: House, supabase: Supabase, machine: Callable[[str], Awaitable[MachineClient]]
) -> None:
    thread = await _thread(house.kim, house)
    kept = _file(await _send(house.kim, house, from_a_phone(), "a.jpg"))
    left = await house.kim.attachments.keep(uuid4(), thread, "b.jpg", picture())
    supabase.execute(
        "update private.attachments set kept_at = now() - interval '25 hours' where thread_id = %s",
        thread,
    )
    assert len(_objects(supabase, thread)) == 4
    (job,) = message_jobs(await machine("jobs"))

    await job.run()

    assert {name.split("/")[1] for name in _objects(supabase, thread)} == {
        str(kept.id), f"{kept.id}-small",
    }  # fmt: skip
    assert supabase.execute(
        "select count(*) from private.attachments_gone where id = %s", left.id
    ) == [(0,)]


async def test_with_a_message_that_is_forgotten_its_file_goes(
    house: House, supabase: Supabase, machine: Callable[[str], Awaitable[MachineClient]]
) -> None:
    thread = await _thread(house.kim, house)
    file = await house.kim.attachments.keep(uuid4(), thread, "a.pdf", LETTER)
    supabase.execute(
        "with old as ("
        " insert into private.messages (thread_id, seq, client_id, author, by_stand_in, sent_at)"
        " select thread_id, 1, gen_random_uuid(), author, false, now() - interval '11 years'"
        " from private.attachments where id = %s returning thread_id"
        "), worded as ("
        " insert into private.message_versions (thread_id, seq, version, sealed, written_at)"
        " select thread_id, 1, 1, sealed, now() - interval '11 years'"
        " from private.attachments where id = %s"
        ") update private.threads set last_seq = 1 where id in (select thread_id from old)",
        file.id,
        file.id,
    )
    supabase.execute("update private.attachments set seq = 1 where id = %s", file.id)
    assert (await house.amina.attachments.read(file.id))[1] == LETTER
    jobs = await machine("jobs")
    while await jobs.db.rpc("machine_forget_messages"):
        pass

    with pytest.raises(NotFound):
        await house.kim.attachments.read(file.id)
    (job,) = message_jobs(jobs)
    await job.run()
    assert _objects(supabase, thread) == []


def _objects(supabase: Supabase, thread: UUID) -> list[str]:
    rows = supabase.execute("select name from storage.objects where name like %s", f"{thread}/%")
    return [name for (name,) in rows]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x7fELF\x02\x01\x01" + bytes(2000), "type_not_allowed"),
        (b"MZ\x90\x00" + bytes(2000), "type_not_allowed"),
        (b"<html><script>alert(1)</script>", "type_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "type_not_allowed"),
        (plain_zip(), "type_not_allowed"),
        (office("word/document.xml", "word/vbaProject.bin"), "type_not_allowed"),
        (unpacks_to(150_000_000), "too_large"),
        (bomb(50_000, 50_000), "too_large"),
        (too_heavy(LARGEST_FILE + 1), "too_large"),
        (picture()[:2000], "picture_broken"),
    ],
    ids=[
        "nothing", "program", "exe", "html", "svg", "zip", "macros", "zip bomb", "50,000 px",
        "10 MB", "cut off",
    ],
)  # fmt: skip
async def test_what_cannot_be_taken_leaves_nothing_behind(
    house: House, supabase: Supabase, content: bytes, code: str
) -> None:
    thread = await _thread(house.kim, house)

    with pytest.raises(Invalid, match=code):
        await house.kim.attachments.keep(uuid4(), thread, "holiday.png", content)
    assert _objects(supabase, thread) == []
    assert supabase.execute(
        "select count(*) from private.attachments where thread_id = %s", thread
    ) == [(0,)]


async def test_documents_are_told_by_what_is_in_them(house: House) -> None:
    sent = await _send(house.kim, house, office("word/document.xml"), "cv.exe")

    assert _file(sent).name == "cv.docx"


async def test_thirty_files_in_ten_minutes_are_enough(house: House, supabase: Supabase) -> None:
    thread = await _thread(house.kim, house)
    await house.kim.attachments.keep(uuid4(), thread, "a.pdf", LETTER)
    supabase.execute(
        "insert into private.attachments (id, thread_id, author, sealed)"
        " select gen_random_uuid(), thread_id, author, sealed from private.attachments,"
        " generate_series(2, 30) where thread_id = %s",
        thread,
    )

    with pytest.raises(Invalid, match="too_many_files"):
        await house.kim.attachments.keep(uuid4(), thread, "a.pdf", LETTER)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("IMG 1.PNG", "IMG 1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("a\u202egnp.exe", "a gnp.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("x" * 300 + ".jpg", "x" * 80 + ".jpg"),
    ],
)
def test_a_name_is_safe_to_store_a_file_under(given: str, stored: str) -> None:
    assert file_name(given, "image/jpeg") == stored


def test_a_ticket_is_for_one_device_and_ten_minutes() -> None:
    seal = Seal(KEYS)
    thread = uuid4()
    place = Uploads(seal, "mine").place(thread, "My letter.pdf")

    assert Uploads(seal, "mine").read(place.ticket) == (place.id, thread, "My letter.pdf")
    assert "letter" not in place.ticket
    for device, ticket in (("other", place.ticket), ("mine", "x"), ("mine", place.ticket[:-2])):
        with pytest.raises(NotFound):
            Uploads(seal, device).read(ticket)
    late = Uploads(seal, "mine", clock=lambda: 10**10)
    with pytest.raises(NotFound):
        late.read(place.ticket)
