"""What a sighting shows of itself, by which notices are told apart."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from archive.notice import Fingerprint, Trust

_WORDS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s{0,2}(?:年|[—–-]))")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
#: Words that make a title another work than the one it names.
_OTHER_WORK = re.compile(
    r"转发|批转|贯彻|落实|解读|图解|答记者问|政策问答|征求意见|公开征集|草案|修订|修正|修改|补充"
    r"|废止|实施细则|延长|延续"
)
#: Of these, what an equal wording does not outweigh: a draft is no notice, a report no order.
FIRM_MARKS = frozenset(
    {"转发", "批转", "解读", "图解", "答记者问", "政策问答", "征求意见", "公开征集", "草案", "贯彻"}
    | {"落实"}
)
#: What the title of a document ends in, or nearly: one without any of them is a headline.
_WORK = re.compile(
    r"通知|公告|通告|通报|意见|决定|决议|命令|令|办法|方案|规定|细则|批复|函|条例|规划|计划|纲要"
    r"|措施|标准|指南|规程|规范|公示|名单|目录|要点|报告|制度|章程|公报|纪要|预案|准则|规则|任务|安排|清单|分工"
)
_COMMENTARY = re.compile(r"解读|新闻|图解|问答|答记者问|报道|动态|评论|资讯")
_LONGEST = 500  #: characters of a title that are looked at
#: Fields that are kept with a sighting, as JSON.
_KEPT = (
    "number",
    "has_year",
    "scope",
    "title",
    "title_core",
    "kind",
    "issuing_bodies",
    "places",
    "text_years",
    "written_on",
    "published_on",
)


@dataclass(frozen=True, kw_only=True)
class Face:
    """What one side of the comparison shows of itself."""

    key: str = ""  #: of the URL it was seen at
    group: str = ""  #: what a person has put together shares one; "" stands alone
    number: str | None = None  #: normalised; None also when the number is not to be believed
    has_year: bool = True  #: orders 令 carry none: theirs restart
    scope: str | None = None  #: jurisdiction in which the number is unique
    title: str = ""
    title_core: str = ""
    kind: str | None = None
    issuing_bodies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    text_years: tuple[str, ...] = ()  #: that the text names, 2024年
    written_on: date | None = None
    published_on: date | None = None
    trust: Trust = Trust.UNKNOWN
    wordings: tuple[Fingerprint, ...] = ()

    @cached_property
    def words(self) -> str:
        """The title core without punctuation."""
        return _WORDS.sub("", self.title_core)[:_LONGEST]

    @cached_property
    def years(self) -> frozenset[str]:
        """The years the title names."""
        return frozenset(_YEAR.findall(self.title[:_LONGEST]))

    @cached_property
    def marks(self) -> frozenset[str]:
        """Words of the title that make it a work of its own; a second 贯彻 is another step."""
        found = _OTHER_WORK.findall(self.title[:_LONGEST])
        return frozenset(word * (found[:place].count(word) + 1) for place, word in enumerate(found))

    @cached_property
    def firm_marks(self) -> frozenset[str]:
        """Those of them that even an equal wording does not outweigh."""
        return frozenset(mark for mark in self.marks if any(word in mark for word in FIRM_MARKS))

    @cached_property
    def is_headline(self) -> bool:
        """Whether the title names no document: 重磅！新政来了."""
        return not self.marks and not _WORK.search(self.title[:_LONGEST])

    @cached_property
    def is_commentary(self) -> bool:
        """Whether it is about a notice, rather than one."""
        return bool(self.kind and _COMMENTARY.search(self.kind))

    def kept(self) -> str:
        """The face as it is kept beside its sighting; trust and wordings stand there too."""
        values = {name: getattr(self, name) for name in _KEPT}
        return json.dumps(values, ensure_ascii=False, default=_plain)

    @classmethod
    def of_kept(cls, kept: str, **others: Any) -> Self:
        """Read what `kept` wrote."""
        values = json.loads(kept)
        for name in ("written_on", "published_on"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        for name in ("issuing_bodies", "places", "text_years"):
            values[name] = tuple(values[name])
        return cls(**{**values, **others})


def years_of(text: str) -> tuple[str, ...]:
    """The years that a text names, in order of size."""
    return tuple(sorted(set(_NAMED_YEAR.findall(text))))[:60]


def _plain(value: date) -> str:
    return value.isoformat()
