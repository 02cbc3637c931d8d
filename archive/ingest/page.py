"""A page opened for reading: its lines, its meta tags, what its JSON says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from archive.ingest.claims import Claim
from archive.ingest.json_answer import JsonNotice, is_json, read_embedded_detail, read_json_answer
from archive.ingest.lines import Line, Lines, html_lines, normal_line, plain_lines
from archive.ingest.script_writing import with_written_fields
from archive.ingest.tame_markup import tame_markup
from archive.notice import Attachment, PageFields, PageHints


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the reader works on, of whichever form the answer was."""

    form: str  #: html, text or json
    content: Lines
    metas: tuple[tuple[str, str], ...] = ()
    title_tag: str | None = None
    given: tuple[Claim, ...] = ()  #: of a JSON answer
    given_attachments: tuple[Attachment, ...] = ()
    hinted_title: str | None = None
    body_nodes: tuple[int, ...] = ()  #: mem_ids of elements the source names as the body
    source: str = ""  #: the page as markup, for a second opinion

    @property
    def lines(self) -> list[Line]:
        """Every line of the page, in order."""
        return self.content.lines


_TAG = re.compile(
    r"<(?:!doctype|html|head|body|div|p|table|span|meta|br|td|a|script|section|article|ul|ol|li"
    r"|h[1-6]|font|strong|center)\b",
    re.IGNORECASE,
)


def open_page(text: str, media_type: str, fields: PageFields, hints: PageHints) -> Page:
    """Parse an answer as what it is: JSON, markup, or plain text.

    The media type is believed only for plain text without tags: JSON answers are sent as
    text/html and pages as text/plain often enough.
    """
    if fields.body_html:
        return _open_html(f"<div id='given-body'>{fields.body_html}</div>", hints, ("#given-body",))
    if text.lstrip()[:1] in "{[" and is_json(text):
        notice = read_json_answer(text)
        return _open_json(notice, hints) if notice else Page(form="json", content=Lines())
    if _TAG.search(text[:20_000]):
        if detail := read_embedded_detail(text):
            return _open_json(detail, hints, LexborHTMLParser(tame_markup(text)[0]))
        return _open_html(text, hints, hints.body)
    return Page(form="text", content=plain_lines(text))


def _open_json(
    notice: JsonNotice, hints: PageHints, around: LexborHTMLParser | None = None
) -> Page:
    html, flags = tame_markup(notice.html)
    body = LexborHTMLParser(html)
    content = html_lines(body) if _TAG.search(notice.html) else plain_lines(notice.html)
    content.flags += flags
    return Page(
        form="json",
        content=content,
        metas=_metas(around) if around else (),
        given=notice.claims,
        given_attachments=notice.attachments,
    )


def _open_html(text: str, hints: PageHints, body: tuple[str, ...]) -> Page:
    text, flags = tame_markup(with_written_fields(text))
    tree = LexborHTMLParser(text)
    _remove(tree, hints.remove)
    title = tree.css_first("title")
    content = html_lines(tree)
    content.flags += flags
    return Page(
        form="html",
        content=content,
        metas=_metas(tree),
        title_tag=normal_line(title.text()) or None if title else None,
        hinted_title=_first_text(tree, hints.title),
        body_nodes=_first_nodes(tree, body),
        source=text,
    )


def _remove(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> None:
    for selector in selectors:
        for node in tree.css(selector):
            node.decompose()


def _metas(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    found = []
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property")
        if name and (content := attributes.get("content")):
            found.append((name.strip(), content))
    return tuple(found[:200])


def _first_text(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> str | None:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None and (text := normal_line(node.text())):
            return text
    return None


def _first_nodes(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> tuple[int, ...]:
    for selector in selectors:
        if nodes := tree.css(selector):
            return tuple(node.mem_id for node in nodes)
    return ()
