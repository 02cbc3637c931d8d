"""verify: are the bytes those that were kept, and does the catalogue point to them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.catalogue import Catalogue
from archive.notice import Home, Place
from archive.storage import Damage, Fixity, warc_files
from archive.storage.damage import RESTORE, OnDamage
from archive.storage.fixity_journal import EventType, Fixed, FixityJournal, sha256_of
from archive.storage.warc_name import OPEN_SUFFIX, place_name

TAKE_IN = "The next `hongtou crawl` takes it in."
REBUILD = "Restore the file from a copy, or run `hongtou rebuild`."


class Verification:
    """Checks files, then what they say of each other and what the catalogue says of them.

    Each file's check is noted in the journal when it is done, so that one that was stopped can
    go on where it was: `older_than` leaves out what was found whole since.
    """

    def __init__(
        self, home: Home, tell: OnDamage, *, older_than: timedelta | None, is_noted: bool = True
    ) -> None:
        self._home, self._heard, self._is_noted = home, tell, is_noted
        self._journal = FixityJournal(home)
        self._manifest: Mapping[str, Fixed] = self._journal.manifest()
        self._since = datetime.now(UTC) - older_than if older_than is not None else None
        self._checked: set[str] = set()
        self.faults = 0
        self.fixity = Fixity(home, self._tell)

    def due(self, *, without_open: bool) -> list[Path]:
        """The files to check now."""
        return [path for path in warc_files(self._home.warc) if self._is_due(path, without_open)]

    def check_files(self, paths: Iterable[Path]) -> None:
        """Check each file's records and its digest, and note the outcome."""
        for path in paths:
            before = self.faults
            self.fixity.check_file(path)
            self._checked.add(place_name(self._home, path))
            if not path.name.endswith(OPEN_SUFFIX):
                self._check_digest(path, has_faults=self.faults > before)

    def check_links(self, catalogue: Catalogue | None) -> None:
        """Check missing files, the originals of revisits, and the catalogue's pointers."""
        self._check_missing()
        self.fixity.check_links(catalogue.place_of if catalogue is not None else None)
        if catalogue is not None:
            self._check_pointers(catalogue)

    def _is_due(self, path: Path, without_open: bool) -> bool:
        if path.name.endswith(OPEN_SUFFIX):
            return not without_open
        known = self._manifest.get(place_name(self._home, path))
        return self._since is None or known is None or known.checked_at <= self._since

    def _check_digest(self, path: Path, *, has_faults: bool) -> None:
        name = place_name(self._home, path)
        known = self._manifest.get(name)
        try:
            sha256, octets = sha256_of(path), path.stat().st_size
        except OSError:
            return  # told as unreadable already
        is_changed = known is not None and known.sha256 != sha256
        if is_changed:
            self._tell(_damage(name, "it is not the file that was closed", RESTORE))
        if not self._is_noted or (known is None and has_faults):
            return
        outcome = "failure" if is_changed or has_faults else "success"
        kind = EventType.CHECK if known is not None else EventType.DIGEST
        self._journal.note(kind, name, sha256=sha256, octets=octets, outcome=outcome)

    def _check_missing(self) -> None:
        for name in self._manifest:
            if not (self._home.warc / name).is_file():
                self._tell(_damage(name, "it is missing", RESTORE))

    def _check_pointers(self, catalogue: Catalogue) -> None:
        """Rows without bytes, and bytes without a row."""
        unseen = dict(self.fixity.captures)
        for record_id, place in catalogue.pointers():
            if place.file not in self._checked:
                continue
            stands = unseen.pop(record_id, None)
            if stands != place:
                what = "the catalogue points there, and no such record begins there"
                self._tell(_damage(place.file, what, REBUILD, place, record_id))
        for record_id, place in unseen.items():
            what = "the catalogue does not know this record"
            self._tell(_damage(place.file, what, TAKE_IN, place, record_id))

    def _tell(self, damage: Damage) -> None:
        self.faults += 1
        self._heard(damage)


def _damage(
    file: str, what: str, to_do: str, place: Place | None = None, record_id: str | None = None
) -> Damage:
    return Damage(
        file=file,
        offset=place.offset if place else 0,
        record_id=record_id,
        what=what,
        to_do=to_do,
    )
