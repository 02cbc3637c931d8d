"""What other notices say of a notice: repealed, amended; found whichever comes first."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from archive.catalogue import Arrival, Catalogue
from archive.catalogue.relations import AMENDS, REPEALS, relations

OFFICE = "重庆市巴南区人民政府办公室"
DECISION = "重庆市巴南区人民政府办公室关于废止部分行政规范性文件的决定"


def decision(said: Any, text: str, **fields: Any) -> Arrival:
    """A later paper of the district's, which says what became of earlier ones."""
    stated: dict[str, Any] = {
        "title": DECISION,
        "document_number": "巴南府办〔2025〕9号",
        "written_on": date(2025, 6, 1),
        "published_on": date(2025, 6, 2),
        "text": text,
        "kind": "决定",
    }
    url = fields.pop("url", "https://www.cqbn.gov.cn/9.html")
    source = fields.pop("source", said.BANAN)
    arrival: Arrival = said.arrival(url, source, day=400, **{**stated, **fields})
    return arrival


LIST = (
    "经研究，决定废止下列文件：\n1. 《巴南区深化医药卫生体制改革实施方案》（巴南府办〔2024〕5号）\n"
)
NUMBERED: dict[str, Any] = {"cited_numbers": ("巴南府办〔2024〕5号",)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_repeal_is_found_in_whatever_order_it_comes(
    catalogue: Catalogue, said: Any, order: tuple[int, ...]
) -> None:
    arrivals = [
        said.arrival(),
        decision(said, LIST, **NUMBERED),
        said.arrival("http://www.ylqxzb.com/1.html", said.REPRINTS, day=2, document_number=None),
    ]
    for place in order:
        catalogue.record(arrivals[place])
    view = catalogue.notice(catalogue.by_url("https://www.cqbn.gov.cn/5.html").id)
    citing = catalogue.by_url("https://www.cqbn.gov.cn/9.html")
    (fate,) = view.statuses
    assert (fate.status, fate.since, fate.evidence, fate.doubt) == (
        "废止", date(2025, 6, 1), citing.id, None,
    )  # fmt: skip
    told = [line for line in catalogue.changes() if line.change.value == "status"]
    assert [line.notice_id for line in told] == [view.summary.id]


def test_it_is_announced_once(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    catalogue.record(decision(said, LIST, **NUMBERED))
    catalogue.record(said.arrival(day=500, text=said.TEXT.replace("65%", "70%")))
    catalogue.record(decision(said, LIST, **NUMBERED))
    changes = [line.change.value for line in catalogue.changes()]
    assert changes == ["new", "new", "status", "revised"]


def test_a_repeal_in_passing_counts_too(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    passing = "本办法自2025年7月1日起施行，《巴南区方案》（巴南府办〔2024〕5号）同时废止。"
    catalogue.record(
        decision(
            said, passing, title="巴南区公立医院管理办法", effective_on=date(2025, 7, 1), **NUMBERED
        )
    )
    (fate,) = catalogue.statuses(catalogue.by_url("https://www.cqbn.gov.cn/5.html").id)
    assert (fate.status, fate.since) == ("废止", date(2025, 7, 1))


def test_a_neighbour_and_a_draft_and_an_explainer_take_no_force(
    catalogue: Catalogue, said: Any
) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    catalogue.record(decision(said, LIST, kind="解读", title="《废止决定》解读", **NUMBERED))
    draft = {"title": f"{DECISION}（征求意见稿）", "url": "https://www.cqbn.gov.cn/8"}
    catalogue.record(decision(said, LIST, **draft, **NUMBERED))
    assert catalogue.statuses(notice_id) == ()
    neighbour = decision(
        said, LIST, source=said.NANAN, url="https://www.cqna.gov.cn/9", jurisdiction="500108",
        issuing_bodies=("重庆市南岸区人民政府办公室",), document_number="南岸府办〔2025〕9号",
        title=DECISION.replace("巴南", "南岸"), **NUMBERED,
    )  # fmt: skip
    catalogue.record(neighbour)
    assert all(fate.doubt for fate in catalogue.statuses(notice_id))
    assert "status" not in [line.change.value for line in catalogue.changes()]


def test_a_title_that_two_bear_is_doubtful(catalogue: Catalogue, said: Any) -> None:
    words = ["天地玄黄宇宙洪荒" * 30, "日月盈昃辰宿列张" * 30]
    for year, text in zip((2020, 2022), words, strict=True):
        catalogue.record(
            said.arrival(
                f"https://www.cqbn.gov.cn/{year}", text=text, written_on=date(year, 1, 1),
                document_number=f"巴南府办〔{year}〕1号", published_on=date(year, 1, 2),
            )
        )  # fmt: skip
    title = "巴南区深化医药卫生体制改革实施方案"
    catalogue.record(decision(said, f"废止下列文件：\n1. 《{title}》\n", cited_titles=(title,)))
    fates = [
        fate
        for year in (2020, 2022)
        for fate in catalogue.statuses(catalogue.by_url(f"https://www.cqbn.gov.cn/{year}").id)
    ]
    assert fates
    assert all(fate.doubt == "several notices bear the title" for fate in fates)


def test_a_list_under_headings_tells_each_its_fate(said: Any) -> None:
    numbers = ("国发〔2010〕1号", "国发〔2011〕2号", "国发〔2012〕3号", "国发〔2013〕4号")
    text = (
        "关于清理结果的通知\n根据《关于清理的通知》（国发〔2010〕1号）要求，公布如下：\n"
        "一、予以废止的文件\n1. 国发〔2011〕2号\n二、予以修改的文件\n1. 国发〔2012〕3号\n"
        "三、继续有效的文件\n1. 国发〔2013〕4号\n"
    )
    title = "关于公布清理结果的通知，废止、修改部分文件的决定"
    found = relations(said.reading(title=title, text=text, cited_numbers=numbers))
    assert found.get(numbers[1]) == REPEALS
    assert found.get(numbers[2]) == AMENDS
    assert found.get(numbers[0]) != REPEALS
    assert found.get(numbers[3]) not in (REPEALS, AMENDS)
