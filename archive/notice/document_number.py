"""发文字号: the number an issuing body gives a notice (GB/T 9704-2012, 7.2.5).

The one grammar of document numbers. It knows three forms, in all the dresses that were met on
saved pages: any pair of brackets, also mixed ones; spaces and zero-width marks; full-width
digits; 號; 第 and leading zeros; Chinese numerals in orders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from archive.notice.character_fold import CharacterFold
from archive.notice.one_script import in_one_script


class NumberForm(StrEnum):
    """The three ways official documents are numbered."""

    BRACKET = "bracket"  #: 国办发〔2023〕15号
    ANNOUNCEMENT = "announcement"  #: 2026年第5号, with the issuing body before it as the code
    ORDER = "order"  #: 令第818号, no year


@dataclass(frozen=True, kw_only=True)
class DocumentNumber:
    """The number an issuing body gives a notice, such as 国发〔2023〕15号.

    Two numbers are equal when they mean the same, however they were written: brackets, spaces,
    width, 號 and leading zeros are gone.
    """

    issuer_code: str  #: 机关代字, here 国发; of an order, its body and 令: 国务院令
    year: int | None  #: None for orders, which carry none
    serial: int
    form: NumberForm = NumberForm.BRACKET

    def __str__(self) -> str:
        if self.form is NumberForm.ORDER:
            return f"{self.issuer_code}第{self.serial}号"
        if self.form is NumberForm.ANNOUNCEMENT:
            return f"{self.issuer_code}{self.year}年第{self.serial}号"
        return f"{self.issuer_code}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str, *, labelled: bool = False) -> DocumentNumber | None:
        """Read a text that is one number and nothing else; None when it is not.

        Args:
            text: At most a line; longer texts are no number.
            labelled: The text stood in a field for numbers, so that 号 may be missing, as in
                ``正宛政办[2016]91``.
        """
        if len(text) > _LONGEST:
            return None
        plain = _SPACES.sub("", _one_dress(in_one_script(text)))
        plain = plain.removeprefix("〔").removesuffix("〕") if plain[:1] == "〔" else plain
        if labelled and plain[-1:].isdigit():
            plain += "号"
        found = find_numbers(plain, bare=True)
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(plain)):
            return found[0].number
        return None


@dataclass(frozen=True, kw_only=True)
class FoundNumber:
    """A document number met in running text."""

    number: DocumentNumber
    start: int  #: index of its first character in the text
    end: int  #: index after its last
    written: str  #: as it stands there


_LONGEST = 80
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_GAP = r"[\s\u200b-\u200f\u2060\ufeff\xa0]"
_SPACES = re.compile(f"{_GAP}+")
#: Brackets met around the year: GB/T 9704 wants 〔〕, a quarter of real pages have another pair.
_one_dress = CharacterFold(
    dict(
        zip(
            "[［(（﹝【〈《〚‘｛{〖]］)）﹞】〉》〛’｝}〗０１２３４５６７８９",
            "〔〔〔〔〔〔〔〔〔〔〔〔〔〕〕〕〕〕〕〕〕〕〕〕〕〕0123456789",
            strict=True,
        )
    )
)
#: Word's markup splits a year between spans, and blanks creep in: 〔 202 6 〕.
#: The last year that a number is read with.
LATEST_YEAR = 2099
_YEAR = r"(?P<year>(?:1\s?9\s?[4-9]|2\s?0\s?\d)\s?\d)"
_BRACKET = re.compile(
    rf"〔(?<=[{_HAN}\s\u200b\xa0]〔){_GAP}{{0,3}}{_YEAR}{_GAP}{{0,2}}年?{_GAP}{{0,2}}〕{_GAP}{{0,4}}"
    rf"第?{_GAP}{{0,3}}(?P<serial>\d{{1,6}})"
    rf"(?P<more>(?:{_GAP}{{0,2}}[-—–~～至、,，]{_GAP}{{0,2}}第?\d{{1,6}}){{0,20}})"
    rf"{_GAP}{{0,3}}号"
)
_ANNOUNCEMENT = re.compile(
    rf"[〔]?{_GAP}{{0,2}}{_YEAR}{_GAP}{{0,3}}年{_GAP}{{0,4}}第{_GAP}{{0,3}}"
    rf"(?P<serial>\d{{1,5}}){_GAP}{{0,3}}号(?P<after>令|公告|通告)?[〕]?"
)
_ORDER = re.compile(
    rf"(?P<word>令|公告|通告){_GAP}{{0,8}}[〔]?{_GAP}{{0,2}}第{_GAP}{{0,3}}"
    rf"(?P<serial>\d{{1,5}}|[〇零○一二三四五六七八九十百千]{{1,9}}){_GAP}{{0,3}}号[〕]?"
)
_ORDER_BEHIND = re.compile(rf"第{_GAP}{{0,2}}(?P<serial>\d{{1,5}}){_GAP}{{0,2}}号{_GAP}{{0,2}}令")
_CODE_RUN = re.compile(rf"[{_HAN}]{{1,40}}\Z")
_BODY_RUN = re.compile(rf"[{_HAN}、 ]{{1,60}}\Z")
_LEAD_IN = re.compile(
    "(?:按照|依照|根据|依据|参照|参见|详见|遵照|贯彻|落实|执行|转发|印发|下发|发布|公布|颁布|关于"
    "|文件|通知|意见|决定|办法|规定|批复|方案|通报|请示|报告|标准|细则|规划|公告|通告|以及|联合"
    "|文号|字号|编号|修订|修正|修改|废止|已经|月|日|[的号]|[以经由即见及与原和])"
)
_BODY_NAME = re.compile(
    r"(?:人民政府|办公厅|办公室|委员会|总局|总署|银行|集团|公司|法院|检察院|政府|[局厅委部院会署])"
)
#: Registers that look alike and number no documents: licences, filings, ratings, approvals.
_NO_DOCUMENT = re.compile(
    "(?:备字|准字|证字|许字|许可字?|许可证|评字|备案号?|注册|注准|进字|网安备|ICP备|械备|药广审"
    "|民[初终申再]|刑[初终申再]|行[初终申再]|执[字异复恢保])$"
)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def find_numbers(text: str, *, bare: bool = False) -> tuple[FoundNumber, ...]:
    """Find every document number in a text, in order.

    A list or range behind one year, 国发〔2020〕1、3号, gives one entry a number.

    Args:
        text: Running text of any length; read in linear time.
        bare: Also take ``2026年第5号`` and ``令第5号`` that name no body. In running text
            these are issues of a gazette as often as announcements.
    """
    if "号" not in text and "號" not in text:
        return ()
    plain = _one_dress(in_one_script(text))
    found = [
        *_brackets(plain, text),
        *_announcements(plain, text, bare),
        *_orders(plain, text, bare),
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    return tuple(_without_overlaps(found))


def _brackets(plain: str, text: str) -> Iterator[FoundNumber]:
    for match in _BRACKET.finditer(plain):
        head = plain[max(0, match.start() - 40) : match.start()].rstrip(" \u3000\xa0\u200b\ufeff")
        run = _CODE_RUN.search(head)
        code = _issuer_code(_unjoined(head, run.group())) if run else ""
        if len(code) < 2 or len(code) > 16 or _NO_DOCUMENT.search(code):
            continue
        start = max(0, match.start() - 40) + len(head) - len(code)
        for serial in _serials(match["serial"], match["more"]):
            number = DocumentNumber(issuer_code=code, year=_year(match), serial=serial)
            yield _found(number, start, match.end(), text)


def _unjoined(head: str, run: str) -> str:
    """A run without the 和 that joins it to a number or title before it; 和政发 keeps its own."""
    before = head[: len(head) - len(run)][-1:]
    return run[1:] if run[0] in "和与及" and before and before in "〕》）)”、，," else run


def _announcements(plain: str, text: str, bare: bool) -> Iterator[FoundNumber]:
    for match in _ANNOUNCEMENT.finditer(plain):
        after = match["after"] or ""
        head = plain[max(0, match.start() - 60) : match.start()].rstrip(" \u3000\xa0〔")
        run = _BODY_RUN.search(head)
        name = _announcing_body(run.group(), after) if run else ""
        year, serial, end = _year(match), int(match["serial"]), match.end()
        if plain[end - 1] == "〕" and "〔" not in plain[match.start() : end]:
            end -= 1
        start = match.start() if not name else max(0, match.start() - 60) + head.rfind(name[:2])
        if after == "令" and name:
            number = DocumentNumber(
                issuer_code=name, year=None, serial=serial, form=NumberForm.ORDER
            )
            yield _found(number, start, end, text)
        elif after == "令" and bare and not name:
            number = DocumentNumber(
                issuer_code="令", year=None, serial=serial, form=NumberForm.ORDER
            )
            yield _found(number, start, end, text)
        elif after != "令" and (name or bare or after):
            number = DocumentNumber(
                issuer_code=name, year=year, serial=serial, form=NumberForm.ANNOUNCEMENT
            )
            yield _found(number, start, end, text)


def _orders(plain: str, text: str, bare: bool) -> Iterator[FoundNumber]:
    for match in _ORDER.finditer(plain):
        end = match.end() - (plain[match.end() - 1] == "〕" and "〔" not in match.group())
        yield from _order(plain, text, match, end, match["word"], bare)
    for match in _ORDER_BEHIND.finditer(plain):
        if plain[match.start() - 1 : match.start()] != "年":
            yield from _order(plain, text, match, match.end(), "令", bare)


def _order(
    plain: str, text: str, match: re.Match[str], end: int, word: str, bare: bool
) -> Iterator[FoundNumber]:
    start, serial = match.start(), match["serial"]
    run = _CODE_RUN.search(plain[max(0, start - 40) : start])
    body = _ordering_body(run.group()) if run else ""
    value = int(serial) if serial.isdigit() else _chinese_value(serial)
    if value and (body or (bare and word == "令")):
        number = DocumentNumber(
            issuer_code=f"{body}{word}", year=None, serial=value, form=NumberForm.ORDER
        )
        long_form = plain[: start - len(body)].endswith("中华人民共和国")
        yield _found(number, start - len(body) - 7 * long_form, end, text)


def _year(match: re.Match[str]) -> int:
    return int(_SPACES.sub("", match["year"]))


def _found(number: DocumentNumber, start: int, end: int, text: str) -> FoundNumber:
    return FoundNumber(number=number, start=start, end=end, written=text[start:end])


def _issuer_code(run: str) -> str:
    """The code at the end of a run of characters, without words that lead in to it.

    Codes are seldom longer than nine characters, so a head that holds a whole body's name
    (苏州市住房和城乡建设局苏住建规) is cut behind it.
    """
    code = _behind_last(_LEAD_IN, run.rpartition("中华人民共和国")[2], keep=2)
    for match in reversed(list(_BODY_NAME.finditer(code))):
        rest = code[match.end() :]
        if match.end() >= 4 and len(rest) >= 2 and not rest.startswith(("联", "公告", "通告")):
            return rest
    return code


def _announcing_body(run: str, after: str) -> str:
    body = _behind_last(_LEAD_IN, run.strip(" 、"), keep=3)
    if after == "令":
        return f"{body.removeprefix('中华人民共和国')}令" if _ends_as_body(body) else ""
    if body.endswith(("公告", "通告")):
        if not _ends_as_body(body[:-2].rstrip()):
            return ""
        return body.replace(" ", "").removeprefix("中华人民共和国")
    return f"{body}{after}" if after and _ends_as_body(body) else ""


def _ordering_body(run: str) -> str:
    run = run.removeprefix("和").removeprefix("与")
    body = _behind_last(_LEAD_IN, run, keep=1).rpartition("中华人民共和国")[2]
    return body if _ends_as_body(body) or body in {"国", "国家主席"} else ""


def _ends_as_body(body: str) -> bool:
    return body.endswith(
        ("委", "部", "局", "厅", "院", "会", "署", "府", "室", "行", "主席", "省", "市", "办")
    )


def _behind_last(lead_in: re.Pattern[str], run: str, *, keep: int) -> str:
    """What follows the last lead-in that leaves at least ``keep`` characters."""
    cut = 0
    for match in lead_in.finditer(run):
        if len(run) - match.end() >= keep and not _is_inside_name(run, match):
            cut = match.end()
    return run[cut:]


def _is_inside_name(run: str, match: re.Match[str]) -> bool:
    """Whether a one-character lead-in is part of a name: 发展和改革委, 及 is not."""
    if match.group() in {"和", "与"}:
        return run[match.start() - 1 : match.start()] != "号" and not _BODY_NAME.search(
            run[: match.start()][-4:]
        )
    return match.group() in {"以", "即", "原", "经"} and match.start() != 0


def _serials(first: str, more: str) -> Iterator[int]:
    """The serials of 1, of the list 1、3 and of the range 1-3 (at most 20)."""
    previous = int(first)
    yield previous
    for mark, digits in re.findall(r"([-—–~～至、,，])\D{0,4}(\d{1,6})", more):
        this = int(digits)
        if mark not in "、,，" and 0 < this - previous <= 20:
            yield from range(previous + 1, this)
        yield this
        previous = this


def _chinese_value(numeral: str) -> int:
    """一百一十八 → 118; 一一八 → 118."""
    if not any(char in _UNITS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total = digit = 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _without_overlaps(found: list[FoundNumber]) -> Iterator[FoundNumber]:
    end, place = -1, (-1, -1)
    for one in found:
        if one.start >= end or (one.start, one.end) == place:
            yield one
            end, place = one.end, (one.start, one.end)
