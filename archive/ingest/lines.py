"""A page as the lines a reader sees, with where each stood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.ingest.labels import LABEL_BEGINNINGS, label_of


class Line(NamedTuple):
    """One line of a page: a paragraph, a list item, or a table row with tabs between cells."""

    text: str
    where: str = ""  #: the nearest element with a class or id, such as ``div.share``
    linked: int = 0  #: characters of it that stand in links
    is_hidden: bool = False
    tag: str = ""  #: of the block it stands in
    is_cell_row: bool = False
    pieces: tuple[str, ...] = ()  #: labels and values that only their elements keep apart


class Region(NamedTuple):
    """An element as the range of lines it spans."""

    start: int
    end: int
    depth: int
    mark: str  #: what names it: ``#zoom``, ``.TRS_Editor`` or the tag
    is_hidden: bool
    node: int  #: mem_id of its element


class Anchor(NamedTuple):
    """A link on the page."""

    line: int  #: index of the line it stands in
    text: str
    href: str
    title: str


@dataclass(kw_only=True)
class Lines:
    """All lines of a page in reading order, with the elements that span them."""

    lines: list[Line] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    flags: tuple[str, ...] = ()


_SKIPPED_TAGS = (
    "script style noscript template head svg select option textarea button input object "
    "embed audio video canvas iframe math nav map"
)
_INLINE_TAGS = (
    "a span b strong i em u s font sub sup small big label o:p st1:chsdate st1:personname "
    "ins del mark abbr code tt bdo time img wbr nobr ucaptitle publishtime"
)
_REGION_TAGS = "div td article section main body form center ucapcontent ul ol dl table tbody li p"
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
_REGION = frozenset(_REGION_TAGS.split())
_NAMED_ONLY = frozenset(["ul", "ol", "dl", "table", "tbody", "li", "p", "form"])
_HIDDEN_STYLE = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0(?:px|pt)?"
    r"\s{0,3}(?:;|!|$)|(?:left|top|text-indent)\s{0,3}:\s{0,3}-\d{3,5}"
)
_BLANKS = re.compile("[ \t\f\v\xa0\u1680\u2000-\u200f\u2028-\u202e\u2060\ufeff\u00ad]+")
_NEWLINE = re.compile(r" ?[\r\n]+\s*")
_HAN_BREAK = re.compile(
    r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])"
)
_EDGES = " \t\n\u3000•·\u25cf"
_LONGEST_LABEL, _MOST_PIECES = 14, 60
MOST_LINES = 60_000
_LONGEST_CELL = 800  #: characters; a cell that holds more lays out the page


def normal_line(text: str) -> str:
    """A line without edges and with single blanks; line breaks of the source mean nothing."""
    text = _BLANKS.sub(" ", text)
    if "\n" in text or "\r" in text:
        text = _HAN_BREAK.sub("", _NEWLINE.sub("\n", text)).replace("\n", " ")
    return text.strip(_EDGES)


def plain_lines(text: str) -> Lines:
    """Lines of a plain text."""
    found = Lines()
    for number, row in enumerate(text.splitlines(), 1):
        line = normal_line(row)
        if line:
            found.lines.append(Line(line, f"line {number}", 0, False, "text", False))
        if len(found.lines) >= MOST_LINES:
            found.flags = ("too-many-lines",)
            break
    found.regions.append(Region(0, len(found.lines), 0, "text", False, 0))
    return found


def html_lines(tree: LexborHTMLParser) -> Lines:
    """Lines of a parsed page. Iterative, so that no nesting is too deep."""
    root = tree.body or tree.root
    walk = _Walk()
    if root is not None:
        walk.through(root)
    return walk.found


class _Open(NamedTuple):
    """An element that is entered and not yet left."""

    node: LexborNode
    tag: str
    mark: str
    start: int
    hides: bool  #: of itself
    is_hidden: bool  #: of itself or by an element above
    href: str
    title: str


@dataclass
class _Row:
    start: int
    cells: list[tuple[int, int]] = field(default_factory=list)
    is_layout: bool = False


class _Walk:
    """The walk over one tree; its state is what is open at the moment."""

    def __init__(self) -> None:
        self.found = Lines()
        self._open: list[_Open] = []
        self._buffer: list[str] = []
        self._linked = 0
        self._links = 0
        self._hidden = 0
        self._blocks = ["body"]
        self._marks = ["body"]
        self._rows: list[_Row] = []
        self._inline = 0
        self._cuts: list[int] = []
        self._is_inked = False

    def through(self, root: LexborNode) -> None:
        """Visit every node in document order, entering and leaving each element."""
        lines = self.found.lines
        node: LexborNode | None = root
        while node is not None and len(lines) < MOST_LINES:
            child = self._visit(node)
            if child is not None:
                node = child
                continue
            following = node.next
            while following is None and self._open:
                node = self._leave()
                following = node.next
            if not self._open:
                break
            node = following
        while self._open:
            self._leave()
        self._flush()
        if len(lines) >= MOST_LINES:
            self.found.flags = ("too-many-lines",)

    def _visit(self, node: LexborNode) -> LexborNode | None:
        """Take a text, or enter an element; returns its first child where there is one."""
        tag = node.tag or ""
        if tag == "-text":
            self._take(node.text_content or "")
            return None
        if tag in _SKIPPED or not tag[:1].isalpha():  # a comment is tagged -comment
            return None
        if tag == "br":
            self._flush()
            return None
        child = node.first_child
        if child is None and tag in _INLINE and tag != "a":
            return None
        self._enter(node, tag)
        if child is None:
            self._leave()
        return child

    def _take(self, text: str) -> None:
        self._buffer.append(text)
        if not text.isspace():
            self._is_inked = True
            if self._links:
                self._linked += len(text.strip())

    def _enter(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        mark = _mark(tag, attributes) if attributes else tag
        hidden = bool(attributes) and _is_hidden(attributes)
        if hidden or tag not in _INLINE:
            self._flush()
        self._hidden += hidden
        href = title = ""
        if tag in _INLINE:
            self._cut()
            self._inline += 1
            if tag == "a":
                self._links += 1
                href, title = attributes.get("href") or "", attributes.get("title") or ""
        else:
            self._blocks.append(tag)
            if tag == "tr":
                self._rows.append(_Row(len(self.found.lines)))
            elif tag == "table":
                for row in self._rows:
                    row.is_layout = True
        if mark != tag:
            self._marks.append(mark)
        self._open.append(
            _Open(node, tag, mark, len(self.found.lines), hidden, self._hidden > 0, href, title)
        )

    def _leave(self) -> LexborNode:
        one = self._open.pop()
        tag = one.tag
        if tag in _INLINE:
            self._leave_inline(one)
            return one.node
        self._flush()
        self._hidden -= one.hides
        self._blocks.pop()
        if one.mark != tag:
            self._marks.pop()
        if tag in ("td", "th") and self._rows:
            self._rows[-1].cells.append((one.start, len(self.found.lines)))
        elif tag == "tr" and self._rows:
            self._close_row(self._rows.pop())
            return one.node
        if tag in _REGION and (one.mark != tag or tag not in _NAMED_ONLY):
            self._close_region(one)
        return one.node

    def _leave_inline(self, one: _Open) -> None:
        if one.tag == "a":
            self._links -= 1
            self._keep_anchor(one)
        if one.hides:
            self._flush()
            self._hidden -= 1
        self._inline -= 1
        self._cut()
        if one.mark != one.tag:
            self._marks.pop()

    def _cut(self) -> None:
        """Note where an element within a line begins or ends."""
        if not self._inline and self._buffer:
            self._cuts.append(len(self._buffer))

    def _keep_anchor(self, one: _Open) -> None:
        if one.href and len(self.found.anchors) < MOST_LINES:
            text = normal_line(one.node.text(deep=True)) if len(self._buffer) < 400 else ""
            self.found.anchors.append(Anchor(len(self.found.lines), text, one.href, one.title))

    def _close_region(self, one: _Open) -> None:
        end = len(self.found.lines)
        if end > one.start or one.mark != one.tag:
            self.found.regions.append(
                Region(one.start, end, len(self._open), one.mark, one.is_hidden, one.node.mem_id)
            )

    def _close_row(self, row: _Row) -> None:
        """Join the cells of a table row, unless the table only lays out the page."""
        lines = self.found.lines
        cells = [lines[start:end] for start, end in row.cells]
        filled = [cell for cell in cells if cell]
        if len(cells) > 1 and len(filled) == 1 and len(filled[0]) == 1 and not row.is_layout:
            lines[-1] = lines[-1]._replace(is_cell_row=True)  # its neighbour is empty
        if row.is_layout or len(filled) < 2 or any(len(cell) > 12 for cell in cells):
            return
        if any(sum(len(line.text) for line in cell) > _LONGEST_CELL for cell in cells):
            return
        texts = ["".join(line.text for line in cell) for cell in cells]
        first = filled[0][0]
        linked = sum(line.linked for cell in filled for line in cell)
        hidden = all(line.is_hidden for cell in filled for line in cell)
        del lines[row.start :]
        self._forget_inside(row.start)
        lines.append(Line("\t".join(texts).rstrip(), first.where, linked, hidden, "tr", True))

    def _forget_inside(self, start: int) -> None:
        """Elements within a joined row span no lines of their own any more."""
        regions, anchors = self.found.regions, self.found.anchors
        while regions and regions[-1].start >= start and regions[-1].end > start:
            regions.pop()
        for index in range(len(anchors) - 1, -1, -1):
            if anchors[index].line <= start:
                break
            anchors[index] = anchors[index]._replace(line=start)

    def _flush(self) -> None:
        if not self._buffer:
            return
        if self._is_inked and (text := normal_line("".join(self._buffer))):
            pieces = self._pieces() if self._cuts and len(text) <= _LONGEST_CELL else ()
            self.found.lines.append(
                Line(
                    text,
                    self._marks[-1],
                    self._linked,
                    self._hidden > 0,
                    self._blocks[-1],
                    False,
                    pieces,
                )
            )
        self._buffer.clear()
        self._cuts.clear()
        self._linked, self._is_inked = 0, False

    def _pieces(self) -> tuple[str, ...]:
        """Labels and values of a line that only elements keep apart, the labels joined whose
        characters stand in elements of their own; empty for any other line."""
        first = "".join(self._buffer[: self._cuts[0]]).strip()
        above = self.found.lines[-1].pieces if self.found.lines else ()
        is_below = bool(above) and all(label_of(piece) for piece in above)
        if not (is_below or first[:1] in LABEL_BEGINNINGS) or len(first) > _LONGEST_LABEL:
            return ()
        if not first or len(self._cuts) > _MOST_PIECES:
            return ()
        edges = [0, *self._cuts, len(self._buffer)]
        parts = ["".join(self._buffer[a:b]) for a, b in pairwise(edges)]
        pieces = _with_whole_labels([part for one in parts if (part := normal_line(one))])
        is_told = label_of(pieces[0]) and not pieces[0].endswith(("：", ":", "∶"))
        return tuple(pieces) if len(pieces) > 1 and (is_told or is_below) else ()


def _with_whole_labels(parts: list[str]) -> list[str]:
    """发 文 机 关 国务院 → 发文机关 国务院."""
    whole: list[str] = []
    index = 0
    while index < len(parts):
        size = next((n for n in range(6, 1, -1) if label_of("".join(parts[index : index + n]))), 1)
        whole.append("".join(parts[index : index + size]))
        index += size
    return whole


def _mark(tag: str, attributes: dict[str, str | None]) -> str:
    """``#zoom``, ``.TRS_Editor`` or just the tag; a class list keeps its order."""
    if identity := attributes.get("id"):
        return f"#{identity.strip()[:60]} .{attributes.get('class') or ''}"[:160].rstrip(" .")
    if classes := attributes.get("class"):
        return f".{classes.strip()[:120]}"
    return tag


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style:
        return False
    style = style[:400].lower()
    if (
        "none" in style
        or "hidden" in style
        or ("size:0" in style or "size: 0" in style)
        or ":-" in style
        or ": -" in style
    ):
        return bool(_HIDDEN_STYLE.search(style))
    return False
