"""Which notice is this, and is it news? One pure judgement, which explains itself.

Nothing merges on one weak sign. A number merges only within its jurisdiction and only when
title or text agree; a text merges only when nothing contradicts it: another year or work in the
title, another body, another place, another date, other figures.

The thresholds are calibrated together; do not tune one alone. Re-furnished copies of one notice
measure a resemblance of .70 and more; half an excerpt .52, with a containment of 1.00; yearly
boilerplate .96, with other figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from archive.catalogue.likeness import Likeness, closest, number_values, values_of
from archive.catalogue.places import is_one_body, is_specific
from archive.notice import Fingerprint, Outcome, Trust

#: With an equal number, this much of the text must agree, unless the titles do.
ALIKE_WITH_NUMBER = 0.5
#: Without a number: a re-furnished copy; an excerpt; the least length an excerpt must have.
COPY_RESEMBLANCE = 0.7
EXCERPT_CONTAINMENT = 0.9
EXCERPT_LENGTH = 150
#: With a rewritten or missing title, the text must carry the whole proof.
SURE_RESEMBLANCE = 0.85
SURE_LENGTH = 300
#: Below this the figures are those of another year or place.
FIGURES_AGREE = 0.6
EXCERPT_FIGURES_AGREE = 0.4
#: Equal wordings shorter than this prove nothing: 详见附件, 404, a stamp.
TELLING_LENGTH = 100
#: A page that shows something this unlike now shows another document.
STILL_ALIKE = 0.3
#: Yearly notices without a date of their own are published about this far apart.
A_YEAR_APART = timedelta(days=300)

_WORDS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s{0,2}(?:年|[—–-]))")
#: Words that make a title another work than the one it names.
_OTHER_WORK = re.compile(
    r"转发|批转|贯彻|落实|解读|图解|答记者问|政策问答|征求意见|公开征集|草案|修订|修正|修改|补充"
    r"|废止|实施细则|延长|延续"
)
_COMMENTARY = re.compile(r"解读|新闻|图解|问答|答记者问|报道|动态|评论|资讯")


@dataclass(frozen=True, kw_only=True)
class Face:
    """What one side of the comparison shows of itself."""

    number: str | None = None  #: normalised; None also when the number is not to be believed
    has_year: bool = True  #: orders 令 carry none: theirs restart
    scope: str | None = None  #: jurisdiction in which the number is unique
    title: str = ""
    title_core: str = ""
    kind: str | None = None
    issuing_bodies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    written_on: date | None = None
    published_on: date | None = None
    trust: Trust = Trust.UNKNOWN
    wordings: tuple[Fingerprint, ...] = ()

    @cached_property
    def words(self) -> str:
        """The title core without punctuation."""
        return _WORDS.sub("", self.title_core)[:500]

    @cached_property
    def years(self) -> frozenset[str]:
        """The years the title names."""
        return frozenset(_YEAR.findall(self.title[:500]))

    @cached_property
    def marks(self) -> frozenset[str]:
        """Words of the title that make it a work of its own."""
        return frozenset(_OTHER_WORK.findall(self.title[:500]))

    @cached_property
    def is_commentary(self) -> bool:
        """Whether it is about a notice, rather than one."""
        return bool(self.kind and _COMMENTARY.search(self.kind))


@dataclass(frozen=True, kw_only=True)
class SeenThere:
    """What the arriving capture's own URL showed when it was last read."""

    is_original: bool
    digest: str
    payload_digest: str
    reader_version: str


@dataclass(frozen=True, kw_only=True)
class Known(Face):
    """A notice of the catalogue that the arrival might be."""

    id: str
    seen_there: SeenThere | None = None  #: None: it was never seen at the arriving URL


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
    becomes_original: bool = False
    conflicts_with: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    is_same: bool
    strength: float = 0.0
    is_conflict: bool = False
    reasons: tuple[str, ...] = field(default=())


def decide(known: Sequence[Known], arriving: Arriving) -> Decision:
    """Decide what an arrival is, given the notices it might be.

    The order of ``known`` settles ties: the notice that came first stands first.
    """
    for notice in known:
        seen = _at_its_url(notice, arriving)
        if seen is not None:
            return seen
    elsewhere = [notice for notice in known if notice.seen_there is None]
    judged = [(notice, _judge(notice, arriving)) for notice in elsewhere]
    same = [pair for pair in judged if pair[1].is_same]
    if same:
        notice, verdict = max(same, key=lambda pair: pair[1].strength)
        return _copy(notice, arriving, verdict.reasons)
    return _of_its_own(judged)


def _of_its_own(judged: Sequence[tuple[Known, _Verdict]]) -> Decision:
    for notice, verdict in judged:
        if verdict.is_conflict:
            return Decision(
                outcome=Outcome.CONFLICT, conflicts_with=notice.id, reasons=verdict.reasons
            )
    apart = tuple(
        f"not {notice.id}: {reason}" for notice, verdict in judged for reason in verdict.reasons
    )
    return Decision(outcome=Outcome.NEW, reasons=apart[:10] or ("nothing like it is known",))


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
    like = closest(arriving.fingerprint, notice.wordings)
    if _is_another_document(notice, arriving, like):
        return None
    if not seen.is_original:
        return _unchanged(notice, f"a copy's wording changed ({_told(like)}); the original stands")
    if arriving.trust is Trust.HACKED:
        return _unchanged(notice, "a hacked site's changes are not the notice's")
    reasons = [f"another wording at the original's URL ({_told(like)})"]
    if arriving.reader_version != seen.reader_version:
        reasons.append("the earlier capture was read by another reader version")
    return Decision(outcome=Outcome.REVISED, notice_id=notice.id, reasons=tuple(reasons))


def _unchanged(notice: Known, reason: str) -> Decision:
    return Decision(outcome=Outcome.UNCHANGED, notice_id=notice.id, reasons=(reason,))


def _is_another_document(notice: Known, arriving: Arriving, like: Likeness) -> bool:
    if max(like.resemblance, like.containment) >= STILL_ALIKE:
        return False
    if notice.number and notice.number == arriving.number:
        return False
    return not _titles_alike(notice, arriving)


# -- another URL


def _judge(notice: Known, arriving: Arriving) -> _Verdict:
    like = closest(arriving.fingerprint, notice.wordings)
    if notice.is_commentary != arriving.is_commentary:
        return _apart("one is about a notice, the other is one")
    if notice.marks != arriving.marks and notice.title and arriving.title:
        odd = "、".join(sorted(notice.marks ^ arriving.marks))
        if not (like.is_same_wording and like.shorter >= TELLING_LENGTH):
            return _apart(f"only one title says {odd}")
    if notice.number and arriving.number and not arriving.is_commentary:
        if notice.number == arriving.number:
            return _same_number(notice, arriving, like)
        return _other_number(notice, arriving, like)
    return _by_text(notice, arriving, like)


def _apart(reason: str) -> _Verdict:
    return _Verdict(is_same=False, reasons=(reason,))


def _same_number(notice: Known, arriving: Arriving, like: Likeness) -> _Verdict:
    number = f"number equal ({arriving.number})"
    titles, texts = _titles_alike(notice, arriving), _texts_alike(like)
    is_one_place = notice.scope is not None and notice.scope == arriving.scope
    strangers = None if is_one_place else _strangers(notice, arriving)
    if strangers:
        if like.is_same_wording and like.shorter >= TELLING_LENGTH:
            return _Verdict(is_same=True, strength=3, reasons=(number, "wording equal"))
        return _apart(f"{number}, but {strangers}")
    if titles or texts:
        agreeing = "titles alike" if titles else f"texts alike ({_told(like)})"
        strength = 4 + max(like.resemblance, like.containment)
        return _Verdict(is_same=True, strength=strength, reasons=(number, agreeing))
    if not arriving.has_year and _years_apart(notice, arriving):
        return _apart(f"{number}, but orders are numbered anew and the dates are years apart")
    reason = f"{number}, but neither title nor text agree ({_told(like)})"
    return _Verdict(is_same=False, is_conflict=True, reasons=(f"{reason}: {notice.id}",))


def _other_number(notice: Known, arriving: Arriving, like: Likeness) -> _Verdict:
    numbers = f"numbers differ ({notice.number}, {arriving.number})"
    is_telling = like.is_same_wording and like.shorter >= TELLING_LENGTH
    if is_telling and min(notice.trust, arriving.trust) <= Trust.AGGREGATOR:
        reason = f"wording equal to {notice.id}, but {numbers}"
        return _Verdict(is_same=False, is_conflict=True, reasons=(reason,))
    if not _texts_alike(like):
        return _Verdict(is_same=False)
    return _apart(numbers)


def _by_text(notice: Known, arriving: Arriving, like: Likeness) -> _Verdict:
    against = _contradiction(notice, arriving, like)
    if like.is_same_wording and like.shorter >= TELLING_LENGTH:
        if notice.years and arriving.years and notice.years != arriving.years:
            return _apart("wording equal, but the titles name other years")
        return _Verdict(is_same=True, strength=3, reasons=("wording equal",))
    reason = _proof(notice, arriving, like)
    if reason is None:
        return _Verdict(is_same=False)
    if against is not None:
        return _apart(f"{reason}, but {against}")
    strength = 1 + max(like.resemblance, like.containment)
    return _Verdict(is_same=True, strength=strength, reasons=(reason,))


def _proof(notice: Known, arriving: Arriving, like: Likeness) -> str | None:
    """What speaks for one notice where there is no number to tell; None: not enough."""
    titles = _titles_alike(notice, arriving)
    copied = like.resemblance >= COPY_RESEMBLANCE
    excerpt = like.containment >= EXCERPT_CONTAINMENT and like.shorter >= EXCERPT_LENGTH
    if titles and (copied or excerpt):
        return f"titles and texts alike ({_told(like)})"
    if like.resemblance >= SURE_RESEMBLANCE and like.shorter >= SURE_LENGTH:
        untitled = not (notice.words and arriving.words)
        if untitled or min(notice.trust, arriving.trust) <= Trust.AGGREGATOR:
            return f"texts alike under another title ({_told(like)})"
    if _same_work_by_name(notice, arriving, like):
        return "title, issuing body and date equal"
    return None


def _same_work_by_name(notice: Known, arriving: Arriving, like: Likeness) -> bool:
    if len(arriving.words) < 6 or notice.words != arriving.words:
        return False
    if not _bodies_met(notice.issuing_bodies, arriving.issuing_bodies):
        return False
    if notice.written_on is None or notice.written_on != arriving.written_on:
        return False
    says_little = like.shorter < EXCERPT_LENGTH
    return says_little or max(like.resemblance, like.containment) >= STILL_ALIKE


def _contradiction(notice: Known, arriving: Arriving, like: Likeness) -> str | None:
    """What speaks against one notice although the texts are alike."""
    if notice.years and arriving.years and notice.years != arriving.years:
        return "the titles name other years"
    strangers = _strangers(notice, arriving)
    if strangers:
        return strangers
    written = notice.written_on, arriving.written_on
    if all(written) and written[0] != written[1]:
        return f"written on {written[0]} and {written[1]}"
    if not all(written) and _published_a_year_apart(notice, arriving):
        return "published about a year or more apart"
    if not all(written) and _figures_differ(like):
        return f"the figures differ (only {like.figures:.0%} agree)"
    return None


def _figures_differ(like: Likeness) -> bool:
    """Whether the figures are another year's or place's.

    An excerpt's figures stand in torn contexts at its seams, so a few of them prove nothing.
    """
    if like.figures is None:
        return False
    if like.is_whole:
        return like.figures < FIGURES_AGREE
    return like.figures_compared >= 5 and like.figures < EXCERPT_FIGURES_AGREE


def _strangers(notice: Known, arriving: Arriving) -> str | None:
    """Whether two notices come from different bodies or places."""
    met = _bodies_met(notice.issuing_bodies, arriving.issuing_bodies)
    if any(is_specific(body) for body in met):
        return None
    if notice.issuing_bodies and arriving.issuing_bodies and not met:
        return "the issuing bodies are others"
    if scopes_differ(notice.scope, arriving.scope):
        return f"the jurisdictions are others ({notice.scope}, {arriving.scope})"
    if _places_differ(notice.places, arriving.places):
        return "the places are others"
    return None


def scopes_differ(a: str | None, b: str | None) -> bool:
    """Whether two jurisdictions are known and neither lies within the other.

    A district's notice on its city's site is no other notice; one on a neighbour's is. The
    nation's own numbers have a scope of their own, ``000000``.
    """
    if a is None or b is None or a == b:
        return False
    if "000000" in (a, b):
        return True
    shorter, longer = sorted((a.rstrip("0"), b.rstrip("0")), key=len)
    return not longer.startswith(_whole_pairs(shorter))


def _whole_pairs(code: str) -> str:
    """A code without its trailing zeros, at its level again: 1 of 100000 is no province."""
    return code + "0" * (len(code) % 2)


def _bodies_met(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    """The bodies that two lists have in common, under their shorter names."""
    return tuple(min(x, y, key=len) for x in a[:20] for y in b[:20] if is_one_body(x, y))


def _places_differ(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    for level in ("县区旗", "市州盟"):
        mine = {place for place in a if place[-1] in level}
        theirs = {place for place in b if place[-1] in level}
        if mine and theirs:
            return not mine & theirs
    return False


def _published_a_year_apart(notice: Known, arriving: Arriving) -> bool:
    mine, theirs = notice.published_on, arriving.published_on
    return bool(mine and theirs and abs(mine - theirs) >= A_YEAR_APART)


def _years_apart(notice: Known, arriving: Arriving) -> bool:
    mine = notice.written_on or notice.published_on
    theirs = arriving.written_on or arriving.published_on
    return bool(mine and theirs and abs(mine.year - theirs.year) > 1)


def _texts_alike(like: Likeness) -> bool:
    excerpt = like.containment >= EXCERPT_CONTAINMENT and like.shorter >= EXCERPT_LENGTH
    return like.resemblance >= ALIKE_WITH_NUMBER or excerpt


def _titles_alike(notice: Face, arriving: Face) -> bool:
    """Whether two title cores are the same name, cut or slightly damaged at most."""
    a, b = sorted((notice.words, arriving.words), key=len)
    if not a or (notice.years != arriving.years and notice.years and arriving.years):
        return False
    if a == b or (len(a) >= 8 and a in b and 2 * len(a) >= len(b)):
        return True
    mine, theirs = _pairs(a), _pairs(b)
    return len(a) >= 8 and 2 * len(mine & theirs) >= 0.85 * (len(mine) + len(theirs))


def _pairs(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(len(words) - 1)}


def _told(like: Likeness) -> str:
    return f"resemblance {like.resemblance:.2f}, containment {like.containment:.2f}"


def becomes_original(notice: Face, arriving: Face) -> bool:
    """Whether an arriving sighting is a better original: by trust, then by date."""
    if arriving.trust != notice.trust:
        return arriving.trust > notice.trust
    mine, theirs = arriving.published_on, notice.published_on
    return bool(mine and theirs and mine < theirs and arriving.trust is not Trust.HACKED)


def _copy(notice: Known, arriving: Arriving, reasons: tuple[str, ...]) -> Decision:
    better = becomes_original(notice, arriving)
    if better:
        reasons = (*reasons, "better trusted or earlier than the original known so far")
    return Decision(
        outcome=Outcome.COPY, notice_id=notice.id, becomes_original=better, reasons=reasons
    )
