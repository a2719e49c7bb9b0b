"""Errors of Supabase and the network become ours, and what they said stays behind."""

import json

import httpx
import pytest
from postgrest.exceptions import APIError
from storage3.exceptions import StorageApiError
from supabase_auth.errors import (
    AuthApiError,
    AuthError,
    AuthInvalidCredentialsError,
    AuthRetryableError,
    AuthUnknownError,
    AuthWeakPasswordError,
)

from app.core.errors import (
    AppError,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Unexpected,
    Unreachable,
)
from app.core.foreign import translated

TEXT = "Key (name)=(Amina Yılmaz) already exists."


def ours(foreign: Exception) -> AppError:
    with pytest.raises(AppError) as caught, translated():
        raise foreign
    assert TEXT not in f"{caught.value!s}{caught.value!r}{caught.value.args}{caught.value.fields}"
    return caught.value


def rest(code: str | None, message: str = TEXT, details: object = TEXT) -> APIError:
    return APIError({"code": code, "message": message, "details": details, "hint": TEXT})


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        ("42501", NotAllowed, "not_allowed"),
        ("PGRST301", NotAllowed, "signed_out"),
        ("PGRST303", NotAllowed, "signed_out"),
        ("PGRST116", NotFound, "not_found"),
        ("23505", Conflict, "already_there"),
        ("23503", Conflict, "belongs_together"),
        ("23514", Invalid, "not_valid"),
        ("23502", Invalid, "not_valid"),
        ("22P02", Invalid, "not_valid"),
        ("22P05", Invalid, "not_valid"),
        ("57014", Unreachable, "too_slow"),
        ("PGRST003", Unreachable, "too_slow"),
        ("PGRST000", Unreachable, "unreachable"),
        ("08006", Unreachable, "unreachable"),
        ("53300", Unreachable, "unreachable"),
        ("57P01", Unreachable, "unreachable"),
        ("503", Unreachable, "unreachable"),
        ("502", Unreachable, "unreachable"),
        ("429", Unreachable, "busy"),
        ("413", Invalid, "too_large"),
        ("PGRST202", Unexpected, "backend_not_understood"),
        ("42P01", Unexpected, "backend_not_understood"),
        ("", Unexpected, "backend_not_understood"),
        (None, Unexpected, "backend_not_understood"),
    ],
)
def test_a_code_of_rest_has_one_meaning(code: str | None, kind: type[AppError], told: str) -> None:
    error = ours(rest(code))
    assert (type(error), error.code, dict(error.fields)) == (kind, told, {})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("PT401", NotAllowed),
        ("PT403", NotAllowed),
        ("PT404", NotFound),
        ("PT409", Conflict),
        ("PT422", Invalid),
    ],
)
def test_a_code_that_our_sql_raised_arrives_with_its_fields(
    status: str, kind: type[AppError]
) -> None:
    error = ours(rest(status, "changed_meanwhile", json.dumps({"version": 3, "field": "name"})))
    assert (type(error), error.code) == (kind, "changed_meanwhile")
    assert error.fields == {"version": 3, "field": "name"}


@pytest.mark.parametrize(
    "details", ["", "not json", "[1]", '{"Bad Key": 1}', '{"deep": {"a": 1}}', None, 5, "x" * 9]
)
def test_fields_of_another_shape_are_left_out(details: object) -> None:
    assert ours(rest("PT409", "changed_meanwhile", details)).fields == {}


def test_a_raised_text_that_is_no_code_is_not_passed_on() -> None:
    assert ours(rest("PT409", TEXT)).code == "backend_not_understood"


@pytest.mark.parametrize(
    ("foreign", "kind", "told"),
    [
        (AuthApiError(TEXT, 400, "invalid_credentials"), NotAllowed, "wrong_secret"),
        (AuthInvalidCredentialsError(TEXT), NotAllowed, "wrong_secret"),
        (AuthApiError(TEXT, 403, "bad_jwt"), NotAllowed, "signed_out"),
        (AuthApiError(TEXT, 403, "session_not_found"), NotAllowed, "signed_out"),
        (AuthApiError(TEXT, 429, "over_request_rate_limit"), NotAllowed, "too_many_tries"),
        (AuthApiError(TEXT, 429, None), NotAllowed, "too_many_tries"),
        (AuthApiError(TEXT, 422, "email_exists"), Conflict, "already_there"),
        (AuthWeakPasswordError(TEXT, 422, [TEXT]), Invalid, "weak_secret"),
        (AuthApiError(TEXT, 400, "validation_failed"), Invalid, "not_valid"),
        (AuthApiError(TEXT, 500, "unexpected_failure"), Unreachable, "unreachable"),
        (AuthApiError(TEXT, 418, None), Unexpected, "backend_not_understood"),
        (AuthRetryableError(TEXT, 503), Unreachable, "unreachable"),
        (AuthUnknownError(TEXT, ValueError(TEXT)), Unreachable, "unreachable"),
    ],
)
def test_an_error_of_auth_has_one_meaning(
    foreign: AuthError, kind: type[AppError], told: str
) -> None:
    error = ours(foreign)
    assert (type(error), error.code) == (kind, told)


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        ("404", NotFound, "not_found"),
        (403, NotAllowed, "not_allowed"),
        ("409", Conflict, "already_there"),
        ("413", Invalid, "too_large"),
        ("415", Invalid, "type_not_allowed"),
        ("500", Unreachable, "unreachable"),
        ("400", Invalid, "not_valid"),
    ],
)
def test_an_error_of_storage_has_one_meaning(
    status: str | int, kind: type[AppError], told: str
) -> None:
    error = ours(StorageApiError(TEXT, "code", status))
    assert (type(error), error.code) == (kind, told)


@pytest.mark.parametrize(
    ("foreign", "told"),
    [
        (httpx.ConnectError(TEXT), "unreachable"),
        (httpx.RemoteProtocolError(TEXT), "unreachable"),
        (httpx.ReadTimeout(TEXT), "too_slow"),
        (httpx.PoolTimeout(TEXT), "too_slow"),
        (TimeoutError(TEXT), "too_slow"),
    ],
)
def test_a_silent_backend_is_unreachable(foreign: Exception, told: str) -> None:
    error = ours(foreign)
    assert (type(error), error.code) == (Unreachable, told)


def test_half_a_surrogate_pair_is_invalid() -> None:
    with pytest.raises(Invalid, match="not_valid"), translated():
        "\ud800".encode()


def test_errors_of_ours_and_bugs_pass_unchanged() -> None:
    mine = Conflict("changed_meanwhile", {"version": 2})
    with pytest.raises(Conflict) as caught, translated():
        raise mine
    assert caught.value is mine
    with pytest.raises(KeyError), translated():
        raise KeyError("bug")


def test_an_error_code_is_snake_case_and_fields_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="snake_case"):
        NotAllowed("You may not do that.")
    with pytest.raises(TypeError):
        Conflict("x", {"a": 1}).fields["a"] = 2  # type: ignore[index]  # what is refused
