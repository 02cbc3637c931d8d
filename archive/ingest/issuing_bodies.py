"""发文机关: who issued a notice, all of a joint issue in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.ingest.claims import Claim
from archive.ingest.dates import find_dates, is_date_line
from archive.notice import DocumentNumber, Found, NumberForm
from archive.notice.issuer_codes import built_in_codes

_SPLIT = re.compile(r"[、，,；;|/]+|\s+")
_ABOUT = re.compile(
    r"(.{2,80}?)(?:关于|转发|印发|对(?!.{0,4}口|[接比照标话象外内])|公告$|通告$|令(?:\s*第|$))"
)
_BODY = re.compile(
    r"[一-鿿]{1,40}(?:委员会|委|部|局|厅|院|署|政府|办公室|办公厅|办|会|中心|银行|总局|领导小组|指挥部|组|司|联|公司|大学|[书事理作]处)"
    r"(?:[（(][一-鿿]{1,10}[)）])?"
)
#: 财 政 部 beside names without blanks, and the seal noted behind a name.
_SPACED_OUT = re.compile(r"(?<![一-鿿])(?:[一-鿿][ \u3000]{1,3}){1,8}[一-鿿](?![一-鿿])")
_BLANKS = re.compile(r"[ \u3000]+")
_SEAL = re.compile(r"[（(](?:盖章|印章|公章|章|代章|印)[)）]")
_HAN_ONLY = re.compile(r"[一-鿿（）()]{6,40}")
#: What can only be the end of a body's name.
_ENDS_A_NAME = re.compile(
    r"(?:工作|协调|推进)?(?:领导小组|指挥部|委员会|联席会议|办公室)(?:办公室)?"
)
_MOST = 40


def find_issuing_bodies(
    claims: Sequence[Claim],
    title: str | None,
    text: Sequence[str],
    number: DocumentNumber | None = None,
) -> tuple[tuple[str, ...], Found | None]:
    """The issuing bodies: of the table, else of the title, of the order's own number, of the
    signature, else of the source that the page names.

    A table often names the one body that filled it in, and by a short name (市府办). Where the
    title or the signature says the same body's name in full, or names further bodies beside
    it, they are believed, and ``how`` says so.
    """
    found = [one for one in _candidates(claims, title, text, number) if one[0]]
    if not found:
        return (), None
    bodies, how = found[0]
    official = [one for one in found if one[1] in _OFFICIAL]
    for fuller, place in official:
        if place != how and _is_fuller(fuller, bodies, title or ""):
            bodies, how = fuller, f"{place}, where {how} says {'、'.join(bodies)}"
            break
    else:
        bodies = tuple(_completed(body, found) for body in bodies)
    others = dict.fromkeys(f"{'、'.join(b)} ({h})" for b, h in found if b != bodies)
    return bodies, Found(field="issuing_bodies", how=how, instead_of=tuple(others))


#: Places where a body gives its own name: what they say stands on the paper itself.
_OFFICIAL = frozenset({"title", "signature"})


def _candidates(
    claims: Sequence[Claim], title: str | None, text: Sequence[str], number: DocumentNumber | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    for claim in claims:
        if claim.field == "issuing_bodies":
            yield split_bodies(claim.value), claim.how
    is_numbered_by_name = number is not None and number.form is not NumberForm.BRACKET
    match = _ABOUT.match(title or "")
    if match and not (is_numbered_by_name and match.group().endswith(("令", "第"))):
        yield _all_bodies(match[1]), "title"
    if number and is_numbered_by_name:
        yield _all_bodies(re.sub("(?:令|公告|通告)$", "", number.issuer_code)), "document number"
    yield _signature(text), "signature"
    for claim in claims:
        if claim.field == "source_name":
            yield _all_bodies(claim.value), claim.how
    code = built_in_codes().find(number.issuer_code) if number else None
    if code and code.is_central:  # 云政发 is 云南's and 云和县's alike
        yield code.bodies, f"issuer code {code.code}"


def _is_fuller(fuller: Sequence[str], bodies: Sequence[str], title: str) -> bool:
    """Whether the one says all bodies of the other, by longer names or with more beside them."""
    if any(not any(is_short_for(body, full) for full in fuller) for body in bodies):
        return False
    is_longer = any(body not in fuller and body not in title for body in bodies)
    return len(fuller) > len(bodies) or (is_longer and len(fuller) == len(bodies))


def is_short_for(short: str, full: str) -> bool:
    """Whether a name may be short for another: its characters in order, its kind the same.

    市府办 is short for 云泽市人民政府办公室, 省政府 not for 省政府办公厅.
    """
    short, full = _FOLDED.sub(_kind_of_body, short), _FOLDED.sub(_kind_of_body, full)
    if short[-1:] != full[-1:]:
        return False
    rest = iter(full)
    return all(char in rest for char in short)


_FOLDED = re.compile("(?:委员会|办公[室厅])$")


def _kind_of_body(match: re.Match[str]) -> str:
    return match.group()[0]


def _completed(body: str, found: Sequence[tuple[tuple[str, ...], str]]) -> str:
    """证监会 → 中国证监会, 省医保局 → 南江省医保局, where another place of the page says so."""
    names = {name for bodies, _ in found for name in bodies if name.endswith(body)}
    return max(names, key=len) if len(names) == 2 else body


def split_bodies(value: str) -> tuple[str, ...]:
    """卫生健康委、财政部 医保局 → three bodies."""
    value = _SPACED_OUT.sub(lambda name: _BLANKS.sub("", name.group()), _SEAL.sub("", value))
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
    same_line = text[place][: _date_start(text[place])].strip(" \u3000（(")
    bodies: list[str] = list(_all_bodies(same_line))
    for line in reversed(text[max(0, place - 12) : place]):
        found = _all_bodies(line)
        if not found:
            if bodies and _is_broken_off(line, bodies[0]):
                bodies[0] = line + bodies[0]
            break
        bodies[:0] = found
    return tuple(dict.fromkeys(bodies))


def _is_broken_off(line: str, body: str) -> bool:
    """A long name over two lines: 珠海市深化医药卫生体制改革工作 / 领导小组办公室."""
    return bool(_HAN_ONLY.fullmatch(line)) and bool(_ENDS_A_NAME.fullmatch(body))


def _closes(text: Sequence[str], index: int) -> bool:
    line = text[index]
    if len(line) > 80 or not (dates := find_dates(line)) or line[dates[-1][2] :].strip(" 　）)"):
        return False
    above = line[: dates[-1][1]].strip(" \u3000（(") or text[index - 1]
    return bool(_all_bodies(above)) and (
        is_date_line(line) or bool(_all_bodies(line[: dates[-1][1]]))
    )


def _date_start(line: str) -> int:
    dates = find_dates(line)
    return dates[-1][1] if dates else len(line)
