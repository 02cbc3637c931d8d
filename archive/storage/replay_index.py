"""The CDXJ index of a home: a sorted part for each WARC, and all of them merged."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from archive.notice import Home
from archive.storage.cdxj import record_lines
from archive.storage.damage import OnDamage, raise_damage
from archive.storage.holdings import Holdings
from archive.storage.record_reader import iter_records
from archive.storage.volume import Volume
from archive.storage.warc_name import OPEN_SUFFIX

#: Files merged at once: well below the number that a process may have open.
_MERGED = 200


class ReplayIndex:
    """Can be deleted at any time: it is made again from the WARCs.

    Args:
        home: The archive.
        folder: Where else it stands, of a home that cannot be written.
    """

    def __init__(self, home: Home, *, folder: Path | None = None) -> None:
        self._home = home
        self.folder = folder or home.path / "cdxj"
        self.file = self.folder / "index.cdxj"
        #: Where files stand that are being written, as pywb reads it: name, tab, path.
        self.paths = self.folder / "unfinished-files.tsv"

    @property
    def is_writable(self) -> bool:
        """Whether it can be brought up to date where it stands."""
        return os.access(self.folder if self.folder.exists() else self.folder.parent, os.W_OK)

    def write_part(self, name: str, lines: Iterable[str]) -> None:
        """Write the part of one WARC, whose records are known."""
        part = self._part(name)
        part.parent.mkdir(parents=True, exist_ok=True)
        _write(part, sorted(lines, key=str.encode))

    def bring_up_to_date(self, *, on_damage: OnDamage = raise_damage) -> Path:
        """Make the parts that are missing, merge them all, and return the merged file.

        The file that is being written has a part too, made again whenever it has grown, until the
        writer puts the whole one in its place. Faults are not told of it: it ends anywhere.
        """
        parts, unfinished = [], []
        is_new = not self.file.exists()
        holdings = Holdings(self._home)
        for volume in sorted(holdings.volumes(), key=lambda one: one.name):
            path = holdings.path_if_unfinished(volume)
            if path is not None:
                parts.append(self._part(f"{volume.name}{OPEN_SUFFIX}"))
                is_new = self._index_unfinished(volume, path, parts[-1]) or is_new
                unfinished.append(f"{volume.name}\t{path}")
                continue
            parts.append(self._part(volume.name))
            if not parts[-1].exists():
                self.write_part(volume.name, _lines(volume, on_damage))
                is_new = True
        is_new = is_new or any(p.stat().st_mtime_ns > self.file.stat().st_mtime_ns for p in parts)
        if is_new:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._forget_finished(parts)
            _write(self.paths, unfinished)
            self._merge(parts)
        return self.file

    def _index_unfinished(self, volume: Volume, path: Path, part: Path) -> bool:
        """Make the part of a file that is being written; False where it has not grown.

        The part bears the moment at which the file was last written to before it was read.
        """
        moment = path.stat().st_mtime_ns
        if part.exists() and part.stat().st_mtime_ns == moment:
            return False
        self.write_part(f"{volume.name}{OPEN_SUFFIX}", _lines(volume, lambda _: None))
        os.utime(part, ns=(moment, moment))
        return True

    def _forget_finished(self, parts: list[Path]) -> None:
        """Remove the parts of files that are not being written any more."""
        for left in (self.folder / "parts").rglob(f"*{OPEN_SUFFIX}.cdxj"):
            if left not in parts:
                left.unlink()

    def _part(self, name: str) -> Path:
        return self.folder / "parts" / f"{name}.cdxj"

    def _merge(self, parts: list[Path]) -> None:
        """Merge sorted files, some hundred at a time."""
        round_number = 0
        while len(parts) > _MERGED:
            groups = [parts[at : at + _MERGED] for at in range(0, len(parts), _MERGED)]
            parts = []
            for number, group in enumerate(groups):
                parts.append(self.folder / f"merging-{round_number}-{number}")
                _write(parts[-1], _merged(group))
            round_number += 1
        _write(self.file, _merged(parts))
        for left in self.folder.glob("merging-*"):
            left.unlink()


def _lines(volume: Volume, on_damage: OnDamage) -> Iterator[str]:
    return record_lines(iter_records(volume, on_damage=on_damage))


def _merged(parts: list[Path]) -> Iterator[str]:
    with ExitStack() as opened:
        files = [opened.enter_context(part.open(encoding="utf-8")) for part in parts]
        lines = heapq.merge(*files, key=str.encode)
        yield from (line.rstrip("\n") for line in lines)


def _write(path: Path, lines: Iterable[str]) -> None:
    unfinished = path.with_name(f"{path.name}.writing")
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    unfinished.replace(path)
