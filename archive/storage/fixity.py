"""Whether the WARCs are still what was written: digests, pairs, revisit targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from archive.errors import DamagedWarc
from archive.notice import Home, Place
from archive.storage.damage import RESTORE, Damage, OnDamage
from archive.storage.digest import holds
from archive.storage.holdings import Holdings
from archive.storage.http_message import find_payload, parse_response
from archive.storage.record import IDENTICAL, WarcRecord, bare_uri, parse_warc_date
from archive.storage.record_reader import iter_records
from archive.storage.volume import Volume
from archive.storage.warc_name import PREFIX

FindPlace = Callable[[str], Place | None]

_EXCHANGED = frozenset(("request", "response", "revisit"))

FORGED = "The octets are not those that were written. Restore the file from a copy."
DANGLING = "Restore the file that held it; until then the capture has no body."


class Fixity:
    """Checks file after file, then what the files say of each other.

    `records` and `octets` count what was read, for the summary.
    """

    def __init__(self, home: Home, on_damage: OnDamage) -> None:
        self._holdings, self._tell = Holdings(home), on_damage
        self.files = self.records = self.octets = 0
        self._ids: set[str] = set()  # of the file under way; those of originals stay
        self._originals: dict[str, tuple[str, str, str]] = {}
        self._revisits: list[_Revisit] = []
        #: Records that the catalogue should point to: exchanges over HTTP, whatever came of them.
        self.captures: dict[str, Place] = {}

    def check_files(self, volumes: Iterable[Volume]) -> None:
        """Check each file by itself."""
        for volume in volumes:
            self.check_file(volume)

    def check_links(self, find_place: FindPlace | None = None) -> None:
        """Check that every revisit's original is here and is what the revisit says it is.

        `find_place` tells where originals stand whose files were not looked through this time.
        """
        for revisit in self._revisits:
            if revisit.refers not in self._originals and find_place is not None:
                self._look_up(find_place(revisit.refers))
            what = self._wrong_original(revisit)
            if what:
                self._tell(_damage(revisit.record, what, DANGLING))

    def _look_up(self, place: Place | None) -> None:
        """Remember the one record that stands at a place."""
        if place is None:
            return
        try:
            volume = self._holdings.volume(place.file)
            record = next(iter_records(volume, offset=place.offset), None)
        except (DamagedWarc, OSError):
            return  # the revisit is told to be without its original
        if record is not None and record.type in ("response", "resource"):
            self._remember(record)

    def check_file(self, volume: Volume, *, digests_hold: bool = False) -> None:
        """Check one file by itself.

        Args:
            volume: Of the archive.
            digests_hold: The records' digests are known to hold, since the file is octet for
                octet one whose records were digested before; what else is checked stays.
        """
        self.files += 1
        self._ids.clear()
        if volume.is_unfinished:
            self._tell(_unfinished(volume.name))
        before = self.records
        try:
            self.octets += volume.octets()
            self._check_records(volume, digests_hold=digests_hold)
        except (DamagedWarc, OSError) as error:
            self._tell(_unreadable(volume.name, error))
            return
        if self.records == before:
            self._tell(Damage(file=volume.name, offset=0, what="it holds no record", to_do=RESTORE))

    def _check_records(self, volume: Volume, *, digests_hold: bool) -> None:
        """Check each record; of our own files also what only we promise."""
        is_ours = volume.name.rpartition("/")[2].startswith(f"{PREFIX}-")
        events = _Events(self._tell)
        before = self.records
        for record in iter_records(volume, on_damage=self._tell):
            self.records += 1
            if not digests_hold:
                for what in _wrong_digests(record):
                    self._tell(_damage(record, what, FORGED))
            kind = record.type
            self._check_record(record, kind)
            if is_ours:
                if kind in _EXCHANGED:
                    events.take(record, kind)
                if self.records == before + 1 and kind != "warcinfo":
                    self._tell(_damage(record, "the file does not begin with warcinfo", RESTORE))
                if not record.is_alone:
                    what = "it shares its gzip member with another record"
                    self._tell(_damage(record, what, RESTORE))
        events.finish()

    def _check_record(self, record: WarcRecord, kind: str) -> None:
        record_id = record.id
        if not record_id or record_id in self._ids or record_id in self._originals:
            self._tell(_damage(record, "its WARC-Record-ID is missing or used twice", RESTORE))
        self._ids.add(record_id)
        if _is_bad_date(record.field("WARC-Date") or ""):
            self._tell(_damage(record, "its WARC-Date is no moment in UTC", RESTORE))
        if kind in ("response", "resource"):
            self._remember(record)
        elif kind == "revisit":
            self._revisits.append(_Revisit(record))
        if _is_capture(record, kind):
            self.captures[record_id] = record.place

    def _remember(self, record: WarcRecord) -> None:
        label = record.field("WARC-Payload-Digest") or ""
        self._originals[record.id] = (record.target, record.field("WARC-Date") or "", label)

    def _wrong_original(self, revisit: _Revisit) -> str | None:
        original = self._originals.get(revisit.refers)
        if original is None:
            return f"its original {revisit.refers or '(not named)'} is not in the archive"
        target, date, label = original
        if (revisit.target or target, revisit.date or date) != (target, date):
            return "it names another URI or date than its original has"
        if revisit.label and label and revisit.label != label:
            return "its payload digest is not its original's"
        return None


class _Revisit:
    """What a revisit says of its original; its block is let go."""

    def __init__(self, record: WarcRecord) -> None:
        self.record = record.bare()
        self.refers = bare_uri(record.field("WARC-Refers-To"))
        self.target = bare_uri(record.field("WARC-Refers-To-Target-URI"))
        self.date = record.field("WARC-Refers-To-Date") or ""
        self.label = record.field("WARC-Payload-Digest") if self._is_identical(record) else None

    @staticmethod
    def _is_identical(record: WarcRecord) -> bool:
        profile = record.field("WARC-Profile") or ""
        return profile.endswith(IDENTICAL.rpartition("/")[2])


class _Half(NamedTuple):
    """What a request or a response says of its exchange."""

    type: str
    id: str
    target: str
    date: str | None
    place: Place


class _Events:
    """Whether every response of a file has its request, with the same URI and date."""

    def __init__(self, on_damage: OnDamage) -> None:
        self._tell = on_damage
        self._waiting: dict[str, _Half] = {}  # responses and requests without partner
        self._links: dict[str, str] = {}  # from a record to the partner it named

    def take(self, record: WarcRecord, kind: str) -> None:
        """Take in the file's next request, response or revisit."""
        half = _Half(kind, record.id, record.target, record.field("WARC-Date"), record.place)
        if half.target[:4].lower() != "http":
            return
        wanted = [bare_uri(value) for value in record.all("WARC-Concurrent-To")]
        wanted.append(self._links.pop(half.id, ""))
        known = next((one for one in wanted if one in self._waiting), None)
        partner = self._waiting.pop(known) if known is not None else None
        if partner is None:
            for one in wanted:
                self._links[one] = half.id
            self._waiting[half.id] = half
        elif (partner.target, partner.date) != (half.target, half.date):
            what = "its partner of the same exchange has another URI or date"
            self._tell(_damage(record, what, RESTORE))

    def finish(self) -> None:
        """Tell of those whose partner did not come."""
        for record in self._waiting.values():
            partner = "response" if record.type == "request" else "request"
            what = f"a {record.type} record without its {partner}"
            self._tell(_damage(record, what, RESTORE))


def _is_capture(record: WarcRecord, kind: str) -> bool:
    """Whether a record is read as a capture (`archive.storage.capture_reader`)."""
    if kind == "metadata":
        return b"\nhongtou-outcome:" in b"\n" + record.block
    if kind not in ("response", "revisit", "resource") or record.is_oversize:
        return False
    return record.target[:8].lower().startswith(("http://", "https://"))


def _wrong_digests(record: WarcRecord) -> list[str]:
    wrong = []
    label = record.field("WARC-Block-Digest")
    if label and _is_wrong_block(record, label):
        wrong.append("its block does not match its digest")
    label = record.field("WARC-Payload-Digest")
    if label and not record.is_oversize and not _is_payload(record, label):
        wrong.append("its payload does not match its digest")
    return wrong


def _is_wrong_block(record: WarcRecord, label: str) -> bool:
    if record.is_oversize:
        return record.block_holds is False
    return holds(label, record.block) is False


def _is_payload(record: WarcRecord, label: str) -> bool:
    """Whether a payload digest is right; of a revisit the payload stands elsewhere."""
    if record.type == "resource":
        return holds(label, record.block) is not False
    if record.type != "response" or record.content_type != "application/http":
        return True
    payload = find_payload(record.block)
    if payload is None or holds(label, payload) is not False:
        return True
    # Other tools digest the octets as framed (webrecorder/warcio#74): wrong, but no damage.
    message = parse_response(record.block)
    return message is not None and holds(label, message.framed) is not False


@lru_cache(maxsize=64)  # the records of an exchange share theirs
def _is_bad_date(text: str) -> bool:
    try:
        parse_warc_date(text)
    except ValueError:
        return True
    return False


def _unfinished(name: str) -> Damage:
    return Damage(
        file=name,
        offset=0,
        what="it was left unfinished by a process that was killed",
        to_do="The next `hongtou crawl` closes it; what is whole is kept.",
    )


def _unreadable(name: str, error: DamagedWarc | OSError) -> Damage:
    said = error.strerror if isinstance(error, OSError) else error.args[0]
    return Damage(
        file=name,
        offset=0,
        what=f"it cannot be read: {said or error}",
        to_do="Look at its permissions and the disk; restore it from a copy if need be.",
    )


def _damage(record: WarcRecord | _Half, what: str, to_do: str) -> Damage:
    return Damage(
        file=record.place.file,
        offset=record.place.offset,
        record_id=record.id or None,
        what=what,
        to_do=to_do,
    )
