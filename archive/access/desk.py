"""The reading desk: what every answer of the server is made from."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from archive.access.index import SearchIndex
from archive.access.library import Library
from archive.access.remembered import Remembered
from archive.catalogue.views import SourceCountView
from archive.errors import IndexInUse
from archive.notice import Home

log = logging.getLogger(__name__)

SMALL_LAG = 500  #: changes that a request may wait for; more are taken in beside it

PATIENCE = 2.0  #: seconds that a request waits for another one that takes them in


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One archive as the server reads it. Everything here may be used by many threads."""

    home: Home
    library: Library
    index: SearchIndex
    site_name: str
    base_url: str  #: without a slash at its end; "" for the address the reader asked
    replay_url: str = ""  #: where the captures are replayed, without a slash at its end
    remembered: Remembered = field(default_factory=Remembered)

    def sources(self) -> tuple[SourceCountView, ...]:
        """The sources by the last change of the log: for their names, and how many there are.

        Counting what each brought looks at every sighting: a tenth of a second at 30,000 notices.
        """
        seq = self.library.last_seq()
        return self.remembered.recall("sources", seq, self.library.source_counts)

    def catch_up(self) -> int:
        """Let the index take in what little it lacks; return how much it still lacks."""
        lag = self.library.last_seq() - self.index.seq
        if lag == 0 and self.index.has_files(self.library):
            return 0
        if abs(lag) > SMALL_LAG:
            if not self.index.is_taking_in:
                threading.Thread(target=self.follow_all, name="index", daemon=True).start()
            return max(lag, 0)
        try:
            self.index.follow(self.library, wait=PATIENCE)
        except IndexInUse:
            log.info("Another process is writing to the index; searching it as it is.")
        return max(self.library.last_seq() - self.index.seq, 0)

    def follow_all(self) -> None:
        """Take in everything the index lacks, however long it takes; for a thread of its own."""
        try:
            self.index.follow(self.library)
        except IndexInUse:
            log.info("Another process is writing to the index.")
