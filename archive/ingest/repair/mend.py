"""Put a mangled text back as it was: pinyin notes out, broken octets whole, Simplified again."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.ingest.repair.byte_damage import Edit, Undone, has_traces, undo_byte_damage
from archive.ingest.repair.notes import Note, are_injected, belongs_to_engine, find_notes
from archive.ingest.repair.script_marks import was_converted, what_is_traditional_simplified
from archive.notice.reading import Repair

_SHOWN = 60  #: characters of a long text that a repair shows


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A text with its damage undone, and what was undone where."""

    text: str  #: identical to what was given when nothing was damaged
    repairs: tuple[Repair, ...] = ()  #: in the order of the text; places are of the given text
    flags: tuple[str, ...] = ()  #: was-annotated, was-broken, was-traditional, damage-left:N


def mend(text: str) -> Mended:
    """Undo what a mirror's engine did to a decoded text, HTML source or plain.

    A text without damage comes back identical, at the price of two searches. Traditional text is
    only converted when the page shows that it was Simplified: notes or breaks of the engine, or
    slips that no hand makes. What looks broken and has no sure reading is left, and flagged.
    """
    notes = find_notes(text)
    is_annotated = are_injected(notes, text)
    is_converted = was_converted(text)
    if not (is_annotated or has_traces(text) or is_converted):
        return Mended(text=text)
    undone = undo_byte_damage(text, notes, in_mirror=is_annotated or is_converted)
    edits = _all_edits(undone.edits, notes if is_annotated else ())
    repairs = _repairs(text, edits)
    mended = _applied(text, edits)
    flags = _flags(undone, is_annotated=is_annotated)
    is_of_a_mirror = is_annotated or is_converted or undone.edits
    simplified = what_is_traditional_simplified(mended) if is_of_a_mirror else mended
    if simplified == mended:
        return Mended(text=mended, repairs=repairs, flags=flags)
    place = _first_difference(mended, simplified)
    whole = Repair(
        kind="traditional",
        before=mended[place : place + _SHOWN],
        after=simplified[place : place + _SHOWN],
        where="whole text",
    )
    return Mended(text=simplified, repairs=(*repairs, whole), flags=(*flags, "was-traditional"))


def _all_edits(breaks: Sequence[Edit], notes: Iterable[Note]) -> tuple[Edit, ...]:
    """Breaks and notes together, in order; a note inside a break went with it."""
    taken = [(edit.start, edit.end) for edit in breaks]
    starts = [start for start, _ in taken]
    alone = []
    for note in notes:
        nearest = bisect_right(starts, note.start) - 1
        is_inside = nearest >= 0 and note.start < taken[nearest][1]
        if belongs_to_engine(note) and not is_inside:
            alone.append(Edit(start=note.start, end=note.end, after=""))
    return tuple(sorted((*breaks, *alone), key=lambda edit: edit.start))


def _applied(text: str, edits: Iterable[Edit]) -> str:
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.start], edit.after)
        done = edit.end
    return "".join((*pieces, text[done:]))


def _repairs(text: str, edits: Iterable[Edit]) -> tuple[Repair, ...]:
    lines = [0, *(end.end() for end in re.finditer("\n", text))]
    found = []
    for edit in edits:
        is_note = not edit.after
        start = edit.start - 1 if is_note else edit.start  # a note is shown with its Hanzi
        line = bisect_right(lines, start)
        found.append(
            Repair(
                kind="pinyin" if is_note else "byte-damage",
                before=text[start : edit.end],
                after=text[start] if is_note else edit.after,
                where=f"line {line}, character {start - lines[line - 1] + 1}",
            )
        )
    return tuple(found)


def _flags(undone: Undone, *, is_annotated: bool) -> tuple[str, ...]:
    flags = []
    if is_annotated:
        flags.append("was-annotated")
    if undone.edits:
        flags.append("was-broken")
    if undone.unsure:
        flags.append(f"damage-left:{len(undone.unsure)}")
    return tuple(flags)


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), 0)
