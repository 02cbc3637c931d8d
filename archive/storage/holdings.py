"""All WARC files of an archive: in its home, in the depot that its settings name, or on the way.

A file is written, cut back and closed in the home. Without a depot it stays there. With one, the
home keeps it until it lies there too and was read back; `archive.storage.putting_away` does that.
Readers ask here by name and are not told where a file lies.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from archive.errors import DamagedWarc, DepotUnreachable
from archive.notice import Home
from archive.storage.depot import Depot, in_order, order_of
from archive.storage.fixity_journal import FixityJournal
from archive.storage.folder_depot import FolderDepot
from archive.storage.volume import Lends, Volume
from archive.storage.warc_name import OPEN_SUFFIX, behind, moment_of

T = TypeVar("T")

_NO_FILE = "none.warc.gz"  #: to ask a depot whether it answers


@dataclass(frozen=True)
class Holdings:
    """The WARC files of one archive, each once, under the names that places have."""

    home: Home

    @property
    def at_home(self) -> FolderDepot:
        """The folder in which files are written, and lie for good where there is no depot."""
        return FolderDepot(self.home.warc)

    @property
    def depot(self) -> Depot | None:
        """Where closed files lie for good, if not in the home.

        Raises:
            UsageError: Nothing can be made of what the settings say.
        """
        if not self.home.warc_depot:
            return None
        return _depot(self.home.warc_depot, self.home.warc_depot_endpoint)

    def volumes(self) -> list[Volume]:
        """Every file, in the order of keeping, also one that is being written.

        Raises:
            DepotUnreachable: Nobody can say what lies in the depot.
        """
        # The home is looked at first: a file that goes up meanwhile is met in one of the two.
        here = {one.name: one for one in self.volumes_here()}
        if self.depot is None:
            return list(here.values())
        listing = self.depot.listing()
        return [
            here.get(name) or Volume(name=name, lender=self, listed_octets=listing[name])
            for name in in_order(dict.fromkeys(here, 0), listing)
        ]

    def volumes_here(self) -> list[Volume]:
        """Files that lie in the home, in the order of keeping; no depot is asked."""
        return [self._volume(name, is_open) for name, _, is_open in self.at_home.walk()]

    def answers(self) -> bool:
        """Whether what lies in the depot can be read now; True where there is none."""
        try:
            if self.depot is not None:
                self.depot.octets(_NO_FILE)
        except FileNotFoundError:
            return True
        except DepotUnreachable:
            return False
        return True

    def waiting(self) -> list[Volume]:
        """Closed files that lie in the home and are to go into the depot."""
        if not self.home.warc_depot:
            return []
        return [volume for volume in self.volumes_here() if not volume.is_unfinished]

    def volume(self, name: str) -> Volume:
        """The file of a place, closed or still being written; whether it is there, reading tells.

        Raises:
            DamagedWarc: It is missing, where no depot has to be asked.
        """
        for called in (name, f"{name}{OPEN_SUFFIX}"):
            try:
                self.at_home.path_of(called)
            except FileNotFoundError:
                continue
            return self._volume(name, called != name)
        if self.depot is None:
            raise self._missing(name)
        return self._volume(name, False)

    def _volume(self, name: str, is_unfinished: bool) -> Volume:
        return Volume(name=name, lender=self, is_unfinished=is_unfinished)

    def open(self, name: str, offset: int = 0) -> BinaryIO:
        """A file as a stream from an offset.

        Raises:
            DamagedWarc: It is missing, or the name leads out of the archive.
            DepotUnreachable: The depot, which may have it, does not answer.
            OSError: It cannot be read.
        """
        return self._lent(name, lambda lender, called: lender.open(called, offset))

    def octets(self, name: str) -> int:
        """How long a file is; raises as `open` does."""
        return self._lent(name, lambda lender, called: lender.octets(called))

    def newest(self) -> tuple[str, int] | None:
        """The file that was kept last and how long it is; no depot is asked."""
        sizes = {one.name: one.octets() for one in self.volumes_here()[-1:]}
        if self.home.warc_depot:
            manifest = FixityJournal(self.home).manifest()
            sizes = {name: fixed.octets for name, fixed in manifest.items()} | sizes
        name = max(sizes, key=order_of, default=None)
        return None if name is None else (name, sizes[name])

    def put_back(self, good: Volume, name: str, sha256: str) -> str:
        """Put a file's good copy in its place, and what stands there aside; where it lies now.

        It is put into the home: from there it goes up as any file does.

        Raises:
            DigestMismatch: The copy is not good either.
            DepotUnreachable: The depot, which holds the bad one, does not answer.
            OSError: The home cannot be written.
        """
        for depot in (self.at_home, self.depot):
            if depot is not None:
                with contextlib.suppress(FileNotFoundError):
                    depot.take_down(name)
        self.at_home.take(good, name, sha256)
        return self.at_home.address

    def archive_paths(self) -> list[str]:
        """Where pywb finds files by their names."""
        depots = (self.at_home, self.depot)
        return [f"{depot.address}/" for depot in depots if depot is not None]

    def path_if_unfinished(self, volume: Volume) -> Path | None:
        """Where pywb finds a file that is being written; None of one that is closed by now."""
        if volume.is_unfinished:
            with contextlib.suppress(FileNotFoundError):
                return self.at_home.path_of(f"{volume.name}{OPEN_SUFFIX}")
        return None

    def next_moment(self, now: datetime) -> datetime:
        """When a new file is said to begin: behind all files there are, wherever they lie.

        The journal tells of those in the depot, which need not answer.
        """
        moments = [self.at_home.newest_moment()]
        if self.home.warc_depot:
            moments += (moment_of(part) for name in self._noted() for part in name.split("/"))
        return behind(max(filter(None, moments), default=None), now)

    def known_names(self) -> list[str]:
        """Names of closed files, in the order of keeping; no depot is asked."""
        here = dict.fromkeys((name for name, _, is_open in self.at_home.walk() if not is_open), 0)
        noted = self._noted() if self.home.warc_depot else ()
        return list(in_order(here, dict.fromkeys(noted, 0)))

    def _noted(self) -> list[str]:
        return list(FixityJournal(self.home).manifest())

    def _lent(self, name: str, use: Callable[[Lends, str], T]) -> T:
        depot = self.depot
        for _ in range(2):  # a file may be closed, or go up, between two looks for it
            for lender, called in (
                (self.at_home, name),
                (self.at_home, f"{name}{OPEN_SUFFIX}"),
                (depot, name),
            ):
                if lender is not None:
                    try:
                        return use(lender, called)
                    except FileNotFoundError:
                        continue
        raise self._missing(name)

    def _missing(self, name: str) -> DamagedWarc:
        where = self.home.warc_depot or self.home.warc
        return DamagedWarc(
            f"{name} is missing from {where}.",
            next_step="Restore it from a copy, then run `hongtou verify`.",
            file=name,
        )


@lru_cache(maxsize=8)
def _depot(address: str, endpoint: str) -> Depot:
    """The depot at an address; one a process, for its connections."""
    if Path(address).is_absolute():
        return FolderDepot(Path(address), must_stand=True)
    from archive.storage.object_depot import ObjectDepot

    return ObjectDepot(address, endpoint)
