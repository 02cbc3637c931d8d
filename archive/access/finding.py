"""A search answered: hits of the index joined with what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archive.access.desk import Desk
from archive.access.entry_row import EntryRow
from archive.access.query import Query
from archive.access.snippet import Piece, mark, snippet
from archive.access.wording import text_below
from archive.catalogue.attachment_texts import FileText
from archive.catalogue.views import NoticeSummary


@dataclass(frozen=True, kw_only=True)
class FoundNotice:
    """One hit, ready to be shown."""

    row: EntryRow
    summary: NoticeSummary
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    in_file: str | None = None  #: title of the file that the words stand in, not in the text


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One page of hits."""

    query: Query
    total: int
    notices: tuple[FoundNotice, ...]
    last_seq: int  #: arrival of the last hit, 0 without hits
    behind: int  #: changes that the index has yet to take in

    @property
    def has_more(self) -> bool:
        """Whether there is a following page."""
        return self.last_seq > 0 and self.query.offset + self.query.limit < self.total


def find(desk: Desk, query: Query) -> Finding:
    """Search, and look up what was found."""
    behind = desk.catch_up()
    hits = desk.index.search(query)
    summaries = {summary.id: summary for summary in desk.library.summaries(hits.ids)}
    texts = desk.library.texts(hits.ids)
    phrases = query.phrases
    notices = tuple(
        FoundNotice(
            row=row,
            summary=summary,
            title=mark(summary.title, phrases),
            snippet=snippet(_below(summary, texts), phrases),
        )
        for row in hits.rows
        if (summary := summaries.get(row.notice_id)) is not None
    )
    notices = _with_files(desk, notices, phrases)
    return Finding(
        query=query,
        total=hits.total,
        notices=notices,
        last_seq=hits.rows[-1].seq if hits.rows else 0,
        behind=behind,
    )


def _with_files(
    desk: Desk, notices: Sequence[FoundNotice], phrases: Sequence[str]
) -> tuple[FoundNotice, ...]:
    """Hits whose words stand in no text of a page: said of which file they stand in."""
    silent = [
        found.summary.id
        for found in notices
        if phrases and not any(piece.is_mark for piece in (*found.title, *found.snippet))
    ]
    files = desk.library.attachment_texts(silent) if silent else {}
    return tuple(_in_file(found, files.get(found.summary.id, ()), phrases) for found in notices)


def _in_file(found: FoundNotice, files: Sequence[FileText], phrases: Sequence[str]) -> FoundNotice:
    for file in files:
        pieces = snippet(file.text, phrases)
        if any(piece.is_mark for piece in pieces):
            return replace(found, snippet=pieces, in_file=file.title)
    return found


def _below(summary: NoticeSummary, texts: Mapping[str, str]) -> str:
    """The text without its title, which is shown above it anyway."""
    return "\n".join(text_below(summary.title, texts.get(summary.id, "")))
