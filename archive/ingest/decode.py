"""From bytes to text: what a page says of its coding, and what its bytes say."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A page as text, and how its coding was found."""

    text: str
    encoding: str  #: Python's name: utf-8, gb18030, big5 …
    flags: tuple[str, ...] = ()  #: encoding-lied, undecodable-bytes:N


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
_HEAD = 4096
#: What a page of Chinese consists of; samples of sound or pictures hold anything else as well.
_USUAL = re.compile(r"[\t\n\r -~\xa0-\xff\u2000-\u206f\u3000-\u9fff\uff00-\uffef]")


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Decode a page, believing its bytes before its words.

    A byte order mark decides; then UTF-8, which no other Chinese coding satisfies by accident
    over a whole page; then what was declared (header, meta); then GB18030 and Big5 by which
    gives the more usual characters. What cannot be decoded becomes U+FFFD and is flagged with
    its count.

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
        return _decode_other(body, declared)


def is_wide_text(body: bytes) -> bool:
    """Whether bytes are UTF-16, whose text has what elsewhere would be control characters."""
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or _utf16_without_mark(body) is not None


def _decode_other(body: bytes, declared: str | None) -> Decoded:
    """Not UTF-8 throughout: the coding with the fewest losses, the declared one on a tie."""
    trials = dict.fromkeys(
        name for name in (declared, "gb18030", "utf-8", "big5hkscs") if name is not None
    )
    best = min(trials, key=lambda name: _strangeness(body, name))
    return _decoded(body, best, declared)


def _strangeness(body: bytes, encoding: str) -> int:
    """Undecodable places weigh most, then characters that official Chinese hardly uses."""
    text = body[:200_000].decode(encoding, errors="replace")
    usual = sum(1 for char in text if "\u4e00" <= char <= "\u9fa5")
    odd = sum(1 for char in text if "\ue000" <= char <= "\uf8ff" or "\u3400" <= char <= "\u4dbf")
    common = sum(text.count(char) for char in "的一是在国和有年月日，。")
    return (
        60 * text.count("\ufffd")
        + 20 * odd
        + (usual if encoding == "big5hkscs" else 0) // 2
        - (2 * common)
    )


def _decoded(body: bytes, encoding: str, declared: str | None) -> Decoded:
    text = body.decode(encoding, errors="replace")
    flags = _lie(encoding, declared)
    lost = text.count("\ufffd") - body.count("\ufffd".encode(encoding, errors="ignore") or b"\0\1")
    if lost > 0:
        flags += (f"undecodable-bytes:{lost}",)
    return Decoded(text=text, encoding=encoding, flags=flags)


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
