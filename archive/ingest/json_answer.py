"""JSON answers of systems that give a notice as data: gkmlpt, UCAP, 国家金融监督管理总局 …"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.ingest.claims import Claim
from archive.notice import Attachment


@dataclass(frozen=True, kw_only=True)
class JsonNotice:
    """What one JSON object says of a notice."""

    html: str
    claims: tuple[Claim, ...]
    attachments: tuple[Attachment, ...] = ()


_NAMES = "contenthtml docclob content body html doccontent text infocontent"
_BODY_KEYS = _NAMES.split()
#: Keys as met, lower case, in order of preference within a field.
_KEYS: dict[str, str] = {
    "title": "title docsubtitle doctitle subject infotitle name",
    "document_number": "documentno document_number refno pcode docno wh filenum fileno",
    "index_number": "indexno identifier indexnumber index_number syh index",
    "issuing_bodies": "publisher puborg issuer fwjg pubunit",
    "published_on": (
        "publishdate published_on pubtimestr pubdate display_publish_time publishedtimestr "
        "first_publish_time publishtime pubtime created_at"
    ),
    "written_on": "writedate date scrq",
    "source_name": "source docsource",
    "validity": "effectivestate yxx",
}
_DETAIL = re.compile(r"\bDETAIL[\"']?\s{0,5}[:=]\s{0,5}(?=\{)")
_DEEPEST, _MOST = 12, 5000


def is_json(text: str) -> bool:
    """Whether a text is JSON throughout, however deep; [失效]关于… is not."""
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def read_json_answer(text: str) -> JsonNotice | None:
    """The notice in a JSON answer; None when it is no JSON or holds none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _notice_in(value)


def read_embedded_detail(html: str) -> JsonNotice | None:
    """The notice in ``window._CONFIG = {… DETAIL: {…}}`` of a gkmlpt page."""
    if "_CONFIG" not in html or not (match := _DETAIL.search(html)):
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(html, match.end())
    except (ValueError, RecursionError):
        return None
    return _notice_in(value)


def _notice_in(value: Any) -> JsonNotice | None:
    best, length = None, 0
    for one in _objects(value):
        body = _body(one)
        if len(body) > length:
            best, length = one, len(body)
    if best is None:
        return None
    claims = tuple(_claims(best))
    return JsonNotice(html=_body(best), claims=claims, attachments=_attachments(best))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object within a value, breadth first, bounded."""
    level, seen = [value], 0
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for one in level:
            seen += 1
            if seen > _MOST:
                return
            if isinstance(one, dict):
                yield one
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = [one for one in below if isinstance(one, dict | list)]


def _body(one: Mapping[str, Any]) -> str:
    lower = {str(key).lower(): value for key, value in one.items()}
    for key in _BODY_KEYS:
        value = lower.get(key)
        if isinstance(value, str) and re.search("[一-鿿]", value):
            return value
    return ""


def _claims(one: Mapping[str, Any]) -> Iterator[Claim]:
    lower = {str(key).lower(): (str(key), value) for key, value in one.items()}
    for key, value in _domain_pairs(one):
        lower.setdefault(key.lower(), (key, value))
    for field, keys in _KEYS.items():
        for key in keys.split():
            name, value = lower.get(key, ("", None))
            if type(value) in (str, int) and str(value).strip():
                yield Claim(field, " ".join(str(value).split()), f"json {name}")
    if lower.get("is_abolished", ("", 0))[1] in (1, True, "1"):
        yield Claim("validity", "废止", "json is_abolished")
    elif lower.get("is_expired", ("", 0))[1] in (1, True, "1"):
        yield Claim("validity", "失效", "json is_expired")


def _domain_pairs(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """UCAP keeps its fields in ``domainMetaList[].resultList[]{key,value}``."""
    for domain in one.get("domainMetaList") or ():
        for pair in (domain.get("resultList") if isinstance(domain, dict) else None) or ():
            if isinstance(pair, dict) and isinstance(pair.get("key"), str):
                yield pair["key"], str(pair.get("value") or "")


def _attachments(one: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = []
    rows = one.get("attachment") or one.get("attachmentInfoVOList") or ()
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(url := row.get("url") or row.get("fileUrl"), str):
            title = row.get("name") or row.get("title") or row.get("fileName") or url
            found.append(Attachment(title=str(title), url=url))
    return tuple(found)
