"""Text that was decoded in the wrong coding before the page was written: æ”¿åºœ, 鏀垮簻 for 政府.

The page's own coding is sound then; a database or an import before it took UTF-8 for Latin-1 or
for GBK, or GBK for Latin-1. Where a stretch of text turns back octet by octet into sound Chinese,
that is what it was: no stretch of Chinese does so by accident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.notice import Repair

_STRETCH = re.compile(r"[^<>\r\n]+")
#: A lead octet and one that follows, taken for two characters of Latin-1 or Windows-1252.
_AS_LATIN = re.compile(r"[\xa1-\xf7][\x80-\xff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
#: What ，。的 end or begin as when their octets are read as GBK; Chinese has no use for these.
_AS_GBK = re.compile("[锛銆鐨]")
_HANZI = re.compile("[\u4e00-\u9fa5]")
_CHINESE = re.compile(r"[\t -~\xa0\xb7\u2000-\u206f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\ufffd]*")
_GB2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
_COMMON = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe])")
_LEAST = 2  #: Hanzi that a stretch must turn into
_MOST_SHOWN = 100
_LONGEST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class ReadAgain:
    """A page's source with such stretches turned back."""

    text: str
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()  #: mojibake:N, stretches


def undo_mojibake(text: str) -> ReadAgain:
    """Turn back each stretch between tags that was decoded wrongly; others stay as they are."""
    if not (_AS_LATIN.search(text) or _AS_GBK.search(text)):
        return ReadAgain(text=text)
    pieces: list[str] = []
    repairs: list[Repair] = []
    count = done = 0
    for stretch in _STRETCH.finditer(text):
        shown = stretch.group()
        again = None if shown.isascii() else _read_again(shown)
        if again is None:
            continue
        pieces += (text[done : stretch.start()], again)
        done = stretch.end()
        count += 1
        if len(repairs) < _MOST_SHOWN:
            repairs.append(_repair(shown, again, stretch.start()))
    if not count:
        return ReadAgain(text=text)
    whole = "".join((*pieces, text[done:]))
    return ReadAgain(text=whole, repairs=tuple(repairs), flags=(f"mojibake:{count}",))


def _repair(before: str, after: str, at: int) -> Repair:
    return Repair(
        kind="mojibake",
        before=before.strip()[:_LONGEST_SHOWN],
        after=after.strip()[:_LONGEST_SHOWN],
        where=f"character {at + 1} of the page",
    )


def _read_again(stretch: str) -> str | None:
    """What a stretch was before it was decoded wrongly; None when it was not."""
    if _AS_LATIN.search(stretch):
        octets = _latin_octets(stretch)
        return _from_utf8(octets) or _from_gbk(octets)
    if _HANZI.search(stretch):
        return _from_utf8(stretch.replace("\ufffd", "").encode("gb18030", errors="ignore"))
    return None


def _from_utf8(octets: bytes) -> str | None:
    """The octets as UTF-8, when they are; GBK's decoder lost one of some at the stretch's end."""
    text = octets.decode("utf-8", errors="replace")
    hanzi, lost = len(_HANZI.findall(text)), text.count("\ufffd")
    is_it = hanzi >= _LEAST and 8 * lost <= hanzi + 8 and _CHINESE.fullmatch(text)
    return text if is_it else None


def _from_gbk(octets: bytes) -> str | None:
    """The octets as GBK, when all are of GB 2312 and most of its commoner half (rows B0 to D7);
    in words with accents hardly two letters that carry one ever meet."""
    if not _GB2312.fullmatch(octets):
        return None
    text = octets.decode("gbk", errors="replace")
    hanzi, common = len(_HANZI.findall(text)), len(_COMMON.findall(octets))
    is_it = hanzi > _LEAST and 4 * common >= 3 * hanzi and _CHINESE.fullmatch(text)
    return text if is_it else None


def _latin_octets(stretch: str) -> bytes:
    """Back to octets, none where other characters stand among them.

    What was Latin-1 for a server was Windows-1252 for a browser (WHATWG Encoding).
    """
    octets = bytearray()
    for character in stretch:
        point = ord(character)
        if point < 0x100:
            octets.append(point)
            continue
        try:
            octets += character.encode("cp1252")
        except UnicodeEncodeError:
            return b""
    return bytes(octets)
