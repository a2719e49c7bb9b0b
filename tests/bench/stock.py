"""Stock flet-web with one small screen, the control of `cold`."""

import sys

import flet as ft
import flet_web.fastapi as flet_fastapi
import uvicorn


def greet(page: ft.Page) -> None:
    page.add(ft.Text("Hello"), ft.Button("tap"))


if __name__ == "__main__":
    app = flet_fastapi.app(greet, no_cdn=True)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
