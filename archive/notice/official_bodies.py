"""Bodies under their official names, through the reforms that renamed them.

The central ones stand in ``official_bodies.tsv``, each name with its years and its source. Below
the centre a body is told by its place and its task: 巴南区卫生局 became 卫生和计划生育委员会 in
2013 and 卫生健康委员会 in 2018, as in every other district.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("official_bodies.tsv")
_STATE = "中华人民共和国"
#: An office speaks for its body and is numbered apart: 国家卫生健康委员会办公厅.
_OFFICE = re.compile(r"(?:办公厅|办公室|综合司|综合处)$")
#: What a place's bureau of one task was called, in the order of the reforms, the last name first.
_LOCAL = (
    ("卫生健康", "卫生和计划生育|卫生计生|卫生和人口计划生育|卫计|卫健|卫生"),
    ("医疗保障", "医疗保障|医保"),
    ("人力资源和社会保障", "人力资源社会保障|人社|劳动和社会保障|劳动保障|人事劳动"),
    ("市场监督管理", "市场监管|工商行政管理|食品药品监督管理|质量技术监督"),
    ("发展和改革", "发展改革|发改|发展计划"),
    ("农业农村", "农业|农牧|农委"),
    ("自然资源", "国土资源|国土"),
    ("生态环境", "环境保护|环保"),
    ("住房和城乡建设", "住房城乡建设|住建|建设"),
    ("文化和旅游", "文化旅游|文旅|文化广电"),
    ("教育", "教育|教育体育|教体"),
    ("财政", "财政"),
    ("民政", "民政"),
)
_PLACE = re.compile(r"^.{2,24}?(?:省|自治区|自治州|自治县|[市县区州盟旗])(?=[^场值])")
_KIND = re.compile(r"(?:委员会|[局委厅])$")


@dataclass(frozen=True, kw_only=True)
class OfficialBody:
    """A body under one of the names that it has had."""

    name: str  #: the official name: 国家卫生和计划生育委员会
    body: str  #: one word for it through all its names: 卫生; of a local one, place and task
    short: tuple[str, ...] = ()
    since: str | None = None  #: year and month, ``2013-03``
    until: str | None = None  #: None while it bears the name
    succeeded_by: tuple[str, ...] = ()
    source: str | None = None

    def bore_it_on(self, day: date) -> bool:
        """Whether it had this name then."""
        month = f"{day:%Y-%m}"
        return (self.since or "") <= month and (self.until is None or month <= self.until)


@lru_cache(maxsize=4096)
def central_body(name: str, on: date | None = None) -> OfficialBody | None:
    """The central body of a name, official or short, or of its office; None: it is none.

    Two bodies have borne one short name at other times (药监局): the day tells which is meant;
    without one it is the latest.
    """
    plain = name.strip().removeprefix(_STATE)
    rows = _by_name().get(plain) or _by_name().get(_OFFICE.sub("", plain), ())
    told = [row for row in rows if on is not None and row.bore_it_on(on)] or list(rows)
    return told[-1] if told else None


@lru_cache(maxsize=8192)
def official_name(name: str, on: date | None = None) -> str:
    """The official name of a body as it was then; what is not known stays as it is written.

    国家卫健委 is 国家卫生健康委员会, its office 国家卫生健康委员会办公厅.
    """
    plain = name.strip()
    if (row := central_body(plain, on)) is None:
        return plain
    bare = plain.removeprefix(_STATE)
    office = _OFFICE.search(bare)
    is_own = bare == row.name or bare in row.short
    return row.name + (office.group() if office and not is_own else "")


@lru_cache(maxsize=8192)
def body_through_time(name: str) -> str:
    """One word for a body through all its names: 卫生部 and 国家卫健委 give 卫生健康's one.

    A local body's is its place and task, so that 巴南区卫生局 and 巴南区卫生健康委 meet, and no
    other district's. What is not known is its own word.
    """
    if (row := central_body(name)) is not None:
        return row.body
    place = _PLACE.match(name)
    rest = name[place.end() :] if place else ""
    kind = _KIND.search(rest)
    task = rest[: kind.start()] if kind else ""
    for now, former in _LOCAL:
        if task and (task == now or re.fullmatch(former, task)):
            return f"{place.group() if place else ''}{now}"
    return name


def _rows() -> tuple[OfficialBody, ...]:
    return tuple(_read())


@cache
def _by_name() -> dict[str, tuple[OfficialBody, ...]]:
    found: dict[str, tuple[OfficialBody, ...]] = {}
    for row in _rows():
        for name in (row.name, *row.short):
            found[name] = (*found.get(name, ()), row)
    return found


def _read() -> Iterator[OfficialBody]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    for name, short, since, until, body, succeeded_by, source in told:
        yield OfficialBody(
            name=name,
            short=tuple(short.split("、")) if short else (),
            since=since,
            until=until or None,
            body=body,
            succeeded_by=tuple(succeeded_by.split("、")) if succeeded_by else (),
            source=source,
        )
