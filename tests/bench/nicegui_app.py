"""The control: a screen like ours in NiceGUI, run by a Python of its own. `port` is an argument."""

# mypy: ignore-errors
# NiceGUI is not installed where types are checked.

import sys

from nicegui import ui

ROWS = 12


@ui.page("/")
def screen() -> None:
    """A list of twelve, a question with two answers, and a way to another list."""
    state = {"chosen": 0, "turn": 0}

    @ui.refreshable
    def rows() -> None:
        for number in range(ROWS):
            with ui.row():
                ui.icon("person")
                with ui.column():
                    ui.label(f"Person {number} of list {state['turn']}")
                    ui.label("Joined · reads English")

    def choose() -> None:
        state["chosen"] += 1
        answer.text = f"Answer {state['chosen'] % 2}"

    def turn() -> None:
        state["turn"] += 1
        rows.refresh()

    answer = ui.label("Answer 0")
    ui.button("choose", on_click=choose)
    ui.button("turn", on_click=turn)
    rows()


ui.run(port=int(sys.argv[1]), host="127.0.0.1", reload=False, show=False, title="Control")
