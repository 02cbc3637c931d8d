"""The text of an RTF: control words and groups, by Microsoft's Rich Text Format 1.9.1.

Old offices send RTF, also under the name of a DOC. No kept library reads Chinese ones; this reads
the text, its tables' cells and the characters in the file's own code page, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.ingest.formats.refusal import Refusal

_MOST = 100_000_000  #: octets
_DEEPEST = 2_000  #: groups in groups
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<value>-?\d{1,10})? ?"
    rb"|\\'(?P<octet>[0-9a-fA-F]{2})|\\(?P<mark>[^a-zA-Z'])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
#: Groups that hold no text of the document.
_NO_TEXT = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata header footer headerl headerr headerf "
    b"footerl footerr footerf fldinst themedata colorschememapping latentstyles datastore "
    b"generator xmlnstbl listtable listoverridetable revtbl rsidtbl filetbl bkmkstart bkmkend "
    b"annotation nonshppict shpinst mmathPr".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n"}
_SIGNS = {
    **_BREAKS,
    b"cell": "\t",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_ESCAPED = {b"{": "{", b"}": "}", b"\\": "\\", b"~": " ", b"_": "-"}
_CODE_PAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 65001: "utf-8"}


@dataclass(frozen=True)
class _Group:
    is_text: bool = True
    after_unicode: int = 1  #: characters that stand for one \u in older readers


def read_rtf(file: Path) -> Iterator[str]:
    """A line a paragraph, table rows with tabs between their cells."""
    body = file.read_bytes()
    if len(body) > _MOST:
        raise Refusal("too-big")
    text = "".join(_Scroll().read(body))
    # A character beyond the first 65,536 is written as two halves.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    for line in whole.split("\n"):
        yield line.strip("\t ")


class _Scroll:
    """An RTF as it is read from its first octet to its last."""

    def __init__(self) -> None:
        self._groups = [_Group()]
        self._octets = bytearray()  # of the code page, until something else comes
        self._code_page = "cp1252"
        self._skipping = 0
        self._begins = False  # a group, with the next token

    def read(self, body: bytes) -> Iterator[str]:
        """The text, piece by piece."""
        for token in _TOKEN.finditer(body):
            begins, self._begins = self._begins, False
            if token["octet"]:
                self._take(bytes([int(token["octet"], 16)]))
            elif token["text"]:
                self._take(token["text"])
            else:
                yield self._decoded()
                yield self._control(token, begins=begins)
        yield self._decoded()

    def _take(self, raw: bytes) -> None:
        passed = min(self._skipping, len(raw))
        self._skipping -= passed
        if self._groups[-1].is_text:
            self._octets += raw[passed:]

    def _decoded(self) -> str:
        text = self._octets.decode(self._code_page, "replace")
        self._octets.clear()
        return text

    def _control(self, token: re.Match[bytes], *, begins: bool) -> str:
        if token["brace"]:
            self._turn(token["brace"])
        elif token["word"]:
            return self._obey(token["word"], int(token["value"]) if token["value"] else None)
        elif token["mark"] == b"*" and begins:  # what a reader that does not know it must skip
            self._mute()
        elif token["mark"] in _ESCAPED and self._groups[-1].is_text:
            return _ESCAPED[token["mark"]]
        return ""

    def _turn(self, brace: bytes) -> None:
        self._skipping = 0
        if brace == b"{":
            if len(self._groups) >= _DEEPEST:
                raise Refusal("broken")
            self._groups.append(self._groups[-1])
            self._begins = True
        elif len(self._groups) > 1:
            self._groups.pop()

    def _obey(self, word: bytes, value: int | None) -> str:
        if word in _NO_TEXT:
            self._mute()
        elif word == b"ansicpg" and value is not None:
            self._code_page = _CODE_PAGES.get(value, "cp1252")
        elif word == b"uc" and value is not None:
            self._groups[-1] = replace(self._groups[-1], after_unicode=max(0, min(value, 10)))
        elif word == b"u" and value is not None and self._groups[-1].is_text:
            self._skipping = self._groups[-1].after_unicode
            return chr(value % 65536)
        elif self._groups[-1].is_text:
            return _SIGNS.get(word, "")
        return ""

    def _mute(self) -> None:
        self._groups[-1] = replace(self._groups[-1], is_text=False)
