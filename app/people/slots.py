"""Places on the screens of this room for what rooms above it bring; the first screen fills them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from app.core.i18n import Translator
from app.people.model import Part, Role, YoungPerson
from app.people.notices import Notice, NoticeKind


@dataclass(frozen=True)
class PageCard:
    """A card that a room brings to the page of a young person, for these parts of their team.

    `name` is its own in the app.
    """

    name: str
    card: Callable[[YoungPerson], ft.Control]
    parts: frozenset[Part]


PageCardsContext = ft.create_context(cast("tuple[PageCard, ...]", ()))


def use_page_cards() -> tuple[PageCard, ...]:
    """What other rooms bring to the page of a young person. A hook."""
    return ft.use_context(PageCardsContext)


@dataclass(frozen=True)
class NoticeWay:
    """Where a notice of this kind leads a reader who works in one of these roles."""

    kind: NoticeKind
    roles: frozenset[Role]
    label: Callable[[Translator], str]
    path: Callable[[Notice], str]


NoticeWaysContext = ft.create_context(cast("tuple[NoticeWay, ...]", ()))


def use_notice_ways() -> tuple[NoticeWay, ...]:
    """Where notices lead. A hook."""
    return ft.use_context(NoticeWaysContext)
