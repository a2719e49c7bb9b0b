"""What people can do in their threads. Words are sealed and opened here, in the app's process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.core.errors import Unexpected
from app.core.logs import log_fault
from app.core.seal import Seal
from app.messages.attachments import opened_file
from app.messages.kept_back import Late, checked, opened
from app.messages.model import (
    LONGEST_TEXT,
    Message,
    OpenThread,
    Picked,
    Spoken,
    ThreadKind,
    ThreadRow,
    beginning,
    tidy_text,
)
from app.messages.rows import moment_of, reader_of
from app.messages.spoken import packed, unpacked
from app.messages.translating import translation_of

Row = Mapping[str, Any]


class Messages:
    """The verbs, for one signed-in person. Every method may raise `AppError`.

    `language` is the one in which this person writes, "" where nobody said.
    `NotAllowed("not_full_yet")` is for who has just got back in by a code and still waits.
    """

    def __init__(self, db: Db, seal: Seal, language: str = "") -> None:
        self._db = db
        self._seal = seal
        self._language = language

    @property
    def late(self) -> Late:
        """The verbs about what comes in late."""
        return Late(self._db, self._seal, self._language)

    async def threads(self) -> tuple[ThreadRow, ...]:
        """Those I take part in: first where a young person waits, longest first, then the latest.

        Not logged, and without words for staff.
        """
        return tuple(self._row(row) for row in await self._db.read("my_threads"))

    async def unread(self) -> int:
        """Messages of others that I have not read, in all my threads; cheap."""
        return int(await self._db.read("unread_messages"))

    async def open(
        self,
        young_person: UUID,
        kind: ThreadKind = ThreadKind.KEY_WORKER,
        organisation: UUID | None = None,
    ) -> OpenThread:
        """A thread with its newest 30 messages. Who is not the young person is logged.

        Without `organisation`, of several the one that was written in last. Raises
        `NotFound("not_found")` for a young person who never had anybody to write to.
        """
        row = await self._db.rpc(
            "open_thread",
            young_person=str(young_person),
            kind=kind,
            organisation=str(organisation) if organisation else None,
        )
        return self._opened(row)

    async def older(self, thread: UUID, before: int) -> tuple[Message, ...]:
        """The 30 messages before this `seq`, the oldest first; logged like `open`."""
        page = await self._db.rpc("older_messages", thread=str(thread), before=before)
        return self._messages(thread, page["messages"])

    async def send(
        self,
        thread: UUID,
        client_id: UUID,
        text: str,
        reply_to: UUID | None = None,
        picked: Picked | None = None,
        attachment: UUID | None = None,
    ) -> Message:
        """Send once: with the same `client_id` again, the answer is the message of the first time.
        My draft there is gone with it. `picked` is the phrase that `text` says in my language. With
        an `attachment` of mine the text may be empty.

        Raises `Invalid` with `text_not_valid` (field `problem`: empty, too_long), `reply_not_valid`
        or `too_many_messages` (fields `most`, `seconds`), `Conflict` with `attachment_gone` or,
        when nobody is there who would answer, `thread_closed`, `NotAllowed("read_only")` for who
        only reads.
        """
        words = self._packed(text, picked, alone=attachment is None)
        row = await self._db.rpc(
            "send_with_attachment" if attachment else "send_message",
            thread=str(thread),
            client_id=str(client_id),
            sealed=self._seal.seal_text(words, "message", thread, client_id, 1),
            reply_to=str(reply_to) if reply_to else None,
            **({"attachment": str(attachment)} if attachment else {}),
        )
        return self._message(thread, row)

    async def edit(self, message: Message, text: str) -> Message:
        """Other words for a message of mine, for 24 hours.

        Raises like `send`, and `Conflict` with `changed_meanwhile`, `taken_back` or `too_late`
        (field `minutes`).
        """
        thread, version = message.thread_id, message.version + 1
        place = ("message", thread, message.client_id, version)
        row = await self._db.rpc(
            "edit_message",
            message=str(message.id),
            sealed=self._seal.seal_text(self._packed(text), *place),
            version=message.version,
        )
        return self._message(thread, row)

    async def take_back(self, message: Message) -> None:
        """Take a message of mine from both screens, for 15 minutes; again changes nothing.

        Its sealed words stay as long as the thread is kept. Raises `Conflict("too_late")`.
        """
        await self._db.rpc("take_back_message", message=str(message.id))

    async def needs_no_answer(self, thread: UUID, seq: int) -> None:
        """By who helps: nothing up to this message waits for an answer; 0 takes that back. What the
        young person writes later waits again."""
        await self._db.rpc("settle_thread", thread=str(thread), seq=seq)

    async def mark_read(self, thread: UUID, seq: int) -> None:
        """I have read up to this message. Does nothing for who only reads along."""
        await self._db.rpc("mark_messages", thread=str(thread), delivered=seq, read=seq)

    async def mark_delivered(self, thread: UUID, seq: int) -> None:
        """Up to this message they stand on a connected screen of mine."""
        await self._db.rpc("mark_messages", thread=str(thread), delivered=seq, read=0)

    async def set_receipts(self, on: bool) -> None:
        """Off: I neither show what was delivered to me and read, nor see it of others."""
        await self._db.rpc("set_receipts", on=on)

    async def save_draft(self, thread: UUID, text: str) -> None:
        """Keep what I have typed and not sent; an empty text keeps nothing."""
        words = tidy_text(text)[:LONGEST_TEXT]
        sealed = self._seal.seal_text(words, "draft", thread) if words else None
        await self._db.rpc("save_draft", thread=str(thread), sealed=sealed)

    def _opened(self, row: Row) -> OpenThread:
        thread = UUID(row["thread_id"])
        return OpenThread(
            thread_id=thread,
            organisation_id=UUID(row["organisation_id"]),
            young_person=UUID(row["young_person"]),
            kind=ThreadKind(row["kind"]),
            name=row["name"] or "",
            own=row["way"] == "own",
            by_opening=row["way"] == "opening",
            readers=tuple(reader_of(each) for each in row["readers"]),
            can_write=row["can_write"],
            receipts=row["receipts"],
            kept_days=row["kept_days"],
            waiting_since=moment_of(row["waiting_since"]),
            read_seq=row["read_seq"] or 0,
            messages=self._messages(thread, row["page"]["messages"]),
            has_older=row["page"]["has_older"],
            draft=self._words(row["draft"], "draft", thread)[0],
            changed=self._messages(thread, row["changed"]),
            kept_back=opened(self._seal, thread, row["kept_back"]),
            translating=row["words"]["place"] or "",
            their_language=row["words"]["language"] or "",
        )

    def _row(self, row: Row) -> ThreadRow:
        thread = UUID(row["thread_id"])
        return ThreadRow(
            thread_id=thread,
            organisation_id=UUID(row["organisation_id"]),
            young_person=UUID(row["young_person"]),
            kind=ThreadKind(row["kind"]),
            name=row["name"] or "",
            last_text=self._message(thread, row["last"]).text if row["last"] else "",
            last_at=moment_of(row["last_at"]),
            last_is_mine=bool(row["last_is_mine"]),
            unread=row["unread"],
            waiting_since=moment_of(row["waiting_since"]),
        )

    def _messages(self, thread: UUID, rows: list[Row]) -> tuple[Message, ...]:
        return tuple(self._message(thread, row) for row in rows)

    def _message(self, thread: UUID, row: Row) -> Message:
        spoken, readable = self._said(thread, row)
        reply = row["reply"]
        return Message(
            id=UUID(row["id"]),
            thread_id=thread,
            seq=row["seq"],
            client_id=UUID(row["client_id"]),
            author=UUID(row["author"]),
            author_name=row["author_name"],
            by_stand_in=row["by_stand_in"],
            sent_at=datetime.fromisoformat(row["sent_at"]),
            text=spoken.text,
            language=spoken.language,
            picked=spoken.picked,
            version=row["version"],
            edited=row["version"] > 1 and row["sealed"] is not None,
            taken_back=row["sealed"] is None,
            reply_to=UUID(reply["id"]) if reply else None,
            delivered=row["delivered"],
            read=row["read"],
            mine=row["mine"],
            reply_text=beginning(self._said(thread, reply)[0].text) if reply else "",
            readable=readable,
            attachment=opened_file(self._seal, row["attachment"]),
            reply_file=bool(reply and reply["file"] and reply["sealed"]),
            translation=translation_of(self._seal, thread, row),
            wrongly_translated=bool(row["translated"] and row["translated"]["wrong"]),
        )

    def _packed(self, typed: str, picked: Picked | None = None, *, alone: bool = True) -> str:
        return packed(Spoken(checked(typed, alone=alone), self._language, picked))

    def _said(self, thread: UUID, row: Row) -> tuple[Spoken, bool]:
        text, readable = self._words(
            row["sealed"], "message", thread, row["client_id"], row["version"]
        )
        return unpacked(text), readable

    def _words(self, sealed: str | None, *place: object) -> tuple[str, bool]:
        """What was sealed for this place, and whether it can be read: one broken text must not
        hide all the others."""
        if sealed is None:
            return "", True
        try:
            return self._seal.open_text(sealed, *place), True
        except Unexpected as error:
            log_fault("text_unreadable", error, code=error.code)
            return "", False
