"""Articles that a site splits over several pages: held until all are there, then joined.

What is concluded hangs on the captures alone and on their order, so that a crawl and its rebuild
conclude the same. The first page waits until each further page has been asked for; the captures
of other tools wait for nothing, since nobody goes on to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archive import ingest
from archive.catalogue import Catalogue
from archive.catalogue.arrival import INCOMPLETE, Part
from archive.notice import Capture, Reading
from archive.storage import is_adopted
from crawler.foreign import as_page
from crawler.peruser import Peruser

#: Pages of one article that are fetched at most.
MOST_PAGES = 30
#: Missing pages that are named one by one.
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Joined:
    """An article's reading from all its pages that are here."""

    reading: Reading
    parts: tuple[Part, ...]


class SplitArticles:
    """Finds the pages of split articles among what has been captured."""

    def __init__(
        self,
        catalogue: Catalogue,
        read_again: Callable[[str], Capture | None],
        peruser: Peruser,
    ) -> None:
        self._catalogue = catalogue
        self._read_again = read_again  # an earlier capture, by its record id
        self._peruser = peruser

    def waited_for(self, first: Capture, reading: Reading) -> tuple[str, ...]:
        """Addresses of the further pages, while one of them has not been asked for since."""
        if is_adopted(first.place):
            return ()
        pages = further_pages(first, reading)
        asked = self._catalogue.last_asked(pages)
        if all(page in asked and asked[page] >= first.captured_at for page in pages):
            return ()
        return pages

    def first_page(self, part: Capture) -> Capture | None:
        """The article's first page that a further page belongs to, as it was captured last."""
        record_id = self._catalogue.last_whole(part.facts.via or "")
        capture = self._read_again(record_id) if record_id else None
        return as_page(capture) if capture else None

    def join(self, first: Capture, reading: Reading) -> Joined:
        """Join the first page with those that are here; a flag names each one that is not."""
        pages, parts = self._readings(further_pages(first, reading))
        whole = ingest.join_readings(reading, [page for page in pages if page is not None])
        missing = [number for number, page in enumerate(pages, 2) if page is None]
        missing += range(len(pages) + 2, len(reading.continued_at) + 2)
        return Joined(
            reading=replace(
                whole,
                flags=_flags(whole, missing, len(reading.continued_at) + 1),
                continued_at=reading.continued_at,
            ),
            parts=parts,
        )

    def _readings(self, urls: Sequence[str]) -> tuple[list[Reading | None], tuple[Part, ...]]:
        """What the latest whole capture of each page says, and which captures those are."""
        readings: list[Reading | None] = []
        parts: list[Part] = []
        for url in urls:
            capture = self._page(url)
            page = self._peruser.read(capture) if capture else None
            readings.append(page if page and page.text else None)
            if capture and page and page.text:
                digest = capture.payload_digest
                parts.append(Part(record_id=capture.record_id, payload_digest=digest))
        return readings, tuple(parts)

    def _page(self, url: str) -> Capture | None:
        """The latest whole capture of a page, unless it is none of the site's or kills readers."""
        _, _, original = self._catalogue.conditional(url)
        if original is None or self._catalogue.is_set_aside(original.record_id):
            return None
        capture = self._read_again(original.record_id)
        if capture and ingest.find_challenge(capture.status, capture.headers, capture.body):
            return None
        return capture


def further_pages(first: Capture, reading: Reading) -> tuple[str, ...]:
    """The further pages: of the same host, each once, and no more than are fetched."""
    host = urlsplit(first.url).netloc
    pages = dict.fromkeys(reading.continued_at)
    pages.pop(first.url, None)
    return tuple(url for url in pages if urlsplit(url).netloc == host)[: MOST_PAGES - 1]


def _flags(whole: Reading, missing: Sequence[int], of: int) -> tuple[str, ...]:
    flags = [flag for flag in whole.flags if not flag.startswith(("continues:", "joined:"))]
    named = [f"{INCOMPLETE}part {number} of {of}" for number in missing[:_MOST_NAMED]]
    return (*flags, *(named or [f"joined:{of}"]))
