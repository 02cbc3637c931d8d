"""Which notice is this, and is it news? One pure judgement, which explains itself.

An arrival is judged against every sighting of the notices it might be (`judge`). Where all that
speaks for it points to one notice, and nothing there speaks against it, it joins that notice.
Where it is like two, or like one sighting of a notice and unlike another, the decision is
contested: the sightings concerned are put in order anew, the strongest likeness first
(`clusters`), so that the order in which they arrived does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from archive.catalogue.face import Face
from archive.catalogue.judge import (
    OPEN,
    Verdict,
    closest,
    judge,
    numbers_agree,
    scopes_differ,
    titles_alike,
    told,
)
from archive.catalogue.likeness import Likeness, number_values, values_of
from archive.notice import Fingerprint, Outcome, Trust

__all__ = ["Arriving", "Decision", "Face", "Known", "SeenThere", "decide", "scopes_differ"]

#: A page that shows something this unlike now shows another document.
STILL_ALIKE = 0.3


@dataclass(frozen=True, kw_only=True)
class SeenThere:
    """What the arriving capture's own URL showed when it was last read."""

    is_original: bool
    digest: str
    payload_digest: str
    reader_version: str
    digests: tuple[str, ...] = ()  #: of all wordings ever read there


@dataclass(frozen=True, kw_only=True)
class Known(Face):
    """A notice of the catalogue that the arrival might be."""

    id: str
    seen_there: SeenThere | None = None  #: None: it was never seen at the arriving URL
    sightings: tuple[Face, ...] = ()  #: what each of its sightings shows

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Its sightings; the notice itself where they are not told."""
        return self.sightings or (self,)


@dataclass(frozen=True, kw_only=True)
class Arriving(Face):
    """What has arrived: one reading of one capture."""

    payload_digest: str
    reader_version: str

    @property
    def fingerprint(self) -> Fingerprint:
        """Its one wording."""
        return self.wordings[0]

    @cached_property
    def text_values(self) -> dict[int, int]:
        """The values under which notices of like text or title are found."""
        return values_of(self.fingerprint)

    @cached_property
    def number_values(self) -> dict[int, int]:
        """The values under which notices of the same number are found."""
        return number_values(self.number, self.scope)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, and why."""

    outcome: Outcome
    notice_id: str | None = None  #: the notice it belongs to; None: it is one of its own
    conflicts_with: str | None = None
    reasons: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()  #: notices whose sightings must be put in order anew
    is_mended: bool = False  #: more of the wording that is known, in place of it


@dataclass(frozen=True, kw_only=True)
class _Bearing:
    """How an arrival stands to one notice."""

    notice: Known
    tie: Verdict  #: the strongest that speaks for it
    bar: Verdict  #: what speaks against it, a conflict before all

    @property
    def is_free(self) -> bool:
        return self.tie.is_same and not self.bar.is_apart


def decide(known: Sequence[Known], arriving: Arriving) -> Decision:
    """Decide what an arrival is, given the notices it might be.

    The order of ``known`` settles ties: the notice that came first stands first.
    """
    for notice in known:
        seen = _at_its_url(notice, arriving)
        if seen is not None and not _is_known_elsewhere(notice, known, arriving):
            return _also_elsewhere(seen, notice, known, arriving)
    bearings = [_bearing(notice, arriving) for notice in known if _is_elsewhere(notice, arriving)]
    tied = [bearing for bearing in bearings if bearing.tie.is_same]
    free = [bearing for bearing in tied if bearing.is_free]
    contested = tuple(one.notice.id for one in tied) if len(tied) > 1 or tied != free else ()
    if free:
        best = max(free, key=lambda bearing: bearing.tie.strength)
        return Decision(
            outcome=Outcome.COPY,
            notice_id=best.notice.id,
            reasons=_split(best.tie.reason),
            contested=contested,
        )
    return _of_its_own(bearings, contested)


def _is_elsewhere(notice: Known, arriving: Arriving) -> bool:
    """Whether it stands at other URLs than the arrival's; what stood here is another document."""
    return notice.seen_there is None or any(face.key != arriving.key for face in notice.sightings)


def _split(reason: str) -> tuple[str, ...]:
    number, mark, rest = reason.partition("), ")
    return (f"{number})", rest) if mark and number.startswith("number") else (reason,)


def _bearing(notice: Known, arriving: Arriving) -> _Bearing:
    verdicts = [group_verdict(group, (arriving,)) for group in groups(notice.faces)]
    ties = [verdict for verdict in verdicts if verdict.is_same]
    bars = [verdict for verdict in verdicts if not verdict.is_same and verdict.reason]
    return _Bearing(
        notice=notice,
        tie=max(ties, key=lambda verdict: verdict.strength, default=OPEN),
        bar=max(bars, key=lambda one: (one.is_apart, one.is_conflict), default=OPEN),
    )


def groups(faces: Sequence[Face]) -> Iterator[tuple[Face, ...]]:
    """What a person has put together stands together; every other sighting stands alone."""
    ordered = sorted(faces, key=lambda face: (face.group or face.key, face.key))
    for _, listed in groupby(ordered, key=lambda face: face.group or face.key):
        yield tuple(listed)


def group_verdict(some: Sequence[Face], others: Sequence[Face]) -> Verdict:
    """How two groups stand: a person's group is met through any one of its sightings."""
    verdicts = [judge(one, other) for one in some for other in others]
    return max(verdicts, key=lambda verdict: (verdict.is_same, verdict.strength, verdict.is_apart))


def _of_its_own(bearings: Sequence[_Bearing], contested: tuple[str, ...]) -> Decision:
    for bearing in bearings:
        if bearing.bar.is_conflict:
            return Decision(
                outcome=Outcome.CONFLICT,
                conflicts_with=bearing.notice.id,
                reasons=(f"{bearing.bar.reason}: {bearing.notice.id}",),
                contested=contested,
            )
    apart = tuple(
        f"not {bearing.notice.id}: {bearing.bar.reason}"
        for bearing in bearings
        if bearing.bar.reason
    )
    reasons = apart[:10] or ("nothing like it is known",)
    return Decision(outcome=Outcome.NEW, reasons=reasons, contested=contested)


# -- the same URL again


def _at_its_url(notice: Known, arriving: Arriving) -> Decision | None:
    """What a further capture of a known URL means; None: the page shows another document now."""
    seen = notice.seen_there
    if seen is None:
        return None
    if arriving.payload_digest and arriving.payload_digest == seen.payload_digest:
        return _unchanged(notice, "the page is byte for byte the one read before")
    if arriving.fingerprint.text_digest == seen.digest:
        return _unchanged(notice, "the wording is the one last seen there")
    like = closest(arriving, notice)
    if _is_another_document(notice, arriving, like):
        return None
    if not seen.is_original:
        return _unchanged(notice, f"a copy's wording changed ({told(like)}); the original stands")
    if arriving.trust is Trust.HACKED:
        return _unchanged(notice, "a hacked site's changes are not the notice's")
    reasons = [f"another wording at the original's URL ({told(like)})"]
    if arriving.reader_version != seen.reader_version:
        reasons.append("the earlier capture was read by another reader version")
    return Decision(outcome=Outcome.REVISED, notice_id=notice.id, reasons=tuple(reasons))


def _is_known_elsewhere(notice: Known, known: Sequence[Known], arriving: Arriving) -> bool:
    """Whether the page shows another notice's document now: that one's number, or its wording."""
    there = notice.seen_there
    assert there is not None
    if arriving.fingerprint.text_digest in (there.digest, *there.digests):
        return False
    if arriving.payload_digest and arriving.payload_digest == there.payload_digest:
        return False
    if not arriving.number or not notice.number or numbers_agree(arriving.number, notice.number):
        return False
    others = (one for one in known if one.id != notice.id)
    return any(_is_numbered_so(one, arriving) and _bearing(one, arriving).is_free for one in others)


def _is_numbered_so(notice: Known, arriving: Arriving) -> bool:
    return bool(notice.number and arriving.number and numbers_agree(notice.number, arriving.number))


def _unchanged(notice: Known, reason: str) -> Decision:
    return Decision(outcome=Outcome.UNCHANGED, notice_id=notice.id, reasons=(reason,))


def _is_another_document(notice: Known, arriving: Arriving, like: Likeness) -> bool:
    if notice.number and arriving.number:
        if numbers_agree(notice.number, arriving.number):
            return False
        # Another number under the same address is another document, unless the text stands.
        return like.resemblance < 0.9
    if max(like.resemblance, like.containment) >= STILL_ALIKE:
        return notice.years != arriving.years and bool(notice.years and arriving.years)
    return not titles_alike(notice, arriving)


def _also_elsewhere(
    seen: Decision, notice: Known, known: Sequence[Known], arriving: Arriving
) -> Decision:
    """A wording that is new to its URL may be known elsewhere: then both are looked at."""
    there = notice.seen_there
    assert there is not None
    if arriving.fingerprint.text_digest in (there.digest, *there.digests):
        return seen
    others = [one for one in known if one.seen_there is None]
    tied = [one.id for one in others if _bearing(one, arriving).tie.is_same]
    if not tied:
        return seen
    return Decision(
        outcome=seen.outcome,
        notice_id=seen.notice_id,
        reasons=seen.reasons,
        contested=(notice.id, *tied),
    )
