"""What belongs to messages that are gone goes too."""

from typing import Final

from app.core.files import Files
from app.core.jobs import Job
from app.core.machine import MachineClient
from app.messages.attachments import BUCKET

REMOVE_SECONDS: Final = 3600.0


def message_jobs(machine: MachineClient) -> list[Job]:
    """The jobs of this room, done as the machine account `jobs`."""
    files = Files(machine.client, BUCKET)

    async def remove_files() -> None:
        removed = 1
        while removed:
            gone = await machine.db.rpc("machine_gone_attachments")
            if not gone:
                return
            await files.remove(*(name for each in gone for name in each["objects"]))
            ids = [each["id"] for each in gone]
            removed = await machine.db.rpc("machine_removed_attachments", ids=ids)

    return [Job("remove_files", REMOVE_SECONDS, remove_files, longest=REMOVE_SECONDS)]
