"""The search index: follows the change log, and can be made again from the catalogue."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import tantivy

from archive.access.entry_row import EntryRow
from archive.access.library import Library
from archive.access.query import Query
from archive.access.search import everything, order_field, to_tantivy
from archive.access.tokens import index_tokens
from archive.catalogue.views import ChangeView, NoticeSummary
from archive.errors import DamagedIndex, IndexInUse
from archive.notice import ChangeKind
from archive.notice.regions import level_of

log = logging.getLogger(__name__)

FORMAT = 3  #: raised when schema or tokens change: an index of another format is made again
CHANGES_A_READ = 500
CHANGES_A_COMMIT = 5_000
FILES_A_COMMIT = 200
WRITER_BYTES = 48_000_000  #: memory for what is not yet committed
LONGEST_TOKEN = 800  #: octets; longer words are no words, and no query is as long
STATE_ID = ""  #: the one document that is no notice: how far the index has come

ANNOUNCED = frozenset({ChangeKind.NEW, ChangeKind.REVISED})


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What a search found: one page of it, and how many there are in all."""

    rows: tuple[EntryRow, ...]
    total: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The notices, best first."""
        return tuple(row.notice_id for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class _State:
    """How far the index follows the change log, and which log it was."""

    seq: int = 0
    files: int = 0  #: the number of the last file whose text was taken in
    stamp: str = ""  #: of the change numbered ``seq``; another catalogue has another
    format: int = FORMAT


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "region", "level", "source", "kind", "topic"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text", "number", "issuer", "file"):
        builder.add_text_field(name, tokenizer_name="tokens", index_option="position")
    for name in ("arrival", "written", "published"):
        builder.add_unsigned_field(name, fast=True, indexed=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


class SearchIndex:
    """Finds notices by exact Chinese words, beside any catalogue.

    One process writes at a time (tantivy's own lock); any number read, and see each commit.
    """

    def __init__(self, folder: Path, index: tantivy.Index, rebuilt_because: str | None) -> None:
        self.folder = folder
        self.rebuilt_because = rebuilt_because  #: why it was begun anew, None when it was not
        self._index = index
        self._schema = index.schema
        self._writing = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> SearchIndex:
        """Open the index in a folder, or begin an empty one.

        An index that cannot be read, or is of another format, is begun anew; it holds nothing
        that the catalogue does not.
        """
        reason = None
        if folder.exists() and any(folder.iterdir()):
            try:
                with _damage_told():
                    opened = cls(folder, _registered(tantivy.Index.open(str(folder))), None)
                    opened._state()
                    return opened
            except DamagedIndex as error:
                reason = _emptied(folder, error)
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, _new_index(folder), reason)

    @property
    def seq(self) -> int:
        """The number of the last change that the index has taken in."""
        with self._reading():
            self._index.reload()
            return self._state().seq
        raise AssertionError  # _reading returns or raises

    def count(self) -> int:
        """How many notices are in the index."""
        self._index.reload()
        found = self._index.searcher().search(everything(self._schema), limit=1)
        return _total(found)

    def search(self, query: Query) -> Hits:
        """Find notices. Sees all that was committed before the call, by any process.

        Raises:
            DamagedIndex: It cannot be read. It has been emptied, to be made again.
        """
        asked = to_tantivy(self._schema, query)
        if asked is None:
            return Hits(rows=(), total=0)
        with self._reading():
            self._index.reload()
            searcher = self._index.searcher()
            found = searcher.search(
                asked, limit=query.limit, offset=query.offset, order_by_field=order_field(query)
            )
            rows = tuple(_row(searcher.doc(address)) for _, address in found.hits)
            return Hits(rows=rows, total=_total(found))

    def count_each(self, queries: Iterable[Query]) -> list[int]:
        """How many notices each query finds."""
        with self._reading():
            self._index.reload()
            searcher = self._index.searcher()
            asked = [to_tantivy(self._schema, query) for query in queries]
            return [_total(searcher.search(one, limit=1)) if one else 0 for one in asked]
        raise AssertionError  # _reading returns or raises

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Empty the index when it is damaged: it holds nothing that the catalogue does not."""
        try:
            with _damage_told():
                yield
        except DamagedIndex as error:
            self.rebuilt_because = _emptied(self.folder, error)
            self._index = _new_index(self.folder)
            raise DamagedIndex from error

    @property
    def is_taking_in(self) -> bool:
        """Whether a thread of this process is taking in changes."""
        return self._writing.locked()

    def follow(self, library: Library, *, wait: float = 0.0) -> int:
        """Take in the changes since the last time; return how many.

        Args:
            library: Whose changes.
            wait: Seconds to wait for another thread that is taking them in already.

        Raises:
            IndexInUse: Another process or thread is taking them in.
        """
        if self.seq == library.last_seq() and self._is_of(library) and self.has_files(library):
            return 0
        taken = 0
        with self._writer(wait) as writer:
            if not self._is_of(library):
                log.warning("The index is of another catalogue; it is made again.")
                self.rebuilt_because = "the index is of another catalogue"
                writer.delete_all_documents()
                writer.commit()
                self._index.reload()
            while count := self._take_in(writer, library):
                taken += count
            while self._take_in_files(writer, library):
                pass
        return taken

    def has_files(self, library: Library) -> bool:
        """Whether all that was read of files is in the index."""
        with self._reading():
            self._index.reload()
            return self._state().files == library.last_attachment_text()
        raise AssertionError  # _reading returns or raises

    def _take_in_files(self, writer: tantivy.IndexWriter, library: Library) -> bool:
        """Take in notices again whose files have been read since; whether there may be more."""
        state, last = self._state(), library.last_attachment_text()
        if state.files == last:
            return False
        # A catalogue that was made again may have numbered fewer: then all are taken again.
        news = library.attachment_news(state.files if state.files < last else 0, FILES_A_COMMIT)
        if not news:
            return False
        ids = tuple(dict.fromkeys(one for file in news for one in file.notice_ids))
        touched = {one: row for one in ids if (row := self._known(one)) is not None}
        self._replace(writer, library, touched)
        self._commit(writer, replace(state, files=news[-1].number))
        return True

    def _take_in(self, writer: tantivy.IndexWriter, library: Library) -> int:
        """Take in the changes of one commit."""
        state = self._state()
        pending: dict[str, EntryRow] = {}
        count, last = 0, None
        while count < CHANGES_A_COMMIT:
            after = last.seq if last else state.seq
            changes = library.changes(after=after, limit=CHANGES_A_READ)
            if not changes:
                break
            self._write(writer, library, changes, pending)
            count, last = count + len(changes), changes[-1]
        if last is not None:
            self._commit(writer, replace(state, seq=last.seq, stamp=_stamp(last)))
        return count

    def _write(
        self,
        writer: tantivy.IndexWriter,
        library: Library,
        changes: Sequence[ChangeView],
        pending: dict[str, EntryRow],
    ) -> None:
        touched: dict[str, EntryRow | None] = {}
        for change in changes:
            known = touched.get(change.notice_id) or pending.get(change.notice_id)
            if known is None and change.change is not ChangeKind.NEW:
                known = self._known(change.notice_id)
            touched[change.notice_id] = EntryRow.after(known, change)
        pending.update(self._replace(writer, library, touched))

    def _replace(
        self,
        writer: tantivy.IndexWriter,
        library: Library,
        touched: Mapping[str, EntryRow | None],
    ) -> dict[str, EntryRow]:
        """Have these notices stand as the catalogue says; those that there still are."""
        ids = tuple(touched)
        texts, files = library.texts(ids), library.attachment_texts(ids)
        found = {summary.id: summary for summary in library.summaries(ids)}
        written: dict[str, EntryRow] = {}
        for notice_id, row in touched.items():
            writer.delete_documents_by_term("id", notice_id)
            summary = found.get(notice_id)
            if row is not None and summary is not None:
                written[notice_id] = row
                in_files = "\n".join(file.text for file in files.get(notice_id, ()))
                text = texts.get(notice_id, "")
                writer.add_document(_document(row, summary, text, in_files))
        return written

    def _commit(self, writer: tantivy.IndexWriter, state: _State) -> None:
        """Commit the notices and how far they reach in one go: neither is there alone."""
        writer.delete_documents_by_term("id", STATE_ID)
        document = tantivy.Document()
        document.add_text("id", STATE_ID)
        document.add_bytes("row", json.dumps(vars(state)).encode())
        writer.add_document(document)
        writer.commit()
        self._index.reload()

    @contextmanager
    def _writer(self, wait: float = 0.0) -> Iterator[tantivy.IndexWriter]:
        if not self._writing.acquire(timeout=wait):
            raise IndexInUse
        try:
            try:
                writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
            except ValueError as error:
                if "lock" in str(error).lower():
                    raise IndexInUse from error
                raise
            try:
                yield writer
            finally:
                writer.wait_merging_threads()
        finally:
            self._writing.release()

    def _is_of(self, library: Library) -> bool:
        """Whether the change numbered as the index's last is the one the index knows."""
        state = self._state()
        if state.seq == 0:
            return True
        there = library.changes(after=state.seq - 1, limit=1)
        return bool(there) and there[0].seq == state.seq and _stamp(there[0]) == state.stamp

    def _state(self) -> _State:
        stored = self._stored(STATE_ID)
        if stored is None:
            return _State()
        state = _State(**json.loads(stored))
        if state.format != FORMAT:
            raise ValueError(f"format {state.format} instead of {FORMAT}")
        return state

    def _known(self, notice_id: str) -> EntryRow | None:
        stored = self._stored(notice_id)
        return EntryRow.from_bytes(stored) if stored is not None else None

    def _stored(self, key: str) -> bytes | None:
        searcher = self._index.searcher()
        asked = tantivy.Query.term_query(self._schema, "id", key, index_option="basic")
        hits = searcher.search(asked, limit=1).hits
        return bytes(searcher.doc(hits[0][1])["row"][0]) if hits else None


@contextmanager
def _damage_told() -> Iterator[None]:
    """Tell what comes of damaged files as damage."""
    try:
        yield
    except (ValueError, OSError, KeyError) as error:
        raise DamagedIndex(str(error)[:200]) from error
    except BaseException as error:
        # tantivy asserts what damaged files break; that comes as an exception of its own kind,
        # which is no Exception.
        if type(error).__name__ == "PanicException":
            raise DamagedIndex(str(error)[:200]) from error
        raise


def _emptied(folder: Path, error: DamagedIndex) -> str:
    """Empty the folder of a damaged index; return the words for it."""
    reason = f"the index in {folder} could not be read ({error.args[0]})"
    log.warning("%s; it is made again from the catalogue.", reason)
    shutil.rmtree(folder)
    folder.mkdir()
    return reason


def _new_index(folder: Path) -> tantivy.Index:
    return _registered(tantivy.Index(_schema(), path=str(folder)))


def _registered(index: tantivy.Index) -> tantivy.Index:
    """An index that takes text as the tokens it already is, parted by spaces."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    analyzer = builder.filter(tantivy.Filter.remove_long(LONGEST_TOKEN)).build()
    index.register_tokenizer("tokens", analyzer)
    return index


def _document(row: EntryRow, summary: NoticeSummary, text: str, in_files: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", summary.id)
    document.add_text("title", index_tokens(summary.title))
    document.add_text("text", index_tokens(text))
    if in_files:
        document.add_text("file", index_tokens(in_files))
    document.add_text("issuer", index_tokens("\n".join(summary.issuing_bodies)))
    numbers = filter(None, (summary.document_number, summary.index_number))
    document.add_text("number", index_tokens("\n".join(numbers)))
    document.add_unsigned("arrival", row.seq)
    if (code := summary.jurisdiction) is not None:
        for prefix in {code[:2], code[:4], code[:6]}:
            document.add_text("region", prefix)
        document.add_text("level", level_of(code))
    for name, values in (("source", row.sources), ("topic", summary.topics)):
        for value in values:
            document.add_text(name, value)
    if summary.kind is not None:
        document.add_text("kind", summary.kind)
    for name, day in (("written", summary.written_on), ("published", summary.published_on)):
        if day is not None:
            document.add_unsigned(name, day.year * 10_000 + day.month * 100 + day.day)
    document.add_bytes("row", row.to_bytes())
    return document


def _row(document: tantivy.Document) -> EntryRow:
    return EntryRow.from_bytes(bytes(document["row"][0]))


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count or 0)  # type: ignore[attr-defined]  # missing in tantivy's own stubs


def _stamp(change: ChangeView) -> str:
    said = f"{change.seq} {change.notice_id} {change.change} {change.url}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
