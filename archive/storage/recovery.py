"""After a crash: unfinished WARC files are cut back to their last whole exchange and closed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home
from archive.storage.damage import Damage
from archive.storage.fixity_journal import sha256_of
from archive.storage.record import bare_uri
from archive.storage.record_reader import iter_records
from archive.storage.warc_file import finish, sync_folder
from archive.storage.warc_name import OPEN_SUFFIX, place_name, warc_files

CUT_SUFFIX = ".cut"


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What was done with one unfinished file."""

    file: str  #: below the WARC folder, by its final name
    records: int  #: whole records that it keeps; 0 when there were none and no file is left
    cut_octets: int  #: taken off its end
    cut_file: str | None  #: where these are kept, below the WARC folder

    def __str__(self) -> str:
        said = f"{self.file} was left unfinished: {self.records} records are whole"
        if not self.cut_octets:
            return f"{said}."
        return f"{said}, {self.cut_octets} octets behind them were moved to {self.cut_file}."


def recover(home: Home) -> tuple[Recovery, ...]:
    """Finish the files that a killed process left behind; to be called with the home's lock held.

    Nothing is thrown away: what does not form a whole exchange is kept in a file beside.

    Raises:
        HomeNotWritable: A file could not be cut or renamed.
    """
    unfinished = [path for path in warc_files(home.warc) if path.name.endswith(OPEN_SUFFIX)]
    try:
        return tuple(_recover(home, path) for path in unfinished)
    except OSError as error:
        raise HomeNotWritable(
            f"An unfinished WARC file could not be recovered: {error}.",
            next_step="Look at the disk and its permissions; nothing was lost.",
        ) from error


def _recover(home: Home, path: Path) -> Recovery:
    name = place_name(home, path)
    records, whole = _whole_part(path)
    size = path.stat().st_size
    cut_file = _set_aside(home, path, whole) if whole < size else None
    if records:
        finish(home, path, sha256_of(path))
    else:
        path.unlink()
        sync_folder(path.parent)
    return Recovery(file=name, records=records, cut_octets=size - whole, cut_file=cut_file)


def _whole_part(path: Path) -> tuple[int, int]:
    """How many records are whole with their exchange, and where the last of these ends.

    An exchange is whole with its metadata record, which the writer puts last.
    """
    whole_records = whole = 0
    faults: list[Damage] = []
    pending: set[str] = set()
    records = iter_records(path, on_damage=faults.append, block_limit=1 << 20)
    for count, record in enumerate(records, start=1):
        if faults:
            break
        if record.type in ("response", "revisit"):
            pending.add(record.id)
        elif record.type == "metadata":
            pending.difference_update(map(bare_uri, record.all("WARC-Concurrent-To")))
        if not pending:
            whole_records, whole = count, record.place.offset + record.place.length
    return whole_records, whole


def _set_aside(home: Home, path: Path, whole: int) -> str:
    """Move what stands behind the whole part to a file of its own, then cut it off."""
    with path.open("r+b") as file:
        file.seek(whole)
        aside = _free_name(path)
        with aside.open("xb") as kept:
            while part := file.read(1 << 20):
                kept.write(part)
            kept.flush()
            os.fsync(kept.fileno())
        sync_folder(path.parent)
        file.truncate(whole)
        os.fsync(file.fileno())
    return aside.relative_to(home.warc).as_posix()


def _free_name(path: Path) -> Path:
    base = path.name.removesuffix(OPEN_SUFFIX)
    number = 1
    while (aside := path.with_name(f"{base}{CUT_SUFFIX}-{number}")).exists():
        number += 1
    return aside
