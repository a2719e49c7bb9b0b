"""What every service behind the gateway gets to work with."""

from dataclasses import dataclass
from pathlib import Path

from app.local.config import Config
from app.local.db import Database
from app.local.keys import Keys


@dataclass(frozen=True, slots=True)
class Context:
    """One running project: its database, keys, settings and folder of stored files.

    ``base_url`` is the address clients use, without a slash at the end.
    """

    database: Database
    keys: Keys
    config: Config
    files: Path
    base_url: str

    @property
    def mail(self) -> Path:
        """Where mails are put instead of being sent: beside the stored files."""
        return self.files.with_name("mail")
