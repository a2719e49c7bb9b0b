"""What Storage answers when it refuses.

Body and status follow supabase/storage (src/internal/errors/codes.ts, src/http/error-handler.ts):
the real status stands in ``statusCode`` and HTTP mostly says 400.
"""

import psycopg
from starlette.responses import JSONResponse, Response

from app.local.pool import PoolTimeout

_OWN_STATUS = frozenset({429, 500, 501, 544})


class StorageError(Exception):
    """One refusal. ``error`` is the older name that clients compare, ``code`` the newer one."""

    def __init__(self, status: int, error: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.code = code
        self.message = message

    def response(self) -> Response:
        body = {
            "statusCode": str(self.status),
            "error": self.error,
            "code": self.code,
            "message": self.message,
        }
        http = self.status if self.status in _OWN_STATUS else 400
        return JSONResponse(body, status_code=http, headers={"Cache-Control": "no-store"})


def bucket_not_found() -> StorageError:
    return StorageError(404, "Bucket not found", "NoSuchBucket", "Bucket not found")


def object_not_found() -> StorageError:
    return StorageError(404, "not_found", "NoSuchKey", "Object not found")


def bytes_not_found() -> StorageError:
    return StorageError(404, "Not found", "NoSuchKey", "The resource was not found")


def already_exists() -> StorageError:
    return StorageError(409, "Duplicate", "KeyAlreadyExists", "The resource already exists")


def invalid_key(key: str) -> StorageError:
    # Surrogates cannot be written as UTF-8, and a refusal must always reach its caller.
    shown = key.encode("utf-8", "replace").decode("utf-8")
    return StorageError(400, "InvalidKey", "InvalidKey", f"Invalid key: {shown}")


def invalid_bucket() -> StorageError:
    return StorageError(400, "Invalid Input", "InvalidBucketName", "Bucket name invalid")


def invalid_mime_type(mime_type: str) -> StorageError:
    shown = mime_type.encode("utf-8", "replace").decode("utf-8")
    message = f"mime type {shown} is not supported"
    return StorageError(415, "invalid_mime_type", "InvalidMimeType", message)


def too_large(entity: str = "object") -> StorageError:
    message = f"The {entity} exceeded the maximum allowed size"
    return StorageError(413, "Payload too large", "EntityTooLarge", message)


def invalid_request(message: str) -> StorageError:
    return StorageError(400, "InvalidRequest", "InvalidRequest", message)


def no_content(message: str = "No content provided") -> StorageError:
    return invalid_request(message)


def access_denied(message: str) -> StorageError:
    return StorageError(403, "Unauthorized", "AccessDenied", message)


def invalid_token(message: str) -> StorageError:
    return StorageError(400, "InvalidJWT", "InvalidJWT", message)


def invalid_signature(message: str = "Invalid signature") -> StorageError:
    return StorageError(400, "InvalidSignature", "InvalidSignature", message)


def out_of_range() -> StorageError:
    return StorageError(400, "invalid_range", "InvalidRange", "invalid range provided")


def disk_failed() -> StorageError:
    message = "The file could not be written or read"
    return StorageError(500, "InternalError", "InternalError", message)


def not_implemented(what: str) -> StorageError:
    message = f"{what} is not part of the local Supabase"
    return StorageError(501, "NotImplemented", "NotImplemented", message)


def from_database(error: psycopg.Error | PoolTimeout) -> StorageError:
    """The answer for a failed statement, as upstream's src/storage/database/errors.ts chooses."""
    if isinstance(error, PoolTimeout):
        message = "Too many connections issued to the database"
        return StorageError(429, "too_many_connections", "SlowDown", message)
    text = error.diag.message_primary or "database error"
    match error.sqlstate:
        case "42501" if "row-level security" in text:
            return access_denied("new row violates row-level security policy")
        case "42501":
            return access_denied(text)
        case "23505":
            return already_exists()
        case "23503":
            return StorageError(
                404, "InvalidRequest", "InvalidRequest", "The related resource does not exist"
            )
        case "55P03":
            return StorageError(423, "ResourceLocked", "ResourceLocked", "The resource is locked")
        case "57014":
            message = "The connection to the database timed out"
            return StorageError(544, "DatabaseTimeout", "DatabaseTimeout", message)
        case str(code) if code.startswith("22"):
            return StorageError(400, "InvalidParameter", "InvalidParameter", text)
        case code:
            message = f"database error, code: {code or 'unreachable'}"
            return StorageError(500, "DatabaseError", "DatabaseError", message)
