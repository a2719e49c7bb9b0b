"""Lists a folder: its objects, and the folders below it as rows without an id.

Answers like upstream's ``storage.search`` for what clients of this server use: the prefix is a
whole folder, ``search`` narrows by the beginning of the next part, upper and lower case alike.
"""

from dataclasses import dataclass
from typing import Any

from app.local.storage import errors

MOST_ROWS = 1500

_COLUMNS = ("name", "updated_at", "created_at", "last_accessed_at")

# A folder sorts by its name among files sorted by name, and before them else.
_LIST = """
with below as (
  select substr(o.name, length(%s) + 1) as rest, o.*
  from storage.objects o
  where o.bucket_id = %s and starts_with(lower(o.name), lower(%s))
), row as (
  select distinct split_part(rest, '/', 1) as name, null::uuid as id,
    null::timestamptz as updated_at, null::timestamptz as created_at,
    null::timestamptz as last_accessed_at, null::jsonb as metadata
  from below where rest like '%%/%%'
  union all
  select rest, id, updated_at, created_at, last_accessed_at, metadata
  from below where rest not like '%%/%%'
)
select to_jsonb(row) from row
order by {order}
limit %s offset %s
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """A checked question for the content of one folder."""

    folder: str
    search: str
    limit: int
    offset: int
    column: str
    descending: bool

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Listing":
        """Check what a client sent; raises StorageError."""
        sort = body.get("sortBy") or {}
        if not isinstance(sort, dict):
            raise errors.invalid_request("body/sortBy must be object")
        column, order = sort.get("column", "name"), sort.get("order") or "asc"
        if column not in _COLUMNS:
            raise errors.invalid_request("body/sortBy/column must be one of the allowed values")
        if order not in ("asc", "desc"):
            raise errors.invalid_request("body/sortBy/order must be one of the allowed values")
        folder = _text(body, "prefix")
        return cls(
            folder=folder if not folder or folder.endswith("/") else f"{folder}/",
            search=_text(body, "search"),
            limit=min(_whole(body, "limit", least=1, default=100), MOST_ROWS),
            offset=_whole(body, "offset", least=0, default=0),
            column=column,
            descending=order == "desc",
        )

    def statement(self, bucket: str) -> tuple[str, list[str | int]]:
        """The query and its parameters; every row is one JSON object."""
        way = "desc" if self.descending else "asc"
        order = f'lower(name) collate "C" {way}'
        if self.column != "name":
            order = f"id is not null, {self.column} {way}, {order}"
        start = self.folder + self.search
        return _LIST.format(order=order), [self.folder, bucket, start, self.limit, self.offset]


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field) or ""
    if not isinstance(value, str) or "\x00" in value or not _is_utf8(value):
        raise errors.invalid_request(f"body/{field} must be string")
    return value


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(body: dict[str, Any], field: str, *, least: int, default: int) -> int:
    value = body.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        raise errors.invalid_request(f"body/{field} must be a whole number from {least}")
    return value
