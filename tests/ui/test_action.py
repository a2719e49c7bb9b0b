"""Handlers that run once at a time."""

import asyncio
from uuid import uuid4

import flet as ft

from app.core.errors import Unreachable
from app.design.guard import screen
from app.design.hooks import use_action
from tests.ui.bare import Bell, opening
from tests.ui.harness import Visitor


async def test_an_action_runs_once_however_often_it_is_tapped(bell: Bell) -> None:
    gate, runs = asyncio.Event(), []

    @screen
    def Form() -> ft.Control:
        async def save() -> None:
            runs.append(1)
            await gate.wait()

        run, running = use_action(save)
        return ft.Button("saving" if running else "save", on_click=run, disabled=running)

    anna = await Visitor.open(opening(Form, bell, uuid4()))
    first = asyncio.create_task(anna.tap("save"))
    await anna.until_sees("saving")
    second = asyncio.create_task(anna.tap("saving"))
    await anna.settle()
    gate.set()
    await asyncio.gather(first, second)

    await anna.until_sees("save")
    assert runs == [1]
    assert not anna.sees("saving")


async def test_an_action_that_fails_can_be_tried_again(bell: Bell) -> None:
    runs: list[int] = []

    @screen
    def Form() -> ft.Control:
        async def save() -> None:
            runs.append(1)
            if len(runs) == 1:
                raise Unreachable("backend_unreachable")

        run, running = use_action(save)
        return ft.Button("save", on_click=run, disabled=running)

    anna = await Visitor.open(opening(Form, bell, uuid4()))
    await anna.tap("save")
    assert anna.sees("No answer right now")

    await anna.tap("save")
    assert runs == [1, 1]
