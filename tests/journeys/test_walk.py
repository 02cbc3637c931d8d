"""The main job: six sites, crawled twice; what must be true of the five seed documents."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from walking import Walked, notices_of, titled

from archive.catalogue import Catalogue
from archive.notice import ChangeKind, Trust

pytestmark = pytest.mark.journey


def test_every_source_was_seen_whole(walked: Walked) -> None:
    for step in walked.looks:
        assert {look["source"]: look["outcome"] for look in step} == {
            "banan": "ok",
            "harbin": "ok",
            "shenzhen-wjw": "ok",
            "szmargarita": "ok",
            "taimao": "ok",
            "xizang-wjw": "ok",
        }


def test_document_000_has_no_number_of_its_own(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "珠海市深化医药卫生体制改革近期重点工作任务")
    assert notice.summary.document_number is None
    assert notice.summary.written_on == date(2024, 3, 4)
    assert notice.summary.published_on == date(2024, 3, 5)
    assert notice.text.startswith("市深化医药卫生体制改革工作领导小组各成员单位")
    assert notice.text.endswith("确保改革重点任务落地见效。")
    cited = {citation.number for citation in notice.cites if citation.number}
    assert cited == {"粤发〔2023〕1号", "粤卫体改函〔2023〕10号", "珠府函〔2023〕163号"}


@pytest.mark.parametrize("furniture", ["您好", "当前位置", "ICP", "泰茂", "欢迎来到"])
def test_document_000_is_without_furniture(catalogue: Catalogue, furniture: str) -> None:
    assert furniture not in titled(catalogue, "珠海市深化医药卫生体制改革").text


def test_document_001_has_its_number_from_the_table(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "巴南区进一步完善医疗卫生服务体系实施方案的通知")
    assert notice.summary.document_number == "巴南府办〔2024〕5号"
    assert notice.summary.index_number == "11500113009307156W/2024-00051"
    assert notice.summary.written_on == date(2024, 3, 26)
    assert notice.summary.published_on == date(2024, 4, 1)
    assert "渝府办发〔2023〕76号" in {citation.number for citation in notice.cites}
    assert "扫一扫" not in notice.text


def test_a_reprint_of_001_on_the_aggregator_joins_it(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "巴南区进一步完善医疗卫生服务体系实施方案的通知")
    assert {(s.source, s.is_original) for s in notice.sightings} == {
        ("banan", True),
        ("taimao", False),
    }


def test_document_002_has_no_number_and_four_cited_ones(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "西藏自治区2021年深化医药卫生体制改革重点工作任务")
    assert notice.summary.document_number is None
    assert len({citation.number for citation in notice.cites if citation.number}) == 4


def test_the_hacked_mirror_of_003_joins_its_original(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "深圳市2022年卫生健康工作要点")
    assert notice.summary.document_number is None
    by_source = {sighting.source: sighting for sighting in notice.sightings}
    assert by_source["shenzhen-wjw"].is_original
    assert not by_source["szmargarita"].is_original
    assert by_source["szmargarita"].trust is Trust.HACKED
    assert [version.number for version in notice.versions] == [1]
    for foreign in ("黄片", "衛", "(xié)", "泰茂"):
        assert foreign not in notice.text
    assert "研究。筹建" in notice.text


def test_document_004_has_its_number_from_the_line_under_the_title(catalogue: Catalogue) -> None:
    notice = titled(catalogue, "哈尔滨市深化医药卫生体制改革2017年重点工作任务")
    assert notice.summary.document_number == "哈政办规〔2017〕56号"
    assert notice.summary.written_on == date(2017, 10, 18)
    assert "大汉网络" not in notice.text
    assert "导航链接" not in notice.text


def test_an_explainer_is_not_the_notice_whose_number_it_quotes(catalogue: Catalogue) -> None:
    numbered = [n for n in notices_of(catalogue) if n.summary.document_number]
    counts = Counter(
        (notice.summary.document_number, notice.summary.jurisdiction) for notice in numbered
    )
    assert set(counts.values()) == {1}
    explainers = [n for n in notices_of(catalogue) if "解读" in n.summary.title]
    assert all(explainer.summary.document_number is None for explainer in explainers)


def test_the_second_crawl_announces_only_what_is_new_or_changed(
    walked: Walked, catalogue: Catalogue
) -> None:
    second = Counter[str]()
    for look in walked.looks[1]:
        second.update({name: look[name] for name in ("new", "revised", "copy", "errors")})
    assert second == {"new": 2, "revised": 1, "copy": 0, "errors": 0}
    assert sum(look["unchanged"] for look in walked.looks[1]) > 5


def test_the_change_log_stands_in_order_of_arrival(catalogue: Catalogue) -> None:
    changes = catalogue.changes(limit=10_000)
    assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    assert sum(change.change is ChangeKind.REVISED for change in changes) == 1


def test_most_leads_are_set_aside_with_a_reason(catalogue: Catalogue) -> None:
    rows = catalogue.set_asides(limit=1000)
    assert len(rows) > 60
    assert all(row.reason for row in rows)


def test_attachments_are_kept(catalogue: Catalogue) -> None:
    kept = [
        row.attachment.url
        for notice in notices_of(catalogue)
        for row in notice.attachments
        if row.record_id
    ]
    assert {url.rpartition(".")[2] for url in kept} >= {"pdf", "docx"}
