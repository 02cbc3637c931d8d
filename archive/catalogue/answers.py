"""What the catalogue answers to those who read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice

from archive.catalogue import (
    attachment_texts,
    codes,
    gaps,
    notice_views,
    reader,
    summaries,
    wanted,
    watching,
)
from archive.catalogue.attachment_texts import FileNews, FileText
from archive.catalogue.database import Database
from archive.catalogue.gaps import Series
from archive.catalogue.learnt_codes import CodeView
from archive.catalogue.views import (
    AlarmView,
    ChangeView,
    DecisionView,
    FacetView,
    NoticeSummary,
    NoticeView,
    RunView,
    SetAsideView,
    SourceCountView,
    StatusView,
    WatchView,
)
from archive.catalogue.wanted import Wanted
from archive.notice import ChangeKind


class Answers:
    """What is known of every notice, as one reads it: each answer from one consistent view."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def notice(self, notice_id: str) -> NoticeView | None:
        """Everything known of a notice; an id that was merged away leads to its successor."""
        return self.notices([notice_id]).get(notice_id)

    def notices(self, ids: Sequence[str]) -> Mapping[str, NoticeView]:
        """Everything known of notices, by the ids asked for; unknown ones are left out."""
        with self._database.reading() as connection:
            return notice_views.notices(connection, ids)

    def by_number(self, text: str) -> tuple[NoticeSummary, ...]:
        """Notices of a document number, however it is written."""
        with self._database.reading() as connection:
            return reader.by_number(connection, text)

    def by_url(self, url: str) -> NoticeSummary | None:
        """The notice last seen at a URL."""
        with self._database.reading() as connection:
            return reader.by_url(connection, url)

    def summaries(self, ids: Sequence[str]) -> tuple[NoticeSummary, ...]:
        """Summaries in the order of the ids; unknown ids are left out."""
        with self._database.reading() as connection:
            return summaries.summaries(connection, ids)

    def texts(self, ids: Sequence[str]) -> dict[str, str]:
        """The current text of each notice."""
        with self._database.reading() as connection:
            return reader.texts(connection, ids)

    def attachment_texts(self, ids: Sequence[str]) -> dict[str, tuple[FileText, ...]]:
        """The files of each notice that have a text, in the notice's order."""
        with self._database.reading() as connection:
            return attachment_texts.of_notices(connection, ids)

    def texts_of_files(self, urls: Sequence[str]) -> tuple[str, ...]:
        """The texts of the files at these URLs, as far as they were read."""
        with self._database.reading() as connection:
            return attachment_texts.of_urls(connection, urls)

    def attachment_news(self, after: int = 0, limit: int = 500) -> tuple[FileNews, ...]:
        """Files that were read after that number, in order, and whose they are."""
        with self._database.reading() as connection:
            return attachment_texts.news(connection, after, limit)

    def last_attachment_text(self) -> int:
        """The number of the file read last; 0 before the first."""
        with self._database.reading() as connection:
            return attachment_texts.last_number(connection)

    def changes(self, after: int = 0, limit: int = 100) -> tuple[ChangeView, ...]:
        """The change log after a number, in order of arrival."""
        with self._database.reading() as connection:
            return reader.changes(connection, after, limit)

    def latest_changes(
        self,
        limit: int = 50,
        kinds: Collection[ChangeKind] | None = None,
        before: int | None = None,
    ) -> tuple[ChangeView, ...]:
        """The change log from its end, newest first; ``before`` a number for the next page."""
        with self._database.reading() as connection:
            return reader.latest_changes(connection, limit, kinds, before)

    def last_seq(self) -> int:
        """The number of the newest line of the change log; 0 when there is none."""
        with self._database.reading() as connection:
            return reader.last_seq(connection)

    def count_notices(self) -> int:
        """How many notices there are."""
        with self._database.reading() as connection:
            return reader.count_notices(connection)

    def watches(self) -> tuple[WatchView, ...]:
        """All watches, the next due first."""
        with self._database.reading() as connection:
            return watching.watches(connection)

    def runs(self, limit: int = 50, source: str | None = None) -> tuple[RunView, ...]:
        """The latest runs, newest first."""
        with self._database.reading() as connection:
            return watching.runs(connection, limit, source)

    def last_good_looks(self) -> dict[str, datetime]:
        """When each source was last looked at with success, however long ago."""
        with self._database.reading() as connection:
            return watching.last_good_looks(connection)

    def alarms(self, open_only: bool = True, limit: int = 500) -> tuple[AlarmView, ...]:
        """Alarms, the most recently raised first."""
        with self._database.reading() as connection:
            return watching.alarms(connection, open_only=open_only, limit=limit)

    def set_asides(
        self, limit: int = 100, before: datetime | None = None
    ) -> tuple[SetAsideView, ...]:
        """What was set aside, newest first; ``before`` a moment for the next page."""
        with self._database.reading() as connection:
            return reader.set_asides(connection, limit, before)

    def source_counts(self) -> tuple[SourceCountView, ...]:
        """How many notices and sightings each source brought."""
        with self._database.reading() as connection:
            return reader.source_counts(connection)

    def facets(self) -> tuple[FacetView, ...]:
        """How many notices share a kind, jurisdiction, issuing body, topic, year or source."""
        with self._database.reading() as connection:
            return reader.facets(connection)

    def statuses(self, notice_id: str) -> tuple[StatusView, ...]:
        """What became of a notice: repealed, withdrawn, back again; in order of learning it."""
        with self._database.reading() as connection:
            return notice_views.statuses(connection, notice_id)

    def series(
        self, issuer_code: str | None = None, year: int | None = None, scope: str | None = None
    ) -> tuple[Series, ...]:
        """Number series with their gaps, those with the most notices first."""
        with self._database.reading() as connection:
            return gaps.series(connection, issuer_code, year, scope)

    def codes(self, wanted: Collection[str]) -> tuple[CodeView, ...]:
        """Whose these issuer codes are, whether a notice here bears them or not."""
        with self._database.reading() as connection:
            return codes.codes(connection, wanted)

    def codes_here(
        self, *, standing: str = "", least: int = 0, after: str = "", limit: int | None = None
    ) -> tuple[CodeView, ...]:
        """Whose the issuer codes are that notices here bear.

        Args:
            standing: Only those that stand so: listed, learnt, shared, open.
            least: Only those that so many numbers speak for.
            after: Only those behind this one; for the next page.
            limit: At most so many.
        """
        with self._database.reading() as connection:
            found = (
                one
                for one in codes.codes_here(connection, after)
                if one.numbers >= least and standing in ("", one.standing)
            )
            return tuple(islice(found, limit))

    def wanted(self, limit: int = 100, *, numbers_only: bool = False) -> tuple[Wanted, ...]:
        """What is cited and not here, the most cited first."""
        with self._database.reading() as connection:
            return wanted.wanted(connection, limit, numbers_only=numbers_only)

    def citing(self, written: str, limit: int = 100) -> tuple[NoticeSummary, ...]:
        """The notices that cite a number or a title, whether it is here or not."""
        with self._database.reading() as connection:
            return summaries.summaries(connection, wanted.citing(connection, written, limit))

    def decisions(self, url_or_id: str) -> tuple[DecisionView, ...]:
        """What was decided of a URL or a notice, in order, with the reasons."""
        with self._database.reading() as connection:
            return reader.decisions(connection, url_or_id)
