"""RSS 2.0."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from archive.access.feeds.atom import ATOM, HISTORY
from archive.access.feeds.channel import Channel, Entry
from archive.access.feeds.content import entry_html, entry_title
from archive.access.feeds.legal_text import legal_text
from archive.notice import aware_utc

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

#: What a reader of the feed may want beside it.
RELATED = (
    ("/api/v1/health", "application/json", "来源状况"),
    ("/feeds/changes.rss", "application/rss+xml", "全部变更"),
)

ET.register_namespace("atom", ATOM)
ET.register_namespace("dc", DUBLIN_CORE)


def render_rss(channel: Channel) -> bytes:
    """Write the feed."""
    root = ET.Element("rss", version="2.0")
    body = ET.SubElement(root, "channel")
    _add(body, "title", channel.title)
    _add(body, "link", channel.link(channel.page_path))
    _add(body, "description", channel.description)
    _add(body, "language", "zh-cn")
    _add(body, "lastBuildDate", _rfc822(channel.updated))
    itself = {"rel": "self", "type": "application/rss+xml"}
    ET.SubElement(body, f"{{{ATOM}}}link", itself | {"href": channel.link(channel.self_path)})
    for path, kind, title in RELATED:
        related = {"rel": "related", "type": kind, "title": title}
        ET.SubElement(body, f"{{{ATOM}}}link", related | {"href": channel.link(path)})
    for rel, path in channel.links.items():
        ET.SubElement(body, f"{{{ATOM}}}link", {"rel": rel, "href": channel.link(path)})
    if channel.is_archive:
        ET.SubElement(body, f"{{{HISTORY}}}archive")
    for entry in channel.entries:
        _item(body, entry, channel)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _item(body: ET.Element, entry: Entry, channel: Channel) -> None:
    item = ET.SubElement(body, "item")
    _add(item, "title", entry_title(entry))
    _add(item, "link", channel.link(entry.path))
    _add(item, "guid", entry.id).set("isPermaLink", "false")
    _add(item, "pubDate", _rfc822(entry.at))
    for issuer in entry.summary.issuing_bodies:
        _add(item, f"{{{DUBLIN_CORE}}}creator", issuer)
    for term in filter(None, (entry.change.value, entry.summary.kind, *entry.summary.topics)):
        _add(item, "category", term)
    _add(item, "description", entry_html(entry, channel))


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = legal_text(text)
    return element


def _rfc822(at: datetime) -> str:
    return format_datetime(aware_utc(at).replace(microsecond=0), usegmt=True)
