"""The data folder and ports of a run."""

import pytest

from app.cli.paths import BadPaths, Paths


def test_ports_and_folder_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_HOME", "/somewhere/else")
    monkeypatch.setenv("HANDRAIL_PORT", "9001")
    monkeypatch.setenv("HANDRAIL_API_PORT", "9002")
    paths = Paths.read()
    assert (str(paths.home), paths.port, paths.api_port) == ("/somewhere/else", 9001, 9002)
    assert paths.app_url == "http://127.0.0.1:9001"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８５５０", "web", "1e3"])
def test_a_port_that_is_none_is_told_by_name(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("HANDRAIL_PORT", port)
    with pytest.raises(BadPaths, match="HANDRAIL_PORT"):
        Paths.read()
