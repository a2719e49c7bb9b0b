"""Having messages translated by a machine, and whether an organisation wants that."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.db import Db
from app.core.errors import Unexpected
from app.core.logs import log_fault
from app.core.seal import Seal
from app.core.translation import TranslationProvider
from app.messages.model import LONGEST_TEXT, Message, tidy_text


def translation_of(seal: Seal, thread: UUID, row: Mapping[str, Any]) -> str:
    """What a machine made of the message of a row; "" where there is nothing or nothing that can
    be read."""
    made = row["translated"]
    if made is None or made["wrong"]:
        return ""
    place = ("translation", thread, row["client_id"], row["version"], made["language"])
    try:
        return seal.open_text(made["sealed"], *place)
    except Unexpected as error:
        log_fault("text_unreadable", error, code=error.code)
        return ""


class Translations:
    """The verbs, for one signed-in person who reads `language`. Every method may raise `AppError`.

    Without `provider` nothing leaves the house.
    """

    def __init__(
        self, db: Db, seal: Seal, provider: TranslationProvider | None, language: str
    ) -> None:
        self._db = db
        self._seal = seal
        self._provider = provider
        self._language = language

    async def translate(self, message: Message) -> None:
        """Add a translation beside the words of a message; all who read my language see it.

        The words leave for the translator only when the organisation agreed to its host, and
        nothing of who wrote them goes along. Raises `NotAllowed("not_translating")`,
        `Invalid("too_many_translations")`, `Conflict` with `changed_meanwhile` or `taken_back`, and
        what the provider raises.
        """
        if self._provider is None:
            return
        seen = {"message": str(message.id), "version": message.version}
        await self._db.rpc("may_translate", **seen, place=self._provider.place)
        translated = await self._provider.translate(message.text, self._language)
        sealed = self._seal.seal_text(
            tidy_text(translated)[:LONGEST_TEXT],
            "translation",
            message.thread_id,
            message.client_id,
            message.version,
            self._language,
        )
        await self._db.rpc("keep_translation", **seen, language=self._language, sealed=sealed)

    async def say_wrong(self, message: Message) -> None:
        """The translation is shown to nobody any more; another one can be asked for."""
        await self._db.rpc(
            "say_translation_wrong",
            message=str(message.id),
            version=message.version,
            language=self._language,
        )

    async def agreed(self, organisation: UUID) -> str | None:
        """The host that texts may leave for; for a cleared administrator."""
        told = await self._db.rpc("translating_of", organisation=str(organisation))
        place: str | None = told["place"]
        return place

    async def agree(self, organisation: UUID, place: str | None) -> None:
        """Texts may leave for the translator at `place`; None: none may any more."""
        await self._db.rpc("set_translating", organisation=str(organisation), place=place)
