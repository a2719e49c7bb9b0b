"""What a tap in a long form costs: only what it changes is drawn anew."""

import flet as ft

from app.core.hints import Fanout
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor


def _ticked(visitor: Visitor) -> int:
    return sum(node.get("selected") is True for node in visitor.browser.nodes())


async def test_a_tap_among_three_dozen_answers_draws_one_of_them_anew(
    young_person: MakeAccount,
) -> None:
    amber = await young_person("Amber")
    visitor = await Visitor.open(amber.begin(Fanout()), route="/me/around")
    await visitor.until_sees("Add somebody")
    await visitor.tap("Add somebody")
    await visitor.until_sees("What may they know?")
    index, before = visitor.session.index, _ticked(visitor)
    marks = {number: each for number, each in index.items() if isinstance(each, ft.Icon)}
    assert len(marks) > 30

    await visitor.tap("Getting around")
    await visitor.until(lambda: _ticked(visitor) == before + 1, "the tick")
    await visitor.tap("Getting around")
    await visitor.until(lambda: _ticked(visitor) == before, "no tick")

    assert sum(index[number] is not each for number, each in marks.items()) == 1
