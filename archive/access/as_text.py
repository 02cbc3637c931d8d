"""A notice for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from archive.catalogue.views import AttachmentView, NoticeView
from archive.notice import utc_text
from archive.notice.regions import region_name


def notice_text(view: NoticeView) -> Text:
    """Everything a person wants to read of a notice, in a terminal's styles."""
    text = Text()
    text.append(printable(view.summary.title) + "\n", style="bold red")
    for label, value in _facts(view):
        text.append(f"{label:　<6}", style="dim").append(f"{printable(value)}\n")
    text.append("\n" + printable(view.text) + "\n")
    for heading, lines in _sections(view):
        text.append(f"\n{heading}\n", style="bold")
        text.append("".join(f"  {printable(line)}\n" for line in lines))
    return text


def _facts(view: NoticeView) -> Iterator[tuple[str, str]]:
    summary = view.summary
    code = summary.jurisdiction
    facts = {
        "编号": summary.id,
        "发文字号": summary.document_number,
        "索引号": summary.index_number,
        "发文机关": "、".join(summary.issuing_bodies),
        "据代字": _by_code(view),
        "地区": code and f"{region_name(code) or ''} {code}".strip(),
        "文种": summary.kind,
        "成文日期": summary.written_on,
        "发布日期": summary.published_on,
        "施行日期": summary.effective_on,
        "有效性": summary.validity,
        "首次见到": utc_text(summary.first_seen_at),
    }
    return ((label, str(value)) for label, value in facts.items() if value)


def _by_code(view: NoticeView) -> str | None:
    """Whose the number is by its code, where the page says nothing of it, or another thing."""
    if view.code is None:
        return None
    learnt = f"，据本库 {view.code.numbers} 个文号" if view.code.standing == "learnt" else ""
    doubt = "存疑：" if view.summary.issuing_bodies else "推定："
    return f"{doubt}“{view.code.code}”是{'、'.join(view.code.bodies)}的代字{learnt}"


def _sections(view: NoticeView) -> Iterator[tuple[str, list[str]]]:
    sections = {
        "版本": [
            f"{version.number}  {utc_text(version.captured_at)}  {version.digest}"
            for version in view.versions
        ],
        "见于": [
            f"{'*' if sighting.is_original else ' '} {sighting.url}  "
            f"({sighting.source_name}, {sighting.trust.name.lower()}, {sighting.state})"
            for sighting in view.sightings
        ],
        "证据": [
            f"{capture.place.file} @{capture.place.offset}+{capture.place.length}  "
            f"{capture.payload_digest}"
            for capture in view.captures
        ],
        "附件": [_file_line(file) for file in view.attachments],
        "引用": [
            " ".join(filter(None, (citation.number, citation.title))) for citation in view.cites
        ],
        "被引用": [
            f"{citing.document_number or citing.id}  {citing.title}" for citing in view.cited_by
        ],
        "判定": [f"{d.outcome}: {'; '.join(d.reasons)}" for d in view.decisions],
    }
    return ((heading, lines) for heading, lines in sections.items() if lines)


def _file_line(file: AttachmentView) -> str:
    read = f"{file.kind}, {file.characters:,} 字" if file.kind else ""
    said = "  ".join(filter(None, (read, ", ".join(file.flags))))
    line = f"{file.attachment.title}  {file.attachment.url}"
    return f"{line}  ({said})" if said else line


def printable(text: str) -> str:
    """Without control characters: a hostile page must not steer the terminal."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c == "\u3000")
