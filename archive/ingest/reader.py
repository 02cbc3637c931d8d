"""The conductor: from the bytes of an answer to a `Reading`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from urllib.parse import urljoin

from archive.ingest.attachments import find_attachments
from archive.ingest.body import Body, find_body, find_hidden_body
from archive.ingest.citations import find_cited_numbers, find_cited_titles
from archive.ingest.claims import LINE_OF_LABELS, Claim, meta_claims, table_claims
from archive.ingest.continuation import find_continuations
from archive.ingest.decode import decode, is_wide_text
from archive.ingest.furniture import furniture_kind
from archive.ingest.issuing_bodies import find_issuing_bodies
from archive.ingest.kind import find_kind
from archive.ingest.lines import Line
from archive.ingest.mended_page import mend_page
from archive.ingest.mojibake import undo_mojibake
from archive.ingest.notice_dates import BELOW, find_effective_on, find_published_on, find_written_on
from archive.ingest.other_script import hear
from archive.ingest.own_number import find_own_number, is_text
from archive.ingest.page import Page, open_page
from archive.ingest.second_opinion import hear_trafilatura, is_doubtful
from archive.ingest.spam import find_spam
from archive.ingest.title import find_title
from archive.ingest.trim import Trimmed, removals, trim
from archive.notice import (
    Attachment,
    Capture,
    DocumentNumber,
    Found,
    PageFields,
    PageHints,
    Reading,
    Removal,
    Repair,
    in_one_script,
)
from archive.notice.issuer_codes import built_in_codes

#: Raised whenever the same bytes may give another reading than before.
READER_VERSION = "4"
#: No notice is longer; what lies beyond is not read, and the reading says so.
MOST_BYTES = 24_000_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", re.IGNORECASE)
_VALIDITY = ("失效", "废止", "有效")
_STATUS_IN_TITLE = re.compile(r"^\s*[\[【（(](失效|废止|已失效|已废止)[\]】）)]")
_USCC_REGION = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{2}(\d{6})[0-9A-Z]{10}(?![0-9A-Z])")
_HEAD_OF_BODY, _NEAR = 40, 6
_MOST_REMOVALS = 300
#: Fields that only a disclosure table below the text may still claim; dates and sources there
#: are of other notices.
_TABLE_ONLY = frozenset({"index_number", "document_number", "issuing_bodies", "written_on"})
_LEADS_IN = re.compile(r"如下|附件|下列|以下|记者|问|答|一、|公告|通告")
_CONTROLS = bytes((*range(9), *range(14, 27)))  # none of them stands in a text
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x7fELF", "elf"),
)


def read(
    capture: Capture, fields: PageFields | None = None, hints: PageHints | None = None
) -> Reading:
    """Read a notice page from its capture.

    Args:
        capture: With a body; a revisit carries its original's.
        fields: What the source's own reading found.
        hints: Where the source says its pages keep title and body.
    """
    content_type = capture.header("content-type") or ""
    charset = _CHARSET.search(content_type)
    return read_bytes(
        capture.body,
        media_type=capture.media_type,
        charset=charset[1] if charset else None,
        url=capture.url,
        fields=fields or PageFields(),
        hints=hints or PageHints(),
        listed=Listed(
            published_on=capture.facts.lead_published_on,
            document_number=capture.facts.lead_document_number,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What the list page said beside the link."""

    published_on: date | None = None
    document_number: str | None = None


def read_bytes(
    body: bytes,
    *,
    media_type: str = "",
    charset: str | None = None,
    url: str | None = None,
    file: str | None = None,
    fields: PageFields = PageFields(),  # noqa: B008 - frozen
    hints: PageHints = PageHints(),  # noqa: B008 - frozen
    listed: Listed = Listed(),
) -> Reading:
    """Read HTML, plain text or JSON; which of them is told by the bytes.

    Never raises over what the bytes hold: what could not be read is a flag of the Reading.
    """
    if not body.strip(b"\0 \t\r\n"):
        return Reading(reader_version=READER_VERSION, file=file, url=url, flags=("empty",))
    if kind := _binary_kind(body):
        return Reading(reader_version=READER_VERSION, file=file, url=url, flags=(f"binary:{kind}",))
    flags: tuple[str, ...] = ("cut:too-long",) if len(body) > MOST_BYTES else ()
    decoded = decode(_shortened(body), charset)
    again = undo_mojibake(decoded.text)
    mended = mend_page(open_page(again.text, media_type, fields, hints))
    repairs = (*again.repairs, *mended.repairs)
    reading = _read_page(mended.page, url, fields, listed, repairs)
    flags += (*decoded.flags, *again.flags, *mended.flags, *fields.flags, *reading.flags)
    removed = (*decoded.lost, *reading.removed)
    return replace(reading, file=file, removed=removed, flags=tuple(dict.fromkeys(flags)))


def _read_page(
    page: Page, url: str | None, fields: PageFields, listed: Listed, repairs: tuple[Repair, ...]
) -> Reading:
    body = find_body(page)
    if hidden := find_hidden_body(page, body):
        page, body = hidden
    start, end = (body.start, body.end) if body else (len(page.lines), len(page.lines))
    top = _top(page, start, end)
    claims = _claims(page, fields, listed, top, end)
    title, title_found = find_title(page, claims, start)
    continued_at = find_continuations(page.source, url)
    spam = find_spam([line.text for line in page.lines[start:end]], title=title)
    spam_title = title if spam.title_is_spam else None
    title = spam.title_without_spam if spam.title_is_spam else title
    trimmed = _heard(page, body, trim(page.lines[start:end], title, spam.lines))
    rows = [line.text for line in trimmed.lines]
    text = "\n".join(rows)
    heard = hear(title, rows, claims)
    said = "\n".join(heard.rows)
    kind = find_kind(heard.title, said)
    head = tuple(map(in_one_script, _head(page, start, rows)))
    number, number_found = find_own_number(heard.claims, head, heard.title, kind)
    bodies, bodies_found = find_issuing_bodies(heard.claims, heard.title, heard.rows, number)
    written, written_found = find_written_on(claims, heard.rows, kind)
    head_lines = page.lines[:top]
    published, published_found = find_published_on(claims, head_lines, listed.published_on, start)
    effective, effective_found = find_effective_on(claims, said, written)
    dated = (written_found, published_found, effective_found)
    found = (title_found, number_found, bodies_found, *dated, _body_found(body))
    flags = _flags(text, title, number, body)
    return Reading(
        reader_version=READER_VERSION,
        url=url,
        title=title,
        document_number=str(number) if number else None,
        index_number=_first(claims, "index_number"),
        issuing_bodies=heard.as_written(bodies),
        jurisdiction=_jurisdiction(claims, number, bodies),
        kind=kind,
        addressees=_addressees(rows),
        written_on=written,
        published_on=published,
        effective_on=effective,
        validity=_validity(heard.claims, heard.title),
        source_name=_first(claims, "source_name"),
        text=text,
        attachments=_attachments(page, fields, url, start, end),
        cited_numbers=find_cited_numbers(f"{title or ''}\n{text}", number),
        cited_titles=find_cited_titles(text, title),
        removed=(*_title_spam(spam_title), *_outside(page, start, end), *trimmed.removed),
        repairs=repairs,
        continued_at=continued_at,
        flags=(*page.content.flags, *_continues(continued_at), *flags, *_contested(found)),
        found=tuple(one for one in (*found, *_claimed(claims)) if one),
    )


def _heard(page: Page, body: Body | None, trimmed: Trimmed) -> Trimmed:
    """Our text, or what trafilatura agrees to of it where no container is known and much of
    it is scraps."""
    if body is None or not body.how.startswith("density") or not is_doubtful(trimmed.lines):
        return trimmed
    heard = hear_trafilatura(trimmed.lines, page.source)
    if heard is None:
        return trimmed
    kept, dropped = heard
    return Trimmed(lines=kept, removed=(*trimmed.removed, *dropped))


def _top(page: Page, start: int, end: int) -> int:
    """Index of the first line of prose in the body: above it stand title, table, number."""
    rows = enumerate(page.lines[start : min(end, start + _HEAD_OF_BODY)], start)
    first = (i for i, line in rows if is_text(line.text) or _is_sentence(line))
    return next(first, min(start + _HEAD_OF_BODY, end))


def _is_sentence(line: Line) -> bool:
    is_prose = line.text.endswith("。") and len(line.text) > 12 and line.text[0] not in "（("
    return is_prose and not (line.is_hidden or line.linked or furniture_kind(line.text))


def _claims(
    page: Page, fields: PageFields, listed: Listed, top: int, end: int
) -> tuple[Claim, ...]:
    """Everything that says what it is, the most trustworthy first."""
    above = [line for line in page.lines[:top] if not line.is_hidden]
    hidden = [line for line in page.lines[:top] if line.is_hidden]
    below = [
        claim
        for claim in table_claims(page.lines[end:])
        if claim.field in _TABLE_ONLY and claim.how != LINE_OF_LABELS
    ]
    return (
        *_given(fields),
        *page.given,
        *table_claims(above),
        *meta_claims(page.metas),
        *table_claims(hidden),
        *below,
        *_dated_below(page.lines[max(top, end - _NEAR) : end + _NEAR]),
        *_listed(listed),
    )


def _dated_below(lines: Sequence[Line]) -> Iterator[Claim]:
    """发布日期：… right below the text, before any link to another article."""
    shown = [line for line in lines if not line.is_hidden]
    own = takewhile(lambda line: not line.linked or furniture_kind(line.text), shown)
    for claim in table_claims(tuple(own)):
        if claim.field == "published_on" and len(claim.how.rpartition(" ")[2]) > 2:
            yield claim._replace(how=f"{BELOW} {claim.how}")


def _given(fields: PageFields) -> Iterator[Claim]:
    for name in ("title", "document_number", "index_number", "source_name"):
        if value := getattr(fields, name):
            yield Claim(name, value, "source's own reading")
    if fields.issuing_bodies:
        yield Claim("issuing_bodies", "、".join(fields.issuing_bodies), "source's own reading")
    for name in ("written_on", "published_on"):
        if day := getattr(fields, name):
            yield Claim(name, day.isoformat(), "source's own reading")


def _listed(listed: Listed) -> Iterator[Claim]:
    if listed.document_number:
        yield Claim("document_number", listed.document_number, "list")


def _first(claims: Sequence[Claim], field: str) -> str | None:
    return next((claim.value for claim in claims if claim.field == field), None)


def _claimed(claims: Sequence[Claim]) -> Iterator[Found]:
    """How the fields were found that are taken as the page states them."""
    for field in ("index_number", "source_name", "validity", "jurisdiction"):
        own = [claim for claim in claims if claim.field == field]
        if own:
            others = dict.fromkeys(f"{c.value} ({c.how})" for c in own if c.value != own[0].value)
            yield Found(field=field, how=own[0].how, instead_of=tuple(others))


def _head(page: Page, start: int, rows: Sequence[str]) -> list[str]:
    """Lines between title and text: the page's last ones above its body, then the body's."""
    if page.form == "text":
        return list(rows[:_HEAD_OF_BODY])
    above = [
        line.text
        for line in page.lines[max(0, start - 6) : start]
        if not (line.is_hidden or line.linked or is_text(line.text) or furniture_kind(line.text))
    ]
    return [*above, *rows[:_HEAD_OF_BODY]]


def _addressees(rows: Sequence[str]) -> str | None:
    """主送机关: the first line that ends in a colon and names whom it is sent to."""
    for row in rows[:8]:
        if row.endswith(("：", ":")) and len(row) <= 600:
            return row.rstrip("：:") if not _LEADS_IN.search(row) else None
        if len(row) > 60 or row.endswith("。"):
            return None
    return None


def _jurisdiction(
    claims: Sequence[Claim], number: DocumentNumber | None, bodies: Sequence[str]
) -> str | None:
    """GB/T 2260 code: of the site (SiteIDCode), else in the index number's credit code, else
    of the code the own number begins with, where the issuing body is the code's."""
    site = _first(claims, "jurisdiction") or ""
    if re.fullmatch(r"[1-8]\d{9}", site):
        return site[:6]
    match = _USCC_REGION.search(_first(claims, "index_number") or "")
    if match and match[1][0] in "12345678":
        return match[1]
    code = built_in_codes().find(number.issuer_code) if number else None
    is_sure = code is not None and (code.is_central or bool({*code.bodies} & {*bodies}))
    return code.jurisdiction if code and is_sure else None


def _validity(claims: Sequence[Claim], title: str | None) -> str | None:
    if match := _STATUS_IN_TITLE.match(title or ""):
        return match[1].removeprefix("已")
    value = _first(claims, "validity") or ""
    if value in {"是", "现行有效", "继续有效"}:
        return "有效"
    if value == "否" or "无效" in value:
        return "失效"
    return next((word for word in _VALIDITY if word in value), None)


def _attachments(
    page: Page, fields: PageFields, url: str | None, start: int, end: int
) -> tuple[Attachment, ...]:
    found = (
        *fields.attachments,
        *(replace(one, url=urljoin(url or "", one.url)) for one in page.given_attachments),
        *find_attachments(page.content.anchors, url, start, end),
    )
    return tuple({one.url: one for one in reversed(found)}.values())[::-1]


def _outside(page: Page, start: int, end: int) -> tuple[Removal, ...]:
    """What stood around the body, neighbours of one kind in one piece."""
    pieces = (*removals(page.lines[:start]), *removals(page.lines[end:]))
    joined: list[Removal] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and last.kind == piece.kind and len(last.text) + len(piece.text) < 400:
            joined[-1] = replace(last, text=f"{last.text}\n{piece.text}")
        else:
            joined.append(piece)
    return tuple(joined[:_MOST_REMOVALS])


def _continues(pages: Sequence[str]) -> tuple[str, ...]:
    return (f"continues:{len(pages) + 1}",) if pages else ()


def _title_spam(title: str | None) -> tuple[Removal, ...]:
    return (Removal(kind="spam", text=title[:400], where="title"),) if title else ()


def _flags(
    text: str, title: str | None, number: DocumentNumber | None, body: Body | None
) -> tuple[str, ...]:
    flags = []
    if body is None or not text.strip():
        flags.append("no-body")
    if not title:
        flags.append("no-title")
    if number and not number.issuer_code:
        flags.append("number-without-issuer")  # 2026年第5号: unique only together with its body
    if lost := text.count("\ufffd") + (title or "").count("\ufffd"):
        flags.append(f"replacement-characters:{lost}")
    return tuple(flags)


def _contested(found: Sequence[Found | None]) -> Iterator[str]:
    """A field that the page states twice and differently, and why one statement is believed."""
    for one in found:
        if one and one.why:
            yield f"contested:{one.field}={one.why}"


def _body_found(body: Body | None) -> Found | None:
    return Found(field="text", how=body.how) if body else None


def _shortened(body: bytes) -> bytes:
    """At most `MOST_BYTES`, cut before a tag or a line and never within a character."""
    if len(body) <= MOST_BYTES:
        return body
    cut = max(body.rfind(mark, 0, MOST_BYTES) for mark in (b"<", b"\n"))
    return body[: cut if cut > 0 else MOST_BYTES]


def _binary_kind(body: bytes) -> str | None:
    """What a file is that holds no page; None for text in whatever coding."""
    for mark, kind in _MAGIC:
        if body.startswith(mark):
            return kind
    head = body[:4096]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return "unknown" if controls > max(8, len(head) // 20) and not is_wide_text(body) else None
