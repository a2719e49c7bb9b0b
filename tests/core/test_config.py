"""Settings are read once and everything wrong is told together."""

import base64
from pathlib import Path

import pytest

from app.config import SETTINGS, Account, ConfigError, Settings

KEY = base64.b64encode(bytes(32)).decode()
LEAST = {
    "SUPABASE_URL": "http://127.0.0.1:54321",
    "SUPABASE_ANON_KEY": "public-key",
    "HANDRAIL_SEAL_KEYS": f"k1:{KEY}",
}


def problems(**env: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        Settings.read({**LEAST, **env})
    return caught.value.problems


def test_the_least_environment_gives_documented_defaults() -> None:
    settings = Settings.read(LEAST)
    assert (settings.host, settings.port, settings.api_port) == ("127.0.0.1", 8550, 54321)
    assert settings.origin == ("http://127.0.0.1:8550", "http://localhost:8550")
    assert settings.home == Path(".handrail")
    assert settings.login_domain == "people.invalid"
    assert (settings.jobs, settings.log, settings.session_minutes) == ("apart", "info", 15)
    assert settings.metrics_port is None
    assert settings.machine_live is None
    assert settings.trusted_proxies == ()
    assert not settings.secure_cookie


def test_everything_wrong_is_told_in_one_list() -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.read(
            {"HANDRAIL_PORT": "70000", "HANDRAIL_LOG": "loud", "HANDRAIL_SEAL_KEYS": "k1:short"}
        )
    told = str(caught.value)
    assert len(caught.value.problems) == 5
    for name in (
        "SUPABASE_URL",
        "SUPABASE_ANON_KEY",
        "HANDRAIL_PORT",
        "HANDRAIL_LOG",
        "HANDRAIL_SEAL_KEYS",
    ):
        assert name in told


def test_secrets_are_in_no_message_and_no_repr() -> None:
    told = problems(HANDRAIL_MACHINE_LIVE="hush-hush", HANDRAIL_SEAL_KEYS="k1:hush-hush")
    assert len(told) == 2
    assert "hush" not in "".join(told)
    shown = repr(Settings.read({**LEAST, "HANDRAIL_MACHINE_JOBS": "a@b.invalid:hush"}))
    assert not any(secret in shown for secret in ("hush", KEY, "public-key"))


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "machine"
    file.write_text("live@example.org:with:colons\n")
    settings = Settings.read({**LEAST, "HANDRAIL_MACHINE_LIVE_FILE": str(file)})
    assert settings.machine_live == Account("live@example.org", "with:colons")


def test_a_secret_given_twice_or_in_a_missing_file_is_refused(tmp_path: Path) -> None:
    (twice,) = problems(SUPABASE_SECRET_KEY="x", SUPABASE_SECRET_KEY_FILE="y")
    assert "both" in twice
    (missing,) = problems(SUPABASE_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert "cannot be read" in missing


def test_a_command_can_need_more_settings() -> None:
    with pytest.raises(ConfigError, match="HANDRAIL_MACHINE_LIVE is missing"):
        Settings.read(LEAST, needs=["HANDRAIL_MACHINE_LIVE"])


def test_an_https_origin_makes_cookies_secure() -> None:
    settings = Settings.read({**LEAST, "HANDRAIL_ORIGIN": "https://Handrail.example.org"})
    assert settings.origin == ("https://handrail.example.org",)
    assert settings.secure_cookie


@pytest.mark.parametrize(
    "origin",
    [
        "http://handrail.example.org",
        "https://a.example/path",
        "ftp://a",
        "https://a.example,http://localhost:8550",
        "https://user@a.example",
        "nonsense",
    ],
)
def test_an_unsafe_origin_is_refused(origin: str) -> None:
    (problem,) = problems(HANDRAIL_ORIGIN=origin)
    assert problem.startswith("HANDRAIL_ORIGIN must be")


def test_a_supabase_elsewhere_needs_https() -> None:
    (problem,) = problems(SUPABASE_URL="http://abc.supabase.co")
    assert "https" in problem


def test_seal_keys_keep_their_order_so_the_first_one_seals() -> None:
    settings = Settings.read({**LEAST, "HANDRAIL_SEAL_KEYS": f"new:{KEY}, old:{KEY}"})
    assert list(settings.seal_keys) == ["new", "old"]
    assert "twice" not in str(problems(HANDRAIL_SEAL_KEYS=f"k:{KEY},k:{KEY}"))


def test_proxies_are_networks() -> None:
    settings = Settings.read({**LEAST, "HANDRAIL_TRUSTED_PROXIES": "10.0.0.0/8,::1"})
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert problems(HANDRAIL_TRUSTED_PROXIES="my-proxy")


def test_every_setting_is_described_once() -> None:
    told = Settings.describe()
    assert all(told.count(f"{setting.name}\n") == 1 for setting in SETTINGS)
    assert set(Settings.__dataclass_fields__) == {setting.field for setting in SETTINGS}
