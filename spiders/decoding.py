"""From a list page's octets to text: what answer and page declare, and what fits."""

from __future__ import annotations

import codecs
import re

#: Octets in which a page has to declare its encoding (HTML: 1024; real pages are later).
_DECLARED_WITHIN = 4096
_IN_HEADER = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_IN_PAGE = re.compile(rb"(?:charset|encoding)\s{0,4}=\s{0,4}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
#: A page that calls itself gb2312 or gbk uses the larger set as a rule (WHATWG Encoding).
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Decode a page; the text, and the encoding it was read with.

    A byte order mark decides, then whichever of UTF-8, the declared encodings and GB18030
    fits without loss. Where none does, the one that loses least is used and the broken
    octets stay visible as U+FFFD: a list with one broken title is still a list.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace").lstrip("\ufeff"), encoding
    candidates = _candidates(body, content_type)
    for encoding in candidates:
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    losses = {name: body.decode(name, errors="replace") for name in candidates}
    best = min(losses, key=lambda name: losses[name].count("\ufffd"))
    return losses[best], best


def _candidates(body: bytes, content_type: str) -> tuple[str, ...]:
    declared = _IN_HEADER.findall(content_type[:500])
    declared += [m.decode("ascii") for m in _IN_PAGE.findall(body[:_DECLARED_WITHIN])]
    known = (_known(name) for name in declared)
    # UTF-8 first, whatever is declared: a page of GBK is never valid UTF-8 by chance, while
    # nearly every page of UTF-8 is valid GB18030.
    return tuple(dict.fromkeys(["utf-8", *(name for name in known if name), "gb18030"]))


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(_LARGER.get(name.lower(), name))
    except LookupError:
        return None
    # iso-8859-1 fits every octet and no Chinese page: as a declaration it says nothing.
    return None if found.name in ("iso8859-1", "ascii", "cp1252") else found.name
