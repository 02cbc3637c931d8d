"""What a page lets a script write into its bar: ``document.write('来源：' + ly)``."""

from __future__ import annotations

import re
from itertools import islice

_BEGIN = re.compile(r"<script\b[^<>]{0,400}>", re.IGNORECASE)
_WRITE = re.compile(r"document\s?\.\s?write(?:ln)?\s?\(([^;\n]{1,600}?)\)\s?(?:;|\n|\}|$)")
_PART = re.compile(r"\"([^\"\n]{0,400})\"|'([^'\n]{0,400})'|([A-Za-z_$][\w$.]{0,60})")
_SET = re.compile(
    r"\b([A-Za-z_$][\w$]{0,60})\s{0,4}=\s{0,4}(?:\"([^\"\n]{0,300})\"|'([^'\n]{0,300})')\s{0,4}(?:;|,|\n)"
)
#: Only fields of the notice are taken over: links written by a script are how hacked pages
#: hide theirs, and nobody's notice is written so.
_LABEL = re.compile("(?:来源|发布|公开|成文|发文|文号|字号|索引|机构|机关|日期|时间|作者)")
_MARKUP = re.compile(r"<[^<>]{0,400}>")
_MOST_SCRIPTS, _LONGEST_SCRIPT, _MOST_CHARACTERS = 400, 4_000, 600_000


def with_written_fields(source: str) -> str:
    """The page with what such scripts write standing in their places, as text.

    A script is not run: strings, and names that were set to a string, are put one behind the
    other; of if and else the first branch is taken; what depends on more stays unwritten.
    """
    head = source[:_MOST_CHARACTERS]
    if "document.write" not in head or not _LABEL.search(head):
        return source
    names: dict[str, str] | None = None
    pieces, done = [], 0
    for begin in islice(_BEGIN.finditer(head), _MOST_SCRIPTS):
        end = head.find("</script>", begin.end(), begin.end() + _LONGEST_SCRIPT)
        code = head[begin.end() : max(end, begin.end())]
        if begin.start() < done or "document.write" not in code:
            continue
        if names is None:
            names = {m[1]: m[2] if m[2] is not None else m[3] for m in _SET.finditer(head)}
        if written := _written(code, names):
            pieces += [head[done : begin.start()], f"<span>{written}</span> "]
            done = end + len("</script>")
    return "".join(pieces) + source[done:] if pieces else source


def _written(code: str, names: dict[str, str]) -> str:
    """The labelled text a script writes; empty when it writes anything else."""
    first_branch = re.split(r"\belse\b", code, maxsplit=1)[0]
    parts = [_text(write[1], names) for write in _WRITE.finditer(first_branch)]
    text = _MARKUP.sub(" ", "".join(parts)).strip()
    is_field = _LABEL.search(text) and len(text) <= 300
    return text.replace("<", "&lt;") if is_field else ""


def _text(argument: str, names: dict[str, str]) -> str:
    parts = _PART.finditer(argument)
    return "".join(m[1] or m[2] or names.get(m[3] or "", "") for m in parts)
