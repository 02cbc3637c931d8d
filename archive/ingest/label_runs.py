"""A header row of labels over its values, where both are lines and no table holds them.

``<ul><li>索引号</li><li>发布机构</li>…</ul><ul><li>0001</li><li>市卫生健康委</li>…</ul>`` reads as
all labels, then all values; an empty value leaves no line, so that counting is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.ingest.labels import FIELD_OF, holds_label, is_promised, label_of, promises
from archive.ingest.lines import Line

_MOST_LABELS, _LONGEST_VALUE = 20, 300
#: Labels of days: which day is whose is told by their order alone.
_DAY_LABEL = re.compile("(?:日期|时间|上网|有效期|期限)$")
#: Heads a column of numbers: what follows is a list of documents.
_NUMBERED = frozenset({"序号", "编号", "序"})


@dataclass(frozen=True, kw_only=True)
class LabelRun:
    """Labels one behind the other, with the values that follow them."""

    pairs: tuple[tuple[str, str], ...]  #: label and value
    end: int  #: index after the last line that belongs to it


def find_label_run(lines: Sequence[Line], start: int) -> LabelRun | None:
    """Read the labels that begin at a line and the values behind them; None when fewer than
    two labels stand there, or what follows does not look like what they promise."""
    labels: list[str] = []
    rest: list[str] = []
    end = start
    if start and lines[start - 1].text.strip() in _NUMBERED:
        return None
    while end < len(lines) and len(labels) < _MOST_LABELS and not rest:
        cells = _cells(lines[end])
        leading = next((i for i, cell in enumerate(cells) if not label_of(cell)), len(cells))
        if not leading or any(label_of(cell) for cell in cells[leading:]):
            break  # a value, or pairs of label and value
        labels += [label for cell in cells[:leading] if (label := label_of(cell))]
        rest, end = cells[leading:], end + 1
    if len(labels) < 2:
        return None
    values, ends = _values(lines, end, rest, len(labels))
    pairs = _pairs(labels, values)
    if len(pairs) < 2:
        return None
    last = max(values.index(value) for _, value in pairs)
    return LabelRun(pairs=pairs, end=ends[last])


def _cells(line: Line) -> list[str]:
    if line.is_cell_row:
        return [cell for cell in line.text.split("\t") if cell]
    return [*(line.pieces or (line.text,))]


def _values(
    lines: Sequence[Line], start: int, rest: Sequence[str], most: int
) -> tuple[list[str], list[int]]:
    """What stands behind the labels and is none itself; with the index behind each."""
    values, ends = [*rest], [start] * len(rest)
    for index in range(start, min(start + most, len(lines))):
        cells = _cells(lines[index])
        if any(holds_label(cell) or len(cell) > _LONGEST_VALUE for cell in cells):
            break
        values += cells
        ends += [index + 1] * len(cells)
    return values[:most], ends[:most]


def _pairs(labels: Sequence[str], values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """All of them in order where every value fits its label; else those told by their looks."""
    fields = [FIELD_OF[label] for label in labels]
    fits = [is_promised(f, v) for f, v in zip(fields, values, strict=False)]
    is_whole = len(values) == len(labels) and any(fits)
    if is_whole and all(fit or not promises(f) for fit, f in zip(fits, fields, strict=True)):
        return tuple(zip(labels, values, strict=True))
    pairs: list[tuple[str, str]] = []
    for kind in ("index_number", "document_number", "issuing_bodies", "validity"):
        own = [label for label, field in zip(labels, fields, strict=True) if field == kind]
        met = [value for value in values if is_promised(kind, value)]
        if own and len(own) == len(met):
            pairs += zip(own, met, strict=True)
    days = [label for label in labels if _DAY_LABEL.search(label)]
    met = [value for value in values if is_promised("published_on", value)]
    return (*pairs, *zip(days, met, strict=True)) if len(days) == len(met) else tuple(pairs)
