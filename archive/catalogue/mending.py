"""A page that was missing from a split article has come: more of what is known, no revision."""

from __future__ import annotations

from dataclasses import replace

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival, is_incomplete
from archive.catalogue.decide import Decision
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.shelf import Shelf
from archive.notice import Outcome

_REASON = "a page of it that was missing has come"


def as_mended(decision: Decision, arrival: Arrival, shelf: Shelf) -> Decision:
    """The decision; where it calls a revision what only completes the wording, that instead."""
    if decision.outcome is not Outcome.REVISED or arrival.parts is None:
        return decision
    assert decision.notice_id is not None
    kept = shelf.kept_reading(keys.text_key(arrival.capture.url), decision.notice_id)
    if kept is None or not is_incomplete(unpacked_reading(kept["reading"])):
        return decision
    return replace(decision, outcome=Outcome.UNCHANGED, reasons=(_REASON,), is_mended=True)
