"""The part of `supabase/config.toml` that the local Supabase follows, with the CLI's defaults."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.local.errors import LocalError

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_FROM_ENVIRONMENT = re.compile(r"env\((\w+)\)")


# Upstream's own points at a page of Auth, which the local Supabase does not have.
INVITE_CONTENT = """<h2>You have been invited</h2>
<p><a href="{{ .RedirectTo }}?token_hash={{ .TokenHash }}&amp;type=invite">Accept the invite</a></p>
"""


@dataclass(frozen=True)
class Limits:
    """How often one address may try (auth.rate_limit)."""

    anonymous_users: int = 30  # an hour
    token_refresh: int = 150  # in five minutes
    sign_in_sign_ups: int = 30  # in five minutes
    token_verifications: int = 30  # in five minutes


@dataclass(frozen=True)
class Config:
    """Settings of one project. Times in seconds, sizes in bytes, rates per address.

    The comment behind a field is its key in the file.
    """

    schemas: tuple[str, ...] = ("public", "graphql_public")  # api.schemas
    extra_search_path: tuple[str, ...] = ("public", "extensions")  # api.extra_search_path
    max_rows: int = 1000  # api.max_rows
    seed_enabled: bool = True  # db.seed.enabled
    seed_paths: tuple[str, ...] = ("./seed.sql",)  # db.seed.sql_paths, globs below supabase/
    file_size_limit: int = 50 * 1024**2  # storage.file_size_limit
    site_url: str = "http://127.0.0.1:3000"  # auth.site_url
    jwt_expiry: int = 3600  # auth.jwt_expiry
    enable_signup: bool = True  # auth.enable_signup
    enable_email_signup: bool = True  # auth.email.enable_signup
    enable_confirmations: bool = False  # auth.email.enable_confirmations
    enable_anonymous: bool = False  # auth.enable_anonymous_sign_ins
    refresh_rotation: bool = True  # auth.enable_refresh_token_rotation
    refresh_reuse_interval: int = 10  # auth.refresh_token_reuse_interval
    password_min_length: int = 6  # auth.minimum_password_length
    password_requirements: str = ""  # auth.password_requirements
    secure_password_change: bool = False  # auth.email.secure_password_change
    otp_length: int = 6  # auth.email.otp_length
    otp_expiry: int = 3600  # auth.email.otp_expiry
    redirect_urls: tuple[str, ...] = ()  # auth.additional_redirect_urls
    invite_subject: str = "You have been invited"  # auth.email.template.invite.subject
    # What the file at auth.email.template.invite.content_path holds.
    invite_content: str = INVITE_CONTENT
    password_cost: int = 10  # bcrypt's rounds as a power of two; no key, only tests lower it
    limits: Limits = Limits()


_KEYS = {
    "schemas": "api.schemas",
    "extra_search_path": "api.extra_search_path",
    "max_rows": "api.max_rows",
    "seed_enabled": "db.seed.enabled",
    "seed_paths": "db.seed.sql_paths",
    "file_size_limit": "storage.file_size_limit",
    "site_url": "auth.site_url",
    "jwt_expiry": "auth.jwt_expiry",
    "enable_signup": "auth.enable_signup",
    "enable_email_signup": "auth.email.enable_signup",
    "enable_confirmations": "auth.email.enable_confirmations",
    "enable_anonymous": "auth.enable_anonymous_sign_ins",
    "refresh_rotation": "auth.enable_refresh_token_rotation",
    "refresh_reuse_interval": "auth.refresh_token_reuse_interval",
    "password_min_length": "auth.minimum_password_length",
    "password_requirements": "auth.password_requirements",
    "secure_password_change": "auth.email.secure_password_change",
    "otp_length": "auth.email.otp_length",
    "otp_expiry": "auth.email.otp_expiry",
    "redirect_urls": "auth.additional_redirect_urls",
    "invite_subject": "auth.email.template.invite.subject",
    "invite_content": "auth.email.template.invite.content_path",
}
_LIMIT_KEYS = {
    name: f"auth.rate_limit.{name}"
    for name in ("anonymous_users", "token_refresh", "sign_in_sign_ups", "token_verifications")
}


def load_config(supabase_dir: Path) -> Config:
    """Read `config.toml` in this folder; without one, or for absent keys, the defaults.

    `env(NAME)` stands for an environment variable, as in the CLI. Keys that the local Supabase
    does not follow are passed over. Raises LocalError `config_invalid` naming the key.
    """
    file = supabase_dir / "config.toml"
    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        tree = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LocalError("config_invalid", f"{file} is not valid TOML: {error}") from error
    defaults = Config()
    limits = Limits(**_read(tree, _LIMIT_KEYS, vars(defaults.limits), file))
    values = _read(tree, _KEYS, vars(defaults), file)
    if "invite_content" in values:
        values["invite_content"] = _content(supabase_dir, values["invite_content"])
    return Config(**values, limits=limits)


def _content(supabase_dir: Path, path: str) -> str:
    """The text of a mail; the CLI names its file from the folder above `supabase/`."""
    file = supabase_dir.parent / path
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError("config_invalid", f"{file}, the text of a mail, is missing.") from error


def _read(
    tree: Mapping[str, Any], keys: Mapping[str, str], defaults: Mapping[str, Any], file: Path
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, key in keys.items():
        node: Any = tree
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        if node is None:
            continue
        try:
            values[name] = _as(defaults[name], _expand(node), size=name == "file_size_limit")
        except ValueError as error:
            raise LocalError("config_invalid", f"{file}: {key} {error}.") from error
    return values


def _expand(value: Any) -> Any:
    match = _FROM_ENVIRONMENT.fullmatch(value) if isinstance(value, str) else None
    return os.environ.get(match[1], "") if match else value


def _as(default: Any, value: Any, *, size: bool) -> Any:
    """`value` as the type of `default`; ValueError says what it must be."""
    if size and isinstance(value, str):
        return _bytes(value)
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        raise ValueError("must be a list of strings")
    if isinstance(default, bool) or not isinstance(default, int):
        if type(value) is type(default):
            return value
        raise ValueError("must be true or false" if isinstance(default, bool) else "must be text")
    if type(value) is not int or value < 0:
        raise ValueError("must be a whole number from 0 on")
    return value


def _bytes(text: str) -> int:
    """Sizes as the CLI reads them: powers of 1024 whether written MB or MiB."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError('must be a size such as "50MiB"')
    power = " kmgt".index(match[2].lower() or " ")
    return int(float(match[1]) * 1024**power)
