"""The WARC files of a package: captures copied unchanged, so that nothing they name is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from archive.access.packing.container import Container, Measure
from archive.access.packing.packing_list import FindPlace, PackingList
from archive.notice import Home, Place
from archive.storage.cdxj import record_lines
from archive.storage.excerpt import Event, ExcerptReader
from archive.storage.gzip_member import gzip_member
from archive.storage.record import (
    WARC_FIELDS,
    WarcRecord,
    bare_uri,
    new_record_id,
    render_record,
    warc_date,
)
from archive.storage.warc_fields import render_fields
from archive.storage.warc_name import warc_name
from archive.storage.writer import CONFORMS_TO

#: A file is closed when it is larger (WARC 1.1, Annex C).
LARGEST_FILE = 10**9


class Excerpt:
    """Copies the captures of a packing list into WARC files, and notes their index lines.

    Records keep their ids and dates, for they are the same records (IIPC WARC guidelines, 16).
    With them come the warcinfo records they name, and what their revisits refer to.
    """

    def __init__(
        self,
        home: Home,
        container: Container,
        *,
        folder: str,
        at: datetime,
        about: tuple[tuple[str, str], ...],
        largest_file: int = LARGEST_FILE,
    ) -> None:
        """Begin an excerpt.

        Args:
            home: Where the captures are kept.
            container: The package.
            folder: Where the files go in it, with a slash at its end.
            at: When the package is made.
            about: Fields of the warcinfo record that each file begins with.
            largest_file: In octets.
        """
        self._home, self._container, self._folder = home, container, folder
        self._at, self._about, self._largest = at, about, largest_file
        self._open = ExitStack()
        self._file: Measure | None = None
        self._name = ""
        self._serial = 0
        self._warcinfos: set[str] = set()
        self.dangling: list[str] = []  #: revisits whose originals are nowhere in the archive

    def copy_all(self, packing: PackingList, find_place: FindPlace) -> Iterator[WarcRecord]:
        """Copy what is on the list, and what its revisits refer to; pass on each capture's record.

        Args:
            packing: What to copy; gets the index lines.
            find_place: Where a record stands, by its id.

        Raises:
            DamagedWarc: A capture is missing from the home or not whole.
            OSError: The package cannot be written.
        """
        with self._open:
            for file, wanted in packing.take():
                with ExcerptReader(self._home, file) as reader:
                    self._copy_warcinfo(reader)
                    for event in reader.events(wanted):
                        self._copy_event(reader, event, packing)
                        self._refer(event[0], packing, find_place)
                        yield event[0]

    def _copy_warcinfo(self, reader: ExcerptReader) -> None:
        """Copy what a file says of itself: its records name that record."""
        warcinfo = reader.warcinfo()
        if warcinfo is not None and warcinfo.id not in self._warcinfos:
            self._warcinfos.add(warcinfo.id)
            self._copy(reader, warcinfo)

    def _copy_event(self, reader: ExcerptReader, event: Event, packing: PackingList) -> None:
        copies = [replace(record, place=self._copy(reader, record)) for record in event]
        for line in record_lines(copies):
            packing.add_line(line)

    def _refer(self, capture: WarcRecord, packing: PackingList, find_place: FindPlace) -> None:
        """Put on the list what a revisit refers to."""
        original = bare_uri(capture.field("WARC-Refers-To"))
        if capture.type != "revisit" or not original:
            return
        place = find_place(original)
        if place is None:
            self.dangling.append(capture.id)
        else:
            packing.add(original, place)

    def _copy(self, reader: ExcerptReader, record: WarcRecord) -> Place:
        """Copy a record; where it stands now."""
        file = self._ready_file(record.place.length)
        begin = file.size
        for part in reader.member(record.place):
            file.write(part)
        return Place(file=self._name, offset=begin, length=file.size - begin)

    def _ready_file(self, length: int) -> Measure:
        """The file under way, or another one where a record of that length is too much for it."""
        if self._file is None or self._file.size + length > self._largest:
            self._open.close()
            self._file = self._begin_file(length)
        return self._file

    def _begin_file(self, length: int) -> Measure:
        """A new file with a warcinfo record of its own."""
        self._serial += 1
        self._name = warc_name(self._at, self._serial).rpartition("/")[2]
        file = self._open.enter_context(
            self._container.file(self._folder + self._name, stored=True, size=length)
        )
        fields = (
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<{new_record_id()}>"),
            ("WARC-Date", warc_date(self._at)),
            ("WARC-Filename", self._name),
        )
        about = (("format", "WARC File Format 1.1"), ("conformsTo", CONFORMS_TO), *self._about)
        file.write(gzip_member(render_record(fields, render_fields(about), WARC_FIELDS)))
        return file
