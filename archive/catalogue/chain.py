"""The chain of citations around a notice, from the State Council down to a district."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from archive.catalogue.views import NoticeSummary, NoticeView

#: How far links are followed up and down; notices and links shown each way at most.
DEPTH = 4
MOST = 200
MOST_LINKS = 1_000


@dataclass(frozen=True, kw_only=True)
class Link:
    """One notice, or something cited that is not here, in a chain."""

    relation: str  #: how the one above it in the tree stands to it
    summary: NoticeSummary | None
    written: str  #: the number or title it is cited by
    links: tuple[Link, ...] = ()
    is_again: bool = False  #: it stands elsewhere in the chain already


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What a notice rests on, and what rests on it."""

    notice: NoticeSummary
    cites: tuple[Link, ...]
    cited_by: tuple[Link, ...]
    is_cut: bool = False  #: there is more of it than is told


Look = Callable[[str], NoticeView | None]


def chain(look: Look, view: NoticeView, *, depth: int = DEPTH) -> Chain:
    """Follow citations up and down from a notice; ``look`` finds a notice by its id."""
    up, down = _Walk(look, view), _Walk(look, view)
    return Chain(
        notice=view.summary,
        cites=tuple(up.up(view, depth)),
        cited_by=tuple(down.down(view, depth)),
        is_cut=up.is_cut or down.is_cut,
    )


class _Walk:
    """One way through citations: each notice is looked up once, and followed once."""

    def __init__(self, look: Look, start: NoticeView) -> None:
        self._look = look
        self._known: dict[str, NoticeView | None] = {start.summary.id: start}
        self._met = {start.summary.id}
        self._links = 0
        self.is_cut = False

    def up(self, view: NoticeView, depth: int) -> Iterator[Link]:
        """What a notice cites, and what that cites."""
        told: set[str] = set()
        for citation in view.cites:
            written = citation.number or f"《{citation.title}》"
            target = citation.notice_id
            if target in told:
                continue
            if not self._has_room(target):
                return
            other = self._view(target) if target else None
            if target is None or other is None:
                yield Link(relation=citation.relation, summary=None, written=written)
                continue
            told.add(target)
            is_again = self._is_again(target)
            yield Link(
                relation=citation.relation,
                summary=other.summary,
                written=written,
                links=() if is_again or depth <= 1 else tuple(self.up(other, depth - 1)),
                is_again=is_again,
            )

    def down(self, view: NoticeView, depth: int) -> Iterator[Link]:
        """Who cites a notice, and who cites them."""
        for citing in view.cited_by:
            if not self._has_room(citing.id):
                return
            other = self._view(citing.id)
            if other is None:
                continue
            is_again = self._is_again(citing.id)
            relation = next(
                (one.relation for one in other.cites if one.notice_id == view.summary.id), "cites"
            )
            yield Link(
                relation=relation,
                summary=other.summary,
                written=other.summary.document_number or other.summary.title,
                links=() if is_again or depth <= 1 else tuple(self.down(other, depth - 1)),
                is_again=is_again,
            )

    def _has_room(self, target: str | None) -> bool:
        """Whether one more link is told; a notice that thousands cite is not followed for ever."""
        self._links += 1
        is_new = target is not None and target not in self._known
        if self._links > MOST_LINKS or (is_new and len(self._known) > MOST):
            self.is_cut = True
            return False
        return True

    def _view(self, notice_id: str) -> NoticeView | None:
        if notice_id not in self._known:
            self._known[notice_id] = self._look(notice_id)
        return self._known[notice_id]

    def _is_again(self, notice_id: str) -> bool:
        is_again = notice_id in self._met
        self._met.add(notice_id)
        return is_again


def as_tree(found: Chain) -> str:
    """The chain as lines of text: what it rests on, itself, what rests on it."""
    lines = [_named(found.notice), "cites:", *_branches(found.cites), "cited by:"]
    more = ["There is more of it than is shown here."] if found.is_cut else []
    return "\n".join([*lines, *_branches(found.cited_by), *more])


def _branches(links: tuple[Link, ...], indent: str = "") -> list[str]:
    lines = []
    for place, link in enumerate(links):
        is_last = place == len(links) - 1
        name = _named(link.summary) if link.summary else f"{link.written} (not here)"
        again = " (above)" if link.is_again else ""
        lines.append(f"{indent}{'└' if is_last else '├'} {link.relation}: {name}{again}")
        lines += _branches(link.links, indent + ("  " if is_last else "│ "))
    return lines or [f"{indent}└ nothing"] if not indent else lines


def _named(summary: NoticeSummary) -> str:
    number = f"{summary.document_number} " if summary.document_number else ""
    return f"{number}{summary.title} [{summary.id}]"


def as_json(found: Chain) -> dict[str, Any]:
    """The chain as JSON values."""
    return {
        **_summary(found.notice),
        "cites": [_link(link) for link in found.cites],
        "cited_by": [_link(link) for link in found.cited_by],
        "is_cut": found.is_cut,
    }


def _summary(summary: NoticeSummary) -> dict[str, Any]:
    return {"id": summary.id, "document_number": summary.document_number, "title": summary.title}


def _link(link: Link) -> dict[str, Any]:
    nothing = {"id": None, "document_number": None, "title": None}
    known = _summary(link.summary) if link.summary else nothing
    return {
        "relation": link.relation,
        "written": link.written,
        **known,
        "is_again": link.is_again,
        "links": [_link(one) for one in link.links],
    }


def as_graphml(found: Chain) -> str:
    """The chain as GraphML, for Gephi, yEd and networkx; edges run from the citing notice."""
    nodes: dict[str, str] = {found.notice.id: _named(found.notice)}
    edges: dict[tuple[str, str, str], None] = {}
    _collect(found.notice.id, found.cites, nodes, edges, is_up=True)
    _collect(found.notice.id, found.cited_by, nodes, edges, is_up=False)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        '<key id="label" for="node" attr.name="label" attr.type="string"/>',
        '<key id="relation" for="edge" attr.name="relation" attr.type="string"/>',
        '<graph id="citations" edgedefault="directed">',
    ]
    lines += [
        f'<node id={quoteattr(_xml(key))}><data key="label">{escape(_xml(name))}</data></node>'
        for key, name in nodes.items()
    ]
    lines += [
        f"<edge source={quoteattr(_xml(a))} target={quoteattr(_xml(b))}>"
        f'<data key="relation">{escape(relation)}</data></edge>'
        for a, b, relation in edges
    ]
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _collect(
    start: str,
    links: tuple[Link, ...],
    nodes: dict[str, str],
    edges: dict[tuple[str, str, str], None],
    *,
    is_up: bool,
) -> None:
    for link in links:
        key = link.summary.id if link.summary else link.written
        nodes.setdefault(key, _named(link.summary) if link.summary else link.written)
        pair = (start, key) if is_up else (key, start)
        edges[*pair, link.relation] = None
        _collect(key, link.links, nodes, edges, is_up=is_up)


def _xml(text: str) -> str:
    """The text without characters that XML 1.0 does not have."""
    return "".join(char for char in text if char >= " " and char not in "\ufffe\uffff")
