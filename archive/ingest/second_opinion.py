"""trafilatura's opinion on pages of strangers, where our own judgement of the text is weak.

The containers of CMS families and the weighing of elements serve official pages. Portals mix
comments, players and buttons into the element that holds the article; there a general
extractor sees better which lines are the article's, and our lines keep their form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.ingest.attachments import FILE_NAME
from archive.ingest.dates import is_date_line
from archive.ingest.lines import Line
from archive.ingest.trim import squeeze
from archive.notice import Removal

#: Calibrated together on whole pages (benchmarks/reading.py): on none of the official pages is
#: trafilatura asked, on the portals wherever it helps. Do not tune one value in isolation.
_LEAST_SCRAPS, _SCRAP_SHARE, _LEAST_OVERLAP = 8, 0.35, 0.7
#: Characters of a line that cannot be met in another text by chance.
_LEAST_TELLING = 4
#: Longer pages are read by our own judgement alone: trafilatura takes seconds over them, and
#: so does looking for each of their lines in its text.
_MOST_CHARACTERS, _MOST_LINES = 1_500_000, 2000
_PROSE = re.compile(r"[一-鿿][，。；！？：、]|[。；！？：”）]$")
_OF_A_NOTICE = re.compile(
    r"^(?:第[一二三四五六七八九十百零\d]{1,5}[章节条编部]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．])"
    r"|附[件表录：:]|(?:局|厅|委|会|部|府|办|室|院|署|中心|司|通知|公告|意见|办法|方案|规定)$"
)


def is_doubtful(lines: Sequence[Line]) -> bool:
    """Whether much of a text is scraps: neither prose nor anything a notice consists of."""
    scraps = sum(1 for line in lines if _is_scrap(line))
    return scraps >= _LEAST_SCRAPS and scraps > _SCRAP_SHARE * len(lines)


def hear_trafilatura(
    lines: Sequence[Line], source: str
) -> tuple[tuple[Line, ...], tuple[Removal, ...]] | None:
    """Our lines without those that trafilatura leaves out; None when the two disagree.

    Args:
        lines: The text as we judged it.
        source: The page as HTML.
    """
    if len(source) > _MOST_CHARACTERS or len(lines) > _MOST_LINES:
        return None
    from trafilatura import extract  # half a second to import: only strangers' pages pay for it

    theirs = squeeze(extract(source, include_comments=False, include_tables=True) or "")
    bare = [squeeze(line.text) for line in lines]
    shared = [text in theirs for text in bare]
    telling = [
        both and len(text) >= _LEAST_TELLING for text, both in zip(bare, shared, strict=True)
    ]
    prose = [not _is_scrap(line) for line in lines]
    said = sum(len(line.text) for line, own in zip(lines, prose, strict=True) if own)
    agreed = sum(
        len(line.text)
        for line, own, both in zip(lines, prose, telling, strict=True)
        if own and both
    )
    if agreed < _LEAST_OVERLAP * max(said, 1):
        return None
    first = telling.index(True)
    last = len(telling) - 1 - telling[::-1].index(True)
    keep = [
        first <= index <= last and (own or both)
        for index, (own, both) in enumerate(zip(prose, shared, strict=True))
    ]
    kept = tuple(line for line, one in zip(lines, keep, strict=True) if one)
    removed = tuple(
        Removal(kind="outside", text=line.text[:400], where=line.where)
        for line, one in zip(lines, keep, strict=True)
        if not one
    )
    return kept, removed


def _is_scrap(line: Line) -> bool:
    text = line.text
    if line.is_cell_row or FILE_NAME.search(text) or is_date_line(text):
        return False
    if line.linked * 2 > len(text):
        return True
    return not _OF_A_NOTICE.search(text) and not (len(text) > 12 and _PROSE.search(text))
