"""From bytes to text: what a page says of its coding, and what its bytes say."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from archive.notice import Removal


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A page as text, and how its coding was found."""

    text: str
    encoding: str  #: Python's name: utf-8, gb18030, big5 …
    flags: tuple[str, ...] = ()  #: encoding-lied, mixed-encodings, undecodable-bytes:N
    lost: tuple[Removal, ...] = ()  #: the first octets that no coding reads, and where they stood


_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w.:-]{2,30})", re.IGNORECASE
)
_XML = re.compile(rb"^\s{0,20}<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,30})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What sites call GB2312 or GBK holds characters of GB18030 as soon as a name is rare.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "ascii": "utf-8"}
#: Python knows more by such names: ``unicode_escape``, ``base64``, ``undefined``.
_CHARSETS = (
    "utf-8",
    "utf-16",
    "gb",
    "hz",
    "ascii",
    "big5",
    "cp",
    "iso8859",
    "iso2022",
    "shift",
    "euc",
)
_HEAD = 4096
#: What a page of Chinese consists of; samples of sound or pictures hold anything else as well.
_USUAL = re.compile(r"[\t\n\r -~\xa0-\xff\u2000-\u206f\u3000-\u9fff\uff00-\uffef]")
#: A stretch of text. None of the octets around it is ever the second one of a character in UTF-8,
#: GBK, GB18030 or Big5, so each stretch can be decoded by itself.
_STRETCH = re.compile(rb"[^<>\r\n]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_HANZI = re.compile("[\u4e00-\u9fa5]")
_LOST = re.compile("[\udc80-\udcff]+")
_SAMPLE = 200_000  #: octets by which the coding of a page is judged
_LEAST_FOREIGN = 3  #: Hanzi; two characters of GBK are UTF-8 by accident (联通), three are not
_MOST_LOST_SHOWN = 20


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Decode a page, believing its bytes before its words.

    A byte order mark decides; then UTF-8, which no other Chinese coding satisfies by accident
    over a whole page; then what was declared (header, meta), GB18030 and Big5 by which gives the
    more usual characters. Pages put together from pieces in two codings are decoded piece by
    piece. What cannot be decoded becomes U+FFFD, is counted, and is said with its place.

    Args:
        body: The entity, content coding undone.
        charset: What the HTTP header declared, if anything.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding, None)
    declared = _python_name(charset) or _declared(body)
    wide = _utf16_without_mark(body)
    if wide:
        return _decoded(body, wide, declared)
    try:
        return Decoded(text=body.decode("utf-8"), encoding="utf-8", flags=_lie("utf-8", declared))
    except UnicodeDecodeError:
        return _decoded(body, _likeliest(body, declared), declared)


def is_wide_text(body: bytes) -> bool:
    """Whether bytes are UTF-16, whose text has what elsewhere would be control characters."""
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or _utf16_without_mark(body) is not None


def _likeliest(body: bytes, declared: str | None) -> str:
    """Not UTF-8 throughout: UTF-8 where most stretches are, else the coding with the fewest
    losses, the declared one on a tie."""
    sample = body[:_SAMPLE]
    stretches = [each for each in _STRETCH.findall(sample) if not each.isascii()]
    hanzi = sum(_hanzi(each.decode("utf-8")) for each in stretches if _is_utf8(each))
    if 2 * 3 * hanzi > sum(len(_HIGH.findall(each)) for each in stretches):
        return "utf-8"
    trials = dict.fromkeys(
        name for name in (declared, "gb18030", "utf-8", "big5hkscs") if name is not None
    )
    return min(trials, key=lambda name: _strangeness(sample, name))


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _strangeness(sample: bytes, encoding: str) -> int:
    """Undecodable places weigh most, then characters that official Chinese hardly uses."""
    text = sample.decode(encoding, errors="replace")
    usual = _hanzi(text)
    odd = sum(1 for char in text if "\ue000" <= char <= "\uf8ff" or "\u3400" <= char <= "\u4dbf")
    common = sum(text.count(char) for char in "的一是在国和有年月日，。")
    return (
        60 * text.count("\ufffd")
        + 20 * odd
        + (usual if encoding == "big5hkscs" else 0) // 2
        - (2 * common)
    )


def _decoded(body: bytes, encoding: str, declared: str | None) -> Decoded:
    """A body in a coding that does not fit all of it, or that may not."""
    flags = _lie(encoding, declared)
    if encoding.startswith("utf-16"):
        text = body.decode(encoding, errors="replace")
        count = max(0, text.count("\ufffd") - body.count("\ufffd".encode(encoding)))
        return Decoded(text=text, encoding=encoding, flags=(*flags, *_count(count)))
    texts: list[str] = []
    lost: list[Removal] = []
    count = 0
    for piece in _pieces(body, encoding):
        read = piece.octets.decode(piece.encoding, errors="replace")
        texts.append(read)
        if "\ufffd" in read:
            written = piece.octets.count(
                "\ufffd".encode(piece.encoding, errors="ignore") or b"\0\1"
            )
            count += max(0, read.count("\ufffd") - written)
            lost += islice(_losses(piece), _MOST_LOST_SHOWN - len(lost))
        if piece.encoding != encoding and "mixed-encodings" not in flags:
            flags += ("mixed-encodings",)
    flags += _count(count)
    return Decoded(text="".join(texts), encoding=encoding, flags=flags, lost=tuple(lost))


class _Piece(NamedTuple):
    """A part of a body that is in one coding."""

    begin: int  #: octets of the body before it
    octets: bytes
    encoding: str


def _pieces(body: bytes, encoding: str) -> Iterator[_Piece]:
    """A body in order, parted where its coding changes."""
    done = 0
    for stretch in _STRETCH.finditer(body):
        octets = stretch.group()
        foreign = None if octets.isascii() else _foreign(octets, encoding)
        if foreign is not None:
            yield _Piece(done, body[done : stretch.start()], encoding)
            yield _Piece(stretch.start(), octets, foreign)
            done = stretch.end()
    yield _Piece(done, body[done:], encoding)


def _foreign(stretch: bytes, encoding: str) -> str | None:
    """The coding that a stretch of a page is in; None when it is in the page's own, well or ill."""
    if encoding != "utf-8":
        is_other = _is_utf8(stretch) and _hanzi(stretch.decode("utf-8")) >= _LEAST_FOREIGN
        return "utf-8" if is_other else None
    if _is_utf8(stretch):
        return None
    octets = len(_HIGH.findall(stretch))
    read = 3 * _hanzi(stretch.decode("utf-8", "ignore"))
    if 4 * read >= octets:  # UTF-8 of which some octets are broken or cut
        return None
    try:
        text = stretch.decode("gb18030")
    except UnicodeDecodeError:
        return None
    is_chinese = _hanzi(text) >= _LEAST_FOREIGN and not _USUAL.sub("", text)
    return "gb18030" if is_chinese else None


def _hanzi(text: str) -> int:
    return len(_HANZI.findall(text))


def _losses(piece: _Piece) -> Iterator[Removal]:
    """Each run of octets that no character was made of, with its place in the body.

    A lone surrogate stands for each of them (PEP 383), whatever the coding made of it before.
    """
    text = piece.octets.decode(piece.encoding, errors="surrogateescape")
    at, done = piece.begin, 0
    for lost in _LOST.finditer(text):
        at += len(text[done : lost.start()].encode(piece.encoding, errors="surrogateescape"))
        octets = lost.group().encode("ascii", errors="surrogateescape")
        where = f"octet {at + 1}"
        yield Removal(kind="undecodable", text=octets[:64].hex(" ").upper(), where=where)
        at, done = at + len(octets), lost.end()


def _count(lost: int) -> tuple[str, ...]:
    return (f"undecodable-bytes:{lost}",) if lost else ()


def _lie(encoding: str, declared: str | None) -> tuple[str, ...]:
    return ("encoding-lied",) if declared and declared != encoding else ()


def _declared(body: bytes) -> str | None:
    match = _META.search(body[:_HEAD]) or _XML.search(body[:200])
    return _python_name(match[1].decode("ascii", errors="ignore")) if match else None


def _python_name(charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        name = codecs.lookup(charset.strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    if not name.startswith(_CHARSETS):
        return None
    return _WIDER.get(name, "big5hkscs" if name.startswith("big5") else name)


def _utf16_without_mark(body: bytes) -> str | None:
    """In UTF-16 every second byte of ASCII is zero, always the same one of the two; no other
    coding of text has zeros at all."""
    head = body[:_HEAD]
    at_even, at_odd = head[0::2].count(0), head[1::2].count(0)
    most, least = max(at_even, at_odd), min(at_even, at_odd)
    if most < 8 or most * 100 < len(head) or least * 8 > most:
        return None
    name = "utf-16-le" if at_odd > at_even else "utf-16-be"
    sample = head[: len(head) // 2 * 2].decode(name, errors="replace")
    return name if len(_USUAL.findall(sample)) * 10 >= len(sample) * 9 else None
