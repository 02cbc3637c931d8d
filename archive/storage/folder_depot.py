"""A folder of WARC files: the home's own, one on a mounted disk, or a second copy."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from archive.errors import DepotUnreachable, DigestMismatch, NameTaken
from archive.storage.depot import free_name
from archive.storage.volume import Volume
from archive.storage.warc_name import OPEN_SUFFIX, WARC_NAME, moment_of

_PART = 1 << 20


class FolderDepot:
    """Files below a folder; symbolic links are none.

    Args:
        folder: Where they lie.
        must_stand: A folder that is not there is a disk that is not mounted, and is never made.
    """

    def __init__(self, folder: Path, *, must_stand: bool = False) -> None:
        self.folder = folder
        self._must_stand = must_stand

    def __eq__(self, other: object) -> bool:
        """Two of one folder are one depot."""
        return isinstance(other, FolderDepot) and self.folder == other.folder

    def __hash__(self) -> int:
        """By its folder."""
        return hash(self.folder)

    @property
    def address(self) -> str:
        """The folder."""
        return str(self.folder)

    def listing(self) -> Mapping[str, int]:
        """Closed files and how long each is, in the order of keeping."""
        return {name: path.stat().st_size for name, path, is_open in self.walk() if not is_open}

    def walk(self) -> Iterator[tuple[str, Path, bool]]:
        """Name, path and whether it is unfinished of every WARC file, in the order of keeping.

        Raises:
            DepotUnreachable: The folder of a mounted disk is not there.
        """
        self._check()
        found = [path for path in self.folder.rglob("*") if WARC_NAME.match(path.name)]
        for path in sorted(found):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(self.folder).as_posix()
                yield name.removesuffix(OPEN_SUFFIX), path, name.endswith(OPEN_SUFFIX)

    def newest_moment(self) -> datetime | None:
        """The moment of the newest name, looked for from the latest month back."""
        months = (month for year in _dated(self.folder, 4) for month in _dated(year, 2))
        for month in months:
            moments = [found for path in month.iterdir() if (found := moment_of(path.name))]
            if moments:
                return max(moments)
        return None

    def open(self, name: str, offset: int = 0) -> BinaryIO:
        """A file from an offset."""
        file = self.path_of(name).open("rb")
        file.seek(offset)
        return file

    def octets(self, name: str) -> int:
        """How long a file is."""
        return self.path_of(name).stat().st_size

    def path_of(self, name: str) -> Path:
        """Where a file stands.

        Raises:
            FileNotFoundError: It does not, or its name leads out of the folder.
        """
        path = self._below(name)
        if path.is_file() and path.resolve().is_relative_to(self.folder.resolve()):
            return path
        raise FileNotFoundError(f"{name} is missing from {self.folder}")

    def _below(self, name: str) -> Path:
        self._check()
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise FileNotFoundError(f"{name!r} is not below {self.folder}")
        return self.folder / parts

    def take(self, volume: Volume, name: str, sha256: str) -> None:
        """Copy a file under another name, and only what has the right digest gets the right name.

        Raises:
            DigestMismatch: It is not the file of that digest.
            NameTaken: Another file has that name.
            OSError: The disk is full or fails.
        """
        target = self._below(name)
        if target.exists():
            if self._digest_of(name) != sha256:
                raise NameTaken(f"{target} is another file; it was left as it is.")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.copying")
        if _copy(volume, unfinished) != sha256:
            unfinished.unlink()
            raise DigestMismatch(f"{volume.name} is not the file that was closed.")
        unfinished.rename(target)
        for folder in (target.parent, *target.parent.parents):
            sync_folder(folder)
            if folder == self.folder:
                break

    def take_down(self, name: str) -> str:
        """Rename a file to one that is no WARC file's."""
        path = self.path_of(name)
        aside = free_name(path.name, (other.name for other in path.parent.iterdir()))
        path.rename(path.with_name(aside))
        sync_folder(path.parent)
        return path.with_name(aside).relative_to(self.folder).as_posix()

    def _digest_of(self, name: str) -> str:
        return Volume(name=name, lender=self).sha256()

    def _check(self) -> None:
        if self._must_stand and not self.folder.is_dir():
            raise DepotUnreachable(
                f"The depot {self.folder} is not there: its disk may not be mounted.",
                next_step="Nothing is lost; mount it and try again.",
            )


def _dated(folder: Path, digits: int) -> list[Path]:
    """Folders named by a year or month, the latest first."""
    if not folder.is_dir():
        return []
    named = [path for path in folder.iterdir() if len(path.name) == digits]
    return sorted((path for path in named if path.name.isdigit() and path.is_dir()), reverse=True)


def sync_folder(folder: Path) -> None:
    """Have the disk hold a folder's names."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(volume: Volume, path: Path) -> str:
    """Copy octets to a file and have the disk hold them; their digest."""
    digest = hashlib.sha256()
    with volume.open() as source, path.open("wb") as target:
        while part := source.read(_PART):
            digest.update(part)
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()
