"""A WARC file while it is being written."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import datetime
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home, Place
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.folder_depot import sync_folder
from archive.storage.holdings import Holdings
from archive.storage.warc_name import OPEN_SUFFIX, warc_name

_SERIALS = 100_000


class WarcFile:
    """Takes whole gzip members, named ``….open`` until it is closed.

    What was appended before `sync` returned survives a crash of the machine; an append that
    fails leaves nothing behind.
    """

    def __init__(self, home: Home, opened_at: datetime, serial: int) -> None:
        self.opened_at = opened_at
        self.name, self.path, self._file = _create(home, opened_at, serial)
        self.size = 0
        self._home = home
        self._sha256 = hashlib.sha256()
        self._is_dirty = True
        self._is_torn = False  # something stands behind `size` that could not be cut off

    def append(self, members: list[bytes]) -> tuple[Place, ...]:
        """Write members one after the other; where each stands.

        Raises:
            HomeNotWritable: The disk is full or fails; the file is as it was before.
        """
        places: list[Place] = []
        at = self.size
        for member in members:
            places.append(Place(file=self.name, offset=at, length=len(member)))
            at += len(member)
        octets = b"".join(members)
        try:
            if self._is_torn:
                raise OSError(errno.EIO, "an earlier write failed")
            _write_all(self._file, octets)
        except OSError as error:
            self._forget_rest()
            raise _not_writable(self.path, error) from error
        self.size, self._is_dirty = at, True
        self._sha256.update(octets)
        return tuple(places)

    def _forget_rest(self) -> None:
        """Cut off what a failed append left; where even that fails, recovery does it later."""
        try:
            os.ftruncate(self._file, self.size)
            os.lseek(self._file, self.size, os.SEEK_SET)
        except OSError:
            self._is_torn = True

    def sync(self) -> None:
        """Have the disk hold what was appended.

        Raises:
            HomeNotWritable: The disk says it could not.
        """
        if not self._is_dirty:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            raise _not_writable(self.path, error) from error
        self._is_dirty = False

    def close(self) -> None:
        """Sync, note the file's digest, and give it its final name.

        Raises:
            HomeNotWritable: It stays under its unfinished name, for the next start to look at.
        """
        try:
            self.sync()
        finally:
            os.close(self._file)
        if self._is_torn:
            return
        try:
            finish(self._home, self.path, self._sha256.hexdigest())
        except OSError as error:
            raise _not_writable(self.path, error) from error


def finish(home: Home, path: Path, sha256: str) -> Path:
    """Rename a file that nobody writes any more to its final name, and note what it is.

    Raises:
        HomeNotWritable: There is such a file already, or the journal cannot be written.
    """
    final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    if final.exists():
        raise HomeNotWritable(
            f"{path} cannot become {final.name}: there is such a file already.",
            next_step="Nothing was overwritten. Move one of the two aside and run again.",
        )
    path.rename(final)
    sync_folder(final.parent)
    FixityJournal(home).note(
        EventType.DIGEST,
        final.relative_to(home.warc).as_posix(),
        sha256=sha256,
        octets=final.stat().st_size,
    )
    return final


def _create(home: Home, moment: datetime, serial: int) -> tuple[str, Path, int]:
    """Make a new file; an existing one is never opened, whatever the clock says."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    moment = Holdings(home).next_moment(moment)
    for number in range(serial, serial + _SERIALS):
        name = warc_name(moment, number % _SERIALS)
        path = home.warc / f"{name}{OPEN_SUFFIX}"
        if (home.warc / name).exists():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, flags, 0o644)
        except FileExistsError:
            continue
        except OSError as error:
            raise _not_writable(path, error) from error
        for folder in (path.parent, path.parent.parent, home.warc):
            sync_folder(folder)
        return name, path, file
    raise HomeNotWritable(f"No free name for a WARC file in {home.warc}.")


def _write_all(file: int, octets: bytes) -> None:
    rest = memoryview(octets)
    while rest:
        rest = rest[os.write(file, rest) :]


def _not_writable(path: Path, error: OSError) -> HomeNotWritable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return HomeNotWritable(
            f"The disk is full: {path} could not be written.",
            next_step="What was kept is whole. Make room and run again.",
        )
    return HomeNotWritable(
        f"{path} cannot be written: {error.strerror or error}.",
        next_step="What was kept is whole. Look at the disk and its permissions.",
    )
