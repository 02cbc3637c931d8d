"""发文机关: who issued a notice, all of a joint issue in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.ingest.claims import Claim
from archive.ingest.dates import find_dates, is_date_line
from archive.notice import Found

_SPLIT = re.compile(r"[、，,；;|/]+|\s+")
_ABOUT = re.compile(r"(.{2,80}?)(?:关于|转发|印发|对(?!.{0,4}口)|公告$|通告$|令(?:\s*第|$))")
_BODY = re.compile(
    r"[一-鿿]{1,40}(?:委员会|委|部|局|厅|院|署|政府|办公室|办公厅|办|会|中心|银行|总局|领导小组|指挥部|组|司|联|公司|大学)"
    r"(?:[（(][一-鿿]{1,10}[)）])?"
)
_MOST = 40


def find_issuing_bodies(
    claims: Sequence[Claim], title: str | None, text: Sequence[str]
) -> tuple[tuple[str, ...], Found | None]:
    """The issuing bodies: of the table, else of the title, else of the signature, else of the
    source the page names."""
    for claim in claims:
        if claim.field == "issuing_bodies" and (bodies := split_bodies(claim.value)):
            return bodies, _found(claim.how)
    if title and (match := _ABOUT.match(title)) and (bodies := _all_bodies(match[1])):
        return bodies, _found("title")
    if bodies := _signature(text):
        return bodies, _found("signature")
    for claim in claims:
        if claim.field == "source_name" and (bodies := _all_bodies(claim.value)):
            return bodies, _found(claim.how)
    return (), None


def split_bodies(value: str) -> tuple[str, ...]:
    """卫生健康委、财政部 医保局 → three bodies."""
    return tuple(dict.fromkeys(one for one in _SPLIT.split(value) if len(one) > 1))[:_MOST]


def _all_bodies(value: str) -> tuple[str, ...]:
    """The bodies in a text that names nothing else; empty when it does."""
    bodies = split_bodies(value.removeprefix("中华人民共和国"))
    return bodies if bodies and all(_BODY.fullmatch(one) for one in bodies) else ()


def _signature(text: Sequence[str]) -> tuple[str, ...]:
    """The lines above the date that closes the notice."""
    place = next((i for i, line in enumerate(text) if i and _closes(text, i)), None)
    if place is None:
        return ()
    same_line = text[place][: _date_start(text[place])].strip()
    bodies: list[str] = list(_all_bodies(same_line))
    for line in reversed(text[max(0, place - 12) : place]):
        found = _all_bodies(line)
        if not found:
            break
        bodies[:0] = found
    return tuple(dict.fromkeys(bodies))


def _closes(text: Sequence[str], index: int) -> bool:
    line = text[index]
    if len(line) > 80 or not (dates := find_dates(line)) or line[dates[-1][2] :].strip(" 　）)"):
        return False
    above = line[: dates[-1][1]].strip() or text[index - 1]
    return bool(_all_bodies(above)) and (
        is_date_line(line) or bool(_all_bodies(line[: dates[-1][1]]))
    )


def _date_start(line: str) -> int:
    dates = find_dates(line)
    return dates[-1][1] if dates else len(line)


def _found(how: str) -> Found:
    return Found(field="issuing_bodies", how=how)
