"""Messages that are often written, in the languages they are read in. Sealed like messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.errors import Invalid, Unexpected
from app.core.logs import log_fault
from app.core.seal import Seal
from app.messages.model import tidy_text

LONGEST_TITLE: Final = 80
# In every language of the app it still fits into what is sealed as one.
LONGEST_TEMPLATE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Template:
    """A text by language code. `shared`: the organisation's own. `version` 0: not kept yet.

    One that cannot be opened here has no title and no texts.
    """

    shared: bool
    title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid4)
    version: int = 0

    def text_in(self, language: str, otherwise: str) -> tuple[str, str]:
        """The text for a reader and the language it is in: theirs, else `otherwise`, else any."""
        for each in (language, otherwise, *sorted(self.texts)):
            if each in self.texts:
                return self.texts[each], each
        return "", language


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be put into one thread, by title, and the `language` that is read there."""

    language: str
    templates: tuple[Template, ...]


class Templates:
    """The verbs, for a key worker or coordinator. Every method may raise `AppError`."""

    def __init__(self, db: Db, seal: Seal) -> None:
        self._db = db
        self._seal = seal

    async def mine(self, organisation: UUID) -> tuple[Template, ...]:
        """The organisation's and my own, by title."""
        return self._opened(await self._db.rpc("my_templates", organisation=str(organisation)))

    async def offer(self, thread: UUID) -> Offer:
        """The same for the organisation of a thread that I am key worker or stand-in in."""
        row = await self._db.rpc("templates_for", thread=str(thread))
        return Offer(row["language"], self._opened(row["templates"]))

    async def keep(self, organisation: UUID, template: Template) -> None:
        """Store it over the version that was seen; a shared one as a coordinator.

        Raises `Invalid` with `template_not_valid` (field `problem`: empty, too_long) or `too_many`,
        and `Conflict("changed_meanwhile")`.
        """
        texts = {code: words for code, text in template.texts.items() if (words := tidy_text(text))}
        title = " ".join(tidy_text(template.title).split())
        if not title or not texts:
            raise Invalid("template_not_valid", {"problem": "empty"})
        if len(title) > LONGEST_TITLE or max(map(len, texts.values())) > LONGEST_TEMPLATE:
            raise Invalid("template_not_valid", {"problem": "too_long"})
        words = json.dumps({"title": title, "texts": texts}, ensure_ascii=False)
        await self._db.rpc(
            "keep_template",
            organisation=str(organisation),
            template=str(template.id),
            shared=template.shared,
            sealed=self._seal.seal_text(words, "template", template.id),
            version=template.version,
        )

    async def remove(self, template: Template) -> None:
        """Take it away for good. What was sent from it stays."""
        await self._db.rpc("remove_template", template=str(template.id))

    def _opened(self, rows: list[dict[str, Any]]) -> tuple[Template, ...]:
        found = [self._template(row) for row in rows]
        return tuple(sorted(found, key=lambda each: each.title.casefold()))

    def _template(self, row: Mapping[str, Any]) -> Template:
        said: dict[str, Any] = {"title": "", "texts": {}}
        try:
            said = json.loads(self._seal.open_text(row["sealed"], "template", row["id"]))
        except Unexpected as error:
            # One broken text must not hide all the others.
            log_fault("text_unreadable", error, code=error.code)
        return Template(
            row["shared"], said["title"], said["texts"], UUID(row["id"]), row["version"]
        )
