"""What a page itself says of the notice, field by field, before anyone judges it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.ingest.label_runs import LabelRun, find_label_run
from archive.ingest.labels import (
    FIELD_OF,
    GLUED,
    GLUED_LABEL,
    LABEL_BEGINNINGS,
    MARKED,
    WITHIN,
    holds_label,
    is_promised,
    label_of,
    unspaced,
)
from archive.ingest.lines import Line
from archive.notice import DocumentNumber, in_one_script


class Claim(NamedTuple):
    """A value for a field of `Reading`, and where it stood."""

    field: str
    value: str
    how: str


_NOTHING = re.compile(
    r"[\s\u3000]*(?:无|暂无|无文号|空|[-—–－/.·]{1,4}|查看(?:原文)?|详见正文|null|none|undefined|无期限)?[\s\u3000]*",
    re.IGNORECASE,
)
_LONGEST_VALUE = 300
#: What parts the values on a line of metadata: 闽政办〔2021〕41号 | 来源：…
_PARTED = re.compile(r"[\s\u3000|｜丨/／·•,，;；]{1,9}")
_AROUND = "【】()（）"
#: How a number on such a line was found; below a text that line is another notice's.
LINE_OF_LABELS = "line of labels"
_BESIDE_A_NUMBER = frozenset({"published_on", "written_on", "source_name"})


def table_claims(lines: Sequence[Line]) -> tuple[Claim, ...]:
    """Read the disclosure table out of lines, in whichever markup it came.

    Pairs of cells, a header row over a value row, a label alone on its line with the value on
    the next, and 标签：值 within a line all end up as claims. An empty value claims nothing
    and never takes the following label for its own.
    """
    return tuple(_without_nothing(claim for claim, _ in _placed_claims(lines)))


def claims_something(line: Line) -> bool:
    """Whether a line by itself says a field of the notice: 发布日期：2024-05-06."""
    text = in_one_script(line.text)
    is_plain = not (line.is_cell_row or line.pieces)
    if is_plain and text[:1] not in LABEL_BEGINNINGS and not MARKED.search(text):
        return False
    return bool(table_claims((line,)))


def table_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of the lines that are labels and values of the disclosure table."""
    return frozenset(index for _, places in _placed_claims(lines) for index in places)


def _placed_claims(lines: Sequence[Line]) -> Iterator[tuple[Claim, tuple[int, ...]]]:
    head = "\n".join(line.text for line in lines[:80])
    if in_one_script(head) != head:
        plain = [line._replace(text=in_one_script(line.text)) for line in lines]
        for claim, places in _placed_in_one_script(plain):
            yield claim._replace(value=_as_written(claim.value, plain, lines, places)), places
    else:
        yield from _placed_in_one_script(lines)


def _as_written(
    value: str, plain: Sequence[Line], lines: Sequence[Line], places: Sequence[int]
) -> str:
    """A value in the script the page has it in: characters were exchanged one for one."""
    for index in places:
        at = plain[index].text.rfind(value)
        if at >= 0:
            return lines[index].text[at : at + len(value)]
    return value


def _placed_in_one_script(lines: Sequence[Line]) -> Iterator[tuple[Claim, tuple[int, ...]]]:
    taken = -1
    for index, line in enumerate(lines):
        if index <= taken or len(line.text) > 1200:
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        places: tuple[int, ...] = (index,)
        label = label_of(line.text)
        is_labels = bool(label or line.pieces)
        if is_labels and (run := find_label_run(lines, index)):
            claims = _run_claims(run)
            places, taken = tuple(range(index, run.end)), run.end - 1
        elif line.is_cell_row or line.pieces:
            cells = _labels_and_values(line.pieces) or line.text.split("\t")
            if following and _is_header_over_values(cells, following):
                claims = _zipped(cells, following.text.split("\t"))
                places, taken = (index, index + 1), index + 1
            else:
                claims = _cell_claims(cells)
        elif label and following and _is_value(label, following):
            claims = iter((Claim(FIELD_OF[label], following.text, f"label {label}"),))
            places, taken = (index, index + 1), index + 1
        elif label:
            claims = iter((Claim("", "", f"label {label}"),))
        else:
            claims = _inline_claims(line.text, is_own=not line.linked)
            if glued := _glued_claim(line.text):
                claims = iter((glued,))
        yield from ((claim, places) for claim in claims)


def _labels_and_values(pieces: Sequence[str]) -> list[str]:
    """The pieces of a line with each value in one: 标题 国务院关于 …的通知 are two."""
    joined: list[str] = []
    for piece in pieces:
        if joined and not (label_of(piece) or label_of(joined[-1])):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _run_claims(run: LabelRun) -> Iterator[Claim]:
    for label, value in run.pairs:
        yield Claim(FIELD_OF[label], value, f"label {label}")


def _is_value(label: str, line: Line) -> bool:
    """Whether the line below a label is its value, and not the notice's first behind a label
    that was left empty: 浏览次数：/ 各县人民政府："""
    text = line.text
    if line.is_cell_row or holds_label(text) or len(text) > _LONGEST_VALUE:
        return False
    if label in _COUNTED:
        return bool(_COUNT.fullmatch(text))
    return label in _SUMMARIES or not _OF_A_TEXT.search(text)


#: Labels of the page's own bar, and what may stand behind them.
_BAR = "打印 浏览 点击 阅读 分享 分享到 字号 字体"
_COUNTED = frozenset(f"{_BAR} 浏览次数 浏览量 点击数 点击量 访问次数 访问量 阅读次数".split())
_COUNT = re.compile(r"[\d\s,，]{0,12}\s?(?:次|人次)?")
_SUMMARIES = frozenset({"内容概述", "内容概况", "摘要"})
#: How a line ends or begins that is of a text: addressees, a sentence, a numbered heading.
_HAN = "[一二三四五六七八九十]{1,3}"
_OF_A_TEXT = re.compile(rf"[：:。；]$|^(?:{_HAN}、|[（(]{_HAN}[）)]|第{_HAN}[章节条])")


def _cell_claims(cells: Sequence[str]) -> Iterator[Claim]:
    """Labels with their values in the cells right of them."""
    for index, cell in enumerate(cells):
        label = label_of(cell)
        value = cells[index + 1] if index + 1 < len(cells) else ""
        if label and not holds_label(value):
            yield Claim(FIELD_OF[label], value, f"table {label}")
        elif not label:
            yield from _inline_claims(cell, is_own=True)


def _is_header_over_values(cells: Sequence[str], following: Line) -> bool:
    below = following.text.split("\t")
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and len(below) > 1
        and all(label_of(cell) for cell in filled)
        and not any(holds_label(cell) for cell in below)
    )


def _zipped(labels: Sequence[str], values: Sequence[str]) -> Iterator[Claim]:
    for cell, value in zip(labels, values, strict=False):
        if label := label_of(cell):
            yield Claim(FIELD_OF[label], value, f"table {label}")


def _inline_claims(text: str, *, is_own: bool) -> Iterator[Claim]:
    """标签：值 标签：值 within one line; a value ends where the next label begins.

    A number without a label between them, 闽政办〔2021〕41号 | 来源：…, is the notice's own, but
    for a line that leads elsewhere.
    """
    if len(text) > 600 or not MARKED.search(text):
        return
    matches = list(GLUED.finditer(text))
    number = _number_in(text[: matches[0].start()]) if matches and is_own else None
    if not (number or WITHIN.search(text)):
        return
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        label, value = unspaced(match[1] or match[2]), text[match.end() : end]
        yield Claim(FIELD_OF[label], value, f"label {label}")
        if is_own and FIELD_OF[label] in _BESIDE_A_NUMBER:
            number = number or _number_in(value)
    if number:
        yield Claim("document_number", str(number), LINE_OF_LABELS)


def _number_in(text: str) -> DocumentNumber | None:
    """The number that stands by itself between a line's parting marks."""
    if "号" not in text:
        return None
    parts = (part.strip(_AROUND) for part in _PARTED.split(text))
    return next((one for part in parts if (one := DocumentNumber.parse(part))), None)


def _glued_claim(text: str) -> Claim | None:
    """标签值 without anything between, as ``<strong>索引号</strong><span>…</span>`` reads; only
    where the value is what the label promises."""
    if len(text) > 100 or not (match := GLUED_LABEL.match(text)):
        return None
    field, value = FIELD_OF[unspaced(match[1])], text[match.end() :].strip()
    return Claim(field, value, f"label {match[1]}") if is_promised(field, value) else None


def _without_nothing(claims: Iterable[Claim]) -> Iterator[Claim]:
    for claim in claims:
        value = _without_brackets(claim.value.strip(" \u3000\t:：∶|｜;；【["))
        if claim.field == "source_name":
            value = _BEHIND_SOURCE.split(value, maxsplit=1)[0].strip()
            value = _BUTTON_BEHIND.sub("", value)
        if claim.field and not _NOTHING.fullmatch(value) and len(value) <= _LONGEST_VALUE:
            yield Claim(claim.field, value, claim.how)


#: What stands behind a source on its line without a label.
_BEHIND_SOURCE = re.compile(r"\s{0,3}(?:[|｜丨]|(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月])")


#: A button whose words stick to the source before it: 新华社举报.
_BUTTON_BEHIND = re.compile(
    r"(?<=[一-鿿]{2})\s{0,3}(?:举报|投诉|关注|订阅|评论|分享|打印|收藏|纠错)$"
)


def _without_brackets(value: str) -> str:
    """A value without the bracket that closes its label's: 【来源：人事处】."""
    if value[-1:] in "】]" and not ("【" in value or "[" in value):
        return value[:-1].rstrip()
    return value


_META = {
    "articletitle": "title",
    "pubdate": "published_on",
    "publishdate": "published_on",
    "firstpublishedtime": "published_on",
    "contentsource": "source_name",
    "source": "source_name",
    "siteidcode": "jurisdiction",
    "og:title": "title_tag",
}


#: Editors copy a heading with its markup into the tag's content.
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def meta_claims(metas: Iterable[tuple[str, str]]) -> tuple[Claim, ...]:
    """The standard tags of 国办发〔2017〕47号, in any case."""
    claims = (
        Claim(_META[name.lower()], " ".join(_TAG.sub(" ", content).split()), f"meta {name}")
        for name, content in metas
        if name.lower() in _META
    )
    return tuple(claim for claim in claims if claim.value and not _NOTHING.fullmatch(claim.value))
