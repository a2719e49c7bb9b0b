"""Where a `./dev run` lives: its data folder and its two ports."""

import os
from dataclasses import dataclass, field
from pathlib import Path


class BadPaths(Exception):
    """A setting of the environment that cannot be a folder or a port; one sentence."""


@dataclass(frozen=True)
class Paths:
    """`HANDRAIL_HOME`, `HANDRAIL_PORT`, `HANDRAIL_API_PORT`: change them to run two copies."""

    home: Path = field(default_factory=lambda: Path(".handrail"))
    port: int = 8550
    api_port: int = 54321
    host: str = "127.0.0.1"

    @classmethod
    def read(cls) -> "Paths":
        """From the environment. Raises `BadPaths`."""
        home = Path(os.environ.get("HANDRAIL_HOME") or ".handrail").expanduser().absolute()
        return cls(home, _port("HANDRAIL_PORT", 8550), _port("HANDRAIL_API_PORT", 54321))

    @property
    def app_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def demo(self) -> Path:
        """Sign-ins that belong to the data: demo people and the local machine accounts."""
        return self.home / "demo.json"


def _port(name: str, usual: int) -> int:
    text = os.environ.get(name) or str(usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadPaths(f"{name} is {text!r}; it must be a number from 1 to 65535.")
    return int(text)
