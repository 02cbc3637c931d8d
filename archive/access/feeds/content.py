"""What an entry says: the notice's facts with their proof, then its text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from archive.access.feeds.channel import Channel, Entry
from archive.access.feeds.legal_text import legal_text
from archive.access.reasons import tell
from archive.access.words import say, say_named
from archive.notice import ChangeKind, utc_text

LONGEST_TEXT = 8_000  #: characters; the page has the rest


def entry_title(entry: Entry) -> str:
    """The notice's title, with what kind of news it is where that is not plain."""
    title = legal_text(entry.version.title or entry.summary.title).strip() or entry.summary.id
    if entry.is_line:
        return f"〔{said_of_line(entry)}〕{title}"
    if entry.change is ChangeKind.REVISED:
        return f"〔修订·第{entry.version.number}版〕{title}"
    return title


def said_of_line(entry: Entry) -> str:
    """What a line of the change log tells, in a word."""
    if entry.change is ChangeKind.REVISED:
        return f"修订·第{entry.announced_version}版"
    if entry.status is not None and entry.change is ChangeKind.STATUS:
        return legal_text(say_named("zh", "fate", entry.status.status))
    return say("zh", f"outcome_{entry.change.value}")


def entry_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """The facts of an announcement, each with its label."""
    summary, version = entry.summary, entry.version
    facts = {
        **_line_facts(entry),
        "发文字号": summary.document_number,
        "索引号": summary.index_number,
        "发文机关": "、".join(summary.issuing_bodies),
        "文种": summary.kind,
        "成文日期": summary.written_on and summary.written_on.isoformat(),
        "发布日期": summary.published_on and summary.published_on.isoformat(),
        "首次见到": utc_text(summary.first_seen_at),
        "版本": f"{version.number}",
        "采集时间": utc_text(version.captured_at),
        "正文摘要值": version.digest,
    }
    if entry.capture is not None:
        place = entry.capture.place
        facts["原始网址"] = entry.capture.url
        facts["证据"] = f"{place.file} @{place.offset}+{place.length}"
        facts["载荷摘要值"] = entry.capture.payload_digest
    return ((label, legal_text(str(value))) for label, value in facts.items() if value)


def _line_facts(entry: Entry) -> dict[str, str | None]:
    if not entry.is_line:
        return {}
    status = entry.status
    return {
        "变更": f"{entry.seq}　{said_of_line(entry)}",
        "见于": entry.url,
        "自": status.since.isoformat() if status and status.since else None,
        "说明": tell("zh", status.told) if status else None,
        "依据": status.evidence if status else None,
    }


def entry_html(entry: Entry, channel: Channel) -> str:
    """The entry as HTML; every character of the notice is escaped."""
    rows = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in entry_facts(entry)
    )
    links = [f'<a href="{escape(channel.link(entry.path))}">公文页</a>']
    if entry.capture is not None:
        evidence = escape(channel.link(evidence_path(entry.capture.record_id)))
        links.append(f'<a href="{evidence}">WARC 记录</a>')
    text = legal_text(entry.version.text)
    shown = text[:LONGEST_TEXT] + ("…" if len(text) > LONGEST_TEXT else "")
    body = "".join(f"<p>{escape(line)}</p>" for line in shown.split("\n") if line.strip())
    return f"<dl>{rows}</dl><p>{' · '.join(links)}</p>{body}"


def evidence_path(record_id: str) -> str:
    """Where the bytes of a capture can be fetched."""
    return f"/api/v1/captures/{quote(record_id.removeprefix('urn:uuid:'), safe='')}.warc.gz"
