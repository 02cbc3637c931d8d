"""JSON Feed 1.1."""

from __future__ import annotations

import json
from typing import Any

from archive.access.as_json import status_json, summary_json
from archive.access.feeds.channel import Channel, Entry
from archive.access.feeds.content import entry_html, entry_title, evidence_path
from archive.access.feeds.legal_text import legal_text
from archive.notice import utc_text


def render_json_feed(channel: Channel) -> bytes:
    """Write the feed."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.link(channel.page_path),
        "feed_url": channel.link(channel.self_path),
        "language": "zh-CN",
        "authors": [{"name": channel.author}],
        "_hongtou": {
            "health_url": channel.link("/api/v1/health"),
            "changes_url": channel.link("/feeds/changes.json"),
        },
    }
    if next_path := channel.links.get("next") or channel.links.get("prev-archive"):
        feed["next_url"] = channel.link(next_path)
    feed["items"] = [_item(entry, channel) for entry in channel.entries]
    return legal_text(json.dumps(_legal(feed), ensure_ascii=False)).encode()


def _item(entry: Entry, channel: Channel) -> dict[str, Any]:
    summary = entry.summary
    item: dict[str, Any] = {
        "id": entry.id,
        "url": channel.link(entry.path),
        "title": entry_title(entry),
        "content_html": entry_html(entry, channel),
        "date_published": utc_text(summary.first_seen_at),
        "date_modified": utc_text(entry.at),
        "tags": list(filter(None, (entry.change.value, summary.kind, *summary.topics))),
        "_hongtou": summary_json(summary)
        | {
            "seq": entry.seq,
            "change": entry.change.value,
            "version": entry.version.number,
            "digest": entry.version.digest,
        },
    }
    if entry.status is not None:
        item["_hongtou"]["status"] = status_json(entry.status)
    if summary.issuing_bodies:
        item["authors"] = [{"name": body} for body in summary.issuing_bodies]
    if entry.url is not None or entry.capture is not None:
        item["external_url"] = entry.url or (entry.capture and entry.capture.url)
    if entry.capture is not None:
        evidence = channel.link(evidence_path(entry.capture.record_id))
        item["_hongtou"]["evidence_url"] = evidence
    return item


def _legal(value: Any) -> Any:
    """The same value, every text in it free of what a consumer's XML could not take."""
    if isinstance(value, str):
        return legal_text(value)
    if isinstance(value, dict):
        return {key: _legal(inner) for key, inner in value.items()}
    return [_legal(inner) for inner in value] if isinstance(value, list) else value
