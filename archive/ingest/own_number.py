"""The notice's own number, or none: by label and position, never by first match.

A structured field wins, then a line of its own above the addressees, then the line of
enactment under the title, then the title itself. A number met anywhere else is cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.ingest.claims import Claim
from archive.ingest.labels import ends_in_label
from archive.notice import Found
from archive.notice.document_number import DocumentNumber, FoundNumber, NumberForm, find_numbers

#: Kinds that quote the number of what they are about, often as their only number.
ABOUT_OTHERS = frozenset({"解读", "新闻"})
_ENACTED = re.compile(r"[（(].{0,60}(?:公布|发布|颁布|印发|令)")
_HEAD_LINES = 12
#: The numbers of a joint issue of ten fill less.
_LONGEST_LINE = 300
_ORDER_HEAD = re.compile(r"(?:令|公告|通告)$")
_SERIAL_ONLY = re.compile(
    r"[（(〔\[]?\s*第?\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号\s*[）)〕\]]?"
)
#: 签发人 stands on the number's line of a report (GB/T 9704-2012, 7.2.6).
_SIGNER = re.compile(
    r"[\s\u3000]{0,40}签[\s\u3000]{0,2}发[\s\u3000]{0,2}人[\s\u3000]{0,2}[:：].{0,30}$"
)
_TITLE_TAIL = re.compile(
    r"[（(〔【\[]\s*([^（(）)]{1,20}(?:[（(]\s?\d{4}\s?[)）])?[^（(）)]{1,20}号)\s*[)）〕】\]]\s*$"
)


def find_own_number(
    claims: Sequence[Claim],
    head: Sequence[str],
    title: str | None,
    kind: str | None,
) -> tuple[DocumentNumber | None, Found | None]:
    """Find the number that is the notice's own.

    Args:
        claims: What tables, JSON, lists and the source's own reading say, the best first.
        head: Lines between the title and the text, the text's first lines behind them.
        title: The notice's title.
        kind: 文种; 解读 and news never have a number of their own.
    """
    found = list(_candidates(claims, head, title))
    if not found:
        return None, None
    others = tuple(dict.fromkeys(f"{number} ({how})" for number, how in found[1:]))
    if kind in ABOUT_OTHERS:
        all_seen = tuple(f"{number} ({how})" for number, how in found)
        return None, Found(field="document_number", how=f"none: {kind}", instead_of=all_seen)
    number, how = found[0]
    return number, Found(field="document_number", how=how, instead_of=others)


def _candidates(
    claims: Sequence[Claim], head: Sequence[str], title: str | None
) -> Iterator[tuple[DocumentNumber, str]]:
    for claim in claims:
        if claim.field == "document_number" and (number := _labelled(claim.value)):
            yield number, claim.how
    yield from _standing_alone(head)
    yield from _enactment(head)
    if title:
        yield from _in_title(title)


def _labelled(value: str) -> DocumentNumber | None:
    """The number in a field for numbers; the first of a joint issue's, which is the lead's."""
    number = DocumentNumber.parse(value, labelled=True)
    if number is None and (found := find_numbers(value, bare=True)):
        number = found[0].number
    return None if number and number.issuer_code in {"令", "公告令"} else number


def _standing_alone(head: Sequence[str]) -> Iterator[tuple[DocumentNumber, str]]:
    """A line that is a number and nothing else, before the addressees."""
    for index, line in enumerate(head[:_HEAD_LINES]):
        if is_text(line) or len(line) > _LONGEST_LINE:
            return
        above = head[index - 1] if index else ""
        line = without_signer(line)
        if _SERIAL_ONLY.fullmatch(line) and _ORDER_HEAD.search(above):
            number = DocumentNumber.parse(f"{above.replace(' ', '')}{line.strip('（）()〔〕[] ')}")
        else:
            number = DocumentNumber.parse(line)
        if number is None and (joint := find_numbers(line)) and _are_all(line, joint):
            number = joint[0].number
        if number and number.issuer_code != "令":
            yield number, "line before addressee"


def without_signer(line: str) -> str:
    """The line of a number without the 签发人 beside it."""
    return _SIGNER.sub("", line)


def _are_all(line: str, found: Sequence[FoundNumber]) -> bool:
    """Whether a line holds the numbers of a joint issue and nothing else."""
    rest = line
    for one in found:
        rest = rest.replace(one.written, "")
    return not rest.strip("、，, 　（）()和")


def is_text(line: str) -> bool:
    """Whether a line is the notice's text already: addressees, or a sentence."""
    if _ENACTED.match(line) or "\t" in line or ends_in_label(line):
        return False
    return line.endswith(("：", ":")) or (len(line) > 45 and ("。" in line or "，" in line))


def _enactment(head: Sequence[str]) -> Iterator[tuple[DocumentNumber, str]]:
    """（2015年10月29日证监会令第118号公布 根据…令第199号…修订): the first is its own."""
    for line in head[:_HEAD_LINES]:
        if _ENACTED.match(line) and (found := find_numbers(line)):
            yield found[0].number, "line of enactment"
            return
        if is_text(line):
            return


def _in_title(title: str) -> Iterator[tuple[DocumentNumber, str]]:
    """At the title's tail in brackets, or as its head: 科学技术部令第23号 科技部关于…"""
    if (match := _TITLE_TAIL.search(title)) and not _is_of_another(title):
        number = DocumentNumber.parse(match[1])
        if number and number.issuer_code != "令":
            yield number, "title tail"
    found = find_numbers(title, bare=True)
    for one in found:
        at_edge = one.start == 0 or (one.end == len(title) and _is_order(one))
        if at_edge and one.number.issuer_code not in {"", "令"}:
            yield one.number, "title"


def _is_of_another(title: str) -> bool:
    """《关于…的公告》（2026年第1号）: a number behind 》 is of what stands in 《》."""
    return bool(re.search(r"》\s*[（(〔【\[][^（(]{4,42}$", title)) and not title.startswith("《")


def _is_order(one: FoundNumber) -> bool:
    return one.number.form is NumberForm.ORDER
