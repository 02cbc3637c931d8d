"""A second copy of a home: made and checked by digest, and able to mend the first."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import HomeNotWritable, UsageError
from archive.notice import Home
from archive.storage.damage import RESTORE, Damage, OnDamage
from archive.storage.fixity_journal import EventType, Fixed, FixityJournal, sha256_of
from archive.storage.warc_file import sync_folder

MANIFEST = "manifest-sha256.txt"  # BagIt's name and lines: `sha256sum -c` reads it
#: Beside the WARCs: what nothing else can be made again from.
_OTHERS = ("journal", "sources", "topics", "hongtou.toml")
_PART = 1 << 20


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
        self._journal = FixityJournal(home)

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
        """
        for name, fixed in files:
            here, there = self._home.warc / name, self._folder / "warc" / name
            try:
                yield self._bring(name, fixed, here, there, on_damage, mends=mends, checks=checks)
            except OSError as error:
                raise HomeNotWritable(
                    f"{there} cannot be written: {error.strerror or error}.",
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
        self,
        name: str,
        fixed: Fixed,
        here: Path,
        there: Path,
        on_damage: OnDamage,
        *,
        mends: bool,
        checks: bool,
    ) -> Mirrored:
        is_there = _is_good(there, fixed, checks=checks)
        if is_there and not (mends or checks):
            return Mirrored(file=name, did="stands")
        is_here = _is_good(here, fixed, checks=True)
        if not is_here:
            on_damage(_damage(name, here))
            return self._mend(name, fixed, there, here, is_good=is_there and mends)
        if is_there:
            return Mirrored(file=name, did="stands")
        if there.exists():
            on_damage(_damage(name, there))
            return self._mend(name, fixed, here, there, is_good=mends)
        _copy(here, there, fixed)
        self._note(EventType.REPLICATION, name, fixed, there)
        return Mirrored(file=name, did="copied")

    def _mend(self, name: str, fixed: Fixed, good: Path, bad: Path, *, is_good: bool) -> Mirrored:
        if not is_good:
            return Mirrored(file=name, did="lost")
        if bad.exists():
            bad.rename(_free_name(bad))
        _copy(good, bad, fixed)
        self._note(EventType.RECOVERY, name, fixed, bad)
        return Mirrored(file=name, did="mended")

    def _note(self, kind: EventType, name: str, fixed: Fixed, where: Path) -> None:
        self._journal.note(
            kind, name, sha256=fixed.sha256, octets=fixed.octets, detail=f"to {where}"
        )


def _is_good(path: Path, fixed: Fixed, *, checks: bool) -> bool:
    if not path.is_file() or path.stat().st_size != fixed.octets:
        return False
    return not checks or sha256_of(path) == fixed.sha256


def _copy(source: Path, target: Path, fixed: Fixed) -> None:
    """Copy under another name, and only what has the right digest gets the right name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.copying")
    digest = hashlib.sha256()
    with source.open("rb") as reading, unfinished.open("wb") as writing:
        while part := reading.read(_PART):
            digest.update(part)
            writing.write(part)
        writing.flush()
        os.fsync(writing.fileno())
    if digest.hexdigest() != fixed.sha256:
        unfinished.unlink()
        raise OSError(f"{source} changed while it was copied")
    unfinished.replace(target)
    sync_folder(target.parent)


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside


def _damage(name: str, path: Path) -> Damage:
    what = "is not what was closed" if path.exists() else "is missing"
    return Damage(file=name, offset=0, what=f"{path} {what}", to_do=f"{RESTORE} See `--repair`.")
