"""The shared connections: what they cost, and that what is encrypted is checked."""

import inspect

import httpcore._synchronization
import pytest

from app.core.http import open_http


@pytest.mark.parametrize(("scheme", "reads_authorities"), [("http", False), ("https", True)])
async def test_only_who_encrypts_reads_the_authorities(
    scheme: str, reads_authorities: bool
) -> None:
    async with open_http(f"{scheme}://project.example") as http:
        tls = http._transport._pool._ssl_context  # type: ignore[attr-defined]  # no other way in
    assert bool(tls.get_ca_certs()) is reads_authorities
    assert tls.check_hostname


def test_httpcore_still_asks_for_sniffio() -> None:
    """When it does not, the pin in pyproject.toml can go."""
    assert "import sniffio" in inspect.getsource(httpcore._synchronization)
