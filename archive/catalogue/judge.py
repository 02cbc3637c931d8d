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

from archive.catalogue.face import FIRM_MARKS, Face
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
#: Of a text up to this length, a larger part than this must not be missing in a copy.
FORM_LENGTH = 400
FORM_DIFFERS = 0.015
#: What is shorter than this part of the other is an excerpt of it, whose seams are its own.
MOST_OF_IT = 0.6
#: With one long title, an excerpt may be a few sentences.
LEAST_EXCERPT = 80
LONG_TITLE = 14
#: Below this the figures are those of another year or place.
FIGURES_AGREE = 0.6
#: An excerpt tears the context of a figure at each of its seams; beyond them, this part of its
#: figures may be damaged.
SEAMS = 2
DAMAGED = 0.15
#: Equal wordings shorter than this prove nothing: 详见附件, 404, a stamp.
TELLING_LENGTH = 100
#: Two notices of one name, body and date show at least this much of one text.
STILL_ALIKE = 0.3
#: Yearly notices without a date of their own are published about this far apart.
A_YEAR_APART = timedelta(days=300)
#: What a headline does not outweigh either: it is as likely the other's.
_NEVER_WAIVED = FIRM_MARKS - {"贯彻", "落实"}
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
    is_other_kind = a.is_commentary != b.is_commentary
    if is_other_kind and (a.firm_marks != b.firm_marks or not _is_one_page(a, b, like)):
        return _apart("one is about a notice, the other is one")
    if _other_marks(a, b) and (a.firm_marks != b.firm_marks or not is_telling):
        odd = "、".join(sorted(a.marks ^ b.marks))
        return _apart(f"only one title says {odd}")
    if a.number and b.number and not (a.is_commentary or b.is_commentary):
        if numbers_agree(a.number, b.number):
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


def _other_marks(a: Face, b: Face) -> bool:
    """Whether the titles tell two works: 转发 or 征求意见 in one of them only.

    A headline that names no document does not say that it is not a revised one; but a draft's
    words under a headline are as likely the final notice's.
    """
    if a.marks == b.marks or not (a.title and b.title):
        return False
    is_certain = any(mark in _NEVER_WAIVED for mark in a.marks ^ b.marks)
    is_of_it = 2 * len(_pairs(a.words) & _pairs(b.words)) >= min(len(a.words), len(b.words))
    return is_certain or is_of_it or not (a.is_headline or b.is_headline)


def _is_one_page(a: Face, b: Face, like: Likeness) -> bool:
    """Whether a page is taken for news by one reading and for a notice by another.

    The kind is told by a page's surroundings as much as by its words, so that it proves nothing
    against one text under one title; 解读 in one title only is a mark of that title.
    """
    if like.is_same_wording or titles_alike(a, b):
        return True
    copied = like.resemblance >= SURE_RESEMBLANCE or like.containment >= SURE_CONTAINMENT
    return copied and (not (a.words and b.words) or a.is_headline or b.is_headline)


def _apart(reason: str) -> Verdict:
    return Verdict(is_apart=True, reason=reason)


def _same(strength: float, reason: str) -> Verdict:
    return Verdict(is_same=True, strength=strength, reason=reason)


def numbers_agree(a: str, b: str) -> bool:
    """Whether two numbers are one, though the one may lack its body: 2020年第17号."""
    shorter, longer = sorted((a, b), key=len)
    return shorter == longer or (shorter[0].isdigit() and longer.endswith(shorter))


def _same_number(a: Face, b: Face, like: Likeness, is_telling: bool) -> Verdict:
    number = f"number equal ({a.number})"
    is_one_place = a.scope is not None and a.scope == b.scope
    stranger = None if is_one_place else _strangers(a, b)
    if stranger:
        if is_telling:
            return _same(3, f"{number}, wording equal")
        return _apart(f"{number}, but {stranger}")
    is_placeless = _is_placeless(a) or _is_placeless(b)
    if not is_one_place and is_placeless and not _bodies_met(a, b):
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
    number = face.number or ""
    return number[:1].isdigit() or bool(_PLACELESS.match(number))


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
    if (is_telling or _only_the_number_differs(a, b, like)) and (
        min(a.trust, b.trust) <= Trust.AGGREGATOR
    ):
        return Verdict(is_apart=True, is_conflict=True, reason=f"wording equal, but {numbers}")
    return _apart(numbers)


def _only_the_number_differs(a: Face, b: Face, like: Likeness) -> bool:
    """Whether a page is the other's in all but its number, which stands in the text too."""
    is_one_day = a.written_on == b.written_on and a.written_on is not None
    is_one_title = a.words == b.words and len(a.words) >= LONG_TITLE
    return is_one_day and is_one_title and like.resemblance >= 0.9 and not _figures_differ(like)


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
    one_name = a.words == b.words and len(a.words) >= LONG_TITLE
    least = LEAST_EXCERPT if one_name else EXCERPT_LENGTH
    excerpt = like.containment >= EXCERPT_CONTAINMENT and like.shorter >= least
    if (copied or excerpt) and titles_alike(a, b) and not _is_form_filled_in(a, b, like):
        return f"titles and texts alike ({told(like)})"
    # A neighbour's notice that names its place a few times has a containment of .95 to .99.
    if like.containment >= SURE_CONTAINMENT and like.shorter >= SURE_LENGTH:
        untitled = not (a.words and b.words)
        if untitled or min(a.trust, b.trust) <= Trust.AGGREGATOR:
            return f"texts alike under another title ({told(like)})"
    if _same_work_by_name(a, b, like):
        return "title, issuing body and date equal"
    return None


def _is_form_filled_in(a: Face, b: Face, like: Likeness) -> bool:
    """Whether a short text may be the other's form with another name put in.

    Appointments and public notices of one office differ in a name or two of a hundred
    characters. What a site adds around a text leaves all of it standing in the other; so the
    shorter the text, the less of it may be missing there. What a hacked mirror has damaged is
    known by a title that says enough.
    """
    is_mirrored = Trust.HACKED in (a.trust, b.trust)
    if is_mirrored and min(len(a.words), len(b.words)) >= LONG_TITLE:
        return False
    missing = min(1 - EXCERPT_CONTAINMENT, max(FORM_DIFFERS, (like.shorter - FORM_LENGTH) / 4_000))
    is_form = like.shorter < 2 * FORM_LENGTH and like.shorter >= MOST_OF_IT * like.longer
    return is_form and like.containment < 1 - missing


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
    if names_exchanged(a, b):
        return "the titles name different things"
    if a.written_on and b.written_on:
        if a.written_on == b.written_on:
            return None
        return "written on {} and {}".format(*sorted((a.written_on, b.written_on)))
    if like.is_whole and _figures_differ(like):
        return f"the figures differ (only {like.figures:.0%} agree)"
    if like.is_whole and like.resemblance >= ALIKE_WITH_NUMBER and _years_differ(a, b):
        return "the texts name other years"
    return None


def _years_differ(a: Face, b: Face) -> bool:
    """Whether each text names a year that the other does not."""
    mine, theirs = set(a.text_years), set(b.text_years)
    return bool(mine - theirs and theirs - mine)


def _names_a_later_year(a: Face, b: Face) -> bool:
    """Whether one whole text names a year in which the other had long been published."""
    return any(
        other.published_on is not None
        and one.published_on is not None
        and any(
            other.published_on.year < int(year) <= one.published_on.year
            for year in set(one.text_years) - set(other.text_years)
        )
        for one, other in ((a, b), (b, a))
    )


def _doubt(a: Face, b: Face, like: Likeness) -> str | None:
    """What makes a proof too weak, without proving the contrary."""
    if like.is_whole and _names_a_later_year(a, b):
        return "one text names a year after the other was published"
    if a.written_on and b.written_on:
        return None
    if _years_differ(a, b):
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
    others = (1 - like.figures) * like.figures_compared
    return others > SEAMS + DAMAGED * like.figures_compared


def _figures_prove(like: Likeness) -> bool:
    """Whether nothing in the text is another year's: all figures agree, or all words do."""
    if like.containment < 0.98:
        return False
    if like.is_whole:
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
    return any(min(pair) > damaged for pair in _exchanged(a.words, b.words))


def names_exchanged(a: Face, b: Face) -> bool:
    """Whether two titles are one form of words with another name put in: 阿莫西林 for 硝苯地平."""
    if titles_alike(a, b) or min(len(a.words), len(b.words)) < LONG_TITLE:
        return False
    mine, theirs = _pairs(a.words), _pairs(b.words)
    if 2 * len(mine & theirs) < 0.5 * (len(mine) + len(theirs)):
        return False
    exchanged = [pair for pair in _exchanged(a.words, b.words) if min(pair) > 1]
    return 0 < sum(map(max, exchanged)) <= 0.5 * max(len(a.words), len(b.words))


def _exchanged(mine: str, theirs: str) -> list[tuple[int, int]]:
    """How many characters stand in a place of others, on either side."""
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return [
        (to - at, upto - start)
        for kind, at, to, start, upto in matcher.get_opcodes()
        if kind == "replace"
    ]


def _pairs(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(len(words) - 1)}


def told(like: Likeness) -> str:
    """A likeness for a person."""
    return f"resemblance {like.resemblance:.2f}, containment {like.containment:.2f}"
