"""A second copy of a home: made and checked by digest, and able to mend the first."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import DamagedWarc, HomeNotWritable, UsageError
from archive.notice import Home
from archive.storage.damage import RESTORE, Damage, OnDamage
from archive.storage.fixity_journal import EventType, Fixed, FixityJournal
from archive.storage.folder_depot import FolderDepot
from archive.storage.holdings import Holdings
from archive.storage.volume import Volume

MANIFEST = "manifest-sha256.txt"  # BagIt's name and lines: `sha256sum -c` reads it
#: Lines as in the home's journal, of copies made from a home that cannot be written. No file of the
#: home's: the next copy of its journal leaves them.
NOTED_THERE = "mirrored.jsonl"
#: Beside the WARCs: what nothing else can be made again from.
_OTHERS = ("journal", "sources", "topics", "hongtou.toml")


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """What became of one file."""

    file: str
    did: str  #: ``copied``, ``stands`` (it was there and is right), ``mended``, ``lost``


class Mirror:
    """A folder that holds a home's WARCs under the same names."""

    def __init__(self, home: Home, folder: Path) -> None:
        if folder.resolve().is_relative_to(home.path) or home.path.is_relative_to(folder.resolve()):
            raise UsageError(
                f"{folder} and the home lie within each other.",
                next_step="Choose a folder on another disk.",
            )
        self._home, self._folder = home, folder
        self._here, self._there = Holdings(home), FolderDepot(folder / "warc")
        self._journal = self._noted = FixityJournal(home)
        if not self._journal.is_writable:
            self._noted = FixityJournal(home, path=folder / NOTED_THERE)

    @property
    def is_noted_there(self) -> bool:
        """Whether what was done is noted beside the copy, since the home cannot be written."""
        return self._noted is not self._journal

    def files(self) -> dict[str, Fixed]:
        """Every closed file, as it was when it was closed."""
        return self._journal.manifest()

    def bring_up_to_date(
        self, files: Iterable[tuple[str, Fixed]], on_damage: OnDamage, *, mends: bool, checks: bool
    ) -> Iterator[Mirrored]:
        """Copy what is missing there, and tell what became of each file.

        Args:
            files: Of `files`.
            on_damage: Told of a file of either side that is not what was closed.
            mends: Put the good copy in the place of the bad one, on either side.
            checks: Digest what stands there already, instead of trusting its size.

        Raises:
            HomeNotWritable: A copy cannot be made.
            DepotUnreachable: The store that holds the files does not answer.
        """
        for name, fixed in files:
            try:
                yield self._bring(name, fixed, on_damage, mends=mends, checks=checks)
            except OSError as error:
                where = error.filename or self._folder / "warc" / name
                raise HomeNotWritable(
                    f"{where} cannot be written: {error.strerror or error}.",
                    next_step="Make room there and run again; it goes on where it was.",
                ) from error

    def copy_others(self) -> None:
        """Copy the journal, the settings and the operator's sources, and write the manifest."""
        for name in _OTHERS:
            here, there = self._home.path / name, self._folder / name
            if here.is_dir():
                shutil.copytree(here, there, dirs_exist_ok=True)
            elif here.is_file():
                shutil.copy2(here, there)
        lines = (f"{fixed.sha256}  warc/{name}\n" for name, fixed in sorted(self.files().items()))
        (self._folder / MANIFEST).write_text("".join(lines), encoding="utf-8")

    def _bring(
        self, name: str, fixed: Fixed, on_damage: OnDamage, *, mends: bool, checks: bool
    ) -> Mirrored:
        here = Volume(name=name, lender=self._here)
        there = Volume(name=name, lender=self._there)
        is_there = _is_good(there, fixed, checks=checks or mends)
        if is_there and not (mends or checks):
            return Mirrored(file=name, did="stands")
        if not _is_good(here, fixed, checks=True):
            on_damage(_damage(here, self._home.warc_depot or self._home.warc))
            if not (is_there and mends):
                return Mirrored(file=name, did="lost")
            where = self._here.put_back(there, name, fixed.sha256)
            return self._done("mended", EventType.RECOVERY, name, fixed, where)
        if is_there:
            return Mirrored(file=name, did="stands")
        if not _stands(there):
            self._there.take(here, name, fixed.sha256)
            return self._done("copied", EventType.REPLICATION, name, fixed, self._there.address)
        on_damage(_damage(there, self._there.address))
        if not mends:
            return Mirrored(file=name, did="lost")
        self._there.take_down(name)
        self._there.take(here, name, fixed.sha256)
        return self._done("mended", EventType.RECOVERY, name, fixed, self._there.address)

    def _done(self, did: str, kind: EventType, name: str, fixed: Fixed, where: str) -> Mirrored:
        self._noted.note(
            kind, name, sha256=fixed.sha256, octets=fixed.octets, detail=f"to {where}/{name}"
        )
        return Mirrored(file=name, did=did)


def _stands(volume: Volume) -> bool:
    try:
        volume.octets()
    except (DamagedWarc, FileNotFoundError):
        return False
    return True


def _is_good(volume: Volume, fixed: Fixed, *, checks: bool) -> bool:
    try:
        if volume.octets() != fixed.octets:
            return False
        return not checks or volume.sha256() == fixed.sha256
    except (DamagedWarc, FileNotFoundError):
        return False


def _damage(volume: Volume, where: Path | str) -> Damage:
    what = "is not what was closed" if _stands(volume) else "is missing"
    return Damage(
        file=volume.name,
        offset=0,
        what=f"{where}/{volume.name} {what}",
        to_do=f"{RESTORE} See `--repair`.",
    )
