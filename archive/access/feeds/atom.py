"""Atom (RFC 4287), in the archived form of RFC 5005."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from archive.access.feeds.channel import MEDIA_TYPES, Channel, Entry
from archive.access.feeds.content import entry_html, entry_title, evidence_path
from archive.access.feeds.legal_text import legal_text
from archive.notice import utc_text

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"

ET.register_namespace("", ATOM)
ET.register_namespace("fh", HISTORY)


def render_atom(channel: Channel) -> bytes:
    """Write the feed."""
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": "zh-CN"})
    _add(root, "id", channel.id)
    _add(root, "title", channel.title)
    _add(root, "subtitle", channel.description)
    _add(root, "updated", utc_text(channel.updated))
    _add(_add(root, "author"), "name", channel.author)
    _link(root, "self", channel.link(channel.self_path), MEDIA_TYPES["atom"].partition(";")[0])
    _link(root, "alternate", channel.link(channel.page_path), "text/html")
    _link(root, "related", channel.link("/api/v1/health"), "application/json", "来源状况")
    _link(root, "related", channel.link("/feeds/changes.atom"), "application/atom+xml", "全部变更")
    for rel, path in channel.links.items():
        _link(root, rel, channel.link(path), "application/atom+xml")
    if channel.is_archive:
        ET.SubElement(root, f"{{{HISTORY}}}archive")
    for entry in channel.entries:
        _entry(root, entry, channel)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: ET.Element, entry: Entry, channel: Channel) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry_title(entry))
    _add(element, "updated", utc_text(entry.at))
    _add(element, "published", utc_text(entry.summary.first_seen_at))
    for body in entry.summary.issuing_bodies:
        _add(_add(element, "author"), "name", body)
    _link(element, "alternate", channel.link(entry.path), "text/html")
    if entry.capture is not None:
        evidence = channel.link(evidence_path(entry.capture.record_id))
        _link(element, "related", evidence, "application/warc", "WARC")
    if entry.url or entry.capture is not None:
        _link(element, "via", entry.url or (entry.capture.url if entry.capture else ""))
    terms = (entry.change.value, entry.summary.kind, entry.summary.jurisdiction)
    for term in dict.fromkeys((*terms, *entry.summary.topics)):
        if term:
            ET.SubElement(element, f"{{{ATOM}}}category", term=legal_text(term))
    _add(element, "content", entry_html(entry, channel)).set("type", "html")


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        element.text = legal_text(text)
    return element


def _link(parent: ET.Element, rel: str, href: str, kind: str = "", title: str = "") -> None:
    given = {"rel": rel, "href": legal_text(href), "type": kind, "title": title}
    ET.SubElement(parent, f"{{{ATOM}}}link", {key: value for key, value in given.items() if value})
