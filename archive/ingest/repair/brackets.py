"""Which brackets and quotes stand open: a text closes what it opens, and closes nothing else.

The language model sees three characters and knows nothing of this; a break often hides the one
mark that tells. 今天□11月5日）起 holds a （, for the ） behind it.
"""

from __future__ import annotations

import re

from archive.ingest.repair.notes import NOTE

_CLOSERS = dict(zip(")）》〉”’】〕」』", "(（《〈“‘【〔「『", strict=True))
_ONE_WIDTH = {"（": "("}
_OPENERS = frozenset(_CLOSERS.values())
MARKS = frozenset(_CLOSERS) | _OPENERS
_ANY = re.compile(f"[{re.escape(''.join(sorted(MARKS)))}]")
_DAMAGE = re.compile("[?!;\ufffd\ue000-\uf8ff]")
_DEEPEST = 4

#: Bits, as far as the text around bears them out: earlier damage may have swallowed the other half.
_CLOSES_NOTHING = 5.0
_CLOSES = -2.0
_OPENS_AGAIN = 5.0
_NEVER_CLOSED = 4.0


def opened_by(text: str, opened: str = "") -> str:
    """What stands open behind a stretch of text, outermost first."""
    for mark in _ANY.findall(re.sub(NOTE, "", text)):
        opened = step(opened, mark)[1]
    return opened


def step(opened: str, mark: str) -> tuple[float, str]:
    """Bits of one bracket or quote, and what stands open behind it."""
    opener = _CLOSERS.get(mark)
    if opener is None:
        mark = _ONE_WIDTH.get(mark, mark)
        return (_OPENS_AGAIN if mark in opened else 0.0), (opened + mark)[-_DEEPEST:]
    opener = _ONE_WIDTH.get(opener, opener)
    at = opened.rfind(opener)
    return (_CLOSES_NOTHING, opened) if at < 0 else (_CLOSES, opened[:at])


def left_open(opened: str, rest: str | None) -> float:
    """Bits of what stands open before the rest of a line; None where its end is not seen."""
    if rest is None:
        return 0.0
    bare = re.sub(NOTE, "", rest)
    found = _ANY.search(bare)
    if _DAMAGE.search(bare, 0, found.start() if found else len(bare)):
        return 0.0
    if found is None:
        return _NEVER_CLOSED * min(2, len(opened))
    return 0.0 if found[0] in _OPENERS else max(0.0, step(opened, found[0])[0])


def balance(line: str, opened: str) -> float:
    """Bits of all brackets and quotes of a stretch of text."""
    total = 0.0
    for mark in _ANY.findall(line):
        bits, opened = step(opened, mark)
        total += bits
    return total
