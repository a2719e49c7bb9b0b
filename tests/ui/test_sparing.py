"""The short walks find what Flet's own find; and Flet's own are still the long ones."""

from collections.abc import Callable
from typing import Any

import flet as ft
import pytest
from flet.controls import base_control, object_patch
from flet.controls.base_control import BaseControl
from flet.controls.id_counter import IdCounter
from flet.controls.object_patch import ObjectPatch
from flet.controls.value_types import Prop
from flet.messaging import protocol

from app.design.sparing import spare_flet
from tests.ui.harness import Visitor

TOLD: list[tuple[str, object, type | None]] = []


@ft.control("Twig")  # type: ignore[arg-type]  # its overloads know no class of a test
class Twig(ft.Control):
    """Holds others in every way there is, and tells when it comes and goes."""

    one: ft.Control | None = None
    many: list[ft.Control] | None = None
    named: dict[str, ft.Control] | None = None
    tip: ft.Tooltip | None = None

    def did_mount(self) -> None:
        TOLD.append(("came", self.key, type(self.parent)))

    def will_unmount(self) -> None:
        TOLD.append(("went", self.key, None))


def twig(key: str, **held: Any) -> Twig:
    return Twig(key=key, **held)


@ft.component
def Inner(name: str) -> ft.Control:
    ft.use_effect(lambda: TOLD.append(("effect", name, None)), [name])
    return ft.Column([twig(f"inner {name}", one=ft.TextButton("tap", on_click=lambda: None))])


# What stands on the screen after each tap.
SCREENS: tuple[Callable[[], list[ft.Control]], ...] = (
    lambda: [],
    lambda: [twig("a", one=twig("b", many=[twig("c"), twig("d")])), twig("e")],
    lambda: [twig("a", one=twig("b", many=[twig("d"), twig("c"), twig("f")])), twig("e")],
    lambda: [twig("a", named={"x": twig("g"), "y": twig("h", one=ft.Text("h"))}), Inner("i")],
    lambda: [twig("k", named={"x": twig("l")}, many=[twig("m")], one=twig("n")), Inner("i")],
    lambda: [twig("a", one=ft.Text("plain"), tip=ft.Tooltip(message="a tip")), Inner("j")],
    lambda: [ft.Row([ft.Button(content=ft.Icon(ft.Icons.ADD), style=ft.ButtonStyle(padding=3))])],
    lambda: [],
)


@ft.component
def Story() -> ft.Control:
    step, set_step = ft.use_state(0)
    told = ft.Text(f"step {step}")
    return ft.Column([ft.Button(told, on_click=lambda: set_step(step + 1)), *SCREENS[step]()])


@pytest.fixture(autouse=True)
def flet_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here each test says itself whose walks it takes; in the end all is as it was."""
    for place, name in ((object_patch, "DiffBuilder"), (protocol, "_get_root_dataclass_field")):
        monkeypatch.setattr(place, name, getattr(place, name))


async def _played(monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """Everything the story sent, told and kept, with numbers that begin anew."""
    monkeypatch.setattr(base_control, "ControlId", IdCounter(start=3))
    TOLD.clear()
    visitor = await Visitor.open(lambda page: page.render(Story))
    indexes = []
    for step in range(len(SCREENS) - 1):
        await visitor.tap(f"step {step}")
        indexes.append({number: type(each) for number, each in visitor.session.index.items()})
    assert visitor.sees(f"step {len(SCREENS) - 1}")
    # The first frame is the empty page, with a number of chance in it.
    return visitor.heard[1:], list(TOLD), indexes


async def test_short_walks_send_tell_and_keep_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    long = await _played(monkeypatch)
    spare_flet()
    short = await _played(monkeypatch)

    assert short == long
    assert {("came", "h", Twig), ("went", "h", None), ("effect", "j", None)} <= set(TOLD)


def test_flet_asks_every_field_and_the_short_walks_only_those_that_are_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the first figure falls after an upgrade, app/design/sparing.py can go."""
    asked: list[str] = []
    read = Prop.__get__

    def counted(self: Prop, obj: Any, objtype: Any = None) -> Any:
        asked.append(self.name)
        return read(self, obj, objtype)

    monkeypatch.setattr(Prop, "__get__", counted)

    def fields_asked() -> int:
        before, after = {"_b": ft.Text("a")}, {"_b": ft.Container(content=ft.Text("b"))}
        asked.clear()
        _, added, removed = ObjectPatch.from_diff(
            before, after, control_cls=BaseControl, frozen=True
        )
        assert [type(each) for each in added] == [ft.Container, ft.Text]
        assert [type(each) for each in removed] == [ft.Text]
        return len(asked)

    long = fields_asked()
    spare_flet()

    assert long > 100
    assert fields_asked() < 30
