"""The notice's own lines out of its element: ends trimmed, furniture within taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.ingest.attachments import FILE_NAME
from archive.ingest.claims import table_lines
from archive.ingest.dates import is_date_line
from archive.ingest.furniture import (
    CONTACT,
    TAIL_MARKS,
    furniture_kind,
    is_column_name,
    is_furniture_within,
)
from archive.ingest.lines import Line
from archive.ingest.own_number import is_text, without_signer
from archive.notice import DocumentNumber, Removal

_SQUEEZE = re.compile(r"[\s\u3000“”\"'‘’《》<>〈〉（）()【】\[\]、，,.。：:；;·—\-_|!！?？]+")
_MASTHEAD = re.compile(r"^[一-鿿（）()、 ]{4,60}(?:文件|令|公告|通告)$|^第\s?\d{1,5}\s?号$")
_PROSE = re.compile(r"[一-鿿][，。；]")
#: A day as systems print it; a notice's own stands in 年月日.
_DAY_OF_THE_PAGE = re.compile(r"[\[【（(]?\s?20\d\d[-/.]\d\d?[-/.]\d\d?\s?[\]】）)]?")
_SHOWN = 400
_LONGEST_STRAY = 12
_ATTACHED = re.compile(r"附[件表录图]|^[\d一二三四五六七八九十]{1,3}[.、．]|《")
#: What a notice may end with in an element of its own.
_OF_A_NOTICE = re.compile(r"[，。；：:、（）()《》〔〕\d]|附[件表录图]|[局厅委部府办室院会署]$")
_HEAD_LINES = 60


@dataclass(frozen=True, kw_only=True)
class Trimmed:
    """Lines that are the notice's, and what was taken away around and between them."""

    lines: tuple[Line, ...]
    removed: tuple[Removal, ...]


def squeeze(text: str) -> str:
    """A text without blanks and punctuation, to compare titles by."""
    return _SQUEEZE.sub("", text)


def trim(lines: Sequence[Line], title: str | None, spam: frozenset[int] = frozenset()) -> Trimmed:
    """Take out what is not the notice, and say of each piece why.

    Args:
        lines: Of the element that holds the notice, in order.
        title: The notice's title; its repetitions above the text go.
        spam: Indexes of lines that were judged to be spam.
    """
    end = _tail_start(lines)
    top = lines[: min(end, _HEAD_LINES)]
    titles, table = _title_lines(top, title), table_lines(top)
    kept, removed = [], []
    head = True
    for index, line in enumerate(lines):
        if index in spam:
            kind: str | None = "spam"
        elif line.is_hidden:
            kind = "hidden"
        elif index >= end:
            kind = "tail"
        elif titles and index <= max(titles):
            kind = _kind_above(line, index in titles, index in table)
        else:
            kind = _kind_within(line, head=head, is_table=index in table)
        if kind is None:
            kept.append(line)
            head = head and len(kept) < 4 and not _is_text(line)
        else:
            removed.append(_removal(kind, line))
    return Trimmed(lines=tuple(kept), removed=tuple(removed))


def _kind_above(line: Line, is_title: bool, is_table: bool) -> str | None:
    """Above its title stand a notice's number and masthead, and nothing else of it."""
    if is_title:
        return "title"
    if is_table:
        return "metadata"
    if DocumentNumber.parse(without_signer(line.text)) or _MASTHEAD.search(line.text):
        return None
    return furniture_kind(line.text) or "above the title"


def _kind_within(line: Line, *, head: bool, is_table: bool) -> str | None:
    kind = furniture_kind(line.text)
    if not head:
        return kind if is_furniture_within(line.text) else None
    if kind is None and is_table and not _PROSE.search(line.text):
        return "metadata"
    if kind is None and is_column_name(line.text):
        return "column"
    if kind is None and _DAY_OF_THE_PAGE.fullmatch(line.text):
        return "dateline"
    if kind is None and 0 < line.linked < 30 and line.linked + 6 > len(line.text):
        if FILE_NAME.search(line.text):
            return None
        return "links"
    return kind


def _is_text(line: Line) -> bool:
    return len(line.text) > 40 or line.text.endswith(("：", ":", "。"))


def _tail_start(lines: Sequence[Line]) -> int:
    """Where the notice ends: behind it come only furniture, links and scraps."""
    end = _without_tail(lines, len(lines))
    for index in range(len(lines) // 3, end):
        kind = furniture_kind(lines[index].text)
        if kind not in TAIL_MARKS:
            continue
        behind = lines[index + 1 : end]
        if not any(_is_prose(line) for line in behind):
            return _without_tail(lines, index)
        if kind in _HEADS_A_LIST and (place := _place_before_teasers(lines[:index], behind)):
            while index and lines[index - 1].where != place and not _is_prose(lines[index - 1]):
                index -= 1
            return _without_tail(lines, index)
    return end


def _without_tail(lines: Sequence[Line], end: int) -> int:
    places = {one.where for one in lines[:end] if _PROSE.search(one.text) and not one.linked}
    while end and (
        _is_tail(lines[end - 1])
        or _is_of_footer(lines, end - 1)
        or (lines[end - 1].where not in places and _is_stray(lines, end - 1))
    ):
        end -= 1
    return end


def _is_of_footer(lines: Sequence[Line], index: int) -> bool:
    """An address between lines of a footer; at the end of a notice it is its own."""
    around = (*lines[max(0, index - 1) : index], *lines[index + 1 : index + 2])
    return (
        len(around) == 2
        and bool(CONTACT.match(lines[index].text))
        and all(furniture_kind(one.text) == "footer" for one in around)
    )


def _is_stray(lines: Sequence[Line], index: int) -> bool:
    """A word or two in an element without any prose: a bar whose words are not known.

    A signature, a file or an annex in an element of its own is none; nor is a paragraph, unless
    a stray one stands below it in the same element.
    """
    line = lines[index]
    if line.is_cell_row or is_date_line(line.text) or FILE_NAME.search(line.text):
        return False
    if line.linked * 2 >= len(line.text):
        return not _ATTACHED.search(line.text)
    if _OF_A_NOTICE.search(line.text):
        return False
    below = lines[index + 1] if index + 1 < len(lines) else None
    is_apart = line.tag != "p" or (below is not None and below.where == line.where)
    return is_apart and len(line.text) <= _LONGEST_STRAY


#: Marks that head lists of other articles.
_HEADS_A_LIST = frozenset({"related", "neighbour"})
#: Shares of characters: of the text, in its own element; of what is behind, in plain paragraphs.
_MOST_OF_TEXT, _FEW_BEHIND = 0.6, 0.2
_PARAGRAPH = 40


def _place_before_teasers(above: Sequence[Line], behind: Sequence[Line]) -> str | None:
    """The element of the text, where what stands behind a mark are teasers of other articles,
    though in sentences: no line of it stands in that element, next to none is without a link."""
    weights: dict[str, int] = {}
    for line in above:
        if _PROSE.search(line.text) and not line.linked:
            weights[line.where] = weights.get(line.where, 0) + len(line.text)
    if not weights:
        return None
    place = max(weights, key=weights.__getitem__)
    if weights[place] < _MOST_OF_TEXT * sum(weights.values()):
        return None
    if any(line.where == place or line.is_cell_row for line in behind):
        return None
    plain = sum(len(one.text) for one in behind if len(one.text) > _PARAGRAPH and not one.linked)
    return place if plain <= _FEW_BEHIND * sum(len(one.text) for one in behind) else None


def _is_tail(line: Line) -> bool:
    return line.is_hidden or furniture_kind(line.text) is not None


def _is_prose(line: Line) -> bool:
    """Text of a notice, as opposed to a link to another one: sentences, tables, dates, files."""
    if line.linked * 2 > len(line.text) or furniture_kind(line.text) == "disclaimer":
        return False
    return (
        bool(_PROSE.search(line.text))
        or line.is_cell_row
        or is_date_line(line.text)
        or (len(line.text) > 24 and not line.linked)
    )


def _title_lines(head: Sequence[Line], title: str | None) -> frozenset[int]:
    """Indexes of lines that repeat the title, whole or broken over up to six lines."""
    wanted = squeeze(title or "")
    found: set[int] = set()
    if len(wanted) < 4:  # 贺电: nothing but the whole line is it
        return frozenset(i for i, line in enumerate(head[:4]) if wanted == squeeze(line.text))
    for start in range(len(head)):
        joined = ""
        for index in range(start, min(start + 6, len(head))):
            joined += squeeze(head[index].text)
            if joined == wanted or (index == start and _is_same_title(joined, wanted)):
                found.update(range(start, index + 1))
            if not wanted.startswith(joined):
                break
        if is_text(head[start].text):
            break
    return frozenset(found)


def _is_same_title(line: str, title: str) -> bool:
    """A line that is the title with its date behind it, or all but the issuing body."""
    return (line.startswith(title) and len(line) - len(title) <= 10) or (
        len(line) >= 12 and title.endswith(line) and len(line) * 2 > len(title)
    )


def removals(lines: Sequence[Line]) -> tuple[Removal, ...]:
    """Say of lines outside the body that they were left out."""
    table = table_lines(lines)
    return tuple(
        _removal("metadata" if index in table else furniture_kind(line.text) or "outside", line)
        for index, line in enumerate(lines)
    )


def _removal(kind: str, line: Line) -> Removal:
    return Removal(kind=kind, text=line.text[:_SHOWN], where=line.where)
