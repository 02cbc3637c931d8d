"""verify: are the bytes those that were kept, and does the catalogue point to them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from archive.catalogue import Catalogue
from archive.errors import DamagedWarc, DepotUnreachable
from archive.notice import Home, Place
from archive.storage import Damage, Fixity, Holdings, Volume
from archive.storage.damage import RESTORE, OnDamage
from archive.storage.fixity_journal import EventType, Fixed, FixityJournal

NEVER = datetime.min.replace(tzinfo=UTC)
TAKE_IN = "The next `hongtou crawl` takes it in."
REBUILD = "Restore the file from a copy, or run `hongtou rebuild`."


class Verification:
    """Checks files, then what they say of each other and what the catalogue says of them.

    Each file's check is noted in the journal when it is done, so that one that was stopped can
    go on where it was: `older_than` leaves out what was found whole since.
    """

    def __init__(
        self,
        home: Home,
        tell: OnDamage,
        *,
        older_than: timedelta | None = None,
        is_noted: bool = True,
        every_digest: bool = False,
    ) -> None:
        self._holdings, self._heard, self._is_noted = Holdings(home), tell, is_noted
        self._every_digest = every_digest
        self._journal = FixityJournal(home)
        self._manifest: Mapping[str, Fixed] = self._journal.manifest()
        self._now = datetime.now(UTC)
        self._since = self._now - older_than if older_than is not None else None
        self._checked: set[str] = set()
        self._is_depot_silent = False
        self.faults = 0
        self.fixity = Fixity(home, self._tell)

    def due(self, *, without_open: bool, most_octets: int | None = None) -> list[Volume]:
        """The files to check now; of these, the ones whose last check is longest ago.

        Args:
            without_open: Leave out the file that a process is writing.
            most_octets: About how much to check: the file that reaches it is the last.
        """
        due = [one for one in self._volumes() if self._is_due(one, without_open)]
        if most_octets is None:
            return due
        chosen: set[str] = set()
        for volume in sorted(due, key=self._checked_at):
            if most_octets <= 0:
                break
            chosen.add(volume.name)
            most_octets -= volume.octets()
        return [volume for volume in due if volume.name in chosen]

    def _checked_at(self, volume: Volume) -> datetime:
        """When it was last found whole; a moment that is still to come is a wrong clock's."""
        known = self._manifest.get(volume.name)
        return known.checked_at if known is not None and known.checked_at <= self._now else NEVER

    def check_files(self, volumes: Iterable[Volume]) -> None:
        """Check each file's digest and its records, and note the outcome.

        Records are digested one by one the first time, and whenever the file is not the one that
        was closed. A file that is octet for octet one whose records were all right before holds
        the same records, so that its own digest proves theirs.
        """
        for volume in volumes:
            if self._is_depot_silent and volume.name not in self._here():
                continue
            try:
                if volume.is_unfinished:
                    self.fixity.check_file(volume)
                else:
                    self._check_closed(volume)
            except DepotUnreachable as error:
                self._tell_silence(error)
            else:
                self._checked.add(volume.name)

    def _check_closed(self, volume: Volume) -> None:
        name = volume.name
        known = self._manifest.get(name)
        before = self.faults
        try:
            sha256, octets = volume.sha256(), volume.octets()
        except (DamagedWarc, OSError):
            self.fixity.check_file(volume)  # it says why
            return
        is_changed = known is not None and known.sha256 != sha256
        is_read = known is not None and known.is_read and not is_changed
        self.fixity.check_file(volume, digests_hold=is_read and not self._every_digest)
        if is_changed:
            self._tell(_damage(name, "it is not the file that was closed", RESTORE))
        has_faults = self.faults > before
        if not self._is_noted or (known is None and has_faults):
            return
        kind = EventType.CHECK if known is not None else EventType.DIGEST
        outcome = "failure" if has_faults else "success"
        self._journal.note(kind, name, sha256=sha256, octets=octets, outcome=outcome)

    def check_links(self, catalogue: Catalogue | None) -> None:
        """Check missing files, the originals of revisits, and the catalogue's pointers."""
        try:
            self._check_missing()
            self.fixity.check_links(catalogue.place_of if catalogue is not None else None)
        except DepotUnreachable as error:
            self._tell_silence(error)
        if catalogue is not None:
            self._check_pointers(catalogue)

    def _is_due(self, volume: Volume, without_open: bool) -> bool:
        if volume.is_unfinished:
            return not without_open
        return self._since is None or self._checked_at(volume) <= self._since

    def _check_missing(self) -> None:
        if self._is_depot_silent:
            return
        here = {volume.name for volume in self._volumes() if not volume.is_unfinished}
        for name in self._manifest:
            if name not in here:
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

    def _volumes(self) -> list[Volume]:
        """All files; those in the home alone, where the depot does not answer."""
        try:
            return self._holdings.volumes()
        except DepotUnreachable as error:
            self._tell_silence(error)
            return self._holdings.volumes_here()

    def _here(self) -> set[str]:
        return {volume.name for volume in self._holdings.volumes_here()}

    def _tell_silence(self, error: DepotUnreachable) -> None:
        """Say once that what lies in the depot could not be checked."""
        if not self._is_depot_silent:
            self._is_depot_silent = True
            what = f"{error.args[0].rstrip('.')}; what lies there was not checked"
            self._tell(_damage(self._holdings.home.warc_depot, what, error.next_step))

    def _tell(self, damage: Damage) -> None:
        self.faults += 1
        self._heard(damage)


def daily_share(home: Home, days: int) -> int:
    """Octets to check a day, so that every file is checked once in so many days."""
    return sum(volume.octets() for volume in Holdings(home).volumes()) // days


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
