"""What arrivals become, in both databases alike."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from archive.catalogue import Arrival, Catalogue
from archive.notice import AlarmKind, Attachment, ChangeKind, Outcome, Purpose


def test_a_first_sighting_is_new_and_stands_in_the_log(catalogue: Catalogue, said: Any) -> None:
    receipt = catalogue.record(said.arrival())
    assert (receipt.outcome, receipt.seq, receipt.version) == (Outcome.NEW, 1, 1)
    assert receipt.notice_id is not None
    view = catalogue.notice(receipt.notice_id)
    assert view is not None
    assert view.summary.document_number == "巴南府办〔2024〕5号"
    assert view.summary.published_on == date(2024, 4, 1)
    assert view.summary.first_seen_at == said.NOON
    assert view.text == said.TEXT
    assert [s.is_original for s in view.sightings] == [True]
    assert [c.place.file for c in view.captures] == ["2024/04/a.warc.gz"]
    (change,) = catalogue.changes()
    assert (change.seq, change.change, change.version) == (1, ChangeKind.NEW, 1)
    assert catalogue.texts([receipt.notice_id]) == {receipt.notice_id: said.TEXT}


def test_the_same_capture_twice_changes_nothing(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    again = catalogue.record(said.arrival())
    assert again == first
    assert catalogue.last_seq() == 1
    assert len(catalogue.decisions(first.url)) == 1


def test_the_same_wording_again_is_unchanged_and_announces_nothing(
    catalogue: Catalogue, said: Any
) -> None:
    first = catalogue.record(said.arrival())
    again = catalogue.record(said.arrival(day=3, text=said.TEXT.replace("，", ", ")))
    assert (again.outcome, again.seq) == (Outcome.UNCHANGED, None)
    assert again.notice_id == first.notice_id
    view = catalogue.notice(first.notice_id)
    assert view.sightings[0].last_seen_at == said.NOON + timedelta(days=3)
    assert len(view.versions) == 1


def test_another_wording_at_the_originals_url_is_a_revision(
    catalogue: Catalogue, said: Any
) -> None:
    first = catalogue.record(said.arrival())
    revised = catalogue.record(said.arrival(day=3, text=said.TEXT.replace("65%", "70%")))
    assert (revised.outcome, revised.version, revised.seq) == (Outcome.REVISED, 2, 2)
    view = catalogue.notice(first.notice_id)
    assert [v.number for v in view.versions] == [1, 2]
    assert "70%" in view.text
    assert view.summary.changed_at == said.NOON + timedelta(days=3)
    assert view.summary.seq == 2


def test_a_reprint_joins_and_does_not_override(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    reprint = said.arrival(
        "https://www.ylqxzb.com/9.html", said.REPRINTS, day=1, jurisdiction=None,
        document_number=None, title="巴南区深化医药卫生体制改革实施方案", issuing_bodies=(),
        published_on=date(2024, 4, 7), written_on=None,
    )  # fmt: skip
    receipt = catalogue.record(reprint)
    assert (receipt.outcome, receipt.notice_id) == (Outcome.COPY, first.notice_id)
    view = catalogue.notice(first.notice_id)
    assert view.summary.document_number == "巴南府办〔2024〕5号"
    assert [(s.source, s.is_original) for s in view.sightings] == [
        ("banan", True),
        ("taimao", False),
    ]
    assert catalogue.changes()[-1].change is ChangeKind.COPY


def test_an_excerpt_that_came_first_yields_to_its_original_without_a_revision(
    catalogue: Catalogue, said: Any
) -> None:
    excerpt = said.arrival(
        "http://www.ylqxzb.com/9.html", said.REPRINTS, jurisdiction=None, document_number=None,
        title="巴南区深化医药卫生体制改革实施方案", issuing_bodies=(), written_on=None,
        text="\n".join(said.PARTS[1:6]),
    )  # fmt: skip
    first = catalogue.record(excerpt)
    better = catalogue.record(said.arrival(day=1))
    assert (better.outcome, better.notice_id) == (Outcome.COPY, first.notice_id)
    view = catalogue.notice(first.notice_id)
    assert view.text == said.TEXT
    assert view.summary.document_number == "巴南府办〔2024〕5号"
    assert [v.number for v in view.versions] == [1]
    assert [(s.source, s.is_original) for s in view.sightings] == [
        ("banan", True),
        ("taimao", False),
    ]
    assert [c.change for c in catalogue.changes()] == [ChangeKind.NEW, ChangeKind.COPY]
    assert [s.id for s in catalogue.by_number("巴南府办[2024]5 号")] == [first.notice_id]
    later = catalogue.record(replace(excerpt, capture=said.capture(first.url, day=5)))
    assert later.outcome is Outcome.UNCHANGED


def test_a_hacked_copy_neither_revises_nor_takes_over(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    url = "http://mirror.example/003.html"
    damaged = said.TEXT.replace("医疗资源扩容", "医疗资源")
    copy = catalogue.record(said.arrival(url, said.MIRROR, day=1, text=damaged))
    assert (copy.outcome, copy.notice_id) == (Outcome.COPY, first.notice_id)
    changed = catalogue.record(said.arrival(url, said.MIRROR, day=2, text=damaged[:-60]))
    assert (changed.outcome, changed.seq) == (Outcome.UNCHANGED, None)
    assert catalogue.notice(first.notice_id).text == said.TEXT


def test_the_same_number_in_two_districts_is_two_notices(catalogue: Catalogue, said: Any) -> None:
    one = catalogue.record(said.arrival(document_number="政办发〔2024〕5号"))
    text = said.TEXT.replace("巴南", "南岸")
    other = catalogue.record(
        said.arrival(
            "https://www.cqna.gov.cn/5.html",
            said.NANAN,
            document_number="政办发〔2024〕5号",
            title="重庆市南岸区人民政府办公室关于印发《南岸区深化医药卫生体制改革实施方案》的通知",
            issuing_bodies=("重庆市南岸区人民政府办公室",),
            jurisdiction="500108",
            text=text,
        )
    )
    assert other.outcome is Outcome.NEW
    assert other.notice_id != one.notice_id
    assert not catalogue.alarms()
    assert len(catalogue.by_number("政办发〔2024〕5号")) == 2


def test_one_number_on_two_unlike_notices_is_a_conflict_with_an_alarm(
    catalogue: Catalogue, said: Any
) -> None:
    catalogue.record(said.arrival())
    other = said.arrival(
        "https://www.cqbn.gov.cn/6.html", day=1, title="关于开展春季防火检查的紧急通知",
        text="各镇街：\n" + "近期天干物燥，林区火险等级持续偏高，务必落实巡山护林制度。" * 8,
    )  # fmt: skip
    receipt = catalogue.record(other)
    assert receipt.outcome is Outcome.CONFLICT
    assert catalogue.count_notices() == 2
    (alarm,) = catalogue.alarms()
    assert alarm.alarm.kind is AlarmKind.CONFLICT
    again = catalogue.record(replace(other, capture=said.capture(receipt.url, day=2)))
    assert again.outcome is Outcome.UNCHANGED


def test_last_years_boilerplate_is_another_notice(catalogue: Catalogue, said: Any) -> None:
    def yearly(year: int) -> Arrival:
        shifted = said.TEXT.replace("2025", str(year + 1)).replace("65%", f"{year - 1960}%")
        return said.arrival(
            f"https://www.cqbn.gov.cn/{year}.html", day=(year - 2024) * 365,
            title=f"巴南区{year}年医改重点工作任务", document_number=None,
            written_on=None, published_on=date(year, 3, 1),
            text=shifted.replace("50%", f"{year - 1980}%"),
        )  # fmt: skip

    one, other = catalogue.record_all([yearly(2024), yearly(2025)])
    assert [one.outcome, other.outcome] == [Outcome.NEW, Outcome.NEW]


def test_an_explainer_that_quotes_the_number_stays_its_own(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    explainer = said.arrival(
        "https://www.cqbn.gov.cn/jd.html", day=1, kind="解读",
        title="《巴南区深化医药卫生体制改革实施方案》政策解读",
        text="一、出台背景\n" + "\n".join(said.PARTS[:3]),
    )  # fmt: skip
    receipt = catalogue.record(explainer)
    assert receipt.outcome is Outcome.NEW
    assert any("about a notice" in reason for reason in receipt.reasons)


def test_a_better_reading_of_a_capture_is_no_revision(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    assert [one.reader_version for one in catalogue.read_before()] == ["1"]
    better = said.arrival(reader_version="2", text=said.TEXT + "\n附件：任务分工表")
    assert catalogue.record(better).notice_id == first.notice_id
    assert [one.reader_version for one in catalogue.read_before()] == ["2"]
    view = catalogue.notice(first.notice_id)
    assert view.text.endswith("任务分工表")
    assert [v.number for v in view.versions] == [1]
    assert catalogue.last_seq() == 1
    next_look = said.arrival(day=2, reader_version="2", text=view.text)
    assert catalogue.record(next_look).outcome is Outcome.UNCHANGED


def test_a_better_reading_of_unchanged_bytes_is_no_revision(
    catalogue: Catalogue, said: Any
) -> None:
    first = catalogue.record(said.arrival(payload="same"))
    later = said.arrival(
        day=2, payload="same", reader_version="2", title="改革方案", text=said.TEXT[20:]
    )
    receipt = catalogue.record(later)
    assert (receipt.outcome, receipt.seq) == (Outcome.UNCHANGED, None)
    view = catalogue.notice(first.notice_id)
    assert (view.summary.title, len(view.versions)) == ("改革方案", 1)


def test_a_repeal_stated_on_the_page_is_announced_as_status(
    catalogue: Catalogue, said: Any
) -> None:
    catalogue.record(said.arrival(validity="有效"))
    receipt = catalogue.record(said.arrival(day=9, validity="废止"))
    assert receipt.outcome is Outcome.UNCHANGED
    assert catalogue.changes()[-1].change is ChangeKind.STATUS


def test_not_modified_is_seen_again_and_announces_nothing(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    same = said.capture(first.url, day=4, status=304, is_not_modified=True, body=b"")
    receipt = catalogue.record(Arrival(capture=same, source=said.BANAN))
    assert (receipt.outcome, receipt.notice_id) == (Outcome.UNCHANGED, first.notice_id)
    view = catalogue.notice(first.notice_id)
    assert view.sightings[0].last_seen_at == said.NOON + timedelta(days=4)
    assert len(view.captures) == 2


def test_a_page_that_is_gone_is_noted(catalogue: Catalogue, said: Any) -> None:
    first = catalogue.record(said.arrival())
    gone = said.capture(first.url, day=4, status=404)
    catalogue.record(Arrival(capture=gone, source=said.BANAN))
    assert catalogue.notice(first.notice_id).sightings[0].state == "gone"
    catalogue.record(said.arrival(day=5))
    assert catalogue.notice(first.notice_id).sightings[0].state == "present"


def test_what_is_set_aside_is_listed_and_can_be_taken_up(catalogue: Catalogue, said: Any) -> None:
    off_topic = said.arrival(set_aside="off-topic")
    receipt = catalogue.record(off_topic)
    assert (receipt.outcome, receipt.reasons) == (Outcome.SET_ASIDE, ("off-topic",))
    assert [view.reason for view in catalogue.set_asides()] == ["off-topic"]
    assert catalogue.count_notices() == 0
    taken_up = catalogue.record(replace(off_topic, set_aside=None))
    assert taken_up.outcome is Outcome.NEW
    assert not catalogue.set_asides()


def test_lists_and_robots_are_kept_as_evidence_only(catalogue: Catalogue, said: Any) -> None:
    page = said.capture("https://www.cqbn.gov.cn/list")
    page = replace(page, facts=replace(page.facts, purpose=Purpose.LIST))
    receipt = catalogue.record(Arrival(capture=page, source=said.BANAN))
    assert receipt.notice_id is None
    assert catalogue.has_capture(page.record_id)
    etag, modified, original = catalogue.conditional(page.url)
    assert (etag, modified) == ('"0"', None)
    assert original is not None
    assert original.record_id == page.record_id
    assert catalogue.original_of(page.payload_digest) == original
    assert catalogue.place_of(page.record_id) == page.place
    assert catalogue.missing([page.record_id, "urn:uuid:other"]) == {"urn:uuid:other"}


def test_a_revisit_stands_for_the_response_it_refers_to(catalogue: Catalogue, said: Any) -> None:
    first = said.capture("https://www.cqbn.gov.cn/list", payload="same")
    revisit = said.capture(first.url, day=1, payload="same", revisit_of=first.record_id)
    for page in (first, revisit):
        catalogue.record(Arrival(capture=page, source=said.BANAN))
    etag, _, original = catalogue.conditional(first.url)
    assert etag == '"1"'
    assert original == catalogue.original_of(first.payload_digest)
    assert original.captured_at == said.NOON


def test_attachments_lead_to_their_captures(catalogue: Catalogue, said: Any) -> None:
    file = Attachment(title="任务分工表.pdf", url="https://www.cqbn.gov.cn/a.pdf")
    receipt = catalogue.record(said.arrival(attachments=(file,)))
    assert catalogue.notice(receipt.notice_id).attachments[0].record_id is None
    pdf = said.capture(file.url, headers=(("Content-Type", "application/pdf"),), body=b"%PDF-1.7")
    catalogue.record_attachment(pdf, receipt.url)
    catalogue.record_attachment(pdf, receipt.url)
    (kept,) = catalogue.notice(receipt.notice_id).attachments
    assert (kept.record_id, kept.media_type, kept.size) == (pdf.record_id, "application/pdf", 8)


def test_citations_lead_to_notices_now_or_later(catalogue: Catalogue, said: Any) -> None:
    citing = catalogue.record(
        said.arrival(
            cited_numbers=("渝府办发〔2023〕76号", "国发〔2016〕78号"),
            cited_titles=("重庆市医疗保障条例",),
        )
    )
    assert [c.notice_id for c in catalogue.notice(citing.notice_id).cites] == [None, None, None]
    cited = catalogue.record(
        said.arrival(
            "https://www.cq.gov.cn/76.html",
            replace(said.REPRINTS, id="cq"),
            jurisdiction="500000",
            document_number="渝府办发〔2023〕76号",
            issuing_bodies=("重庆市人民政府办公厅",),
            title="重庆市人民政府办公厅关于印发《重庆市医疗保障条例》的通知",
            written_on=None,
            text="参加基本医疗保险的单位和个人应当按时足额缴纳医疗保险费。" * 12,
        )
    )
    cites = catalogue.notice(citing.notice_id).cites
    assert [c.notice_id for c in cites] == [cited.notice_id, None, cited.notice_id]
    (by,) = catalogue.notice(cited.notice_id).cited_by
    assert by.id == citing.notice_id


def test_a_neighbours_number_is_not_the_one_cited(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival(document_number="政办发〔2024〕5号"))
    citing = catalogue.record(
        said.arrival(
            "https://www.cqna.gov.cn/7.html",
            said.NANAN,
            document_number="政办发〔2024〕7号",
            title="南岸区人民政府办公室关于做好春耕生产的通知",
            jurisdiction="500108",
            issuing_bodies=("重庆市南岸区人民政府办公室",),
            text="抓好春耕备耕各项工作。" * 20,
            cited_numbers=("政办发〔2024〕5号",),
        )
    )
    assert catalogue.notice(citing.notice_id).cites[0].notice_id is None


def test_numbers_nobody_can_believe_prove_nothing(catalogue: Catalogue, said: Any) -> None:
    for year in (2099, 1024):
        receipt = catalogue.record(
            said.arrival(
                f"https://www.cqbn.gov.cn/{year}.html",
                document_number=f"巴南府办〔{year}〕5号",
                title=f"关于第{year}项工作的通知",
                text=f"第{year}项工作安排如下。" * 20,
            )
        )
        view = catalogue.notice(receipt.notice_id)
        assert "doubtful-number" in view.flags
    assert catalogue.count_notices() == 2


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_characters_that_no_database_keeps_are_dropped_and_flagged(
    catalogue: Catalogue, said: Any, bad: str
) -> None:
    receipt = catalogue.record(
        said.arrival(title=f"通知{bad}公告", text=f"{said.TEXT}{bad}完", topics=(f"医{bad}改",))
    )
    view = catalogue.notice(receipt.notice_id)
    assert view.summary.title == "通知公告"
    assert view.text == f"{said.TEXT}完"
    assert view.summary.topics == ("医改",)
    assert "characters-dropped" in view.flags


def test_endless_titles_urls_and_texts_are_kept(catalogue: Catalogue, said: Any) -> None:
    title = "".join(chr(0x4E00 + n % 20_000) for n in range(10_000))
    url = "https://www.cqbn.gov.cn/" + "a" * 9_000
    text = "\n".join(f"第{n}条 本条例自公布之日起施行。" for n in range(40_000))
    receipt = catalogue.record(said.arrival(url, title=title, text=text))
    view = catalogue.notice(receipt.notice_id)
    assert (view.summary.title, view.sightings[0].url, view.text) == (title, url, text)
    assert catalogue.by_url(url).id == receipt.notice_id


def test_the_same_arrivals_give_the_same_ids_and_log(
    url: str, said: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrivals = [
        said.arrival(),
        said.arrival("http://mirror.example/1.html", said.MIRROR, day=1),
        said.arrival(day=2, text=said.TEXT.replace("65%", "70%")),
        said.arrival("http://www.ylqxzb.com/1.html", said.REPRINTS, day=3, document_number=None),
    ]
    rebuilt = f"sqlite:///{tmp_path_factory.mktemp('rebuilt') / 'catalogue.sqlite'}"
    with Catalogue.open(url, create=True) as one, Catalogue.open(rebuilt, create=True) as other:
        receipts = [one.record(arrival) for arrival in arrivals]
        assert list(other.record_all(arrivals)) == receipts
        assert one.changes() == other.changes()
        assert one.notice(receipts[0].notice_id) == other.notice(receipts[0].notice_id)


def test_copies_meet_in_whatever_order_they_arrive(catalogue: Catalogue, said: Any) -> None:
    arrivals = [
        said.arrival(),
        said.arrival("http://mirror.example/1.html", said.MIRROR, day=1, document_number=None),
        said.arrival("http://www.ylqxzb.com/1.html", said.REPRINTS, day=2, document_number=None,
                     text="\n".join(said.PARTS)),
    ]  # fmt: skip
    random.Random(7).shuffle(arrivals)
    ids = {receipt.notice_id for receipt in catalogue.record_all(arrivals)}
    assert len(ids) == 1
    (view,) = [catalogue.notice(one) for one in ids]
    assert view.text == said.TEXT
    assert [s.source for s in view.sightings if s.is_original] == ["banan"]


def test_the_log_is_read_from_both_ends(catalogue: Catalogue, said: Any) -> None:
    for number in range(1, 8):
        letters = "".join(chr(0x5000 + number * 900 + n) for n in range(300))
        catalogue.record(
            said.arrival(
                f"https://www.cqbn.gov.cn/{number}.html",
                day=number,
                document_number=f"巴南府办〔2024〕{number}号",
                title=f"关于第{number}件事的通知",
                text=letters,
            )
        )
    assert [c.seq for c in catalogue.changes(after=2, limit=3)] == [3, 4, 5]
    assert [c.seq for c in catalogue.latest_changes(2, before=6)] == [5, 4]
    assert catalogue.latest_changes(5, kinds=[ChangeKind.REVISED]) == ()
    ids = [c.notice_id for c in catalogue.latest_changes(3)]
    assert [s.id for s in catalogue.summaries([*ids, "unknown"])] == ids


def test_facets_and_counts(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival(topics=("医改", "医保")))
    catalogue.record(said.arrival("http://www.ylqxzb.com/1.html", said.REPRINTS, day=1))
    found = {(f.field, f.value): f.notices for f in catalogue.facets()}
    assert found[("kind", "通知")] == 1
    assert found[("topic", "医保")] == 1
    assert found[("year", "2024")] == 1
    assert found[("jurisdiction", "500113")] == 1
    assert found[("issuing_body", "重庆市巴南区人民政府办公室")] == 1
    banan, taimao = catalogue.source_counts()
    assert (banan.source, banan.notices, banan.originals) == ("banan", 1, 1)
    assert (taimao.notices, taimao.originals) == (1, 0)
    assert taimao.last_seen_at == said.NOON + timedelta(days=1)


def test_a_failed_batch_leaves_nothing(catalogue: Catalogue, said: Any) -> None:
    broken = replace(said.arrival("https://www.cqbn.gov.cn/8.html"), fingerprint=None)
    with pytest.raises(ValueError, match="fingerprint"):
        catalogue.record_all([said.arrival(), broken])
    assert catalogue.last_seq() == 0
    assert not catalogue.has_capture(said.arrival().capture.record_id)
