"""Lines that a break-in left on a page: porn, gambling, surrogacy, fake invoices …

A word alone says nothing here: 关于开展打击淫秽色情专项行动的通知, 打击非法代孕 and 治理网络赌博
are true titles, and health notices are full of 成人, 性病, 国产 and 在线. A line is spam by two
signals or more: what it says (several different phrases of the trade), how it is joined (phrases
strung with _ - , |), that it is no sentence of office, and where it stands.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from archive.ingest.repair.script_marks import traditional
from archive.notice.character_fold import CharacterFold, in_one_width

_PHRASES = Path(__file__).with_name("spam_phrases.toml")
_LONGEST = 600  #: characters of a line that are looked at
_LONGEST_PART = 24  #: characters of a keyword; clauses of a sentence are longer
_BUCKET = 20  #: first characters of phrases that are looked for together
_EDGE = 12  #: lines at either end, where injected lines stand
_JOINER = re.compile(r"[_|,，－—·/\s-]+|(?<=[㐀-鿿]);(?=[㐀-鿿])")
_TITLE_JOINER = re.compile(r"[_|【】]|\s[-–—]\s|(?<=[㐀-鿿])-(?=[㐀-鿿])")
#: Signs between letters that are there to be seen, or to hide words from a filter.
_ORNAMENT = re.compile(
    r"[\u2190-\u2bff\u3012\ufe00-\ufe0f\u200b-\u200f\U0001f000-\U0001faff★☆*#~^]+"
)
_STRONG_JOINER = re.compile(r"[_|]|(?<=[㐀-鿿A-Za-z0-9])-(?=[㐀-鿿A-Za-z0-9])|[,，]")
# Folding leaves these as they are, or makes marks of them that stand in no phrase.
_ORDINARY = re.compile(r"[一-鿿，。、；：！？“”《》（）〔〕0-9]{0,4000}")
_JAPANESE = tuple(zip("産亜黒発売戯楽図", "产亚黑发卖戏乐图", strict=True))
_HANZI = re.compile(r"[㐀-鿿]")
_SPACE = re.compile(r"\s+")
#: Marks of a sentence, as they are when folded; sellers write none, and list without 、
_SENTENCE = re.compile(r"[。；《》〔〕()“”、]|(?<=[㐀-鿿])[:?!]|;$|的,")
#: Verbs and nouns with which an office speaks *about* such things; a seller never does.
_OFFICE = re.compile(
    r"打击|整治|治理|查处|取缔|严禁|禁止|防治|防范|预防|依法|专项|行动|通知|公告|通告|意见|办法|条例|规定|方案|通报|"
    r"决定|处罚|案件|警示|宣传|举报|监管|监督|管理|规范|排查|清理|抵制|揭露|曝光|法律|知识|健康教育|免疫|疫苗|接种|"
    r"警惕|诈骗|提醒|诊疗|指南|标准|服务规范|人民政府|委员会|卫生|公安|教育|培训|研究|项目|工程|改革|解读|会议|中心|医院"
)
#: Said of wares, whatever they are; 登录, 下载, 平台 and 在线 stand in an office's menus too.
_SELLING = re.compile(
    r"厂家|批发|价格|报价|多少钱|加盟|官网|开户|购买|出售|代刷|上门|哪家|排行榜|排名|招商|正品|直销|专卖|货源|"
    r"无弹窗|配资|发卡|会所|售后|高仿|秒到|包邮|优惠|门户|赚钱|直播吧"
)
_SERVICE = re.compile(
    "投诉|查询|公示|信息|监测|政务|政府|公积金|统计|指数|申报|备案|招标|采购|收费|政策"
)
_LEAST_SELLING = 2  #: different ones
#: What an office does not say of such things only because it stands in the same keyword.
_PLACE = re.compile(r"中心|医院|项目|标准|教育|培训|研究|工程|知识|法律|指南")
_ADDRESS = re.compile(
    r"(?:https?://|www\.|[a-z0-9-]{2,40}\.(?:com|cc|vip|xyz|top|net|app|bet|tv|club)\b)"
)
_CONTACT = re.compile(
    r"(?:微信|薇信|威信|v信|加v|qq|扣扣|电话|手机|tel|telegram|飞机)[:：号]{0,2}[a-z0-9_@-]{5,20}"
)


@dataclass(frozen=True, kw_only=True)
class SpamFindings:
    """Which lines are spam, and what is left of the title."""

    lines: frozenset[int] = frozenset()  #: indexes of the lines
    title_is_spam: bool = False  #: nothing, or not all, of the title is the notice's
    title_without_spam: str | None = None  #: the title's honest part; None when there is none
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    is_spam: bool
    reason: str = ""


def find_spam(lines: Sequence[str], *, title: str | None = None) -> SpamFindings:
    """Find injected lines among a page's lines, and injected parts of its title.

    Lines in the middle need more evidence than those at either end. Long texts cost one look a
    line at a few hundred characters.
    """
    verdicts = {
        index: verdict
        for index, line in enumerate(lines)
        if (verdict := _judge(line, at_edge=_is_at_edge(index, len(lines)))).is_spam
    }
    title_verdict = _judge_title(title) if title else _Verdict(is_spam=False)
    reasons = [f"line {index + 1}: {verdict.reason}" for index, verdict in verdicts.items()]
    if title_verdict.is_spam:
        reasons.append(f"title: {title_verdict.reason}")
    return SpamFindings(
        lines=frozenset(verdicts),
        title_is_spam=title_verdict.is_spam,
        title_without_spam=_honest_part(title or "") if title_verdict.is_spam else None,
        reasons=tuple(reasons),
    )


def _is_at_edge(index: int, count: int) -> bool:
    return index < _EDGE or index >= count - _EDGE


def _judge(line: str, *, at_edge: bool) -> _Verdict:
    """Weigh one line: phrases of the trade, the way it is joined, what speaks for an office."""
    if _is_plainly_innocent(line):
        return _Verdict(is_spam=False)
    folded = _fold(line)
    if at_edge and _sells_one_thing(folded):
        return _Verdict(is_spam=True, reason="one ware, sold in every part of a string of keywords")
    if not _any_trade().search(folded):
        return _Verdict(is_spam=False)
    trades = _trade_phrases(folded)
    phrases = [phrase for found in trades.values() for phrase in found]
    if not any(map(_HANZI.search, phrases)) or set(phrases) <= _ordinary():
        return _Verdict(is_spam=False)
    parts = [part for part in _JOINER.split(folded) if part]
    signals = _signals(folded, phrases, parts)
    said = "、".join(phrases[:4])
    if len(signals) >= (2 if at_edge else 3) + _speaks_for_an_office(folded, phrases):
        return _Verdict(is_spam=True, reason=f"{'; '.join(signals)} ({said})")
    if at_edge and _surrounds_an_honest_part(folded):
        return _Verdict(is_spam=True, reason=f"phrases of the trade around a title ({said})")
    return _Verdict(is_spam=False)


def _sells_one_thing(folded: str) -> bool:
    """Whether keywords of whatever trade are strung together: 净水器厂家_净水机批发_净水器价格.

    Three signals, none of which knows the trade: three parts or more that are short and no
    sentence of office, one word in several of them, and different words of selling.
    """
    if len(set(_SELLING.findall(folded))) < _LEAST_SELLING:
        return False
    parts = [part.strip() for part in _STRONG_JOINER.split(folded) if part.strip()]
    if len(parts) < 3 or max(map(len, parts)) > _LONGEST_PART:
        return False
    if "|" in folded or any(p.search(folded) for p in (_SENTENCE, _OFFICE, _SERVICE)):
        return False  # menus are joined by |
    rests = [_SELLING.sub(" ", part) for part in parts]
    pairs = Counter(pair for rest in rests for pair in set(map("".join, pairwise(rest))))
    return any(n >= 2 and len(_HANZI.findall(pair)) == 2 for pair, n in pairs.items())


def _judge_title(title: str) -> _Verdict:
    """As a line; or what is left when the part that an office wrote is taken out."""
    verdict = _judge(title, at_edge=True)
    honest = None if verdict.is_spam else _honest_part(title)
    if honest is None or honest == title.strip():
        return verdict
    parts = (part.strip() for part in _TITLE_JOINER.split(title))
    return _judge("_".join(part for part in parts if part and part != honest), at_edge=True)


def _speaks_for_an_office(folded: str, phrases: Sequence[str]) -> int:
    """How much of a line is the writing of an office, the phrases of the trade left out: 0 to 3."""
    parts = _STRONG_JOINER.split(folded)
    if len(parts) >= 2:  # 代孕中心 and 男科医院 are no offices; what stands apart from them may be
        parts = [_PLACE.sub("", p) if any(map(p.__contains__, phrases)) else p for p in parts]
    rest = _without("_".join(parts), phrases)
    return bool(_SENTENCE.search(rest)) + min(2, len(set(_OFFICE.findall(rest))))


def _is_plainly_innocent(line: str) -> bool:
    """Whether a line of ordinary Chinese holds no phrase of any trade: most lines, at one look."""
    if not _ORDINARY.fullmatch(line):
        return False
    return not _any_trade().search(_one_script()(line))


def _surrounds_an_honest_part(folded: str) -> bool:
    """Whether two parts or more are nothing but the trade, though another part is of office."""
    parts = [part.strip() for part in _TITLE_JOINER.split(folded) if part.strip()]
    return sum(map(_says_only_trade, parts)) >= 2


def _says_only_trade(part: str) -> bool:
    phrases = {phrase for found in _trade_phrases(part).values() for phrase in found}
    if not phrases or _OFFICE.search(_without(part, phrases)):
        return False
    covered = len(part) - len(_without(part, phrases))
    enough = 0.4 if len(phrases) >= 2 or _seller().search(part) else 0.5
    return covered >= enough * len(part)


def _without(text: str, phrases: Iterable[str]) -> str:
    for phrase in sorted(phrases, key=len, reverse=True):
        text = text.replace(phrase, "")
    return text


def _signals(folded: str, phrases: Sequence[str], parts: Sequence[str]) -> list[str]:
    """What speaks for spam; each counts once."""
    distinct = len(set(phrases))
    tainted = sum(any(phrase in part for phrase in phrases) for part in parts)
    covered = 1 - len(_without(folded, phrases)) / max(1, len(folded))
    pitches = len(set(_seller().findall(folded)))
    is_bare = distinct >= 2 and covered >= 0.25 and not _speaks_for_an_office(folded, phrases)
    is_strung = _STRONG_JOINER.search(folded) is not None and max(map(len, parts)) <= _LONGEST_PART
    tests = (
        (is_bare and is_strung and len(parts) >= 3, "keywords strung together"),
        (is_bare and is_strung and tainted >= 2, "the trade again and again"),
        (pitches >= 1, "what only a seller says"),
        (pitches >= 2, "more than once"),
        (distinct >= 3, f"{distinct} phrases of the trade"),
        (distinct >= 6, "many of them"),
        (covered >= 0.4 and len(folded) >= 6 and (distinct >= 2 or pitches), "little else is said"),
        (
            distinct >= 2
            and len(parts) >= 3
            and tainted >= 2
            and _STRONG_JOINER.search(folded) is not None,
            f"{len(parts)} phrases joined",
        ),
        (distinct >= 2 and tainted >= max(2, 0.6 * len(parts)), "most of its parts"),
        (
            distinct >= 2 and bool(_ADDRESS.search(folded) or _CONTACT.search(folded)),
            "an address to turn to",
        ),
    )
    return [said for holds, said in tests if holds]


def _honest_part(title: str) -> str | None:
    """The longest run of the title's parts that are no spam, when an office could have said it."""
    pieces = [piece.strip() for piece in _TITLE_JOINER.split(title)]
    honest = [
        piece
        for piece in pieces
        if len(piece) >= 6 and not _trade_phrases(_fold(piece)) and _OFFICE.search(piece)
    ]
    return max(honest, key=len) if honest else None


def _trade_phrases(folded: str) -> dict[str, list[str]]:
    """Phrases of each trade that stand in the line, the longest first and none inside another."""
    found: dict[str, list[str]] = {}
    for trade, pattern in _trades().items():
        phrases = list(dict.fromkeys(match[0] for match in pattern.finditer(folded)))
        if phrases:
            found[trade] = phrases
    return found


def _fold(line: str) -> str:
    """A line as it is judged: entities undone (twice, as SEO kits write them), one width.

    Ornaments count as joiners; characters spread out by spaces or signs are put together again.
    """
    shown = html.unescape(html.unescape(line[: 8 * _LONGEST]))[:_LONGEST]
    plain = _SPACE.sub(" ", in_one_width(_one_script()(shown))).strip().casefold()
    if not _ORNAMENT.search(plain) and " " not in plain:
        return plain
    joined = _ORNAMENT.sub("_", plain).strip("_")
    return _gathered(joined)


def _gathered(joined: str) -> str:
    """代 孕 价 格 and 代_孕_价_格 as one word each; words of two characters and more stay apart."""
    words = re.split("[ _]", joined)
    alone = sum(len(word) == 1 and _HANZI.match(word) is not None for word in words)
    if alone < 4 or alone < 0.7 * len(words):
        return joined
    return "".join(words)


@lru_cache(maxsize=1)
def _trades() -> dict[str, re.Pattern[str]]:
    trades = {**_table()["trades"], "seller": _table()["seller"]["phrases"]}
    return {
        trade: re.compile("|".join(map(_pattern, sorted(words, key=len, reverse=True))))
        for trade, words in trades.items()
    }


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words of the trades that others use as well."""
    return frozenset(_table()["ordinary"]["phrases"])


@lru_cache(maxsize=1)
def _seller() -> re.Pattern[str]:
    """What only a seller says."""
    phrases = _table()["seller"]["phrases"]
    return re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_PHRASES.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _any_trade() -> re.Pattern[str]:
    """All phrases of all trades, without what stands beside them."""
    phrases = {phrase for words in _table()["trades"].values() for phrase in words}
    phrases.update(_table()["seller"]["phrases"])
    rests: dict[str, list[str]] = {}
    for phrase in sorted(phrase for phrase in phrases if len(phrase) > 1):
        rests.setdefault(phrase[:2], []).append(re.escape(phrase[2:]))
    # Most pairs of characters begin no phrase: they are passed by at one look. The others are
    # told apart in two steps, for an alternation is gone through from its beginning.
    first, second = (
        "".join(map(re.escape, sorted(set(each)))) for each in zip(*rests, strict=True)
    )
    starts = sorted({pair[0] for pair in rests})
    buckets = (starts[begin : begin + _BUCKET] for begin in range(0, len(starts), _BUCKET))
    words = "|".join(_starting_with(frozenset(bucket), rests) for bucket in buckets)
    alone = "".join(sorted(re.escape(phrase) for phrase in phrases if len(phrase) == 1))
    return re.compile(f"[{alone}]|(?=[{first}][{second}])(?:{words})")


def _starting_with(starts: frozenset[str], rests: Mapping[str, Sequence[str]]) -> str:
    """A pattern of the phrases that begin with one of some characters."""
    chosen = (
        (re.escape(pair[0]), re.escape(pair[1]), each)
        for pair, each in rests.items()
        if pair[0] in starts
    )
    words = (f"{two}(?<={one}{two})(?:{'|'.join(each)})" for one, two, each in chosen)
    return f"[{''.join(map(re.escape, sorted(starts)))}](?:{'|'.join(words)})"


@lru_cache(maxsize=1)
def _one_script() -> CharacterFold:
    """The phrases' characters as they are written elsewhere: Traditional, Japanese."""
    phrases = (word for words in _table()["trades"].values() for word in words)
    simple = {character for phrase in phrases for character in phrase}
    other = {traditional(character): character for character in simple}
    pairs = (*other.items(), *_JAPANESE)
    return CharacterFold({wide: plain for wide, plain in pairs if wide != plain})


def _pattern(phrase: str) -> str:
    """Latin letters and digits only count where no others stand beside them: av, not java."""
    escaped = re.escape(phrase)
    if not phrase.isascii():
        return escaped
    # What stands before is looked at last: a pattern that begins with a character is found faster.
    first = re.escape(phrase[0])
    return f"{first}(?<![a-z0-9]{first}){re.escape(phrase[1:])}(?![a-z0-9])"
