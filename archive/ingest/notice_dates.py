"""成文, 发布, 施行: the three dates of a notice, and which place won."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from archive.ingest.claims import Claim, claims_something, table_lines
from archive.ingest.dates import find_date, find_dates, is_date_line, read_labelled_date
from archive.ingest.lines import Line
from archive.ingest.title import date_behind
from archive.notice import Found

_ENACTED = re.compile(r"[（(].{0,80}(?:公布|发布|颁布|印发|通过|批准|修订|修正)")
_TAKES_EFFECT = re.compile(
    r"自\s?((?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)\s?起(?:正式)?(?:施行|实施|执行|生效)"
)
_AT_ONCE = re.compile(r"自(?:公布|发布|印发|颁布)之日起(?:正式)?(?:施行|实施|执行|生效)")
_DATELINE = re.compile(r"[\s（(]{0,3}(?:19|20)\d\d\s?[-年/.]")
_ENACTMENT = re.compile(
    r"[（(].{0,60}(?:通过|批准|修订|修正|公布|发布|印发).{0,20}[）)]?"
    r"|[（(](?:19|20)\d\d\s?年.{1,8}月.{1,4}日\s?[）)]"
)
_OWN_DAY = re.compile(
    rf"{_ENACTMENT.pattern}|(?:(?:19|20)\d\d|[〇○零一二三四五六七八九]{{4}})\s?年.{{1,8}}月.{{1,4}}日"
)
_NUMBERED = re.compile(r"[\d〇零一二三四五六七八九十百]\s?号")  # 第12号, not 字号
_HOUR = re.compile(r"(?<!\d)20\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}日?\s{1,3}\d{1,2}[:：∶]\d\d(?!\d)")
_SIGNED = re.compile(
    r"(?:局|厅|委|委员会|部|府|办公室|办公厅|办|院|会|署|中心|银行|组|处|司|公司|大学|章[）)]|代章|联|部\s*长.*|主\s*任.*|局\s*长.*"
    r"|省\s*长.*|市\s*长.*|区\s*长.*|县\s*长.*|主\s*席.*|总\s*理.*|署\s*长.*)$"
)
#: How a claim begins that stands below the text.
BELOW = "below"
#: A day above the text that may be the notice's own.
ABOVE = "date above the text"
#: No government site is older (gov.cn domains: 1994); an earlier day above a text is its subject.
_FIRST_SITES = 1994
Answer = tuple[date | None, Found | None]


def find_published_on(
    claims: Sequence[Claim], head: Sequence[Line], listed: date | None, start: int
) -> Answer:
    """When the page was published.

    What the page shows beats the PubDate tag: sites that were moved to a new system carry the
    day of the move in the tag (北京重大项目办 2024-02-29 for 2023-11-14).

    Args:
        claims: What tables, tags and JSON say.
        head: Lines of the page above the text.
        listed: The date the list gave beside the link.
        start: Index in ``head`` from which its lines stand in the text's own element.
    """
    return _decide("published_on", _published(claims, head, listed, start))


def _published(
    claims: Sequence[Claim], head: Sequence[Line], listed: date | None, start: int
) -> Iterator[tuple[date, str]]:
    own = [claim for claim in claims if claim.field == "published_on"]
    shown = [claim for claim in own if not claim.how.startswith(("meta", BELOW))]
    for claim in sorted(shown, key=_is_vague):
        if value := read_labelled_date(claim.value):
            yield value, claim.how
    loose: list[tuple[date, str]] = []
    for index in range(len(head) - 1, -1, -1):
        line = head[index]
        if len(line.text) <= 120 and _is_dateline(line) and (value := find_date(line.text)):
            if value.year >= _FIRST_SITES and not _is_value(head, index):
                if _may_be_signed(line.text, is_within=index >= start):
                    loose.append((value, ABOVE))
                else:
                    yield value, "dateline"
        elif (behind := date_behind(line.text)) and (value := find_date(behind)):
            yield value, "date behind the title"
    for place in ("meta", BELOW):
        for claim in own:
            if claim.how.startswith(place) and (value := read_labelled_date(claim.value)):
                yield value, claim.how
    if listed:
        yield listed, "list"
    yield from loose


def _is_value(head: Sequence[Line], index: int) -> bool:
    """Whether a line is the value of a table's label above it."""
    if claims_something(head[index]):
        return False
    top = max(0, index - _MOST_OF_TABLE)
    return index - top in table_lines(head[top : index + 1])


#: Lines of a table above the value of one of its labels.
_MOST_OF_TABLE = 30


def _may_be_signed(text: str, *, is_within: bool) -> bool:
    """Whether a day may be the notice's own, printed below its title: （2023年4月12日）, or
    2023年3月28日 below a body's name. Systems print 2023-04-12, or an hour behind."""
    return bool((_OWN_DAY if is_within else _ENACTMENT).fullmatch(text.strip()))


def _is_dateline(line: Line) -> bool:
    """A date that begins its line, with an hour or a source behind it; not the words of a
    line of enactment."""
    is_prose = "《" in line.text or "公布" in line.text or bool(_NUMBERED.search(line.text))
    begins = _DATELINE.match(line.text) or (len(line.text) <= 60 and _HOUR.search(line.text))
    return bool(begins) and not is_prose and not line.is_hidden


def _is_vague(claim: Claim) -> bool:
    """时间 and 日期 alone, or a day of change, say less than 发布日期."""
    return claim.how.rpartition(" ")[2] in {"时间", "日期", "更新时间", "更新日期", "created_at"}


def find_written_on(claims: Sequence[Claim], text: Sequence[str], kind: str | None) -> Answer:
    """When the notice was signed: the table's 成文日期, else the line of enactment, else the
    date under the first signature (an annex may carry another one further down)."""
    found = list(_written(claims, text, kind))
    return _decide("written_on", iter(_signature_first(found, claims)))


def _signature_first(
    found: list[tuple[date, str]], claims: Sequence[Claim]
) -> list[tuple[date, str]]:
    """成文日期 filled in with the day of publication gives way to the signature's date.

    成文 is by definition the date under the signature (GB/T 9704-2012, 7.3.5). Otherwise the
    table wins: what looks like a signature may be that of a forwarded document.
    """
    signed = next((one for one in found if "signature" in one[1]), None)
    if not signed or found[0] is signed:
        return found
    stated, how = found[0]
    days = {read_labelled_date(claim.value) for claim in claims if claim.field == "published_on"}
    if stated in days and timedelta(0) < stated - signed[0] <= _LONGEST_DELAY:
        return [(signed[0], f"{signed[1]}, where {how} repeats the day of publication"), *found]
    return found


#: Between signing and publication; a longer one speaks for a signature of something else.
_LONGEST_DELAY = timedelta(days=60)


def _written(
    claims: Sequence[Claim], text: Sequence[str], kind: str | None
) -> Iterator[tuple[date, str]]:
    for claim in claims:
        if claim.field == "written_on" and (value := read_labelled_date(claim.value)):
            yield value, claim.how
    for line in text[:4]:
        if _ENACTED.match(line) and (value := find_date(line)):
            yield value, "line of enactment"
            break
    if kind not in {"新闻", "解读"}:
        yield from _signed(text, kind)


def _is_signature(line: str) -> bool:
    return len(line) < 80 and bool(_SIGNED.search(line.strip(" 　（）()")))


def _may_close(line: str, index: int, above: str) -> bool:
    """Of a document whose 文种 is known, a date alone closes it or stands below its title."""
    return (index > 1 or line[0] in "（(") and len(above) < 80


def _signed(text: Sequence[str], kind: str | None) -> Iterator[tuple[date, str]]:
    """Dates that close a text: alone on their line, or behind a body's name."""
    for index, line in enumerate(text):
        if len(line) > 80 or not (dates := find_dates(line)):
            continue
        value, start, _ = dates[-1]
        above = text[index - 1] if index else ""
        if is_date_line(line) and (
            _is_signature(above) or (kind and _may_close(line, index, above))
        ):
            yield value, "date under the signature"
        elif line.rstrip("） )").endswith("日") and _SIGNED.search(line[:start].strip(" 　（(")):
            yield value, "date beside the signature"


def find_effective_on(claims: Sequence[Claim], text: str, written: date | None) -> Answer:
    """From when the notice holds: 自…起施行; 自印发之日起 is the day of signing."""
    return _decide("effective_on", _effective(claims, text, written))


def _effective(
    claims: Sequence[Claim], text: str, written: date | None
) -> Iterator[tuple[date, str]]:
    for claim in claims:
        if claim.field == "effective_on" and (value := read_labelled_date(claim.value)):
            yield value, claim.how
    own = [m for m in _TAKES_EFFECT.finditer(text) if _speaks_of_itself(text, m.start())]
    for match in reversed(own):
        if value := find_date(match[1]):
            yield value, "自…起施行"
    if (
        not own
        and written
        and any(_speaks_of_itself(text, match.start()) for match in _AT_ONCE.finditer(text))
    ):
        yield written, "自印发之日起施行"


def _speaks_of_itself(text: str, place: int) -> bool:
    """本办法自…, 现予公布，自…; not 《…》自…, which is another document."""
    before = re.split(r"[。；\n]", text[max(0, place - 60) : place])[-1]
    return any(word in before for word in ("本", "现", "上述")) or not before.strip("，, ")


def _decide(field: str, found: Iterator[tuple[date, str]]) -> Answer:
    values = list(found)
    if not values:
        return None, None
    value, how = values[0]
    others = [(other, place) for other, place in values[1:] if other != value]
    said = tuple(dict.fromkeys(f"{other} ({place})" for other, place in others))
    why = _why(how, others) if field != "effective_on" else ""
    return value, Found(field=field, how=how, instead_of=said, why=why)


def _why(how: str, others: Sequence[tuple[date, str]]) -> str:
    """Which statement lost against the one believed, and why; "" where nothing contradicts it.

    Further signatures do not: they are of annexes and of what is forwarded.
    """
    for other, place in others:
        is_signed, was_signed = "signature" in how, "signature" in place
        if is_signed and not was_signed:
            return f"not {other} ({place}): the day of publication is filled in there"
        if was_signed and not is_signed:
            return f"not {other} ({place}): that may be of a forwarded document or an annex"
        if place.startswith("meta") and not how.startswith("meta"):
            return f"not {other} ({place}): the page itself shows another day"
        if place == ABOVE:
            return f"not {other} ({place}): a day printed below the title is the notice's own"
    return ""
