"""What searching costs: indexing a notice, size on disk, finding words of 2, 4 and 8 characters.

Run it as ``python -m benchmarks.search [NOTICES]`` (default 5,000 notices of 2,000 characters,
drawn from the sentences of the replica web's saved pages).
"""

from __future__ import annotations

import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from archive.access.index import SearchIndex
from archive.access.query import Query, Ranking
from archive.access.tokens import index_tokens
from archive.catalogue.views import ChangeView, NoticeSummary
from archive.notice import ChangeKind

START = datetime(2024, 4, 1, tzinfo=UTC)
CHARACTERS = 2_000
PAGES = Path(__file__).parents[1] / "crawler" / "replica" / "web"


@dataclass(frozen=True)
class Shelf:
    """Made-up notices, with the four methods that following needs."""

    made: tuple[str, ...]

    def last_seq(self) -> int:
        return len(self.made)

    def changes(self, after: int = 0, limit: int = 100) -> tuple[ChangeView, ...]:
        seqs = range(after + 1, min(after + limit, len(self.made)) + 1)
        return tuple(
            ChangeView(
                seq=seq, at=START, change=ChangeKind.NEW, notice_id=f"{seq:016x}", source="mof",
                url=f"http://www.example.gov.cn/{seq}.html", version=1,
            )
            for seq in seqs
        )  # fmt: skip

    def texts(self, ids: tuple[str, ...]) -> dict[str, str]:
        return {key: self.made[int(key, 16) - 1] for key in ids}

    def summaries(self, ids: tuple[str, ...]) -> tuple[NoticeSummary, ...]:
        return tuple(
            NoticeSummary(
                id=key, seq=int(key, 16), title=self.made[int(key, 16) - 1][:30],
                document_number=f"国办发〔2024〕{int(key, 16)}号", index_number=None, kind="通知",
                issuing_bodies=("国务院办公厅",), jurisdiction="110000", topics=(),
                written_on=date(2024, 3, 26), published_on=date(2024, 4, 1), effective_on=None,
                validity=None, first_seen_at=START, changed_at=START,
            )
            for key in ids
        )  # fmt: skip


def texts(count: int) -> tuple[str, ...]:
    """Texts of sentences that stand on the saved pages of the replica web, drawn by chance."""
    chance, sentences = random.Random(7), list(sentences_of_saved_pages())
    made = []
    for _ in range(count):
        drawn = chance.choices(sentences, k=CHARACTERS // 15)
        made.append("".join(drawn)[:CHARACTERS])
    return tuple(made)


def sentences_of_saved_pages() -> Iterator[str]:
    """Chinese sentences between the tags of every saved page that is UTF-8."""
    for page in sorted(PAGES.rglob("*.html")):
        source = page.read_text(encoding="utf-8", errors="ignore")
        yield from re.findall(r"[\u4e00-\u9fff][^<>{}\n]{14,300}", source)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def main() -> None:
    """Print the figures."""
    shelf = Shelf(texts(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
    count = len(shelf.made)
    began = time.process_time()
    for text in shelf.made[:1000]:
        index_tokens(text)
    spent = time.process_time() - began
    print(f"tokens           {milliseconds(spent / min(count, 1000))} a notice")
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex.open(Path(folder) / "index")
        began, wall = time.process_time(), time.perf_counter()
        index.follow(shelf)
        print(f"indexing, CPU    {milliseconds((time.process_time() - began) / count)} a notice")
        print(f"indexing, wall   {milliseconds((time.perf_counter() - wall) / count)} a notice")
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"size             {size / sum(len(t.encode()) for t in shelf.made):.2f} of the text")
        for length in (1, 2, 4, 8):
            for order in Ranking:
                took = median(index, shelf, length, order)
                print(f"find {length}, {order:<9}  {milliseconds(took)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory      {peak} MB, texts included")


def median(index: SearchIndex, shelf: Shelf, length: int, order: Ranking) -> float:
    """Half of the searches for pieces of the texts take less than this, in seconds."""
    chance, took = random.Random(length), []
    for _ in range(100):
        text = chance.choice(shelf.made)
        at = chance.randrange(len(text) - length)
        query = Query(text=text[at : at + length].replace("，", ""), order=order)
        began = time.perf_counter()
        index.search(query)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


if __name__ == "__main__":
    main()
