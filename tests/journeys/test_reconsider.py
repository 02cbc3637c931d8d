"""A topic is widened: what was set aside is taken up, fetched or not; narrowed, nothing is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from county import HOST, catalogue_of, hongtou, lay_out, list_page, path_of, published, url_of
from walking import Walked, notices_of, walk, with_clock

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import ChangeKind, Home, Lead

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("reconsider")]

KNOWN, RIVER, CUT, PARKING = (f"t20240401_4300{n}.html" for n in range(1, 5))
TITLES = {
    KNOWN: "清河县人民政府关于完善基本医疗保险门诊统筹的通知",
    RIVER: "清河县人民政府办公室关于全面推行河长制工作方案的通知",
    CUT: "清河县人民政府办公室关于印发河长制…",
    PARKING: "清河县人民政府关于规范停车场收费的公告",
}
WHOLE = {**TITLES, CUT: "清河县人民政府办公室关于印发河长制考核办法的通知"}
TEXT = "为{}，结合我县实际，经县政府研究同意，现就有关事项通知如下，请认真贯彻执行。"
WIDE = """
name = "{name}"

[[title]]
weight = 1.5
words = ["河长制"{more}]
"""


def _page(name: str) -> str:
    title = WHOLE[name]
    text = f"<p>各乡镇人民政府：</p><p>{TEXT.format(title[-12:])}</p><p>2024年3月28日</p>"
    return (
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f'<div class="TRS_Editor">{text}</div>'
    )


def _topic(home: Path, more: str = "") -> None:
    (home / "topics").mkdir(exist_ok=True)
    text = WIDE.format(name="医药卫生体制改革", more=more)
    (home / "topics" / "health-care-reform.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Walked, list[str]]:
    """Looked at; the topic widened to the rivers, reconsidered; looked at again without a list."""
    folder = tmp_path_factory.mktemp("reconsider")
    home = lay_out(folder)
    pages = {name: _page(name) for name in TITLES}
    clock = with_clock(folder)
    first = {"sources": ["qinghe"], "days": 0}
    walk(folder, {**first, "publish": published({"": list_page(TITLES), **pages})}, also=clock)
    _topic(home, ', "基本医疗保险"')
    said = [
        hongtou(home, "reconsider", also=clock),
        hongtou(home, "reconsider", "--apply", "--json", also=clock),
    ]
    dropped = {"": list_page({PARKING: TITLES[PARKING]}), **pages}
    later = {"sources": ["qinghe"], "days": 1, "publish": published(dropped)}
    walked = walk(folder, later, {"sources": ["qinghe"], "days": 2}, also=clock)
    return walked, [f"{one.returncode}\n{one.stdout}{one.stderr}" for one in said]


def test_it_says_what_is_on_topic_now_and_changes_nothing(homes: tuple[Walked, list[str]]) -> None:
    seen = homes[1][0]
    assert seen.startswith("1\n")
    assert f"open lead  {url_of(RIVER)}" in seen
    assert f"notice     {url_of(CUT)}" in seen
    assert "2 leads passed over, 1 on topic now; 1 page off topic, 1 notices now" in seen
    assert "Nothing was changed" in seen


def test_applied_it_leaves_nothing_to_take_up(
    homes: tuple[Walked, list[str]],
) -> None:
    done = json.loads(homes[1][1].splitlines()[-1])
    assert (done["opened"], done["taken_in"], done["is_applied"]) == ({"qinghe": 1}, 1, True)
    assert homes[1][1].startswith("0\n")
    with catalogue_of(homes[0].home.path) as catalogue:
        assert [lead.title for lead in catalogue.passed_over()] == [TITLES[PARKING]]
        assert not [*catalogue.read_before(is_off_topic=True)]


def test_the_next_look_fetches_what_no_list_names_and_nothing_twice(
    homes: tuple[Walked, list[str]],
) -> None:
    asked = [sent.path for sent in homes[0].sent]
    assert asked.count(path_of(RIVER)) == 1
    assert path_of(CUT) not in asked  # its bytes were here
    assert path_of(PARKING) not in asked
    assert all(look["outcome"] == "ok" for step in homes[0].looks for look in step)


def test_all_that_is_on_topic_is_here_and_was_announced(homes: tuple[Walked, list[str]]) -> None:
    with catalogue_of(homes[0].home.path) as catalogue:
        titles = {notice.summary.title for notice in notices_of(catalogue)}
        changes = [change.change for change in catalogue.changes()]
        aside = {view.title for view in catalogue.set_asides()}
    assert titles == {WHOLE[KNOWN], WHOLE[RIVER], WHOLE[CUT]}
    assert changes == [ChangeKind.NEW] * 3
    assert aside == {TITLES[PARKING]}


def test_a_rebuild_with_the_wider_topic_knows_the_same(homes: tuple[Walked, list[str]]) -> None:
    home = homes[0].home.path
    with catalogue_of(home) as catalogue:
        before = {notice.summary.id for notice in notices_of(catalogue)}
    done = hongtou(home, "rebuild")
    assert done.returncode == 0, done.stderr
    with catalogue_of(home) as catalogue:
        assert {notice.summary.id for notice in notices_of(catalogue)} == before


def test_a_narrower_topic_loses_no_notice_and_asks_for_it_still(
    homes: tuple[Walked, list[str]], tmp_path: Path
) -> None:
    """The journey's last step, on its own home: 医保 is no topic of it any more."""
    home = homes[0].home.path
    _topic(home)
    done = hongtou(home, "reconsider", "--apply", "--json")
    assert json.loads(done.stdout.splitlines()[-1])["opened"] == {}
    with catalogue_of(home) as catalogue:
        assert WHOLE[KNOWN] in {notice.summary.title for notice in notices_of(catalogue)}
        lead = Lead(url=url_of(KNOWN), title=TITLES[KNOWN], source="qinghe", column="zfwj",
                    found_at=f"http://{HOST}/")  # fmt: skip
    at = datetime.now(UTC) + timedelta(days=9)
    with Catalogue.open(Home(home).catalogue_url) as catalogue:
        (order,) = catalogue.take_leads([lead], at=at, recheck=timedelta(days=7))
    assert not order.is_new  # so that its title is not asked whether it is on topic


def test_ten_thousand_leads_are_reconsidered_and_given_out_a_few_hundred_a_look(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    _topic(home.path)
    at = datetime(2024, 4, 1, tzinfo=UTC)
    leads = [
        Lead(
            url=f"https://www.cqbn.gov.cn/{n}.html",
            title=f"关于{'河长制' if n % 2 else '停车'}第{n}项工作的通知",
            source="banan",
            column="gone",
            found_at="https://www.cqbn.gov.cn/",
        )
        for n in range(10_000)
    ]
    with Catalogue.open(home.catalogue_url, create=True) as catalogue:
        catalogue.set_aside_leads(leads, "off topic by its title", at)
    done = hongtou(home.path, "reconsider", "--apply", "--json", "--limit", "0")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "leads": 10_000, "opened": {"banan": 5_000}, "pages": 0, "taken_in": 0,
        "unreadable": 0, "is_applied": True,
    }  # fmt: skip
    with Catalogue.open(home.catalogue_url) as catalogue:
        orders = catalogue.open_leads("banan")
        assert len(orders) == 500
        assert all("河长制" in order.lead.title and order.is_new for order in orders)
        assert catalogue.open_leads("banan", but=["gone"]) == ()
        assert len([*catalogue.passed_over()]) == 5_000
        assert catalogue.reopen_leads([orders[0].lead.url]) == 0  # it is open already


def test_a_wrong_source_is_refused_in_a_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    Catalogue.open(home.catalogue_url, create=True).close()
    done = hongtou(home.path, "reconsider", "--source", "banann")
    assert done.returncode == 2
    assert "There is no source 'banann'. Did you mean 'banan'?" in done.stderr
