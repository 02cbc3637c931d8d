"""Markup over which a parser takes minutes or all memory, cut back before it is parsed.

An HTML parser looks through all open elements at each new block, and opens formatting elements
anew in every paragraph that follows them unclosed (WHATWG HTML, 13.2.4.3): 100,000 nested
``<div>`` take half a minute, 20,000 unclosed ``<font>`` before as many ``<p>`` 200 million nodes.
"""

from __future__ import annotations

import re

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
#: Elements that stay open until they are closed; ``<p>`` and ``<li>`` close one another.
_BLOCK = re.compile(
    r"<(/?)(?:div|center|ul|ol|dl|blockquote|section|article|main|aside|header|footer|details"
    r"|fieldset|figure|menu|nav|pre)\b[^<>]{0,8000}>",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"<(/?)(?:font|b|i|u|s|em|strong|big|small|strike|tt|code|nobr)\b[^<>]{0,8000}>",
    re.IGNORECASE,
)
#: No page of a person has more. Below this many tags nothing takes longer than a second.
_DEEPEST, _MOST_UNCLOSED = 2000, 300
_FEW_FORMATS, _FEW_BLOCKS = 3000, 12_000


def tame_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """A page without what no parser bears, and the flags that say so: ``tag-cut`` for tags of
    thousands of attributes, ``nesting-cut`` for elements within thousands of others."""
    short = _LONG_TAG.sub(_cut_tag, text)
    flags: tuple[str, ...] = ("tag-cut",) if len(short) != len(text) else ()
    tags = short.count("<")
    flat = _without_unclosed(short) if tags > _FEW_FORMATS else short
    flat = _without_depths(flat) if tags > _FEW_BLOCKS else flat
    flags += ("nesting-cut",) if len(flat) != len(short) else ()
    return flat, flags


def _cut_tag(match: re.Match[str]) -> str:
    tag = match.group()
    return f"{tag[:2000]}>" if len(tag.split(None, 1001)) > 1000 else tag


def _without_unclosed(text: str) -> str:
    """Without formatting elements where hundreds of them are never closed; none says more than
    how its text looks."""
    unclosed = sum(-1 if match[1] else 1 for match in _FORMAT.finditer(text))
    return _FORMAT.sub("", text) if unclosed > _MOST_UNCLOSED else text


def _without_depths(text: str) -> str:
    """Without the tags of blocks that stand within thousands of others."""
    depth = deepest = 0
    for match in _BLOCK.finditer(text):
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest <= _DEEPEST:
        return text
    depth = 0

    def shallow(match: re.Match[str]) -> str:
        nonlocal depth
        above = depth
        depth = max(depth - 1, 0) if match[1] else depth + 1
        return match.group() if min(above, depth) < _DEEPEST else ""

    return _BLOCK.sub(shallow, text)
