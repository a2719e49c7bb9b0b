"""Whatever is thrown at the log: no name, text, token or address comes out."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.ids import hash_cookie
from app.core.logs import SHAPES, fingerprint, get_log, log_context, log_fault, set_up_logs

SECRETS = (
    "Amina Yılmaz",
    "Amina",
    "Ich habe heute Nacht keinen Platz zum Schlafen",
    "amina@example.org",
    "192.168.17.4",
    "2001:db8::7",
    "+49 30 1234567",
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbWluYSJ9.c2lnbmF0dXJl",
    "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz",
    "Bearer abc",
    "https://example.org/p?name=Amina",
    "Hauptstraße 7, 10115 Berlin",
)


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs("debug", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_left_out_wherever_it_is_put(output: io.StringIO, secret: str) -> None:
    for key in SHAPES:
        if key != "event":
            get_log().info("something", **{key: secret})
    get_log().info(secret, name=secret, **{secret: 1})
    get_log().error("something", nested={"text": [secret]}, exc_info=ValueError(secret))
    logging.getLogger("httpx").warning("HTTP Request: %s", secret)
    logging.getLogger(secret).error(secret)
    written = lines(output)
    assert len(written) == len(SHAPES) + 3
    for line in written:
        # Figures of the time are figures of many a telephone number too.
        del line["timestamp"]
    assert not any(part in json.dumps(written) for part in secret.split())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(SHAPES)), st.sampled_from(SECRETS).map(lambda s: s + "\n")
    )
)
def test_no_mixture_of_keys_lets_a_secret_through(
    output: io.StringIO, facts: dict[str, str]
) -> None:
    get_log().info("mixture", **{key: value for key, value in facts.items() if key != "event"})
    assert not any(secret in output.getvalue() for secret in SECRETS)


def test_what_is_allowed_is_kept(output: io.StringIO) -> None:
    get_log().info("job_done", job="sweep", ms=12.5, count=3, route="/signin", method="GET")
    (line,) = lines(output)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job_done",
        "level": "info",
        "job": "sweep",
        "ms": 12.5,
        "count": 3,
        "route": "/signin",
        "method": "GET",
    }


def test_lines_carry_request_and_a_tag_of_the_device(output: io.StringIO) -> None:
    cookie_hash = hash_cookie("a" * 43)
    with log_context(request="00ff00ff00ff00ff", cookie_hash=cookie_hash):
        get_log().info("inside")
    get_log().info("outside")
    inside, outside = lines(output)
    assert inside["request"] == "00ff00ff00ff00ff"
    assert len(inside["device"]) == 12
    assert cookie_hash not in output.getvalue()
    assert "request" not in outside
    assert "device" not in outside


def test_a_fault_is_logged_by_type_and_place_without_its_text(output: io.StringIO) -> None:
    try:
        hash_cookie(None)  # type: ignore[arg-type]  # breaks on purpose
    except AttributeError as error:
        log_fault("handler_failed", error)
    (line,) = lines(output)
    assert line["error"] == "AttributeError"
    assert line["place"] == "app.core.ids:hash_cookie"
    assert "NoneType" not in output.getvalue()


def test_one_fault_has_one_fingerprint_whatever_the_data() -> None:
    marks = set()
    for value in (None, 1, 2.5):
        try:
            hash_cookie(value)  # type: ignore[arg-type]  # breaks on purpose
        except AttributeError as error:
            marks.add(fingerprint(error))
    assert len(marks) == 1
    assert fingerprint(ValueError("x")).place == "elsewhere"


def test_a_library_is_named_but_not_quoted(output: io.StringIO) -> None:
    logging.getLogger("realtime._async.client").error("token %s", "eyJ")
    logging.getLogger("httpx").info("HTTP Request: GET /people?name=eq.Amina")
    (line,) = lines(output)
    assert line["library"] == "realtime._async.client"
    assert line["level"] == "error"
