"""Finding the list on a page when no selector says where it stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spiders.html_rows import date_beside, href_of, title_of
from spiders.link import find_url
from spiders.list_page import ListPage

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

#: Links of a page that are looked at.
_ANCHOR_LIMIT = 20_000
#: Steps from a link up to the row that holds it; real rows need 1 to 5.
_CLIMB = 7
#: Links a row of that tag may hold: a tr with more lays out the page, an li is a menu.
_ROW_LINKS = {"li": 12, "tr": 3, "dd": 3}
#: Characters; shorter link words are menu entries (首页, 政策法规).
_TITLE_FROM = 6
#: How systems name their detail pages (TRS, Hanweb, gov.cn, Kaipuyun, NHC, gkmlpt, Boda …).
_ARTICLE = re.compile(
    r"/t?(?:19|20)\d{6}_?\d*\.s?html?$"
    r"|/t\d{6,}(?:_\d+)?\.s?html?$"
    r"|/art(?:/\d{4}/\d{1,2}/\d{1,2})?/art_"
    r"|/content_\d+|/post_\d+|/c\d{5,}/content\.|/c\d+_\d+\.s?html"
    r"|/(?:19|20)\d{2}-?\d{2}(?:-?/?\d{2})?/(?:[0-9a-f]{8,40}|\d+|content_\d+)"
    r"|/[0-9a-f]{32}\.s?html|/info/\d+/\d+\.htm|/\d{6,}\.s?html?$|/Show_\d+\.",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Container:
    """Rows of one kind that were found, and the selector that names them again."""

    rows: tuple[LexborNode, ...]
    selector: str
    is_dated: bool  #: at least half of the rows carry a date


@dataclass
class _Group:
    """The rows that stand in one parent element."""

    parent: LexborNode
    rows: list[LexborNode]
    dated: int = 0
    articles: int = 0

    @property
    def is_dated(self) -> bool:
        return self.dated * 2 >= len(self.rows)

    @property
    def worth(self) -> tuple[int, int, int]:
        """Dated rows first, then links that are shaped like detail pages, then length."""
        return self.dated if self.is_dated else 0, self.articles, len(self.rows)


def is_article_url(url: str) -> bool:
    """Whether a URL is shaped like a detail page of one of the known systems."""
    return _ARTICLE.search(url.partition("?")[0][-200:]) is not None


def find_container(page: ListPage) -> Container | None:
    """The list on a page: the group of rows with the most dates; None when there is none.

    Sites break one list into several ``<ul>`` of five: neighbours of the same make count as
    one list.
    """
    groups = [group for group in _groups(page) if group.dated or group.articles]
    best = max(groups, key=lambda group: group.worth, default=None)
    if best is None or best.worth[:2] == (0, 0):
        return None
    members = [group for group in groups if group is best or _belongs(group, best)]
    rows = tuple(row for group in members for row in group.rows)
    return Container(rows, _selector(best), best.is_dated)


def _groups(page: ListPage) -> list[_Group]:
    anchors = _title_anchors(page)
    held: dict[int, set[str]] = defaultdict(set)
    for anchor, url in anchors:
        for step in _ancestors(anchor):
            held[step.mem_id].add(url)
    groups: dict[int, _Group] = {}
    seen: set[int] = set()
    for anchor, url in anchors:
        row = _row_of(anchor, held)
        parent = row.parent
        if parent is None or row.mem_id in seen:
            continue
        seen.add(row.mem_id)
        group = groups.setdefault(parent.mem_id, _Group(parent, []))
        group.rows.append(row)
        group.dated += date_beside(row, anchor) is not None
        group.articles += is_article_url(url)
    return list(groups.values())


def _title_anchors(page: ListPage) -> list[tuple[LexborNode, str]]:
    found = []
    for anchor in page.tree.css("a")[:_ANCHOR_LIMIT]:
        if len(title_of(anchor)) < _TITLE_FROM:
            continue
        url = find_url(href_of(anchor), page.base)
        if url and url != page.url:
            found.append((anchor, url))
    return found


def _ancestors(node: LexborNode) -> list[LexborNode]:
    steps: list[LexborNode] = []
    parent = node.parent
    while parent is not None and len(steps) < _CLIMB and parent.tag not in ("body", "html"):
        steps.append(parent)
        parent = parent.parent
    return steps


def _row_of(anchor: LexborNode, held: dict[int, set[str]]) -> LexborNode:
    """The row a link stands in: its li or tr, else all that holds no other link."""
    row = anchor
    for step in _ancestors(anchor):
        if len(held[step.mem_id]) <= _ROW_LINKS.get(step.tag or "", 0):
            return _outer_item(step)
        if len(held[step.mem_id]) > 1:
            return row
        row = step
    return row


def _outer_item(item: LexborNode) -> LexborNode:
    """An li inside an li is a note to a row (ndrc.gov.cn hangs 相关解读 into its rows)."""
    for step in _ancestors(item):
        if step.tag == "li" and item.tag == "li":
            return step
    return item


def _belongs(group: _Group, best: _Group) -> bool:
    if group.is_dated != best.is_dated or group.parent.tag != best.parent.tag:
        return False
    ours, theirs = group.parent.parent, best.parent.parent
    if ours is None or theirs is None:
        return False
    if ours.mem_id == theirs.mem_id:
        return True
    above, beside = ours.parent, theirs.parent
    is_neighbour = above is not None and beside is not None and above.mem_id == beside.mem_id
    return is_neighbour and _make_of(ours) == _make_of(theirs)


def _make_of(node: LexborNode) -> tuple[str | None, str | None]:
    return node.tag, node.attributes.get("class")


def _selector(group: _Group) -> str:
    """A selector for the group's rows: the nearest named ancestor, then the row's tag."""
    row_tag = Counter(row.tag or "*" for row in group.rows).most_common(1)[0][0]
    node: LexborNode | None = group.parent
    while node is not None and node.tag not in ("body", "html"):
        name = _name_of(node)
        if name:
            return f"{name} {row_tag}"
        node = node.parent
    return row_tag


def _name_of(node: LexborNode) -> str | None:
    """``#id`` or ``tag.class.class``, of names that need no escaping."""
    plain = re.compile(r"[A-Za-z][\w-]{0,60}$")
    identity = node.attributes.get("id") or ""
    if plain.match(identity):
        return f"#{identity}"
    classes = [c for c in (node.attributes.get("class") or "").split() if plain.match(c)]
    return ".".join([node.tag or "", *classes[:3]]) if classes else None
