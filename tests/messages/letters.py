"""Messages by hand, for what needs no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.messages.model import Message, OpenThread, ThreadKind

THREAD, ME, SAMIRA = uuid4(), uuid4(), uuid4()
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


def message(
    seq: int,
    text: str = "",
    *,
    mine: bool = False,
    read: bool = False,
    client_id: UUID | None = None,
) -> Message:
    """The `seq`-th message of the thread, a minute after the one before."""
    return Message(
        id=uuid4(),
        thread_id=THREAD,
        seq=seq,
        client_id=client_id or uuid4(),
        author=ME if mine else SAMIRA,
        author_name="Amber" if mine else "Samira",
        by_stand_in=False,
        sent_at=MORNING + timedelta(minutes=seq),
        text=text or f"number {seq}",
        version=1,
        edited=False,
        taken_back=False,
        reply_to=None,
        reply_text="",
        delivered=read,
        read=read,
        mine=mine,
        readable=True,
    )


def opened(*messages: Message, has_older: bool = False) -> OpenThread:
    """The thread as the database gives it, with these as its newest."""
    return OpenThread(
        thread_id=THREAD,
        young_person=ME,
        organisation_id=uuid4(),
        kind=ThreadKind.KEY_WORKER,
        name="Samira",
        readers=(),
        can_write=True,
        receipts=True,
        kept_days=None,
        waiting_since=None,
        read_seq=0,
        own=True,
        by_opening=False,
        messages=messages,
        has_older=has_older,
        draft="",
    )
