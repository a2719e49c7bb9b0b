"""supabase/config.toml as the local Supabase reads it."""

from pathlib import Path

import pytest

from app.local.config import Config, load_config
from app.local.errors import LocalError


def write(folder: Path, text: str) -> Path:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_defaults_of_the_cli_hold(tmp_path: Path) -> None:
    # supabase/cli, pkg/config/templates/config.toml
    config = load_config(tmp_path)

    assert config == Config()
    assert (config.max_rows, config.jwt_expiry, config.file_size_limit) == (1000, 3600, 52428800)
    assert (config.password_min_length, config.refresh_reuse_interval) == (6, 10)
    assert (config.enable_signup, config.enable_anonymous) == (True, False)
    assert (config.limits.sign_in_sign_ups, config.limits.token_refresh) == (30, 150)


def test_values_of_the_file_are_taken(tmp_path: Path) -> None:
    config = load_config(
        write(
            tmp_path,
            """
            [api]
            max_rows = 50
            extra_search_path = ["extensions"]
            [auth]
            enable_anonymous_sign_ins = true
            minimum_password_length = 12
            [auth.rate_limit]
            token_refresh = 7
            [storage]
            file_size_limit = "1.5MB"
            [db.seed]
            sql_paths = []
            [studio]
            enabled = true
            """,
        )
    )

    assert config.max_rows == 50
    assert config.extra_search_path == ("extensions",)
    assert config.enable_anonymous
    assert config.password_min_length == 12
    assert config.limits.token_refresh == 7
    assert config.file_size_limit == 1572864
    assert config.seed_paths == ()


def test_env_stands_for_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE", "https://example.org")

    assert load_config(write(tmp_path, '[auth]\nsite_url = "env(SITE)"')).site_url == (
        "https://example.org"
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[api]\nmax_rows = "many"', "api.max_rows"),
        ("[api]\nmax_rows = -1", "api.max_rows"),
        ("[api]\nmax_rows = true", "api.max_rows"),
        ('[api]\nschemas = "public"', "api.schemas"),
        ("[auth]\nenable_signup = 1", "auth.enable_signup"),
        ("[auth]\nsite_url = 1", "auth.site_url"),
        ('[storage]\nfile_size_limit = "large"', "storage.file_size_limit"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(LocalError, match=key) as caught:
        load_config(write(tmp_path, text))

    assert caught.value.code == "config_invalid"


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"config\.toml") as caught:
        load_config(write(tmp_path, "[api"))

    assert caught.value.code == "config_invalid"
