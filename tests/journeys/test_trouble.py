"""Sites that go wrong: each trouble is told to a person, nothing is lost, the others go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from walking import Walked, notices_of, walk

from archive.catalogue import Catalogue
from archive.notice import AlarmKind

pytestmark = pytest.mark.journey

LISTS = {
    "harbin": "timeout",
    "banan": "challenge",
    "xizang-wjw": "empty-list",
    "szmargarita": "loop",
}


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """A crawl in which every site misbehaves in its own way, and one in which all is well."""
    from spiders import load_sources

    sources = load_sources()
    misbehave = []
    for name, how in LISTS.items():
        url = sources[name].columns[0].url
        host, _, path = url.partition("://")[2].partition("/")
        misbehave.append([host, f"/{path}", how])
    misbehave.append([sources["taimao"].hosts[0], "/robots.txt", "503"])
    misbehave.append([sources["shenzhen-wjw"].hosts[0], "/robots.txt", "reset"])
    folder = tmp_path_factory.mktemp("troubled")
    quick = {"timeout_seconds": 2.0}
    well = [[host, path, None] for host, path, _ in misbehave]
    return walk(
        folder,
        {"stage": 1, "misbehave": misbehave, "settings": quick},
        {"stage": 1, "misbehave": well, "settings": {"timeout_seconds": 20.0}},
    )


@pytest.fixture
def catalogue(troubled: Walked) -> Iterator[Catalogue]:
    """The catalogue after both crawls."""
    with Catalogue.open(troubled.home.catalogue_url, read_only=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("harbin", "failed"),
        ("banan", "blocked"),
        ("szmargarita", "failed"),
        ("taimao", "failed"),
        ("shenzhen-wjw", "failed"),
    ],
)
def test_a_source_in_trouble_does_not_look_well(
    troubled: Walked, source: str, outcome: str
) -> None:
    assert troubled.look(0, source)["outcome"] == outcome


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("harbin", AlarmKind.UNREACHABLE),
        ("banan", AlarmKind.CHALLENGE),
        ("xizang-wjw", AlarmKind.EMPTY_LISTING),
        ("szmargarita", AlarmKind.UNREACHABLE),
        ("taimao", AlarmKind.UNREACHABLE),
        ("shenzhen-wjw", AlarmKind.UNREACHABLE),
    ],
)
def test_each_trouble_is_an_alarm_with_what_to_do(
    catalogue: Catalogue, source: str, kind: AlarmKind
) -> None:
    rows = [row for row in catalogue.alarms(open_only=False) if row.alarm.source == source]
    assert kind in {row.alarm.kind for row in rows}
    assert all(row.alarm.expected and row.alarm.came and row.alarm.to_do for row in rows)


def test_nothing_is_fetched_where_robots_txt_is_out_of_reach(troubled: Walked) -> None:
    first = troubled.sent[: _last_of_first_step(troubled)]
    paths = {one.path for one in first if one.host == "www.ylqxzb.com"}
    assert paths == {"/robots.txt"}


def _last_of_first_step(troubled: Walked) -> int:
    """The second step's first request is its first robots.txt that was answered well."""
    for position, one in enumerate(troubled.sent):
        if one.host == "www.harbin.gov.cn" and b" 200 " in one.response[:20]:
            later = [s for s in troubled.sent[:position] if s.path == "/robots.txt"]
            if len([s for s in later if s.host == one.host]) > 1:
                return troubled.sent.index(later[-1])
    return len(troubled.sent) // 2


def test_a_good_look_afterwards_finds_all_and_closes_the_alarms(
    troubled: Walked, catalogue: Catalogue
) -> None:
    assert {look["outcome"] for look in troubled.looks[1]} == {"ok"}
    assert catalogue.alarms() == ()
    titles = " ".join(notice.summary.title for notice in notices_of(catalogue))
    for seed in ("珠海市", "巴南区", "西藏自治区", "深圳市2022年", "哈尔滨市"):
        assert seed in titles


def test_a_challenge_is_kept_as_evidence_and_never_taken_for_a_notice(
    catalogue: Catalogue,
) -> None:
    assert not [n for n in notices_of(catalogue) if "_ts" in n.text]
