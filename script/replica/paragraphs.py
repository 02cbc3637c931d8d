"""Paragraphs of a notice, from the seed texts and from the everyday, with where each stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"

_CJK = r"\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u2018-\u201d\u2014\u2026"
#: The seeds hold the half-width marks a clean-up left; these are the marks of the pages.
_MARKS = str.maketrans(",:;?!", "，：；？！")
_BESIDE_CHINESE = re.compile(rf"(?<=[{_CJK})])[,:;?!]|[,:;?!](?=[{_CJK}])")
_CLOCK = re.compile(r"(?<=\d):(?=\d)")


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph and how it is set: left, centre or right."""

    text: str
    place: str = "left"


def read_seed(name: str) -> list[str]:
    """The lines of a seed text that hold something, stripped of white space at both ends."""
    lines = (SEEDS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return [line.strip() for line in lines if line.strip()]


def between(lines: list[str], first: str, last: str) -> list[str]:
    """The lines from the one that begins with `first` to the one that begins with `last`."""
    start = next(i for i, line in enumerate(lines) if line.startswith(first))
    end = next(i for i, line in enumerate(lines) if i >= start and line.startswith(last))
    return lines[start : end + 1]


def full_width(text: str) -> str:
    """Set half-width punctuation in Chinese context to full width, as official pages have it.

    Clock times, decimal points and round brackets around Latin words between Latin words stay.
    """
    clocks = _CLOCK.sub("\x00", text)
    marked = _BESIDE_CHINESE.sub(lambda found: found[0].translate(_MARKS), clocks)
    return _widen_brackets(marked).replace("\x00", ":")


def _widen_brackets(text: str) -> str:
    signs = list(text)
    opened: list[int] = []
    for place, sign in enumerate(signs):
        if sign == "(":
            opened.append(place)
        elif sign == ")" and opened:
            start = opened.pop()
            around = text[max(0, start - 1) : place + 2]
            if re.search(rf"[{_CJK}]", around):
                signs[start], signs[place] = "（", "）"
    return "".join(signs)


def set_lines(
    lines: Iterable[str], *, centre: Collection[str] = (), right: Collection[str] = ()
) -> list[Paragraph]:
    """Give each line its place, by the lines named for the centre and the right."""
    places = dict.fromkeys(centre, "centre") | dict.fromkeys(right, "right")
    return [Paragraph(text=line, place=places.get(line, "left")) for line in lines]


def read_marked(body: str) -> list[Paragraph]:
    """Read the everyday's own marks: ``=`` sets a line in the centre, ``>`` to the right."""
    found = []
    for line in body.strip().split("\n"):
        mark, _, rest = line.partition(" ")
        place = {"=": "centre", ">": "right"}.get(mark)
        found.append(Paragraph(text=rest if place else line, place=place or "left"))
    return found
