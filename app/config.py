"""Settings: read once from the environment, checked at once, never changed.

`SETTINGS` is the one documented table (README and `./dev help` print it). A secret may also come
from a file: `<NAME>_FILE` names it. Everything that is wrong is told in one list, and no message
repeats the value of a secret.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from app import config_values as values
from app.config_values import Account, Network

__all__ = ["SETTINGS", "Account", "ConfigError", "Setting", "Settings"]


class ConfigError(Exception):
    """Some settings are missing or wrong; `problems` has one sentence for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"- {problem}" for problem in self.problems))


class Setting(NamedTuple):
    """One line of the table; `parse` raises ValueError with what was expected instead."""

    name: str
    meaning: str
    parse: Callable[[str], Any]
    default: str | None = None
    secret: bool = False
    required: bool = False

    @property
    def field(self) -> str:
        """The attribute of `Settings` that holds it."""
        return self.name.removeprefix("HANDRAIL_").lower()


@dataclass(frozen=True)
class Settings:
    """What `SETTINGS` describes, parsed. Secrets are left out of `repr`."""

    supabase_url: str
    supabase_anon_key: str = field(repr=False)
    seal_keys: Mapping[str, bytes] = field(repr=False)
    supabase_secret_key: str | None = field(repr=False)
    machine_live: Account | None = field(repr=False)
    machine_jobs: Account | None = field(repr=False)
    home: Path
    host: str
    port: int
    api_port: int
    origin: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    login_domain: str
    jobs: Literal["inside", "apart"]
    metrics_port: int | None
    log: Literal["debug", "info", "warning", "error"]
    squeeze: Literal["best", "quick"]
    session_minutes: int
    drain_seconds: int
    translation: Literal["off", "libretranslate", "deepl", "openai"]
    translation_url: str | None
    translation_key: str | None = field(repr=False)
    translation_model: str | None

    @property
    def secure_cookie(self) -> bool:
        """Whether cookies carry `Secure`: always, except for plain http on this machine alone."""
        return any(origin.startswith("https:") for origin in self.origin)

    @classmethod
    def read(cls, env: Mapping[str, str], *, needs: Iterable[str] = ()) -> "Settings":
        """The settings in `env`; `needs` names further settings that this command cannot do
        without. Raises `ConfigError` with everything that is wrong."""
        problems: list[str] = []
        needed = set(needs)
        found: dict[str, Any] = {
            setting.field: _read_one(setting, env, setting.name in needed, problems)
            for setting in SETTINGS
        }
        if found["translation"] != "off" and not found["translation_url"] and not problems:
            problems.append("HANDRAIL_TRANSLATION_URL is missing: where should texts go?")
        if problems:
            raise ConfigError(problems)
        if not found["origin"]:
            port = found["port"]
            found["origin"] = (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
        return cls(**found)

    @staticmethod
    def describe() -> str:
        """The table as text, one setting a paragraph."""
        return "\n".join(_describe(setting) for setting in SETTINGS)


def _read_one(
    setting: Setting, env: Mapping[str, str], needed: bool, problems: list[str]
) -> object:
    text = env.get(setting.name, "").strip()
    file = env.get(f"{setting.name}_FILE", "").strip() if setting.secret else ""
    if text and file:
        problems.append(f"{setting.name} and {setting.name}_FILE are both set; keep one.")
        return None
    if file:
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{setting.name}_FILE cannot be read: {file}")
            return None
    text = text or setting.default or ""
    if not text:
        if setting.required or needed:
            problems.append(f"{setting.name} is missing: {setting.meaning}")
        return () if setting.name in _LISTS else None
    try:
        return setting.parse(text)
    except ValueError as error:
        got = "" if setting.secret else f", not {text!r}"
        problems.append(f"{setting.name} must be {error}{got}.")
        return None


def _describe(setting: Setting) -> str:
    notes = [
        "required" if setting.required else "",
        f"default {setting.default}" if setting.default else "",
        f"or a file named by {setting.name}_FILE" if setting.secret else "",
    ]
    extra = "; ".join(note for note in notes if note)
    return f"{setting.name}\n    {setting.meaning}" + (f" ({extra})" if extra else "")


_LISTS = {"HANDRAIL_ORIGIN", "HANDRAIL_TRUSTED_PROXIES"}

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "SUPABASE_URL",
        "Address of the Supabase project; `./dev run` sets it to the local one.",
        values.url,
        required=True,
    ),
    Setting(
        "SUPABASE_ANON_KEY",
        "The project's public (anon or publishable) key.",
        values.any_text,
        secret=True,
        required=True,
    ),
    Setting(
        "SUPABASE_SECRET_KEY",
        "The project's secret key, for Auth only: to create and invite people.",
        values.any_text,
        secret=True,
    ),
    Setting(
        "HANDRAIL_SEAL_KEYS",
        "Keys that seal free text and tokens, id:base64 each, comma separated; the first one "
        "seals, all of them open.",
        values.keys,
        secret=True,
        required=True,
    ),
    Setting(
        "HANDRAIL_MACHINE_LIVE",
        "Machine account that hears live hints, email:password.",
        values.account,
        secret=True,
    ),
    Setting(
        "HANDRAIL_MACHINE_JOBS",
        "Machine account of the jobs, email:password.",
        values.account,
        secret=True,
    ),
    Setting("HANDRAIL_HOME", "Folder of local data.", Path, ".handrail"),
    Setting("HANDRAIL_HOST", "Address the web app listens on.", values.any_text, "127.0.0.1"),
    Setting("HANDRAIL_PORT", "Port of the web app.", values.port, "8550"),
    Setting("HANDRAIL_API_PORT", "Port of the local Supabase.", values.port, "54321"),
    Setting(
        "HANDRAIL_ORIGIN",
        "Public origins of the web app, comma separated; without it, this machine at the port.",
        values.origins,
    ),
    Setting(
        "HANDRAIL_TRUSTED_PROXIES",
        "Addresses or networks of proxies whose word about the client's address counts.",
        values.networks,
    ),
    Setting(
        "HANDRAIL_LOGIN_DOMAIN",
        "Domain that makes a login name an Auth address; nobody receives mail there.",
        values.domain,
        "people.invalid",
    ),
    Setting(
        "HANDRAIL_JOBS",
        "Whether jobs run inside the web app or apart (`python -m app jobs`).",
        values.one_of("inside", "apart"),
        "apart",
    ),
    Setting(
        "HANDRAIL_METRICS_PORT",
        "Loopback port of /metrics, usually 9550; none without it.",
        values.port,
    ),
    Setting(
        "HANDRAIL_LOG",
        "What is logged.",
        values.one_of("debug", "info", "warning", "error"),
        "info",
    ),
    Setting(
        "HANDRAIL_SQUEEZE",
        "How small the copies of the web client get that the app makes by itself: best (two "
        "minutes of one core at the lowest priority, once for each version) or quick.",
        values.one_of("best", "quick"),
        "best",
    ),
    Setting(
        "HANDRAIL_SESSION_MINUTES",
        "How long the screen of a lost connection waits for its return.",
        values.minutes,
        "15",
    ),
    Setting(
        "HANDRAIL_DRAIN_SECONDS",
        "Over how many seconds the sockets are closed when the process is asked to leave.",
        values.seconds,
        "20",
    ),
    Setting(
        "HANDRAIL_TRANSLATION",
        "A machine that translates messages when somebody asks: libretranslate, deepl or openai "
        "(any server that speaks like it). Texts leave only for organisations that agreed.",
        values.one_of("off", "libretranslate", "deepl", "openai"),
        "off",
    ),
    Setting(
        "HANDRAIL_TRANSLATION_URL",
        "Address of the translator, as `https://api-free.deepl.com`.",
        values.url,
    ),
    Setting("HANDRAIL_TRANSLATION_KEY", "The translator's key.", values.any_text, secret=True),
    Setting("HANDRAIL_TRANSLATION_MODEL", "The model's name, for openai.", values.any_text),
)
