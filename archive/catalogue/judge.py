"""Whether two sightings show one notice. Pure, symmetric, and it says why.

Nothing merges on one weak sign. A number merges only within its jurisdiction and only when
title or text agree; a text merges only when nothing contradicts it: another year or work in the
title, another body, another place, another date, other figures.

The thresholds are calibrated together on the labelled set of ``tests/catalogue/labelled``; do
not tune one alone. Re-furnished copies of one notice measure a resemblance of .70 and more; half
an excerpt .52, with a containment of 1.00; yearly boilerplate .96, with other figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from archive.catalogue.face import Face
from archive.catalogue.likeness import UNLIKE, Likeness, likeness
from archive.catalogue.places import is_one_body, is_specific, level_of, may_be_one_body
from archive.notice import Trust

#: With an equal number, this much of the text must agree, unless the titles do.
ALIKE_WITH_NUMBER = 0.5
#: Without a number: a re-furnished copy; an excerpt; the least length an excerpt must have.
COPY_RESEMBLANCE = 0.7
EXCERPT_CONTAINMENT = 0.9
EXCERPT_LENGTH = 150
#: With a rewritten or missing title, the text must carry the whole proof.
SURE_RESEMBLANCE = 0.85  # beside a number of unknown place
SURE_CONTAINMENT = 0.995
SURE_LENGTH = 300
#: Below this the figures are those of another year or place.
FIGURES_AGREE = 0.6
EXCERPT_FIGURES_AGREE = 0.4
#: Equal wordings shorter than this prove nothing: 详见附件, 404, a stamp.
TELLING_LENGTH = 100
#: Two notices of one name, body and date show at least this much of one text.
STILL_ALIKE = 0.3
#: Yearly notices without a date of their own are published about this far apart.
A_YEAR_APART = timedelta(days=300)
#: Codes that name no place; every county has one: 政办发, 府发, 卫发.
_PLACELESS = re.compile(
    r"(?:人民)?[县区市]?(?:人社|[政府委党卫医财民教办发]){1,6}[办发函规字]{0,4}〔"
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What speaks for one notice, or against it; neither where nothing does."""

    is_same: bool = False
    is_apart: bool = False  #: something contradicts; what is like both joins only one of them
    is_conflict: bool = False  #: a person should look
    strength: float = 0.0
    reason: str = ""


OPEN = Verdict()


def judge(a: Face, b: Face) -> Verdict:
    """Judge two sightings; the same whichever comes first."""
    like = closest(a, b)
    is_telling = like.is_same_wording and like.shorter >= TELLING_LENGTH
    if a.is_commentary != b.is_commentary:
        return _apart("one is about a notice, the other is one")
    is_firm = a.firm_marks != b.firm_marks
    if a.marks != b.marks and a.title and b.title and (is_firm or not is_telling):
        odd = "、".join(sorted(a.marks ^ b.marks))
        return _apart(f"only one title says {odd}")
    if a.number and b.number and not a.is_commentary:
        if a.number == b.number:
            return _same_number(a, b, like, is_telling)
        return _other_number(a, b, like, is_telling)
    return _by_text(a, b, like, is_telling)


def closest(a: Face, b: Face) -> Likeness:
    """The likeness of the two most alike wordings."""
    mine = {wording.text_digest for wording in a.wordings}
    equal = [wording for wording in b.wordings if wording.text_digest in mine]
    if equal:
        longest = max(equal, key=lambda wording: wording.length)
        return likeness(longest, longest)
    found = (likeness(one, other) for one in a.wordings for other in b.wordings)
    return max(found, key=lambda like: like.rank, default=UNLIKE)


def _apart(reason: str) -> Verdict:
    return Verdict(is_apart=True, reason=reason)


def _same(strength: float, reason: str) -> Verdict:
    return Verdict(is_same=True, strength=strength, reason=reason)


def _same_number(a: Face, b: Face, like: Likeness, is_telling: bool) -> Verdict:
    number = f"number equal ({a.number})"
    is_one_place = a.scope is not None and a.scope == b.scope
    stranger = None if is_one_place else _strangers(a, b)
    if stranger:
        if is_telling:
            return _same(3, f"{number}, wording equal")
        return _apart(f"{number}, but {stranger}")
    if not is_one_place and _is_placeless(a) and not _bodies_met(a, b):
        return _same_placeless_number(a, b, like, number)
    titles, texts = titles_alike(a, b), texts_alike(like)
    if titles or texts:
        agreeing = "titles alike" if titles else f"texts alike ({told(like)})"
        return _same(4 + _how_alike(like), f"{number}, {agreeing}")
    if not a.has_year and _years_apart(a, b):
        return _apart(f"{number}, but orders are numbered anew and the dates are years apart")
    reason = f"{number}, but neither title nor text agree ({told(like)})"
    return Verdict(is_apart=True, is_conflict=True, reason=reason)


def _is_placeless(face: Face) -> bool:
    return bool(face.number and _PLACELESS.match(face.number))


def _same_placeless_number(a: Face, b: Face, like: Likeness, number: str) -> Verdict:
    """Every county has a 政办发〔2024〕5号: without the place, the number is a weak sign."""
    number = f"{number}, whose place is not known"
    if _figures_differ(like):
        return _apart(f"{number}, but the figures differ ({like.figures:.0%} agree)")
    if titles_alike(a, b) and texts_alike(like):
        return _same(2 + _how_alike(like), f"{number}, titles and texts alike ({told(like)})")
    if like.resemblance >= SURE_RESEMBLANCE and like.shorter >= SURE_LENGTH:
        return _same(2 + _how_alike(like), f"{number}, texts alike ({told(like)})")
    return OPEN


def _other_number(a: Face, b: Face, like: Likeness, is_telling: bool) -> Verdict:
    numbers = f"numbers differ ({'、'.join(sorted((a.number or '', b.number or '')))})"
    if is_telling and min(a.trust, b.trust) <= Trust.AGGREGATOR:
        return Verdict(is_apart=True, is_conflict=True, reason=f"wording equal, but {numbers}")
    return _apart(numbers)


def _by_text(a: Face, b: Face, like: Likeness, is_telling: bool) -> Verdict:
    if is_telling:
        if a.years and b.years and a.years != b.years:
            return _apart("wording equal, but the titles name other years")
        return _same(3, "wording equal")
    against = _contradiction(a, b, like)
    proof = _proof(a, b, like)
    if against is not None:
        return _apart(f"{proof}, but {against}" if proof else against)
    doubt = _doubt(a, b, like) if proof else None
    if doubt is not None:
        return Verdict(reason=f"{proof}, but {doubt}")
    if proof is None:
        return OPEN
    return _same(1 + _how_alike(like) + _nearness(a, b), proof)


def _nearness(a: Face, b: Face) -> float:
    """Of two notices that an excerpt stands in, the one of its own time is the likelier."""
    if a.published_on is None or b.published_on is None:
        return 0.0
    days = abs((a.published_on - b.published_on).days)
    return 0.1 * max(0.0, 1 - days / 365)


def _how_alike(like: Likeness) -> float:
    return (like.resemblance + like.containment) / 2


def _proof(a: Face, b: Face, like: Likeness) -> str | None:
    """What speaks for one notice where there is no number to tell; None: not enough."""
    copied = like.resemblance >= COPY_RESEMBLANCE
    excerpt = like.containment >= EXCERPT_CONTAINMENT and like.shorter >= EXCERPT_LENGTH
    if (copied or excerpt) and titles_alike(a, b):
        return f"titles and texts alike ({told(like)})"
    # A neighbour's notice that names its place a few times has a containment of .95 to .99.
    if like.containment >= SURE_CONTAINMENT and like.shorter >= SURE_LENGTH:
        untitled = not (a.words and b.words)
        if untitled or min(a.trust, b.trust) <= Trust.AGGREGATOR:
            return f"texts alike under another title ({told(like)})"
    if _same_work_by_name(a, b, like):
        return "title, issuing body and date equal"
    return None


def _same_work_by_name(a: Face, b: Face, like: Likeness) -> bool:
    if len(a.words) < 6 or a.words != b.words:
        return False
    if a.written_on is None or a.written_on != b.written_on or not _bodies_met(a, b):
        return False
    return like.shorter < EXCERPT_LENGTH or _how_alike(like) >= STILL_ALIKE


def _contradiction(a: Face, b: Face, like: Likeness) -> str | None:
    """What speaks against one notice, however alike the texts are."""
    if a.years and b.years and a.years != b.years:
        return "the titles name other years"
    stranger = _strangers(a, b)
    if stranger:
        return stranger
    if a.written_on and b.written_on:
        if a.written_on == b.written_on:
            return None
        return "written on {} and {}".format(*sorted((a.written_on, b.written_on)))
    if like.is_whole and _figures_differ(like):
        return f"the figures differ (only {like.figures:.0%} agree)"
    return None


def _doubt(a: Face, b: Face, like: Likeness) -> str | None:
    """What makes a proof too weak, without proving the contrary."""
    if a.written_on and b.written_on:
        return None
    mine, theirs = set(a.text_years), set(b.text_years)
    if mine - theirs and theirs - mine:
        return "the texts name other years"
    if _published_a_year_apart(a, b) and not _figures_prove(like):
        return "published about a year or more apart"
    if _figures_differ(like):
        return f"the figures differ (only {like.figures:.0%} agree)"
    return None


def _figures_differ(like: Likeness) -> bool:
    """Whether the figures are another year's or place's.

    An excerpt's figures stand in torn contexts at its seams, so a few of them prove nothing.
    """
    is_like = like.resemblance >= COPY_RESEMBLANCE or like.containment >= EXCERPT_CONTAINMENT
    if like.figures is None or not is_like:
        return False  # two excerpts of one text have each its own
    if like.is_whole:
        return like.figures < FIGURES_AGREE
    return like.figures_compared >= 5 and like.figures < EXCERPT_FIGURES_AGREE


def _figures_prove(like: Likeness) -> bool:
    """Whether nothing in the text is another year's: all figures agree, or all words do."""
    if like.is_whole and like.containment >= 0.98:
        return like.figures is None or like.figures >= FIGURES_AGREE
    return like.figures is not None and like.figures >= 0.9 and like.figures_compared >= 3


def _strangers(a: Face, b: Face) -> str | None:
    """Whether two notices come from different bodies or places."""
    met = _bodies_met(a, b)
    if any(is_specific(body) for body in met):
        return None
    if a.issuing_bodies and b.issuing_bodies and not _bodies_may_meet(a, b):
        return "the issuing bodies are others"
    if scopes_differ(a.scope, b.scope):
        return f"the jurisdictions are others ({'、'.join(sorted((str(a.scope), str(b.scope))))})"
    if _places_differ(a.places, b.places):
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


def _bodies_met(a: Face, b: Face) -> tuple[str, ...]:
    """The bodies that two sightings have in common, under their shorter names."""
    return tuple(
        min(x, y, key=len)
        for x in a.issuing_bodies[:20]
        for y in b.issuing_bodies[:20]
        if is_one_body(x, y)
    )


def _bodies_may_meet(a: Face, b: Face) -> bool:
    """Whether any body of the one can be a body of the other."""
    return any(may_be_one_body(x, y) for x in a.issuing_bodies[:20] for y in b.issuing_bodies[:20])


def _places_differ(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether each names a place that the other does not, at the lowest level both name."""
    for level in ("县区旗", "市州盟", "省"):
        mine = {place for place in a if level_of(place) in level}
        theirs = {place for place in b if level_of(place) in level}
        if mine and theirs:
            return bool(mine - theirs and theirs - mine)
    return False


def _published_a_year_apart(a: Face, b: Face) -> bool:
    mine, theirs = a.published_on, b.published_on
    return bool(mine and theirs and abs(mine - theirs) >= A_YEAR_APART)


def _years_apart(a: Face, b: Face) -> bool:
    mine = a.written_on or a.published_on
    theirs = b.written_on or b.published_on
    return bool(mine and theirs and abs(mine.year - theirs.year) > 1)


def texts_alike(like: Likeness) -> bool:
    """Whether two texts are one, or one an excerpt of the other."""
    excerpt = like.containment >= EXCERPT_CONTAINMENT and like.shorter >= EXCERPT_LENGTH
    return like.resemblance >= ALIKE_WITH_NUMBER or excerpt


def titles_alike(a: Face, b: Face) -> bool:
    """Whether two title cores are the same name, cut or slightly damaged at most."""
    shorter, longer = sorted((a.words, b.words), key=len)
    if not shorter or (a.years != b.years and a.years and b.years):
        return False
    is_part = len(shorter) >= 8 and shorter in longer and 2 * len(shorter) >= len(longer)
    if shorter == longer or is_part:
        return True
    mine, theirs = _pairs(shorter), _pairs(longer)
    is_close = len(shorter) >= 8 and 2 * len(mine & theirs) >= 0.85 * (len(mine) + len(theirs))
    return is_close and not _names_another(a, b)


def _names_another(a: Face, b: Face) -> bool:
    """Whether one title has other characters in a place of the other's: 南岸 for 巴南.

    What is lost or added is a site's; what is exchanged is another name, but for single
    characters that a hacked mirror has damaged.
    """
    damaged = 1 if Trust.HACKED in (a.trust, b.trust) else 0
    matcher = SequenceMatcher(None, a.words, b.words, autojunk=False)
    return any(
        kind == "replace" and min(to - at, upto - start) > damaged
        for kind, at, to, start, upto in matcher.get_opcodes()
    )


def _pairs(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(len(words) - 1)}


def told(like: Likeness) -> str:
    """A likeness for a person."""
    return f"resemblance {like.resemblance:.2f}, containment {like.containment:.2f}"
