"""Flet's walk through what was added and what was removed, without the fields that hold nothing.

A control has fifty to a hundred fields, and three of them are set. Flet asks each field of each
control for controls inside it, when the control comes and again when it goes: more than half of
what a change of the screen cost. tests/ui/test_sparing.py compares both walks, and fails on the
day Flet's own is no slower or finds something else.
"""

import dataclasses
import functools
import inspect
import weakref
from collections.abc import Iterator
from typing import Any

from flet.controls import object_patch
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder, ObjectPatchException
from flet.controls.value_types import Prop
from flet.messaging import protocol

_NOTHING: Iterator[Any] = iter(())


def spare_flet() -> None:
    """Have Flet use the short walks. Once per process, at start; a second call changes nothing."""
    if object_patch.DiffBuilder is _ShortWalks:
        return
    object_patch.DiffBuilder = _ShortWalks  # type: ignore[misc]  # Flet asks by name
    # Asked twice for each control that is sent, with the same answer for each class.
    protocol._get_root_dataclass_field = functools.cache(protocol._get_root_dataclass_field)


class _ShortWalks(DiffBuilder):
    """Finds what Flet's own finds, in the same order."""

    def _configure_dataclass(
        self, item: Any, parent: Any, frozen: bool, configure_setattr_only: bool = False
    ) -> Iterator[Any]:
        kind: Any = type(item)
        if not _may_hold(kind):
            return _NOTHING
        # What is frozen stays as it is while somebody walks through it; everything else Flet walks.
        if configure_setattr_only or not _is_sparse(kind):
            return super()._configure_dataclass(item, parent, frozen, configure_setattr_only)
        if not (frozen or getattr(item, "_frozen", False)):
            return super()._configure_dataclass(item, parent, frozen, configure_setattr_only)
        return self._configure_frozen(item, parent)

    def _configure_frozen(self, item: Any, parent: Any) -> Iterator[Any]:
        if parent is None:
            kept = getattr(item, "_parent", None)
            parent = kept() if kept else None
        if parent:
            if parent is item:
                raise ObjectPatchException(str(item))
            item._parent = weakref.ref(parent)
        if not hasattr(item, "_frozen"):
            item._frozen = True
        kind = type(item)
        if getattr(kind, "__flet_control_cls__", None) is None:
            kind.__flet_control_cls__ = self.control_cls
        if isinstance(item, BaseControl):
            item.build()
            item._before_update_safe()
            object.__setattr__(item, "_initialized", True)
            yield item
            parent = item
        for value in _held(item):
            yield from self._configure_dataclass(value, parent, True)

    def _removed_controls(self, item: Any, recurse: bool) -> Iterator[Any]:
        kind: Any = type(item)
        if not isinstance(item, BaseControl):
            if _may_hold(kind):
                yield from super()._removed_controls(item, recurse)
        elif recurse and not hasattr(item, "__prev_lists") and _is_sparse(kind):
            for value in _held(item):
                yield from self._removed_controls(value, recurse)
            yield item
        else:
            yield from super()._removed_controls(item, recurse)


def _held(item: Any) -> Iterator[Any]:
    """What stands in the fields of an item and may hold a control, in the order of the fields."""
    kind: Any = type(item)
    values: dict[str, Any] = item._values
    places, always = _fields(kind)
    names = {name for name, value in values.items() if _may_hold(value.__class__)}
    for name in sorted((names & places.keys()) | always, key=places.__getitem__):
        yield getattr(item, name)


@functools.cache
def _is_sparse(kind: Any) -> bool:
    """Whether items of this class keep only what differs from it, beside a few other fields."""
    return dataclasses.is_dataclass(kind) and hasattr(kind, "_prop_defaults")


@functools.cache
def _fields(kind: Any) -> tuple[dict[str, int], frozenset[str]]:
    """The place of each field that Flet walks, and which of them have to be looked at always."""
    fields = dataclasses.fields(kind)
    names = [each.name for each in fields if not each.metadata.get("skip")]
    always = set()
    for name in names:
        kept = inspect.getattr_static(kind, name, None)
        if not isinstance(kept, Prop) or _may_hold(kept.default.__class__):
            always.add(name)
    return {name: place for place, name in enumerate(names)}, frozenset(always)


@functools.cache
def _may_hold(kind: Any) -> bool:
    """Whether Flet looks into values of this class: only lists, dictionaries and dataclasses."""
    return issubclass(kind, list | dict) or dataclasses.is_dataclass(kind)
