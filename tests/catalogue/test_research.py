"""What follows from the catalogue: differences, relations, gaps, wants, chains."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue import Catalogue
from archive.catalogue.chain import as_json, as_tree, chain
from archive.catalogue.differences import Mark, differences
from archive.catalogue.relations import relation_of, relations
from archive.notice import Reading

START = datetime(2024, 4, 1, tzinfo=UTC)


def joined(pieces: Any, *marks: Mark) -> str:
    return "".join(piece.text for piece in pieces if piece.mark in marks)


def test_a_changed_figure_is_shown_within_its_sentence() -> None:
    rows = differences(
        "一、到2025年达到65%。\n二、照旧。", "一、到2025年达到70%。\n二、照旧。\n三、新增。"
    ).rows
    assert [row.is_same for row in rows] == [False, True, False]
    assert joined(rows[0].before, Mark.GONE) == "65"
    assert joined(rows[0].after, Mark.COME) == "70"
    assert rows[2].before == ()


SENTENCES = st.lists(
    st.sampled_from(["甲方案。", "乙办法；", "丙\n", "到5%。", "到50%。"]), max_size=12
)


@given(SENTENCES, SENTENCES)
def test_either_text_can_be_read_from_its_side(one: list[str], other: list[str]) -> None:
    rows = differences("".join(one), "".join(other)).rows
    before = "".join(joined(row.before, *Mark) for row in rows)
    after = "".join(joined(row.after, *Mark) for row in rows)
    assert before == "".join(one).replace("\n", "")
    assert after == "".join(other).replace("\n", "")


def test_a_text_without_an_end_is_compared_in_time() -> None:
    assert differences("无" * 100_000, "无" * 99_999 + "有").rows


def test_texts_too_long_or_too_unlike_are_compared_as_far_as_it_goes_and_it_is_said() -> None:
    plain = [f"第{n}条，{chr(0x4E00 + n)}项照旧。" for n in range(15_000)]
    changed = [one.replace("照旧", "另定") if n % 3 == 0 else one for n, one in enumerate(plain)]
    found = differences("".join(plain), "".join(changed))
    assert sum(row.is_same for row in found.rows) == 10_000
    assert not found.is_cut
    endless = differences("无。" * 40_000, "有。" * 40_000)
    assert endless.is_cut
    assert endless.is_coarse
    assert not differences("甲。", "乙。").is_coarse


def test_one_character_in_common_between_two_changes_is_chance() -> None:
    (row,) = differences("决定设立健康委办公室。", "决定撤销民康局办公室。").rows
    assert joined(row.before, Mark.GONE) == "设立健康委"


@pytest.mark.parametrize(
    ("before", "after", "relation"),
    [
        ("根据《国务院办公厅关于…的意见》（", "）精神，结合我区实际", "basis"),
        ("现将", "转发给你们，请遵照执行", "forwards"),
        ("本办法自印发之日起施行，《暂行办法》（", "）同时废止。", "repeals"),
        ("为贯彻落实", "，制定本方案。", "implements"),
        ("决定对", "作如下修改：", "amends"),
        ("现转发", "，请遵照执行", "forwards"),
        ("各部门：\n参见", "。", "cites"),
    ],
)
def test_the_words_around_a_citation_say_how_the_power_runs(
    before: str, after: str, relation: str
) -> None:
    assert relation_of(before, after) == relation


def test_a_repeal_outweighs_every_other_mention() -> None:
    text = (
        "根据《旧办法》（甲府发〔2010〕3号）。\n"
        "本办法自2024年1月1日起施行，《旧办法》（甲府发〔2010〕3号）同时废止。"
    )
    reading = Reading(
        reader_version="1",
        text=text,
        cited_numbers=("甲府发〔2010〕3号",),
        cited_titles=("旧办法",),
    )
    assert relations(reading)["甲府发〔2010〕3号"] == "repeals"


def test_citations_keep_their_relation_and_make_a_chain(catalogue: Catalogue, said: Any) -> None:
    number = "渝府办发〔2023〕76号"
    text = f"{said.TEXT}\n根据《重庆市方案》（{number}）制定。"
    low = catalogue.record(said.arrival(text=text, cited_numbers=(number,)))
    view = catalogue.notice(low.notice_id)
    assert [(c.relation, c.notice_id) for c in view.cites] == [("basis", None)]
    assert catalogue.wanted()[0].number == number
    city = replace(said.REPRINTS, id="cq")
    high = catalogue.record(
        said.arrival(
            "https://www.cq.gov.cn/76.html", city, day=1, jurisdiction="500000",
            document_number=number, issuing_bodies=("重庆市人民政府办公厅",), written_on=None,
            title="重庆市人民政府办公厅关于印发《重庆市方案》的通知", text="单位应当缴费。" * 40,
        )
    )  # fmt: skip
    assert not catalogue.wanted()
    found = chain(catalogue.notice, catalogue.notice(low.notice_id))
    assert [(one.relation, one.summary.id) for one in found.cites] == [("basis", high.notice_id)]
    down = chain(catalogue.notice, catalogue.notice(high.notice_id))
    assert [one.summary.id for one in down.cited_by] == [low.notice_id]
    assert as_json(down)["cited_by"][0]["relation"] == "basis"
    assert "basis: 渝府办发" in as_tree(found)


def test_a_series_tells_what_is_missing_and_how_sure_its_end_is(
    catalogue: Catalogue, said: Any
) -> None:
    for serial in (1, 2, 3, 5, 900_000):
        letters = "".join(chr(0x5000 + serial % 20_000 + n) for n in range(300))
        catalogue.record(
            said.arrival(
                f"https://www.cqbn.gov.cn/{serial}.html", text=letters,
                document_number=f"巴南府办〔2024〕{serial}号", title=f"关于第{serial}件事的通知",
                cited_numbers=("巴南府办〔2024〕6号",),
            )
        )  # fmt: skip
    (found,) = catalogue.series("巴南府办", 2024)
    assert (found.seen, found.cited, found.last) == ((1, 2, 3, 5), (6,), 6)
    assert found.missing == (4, 6)
    assert found.missing_numbers[0] == "巴南府办〔2024〕4号"
    assert (found.certainty, found.is_cut) == ("high", True)
    assert catalogue.series("国发") == ()


def test_a_notice_that_thousands_cite_makes_no_endless_chain() -> None:
    from archive.catalogue.views import NoticeSummary, NoticeView

    looks = []

    def summary(notice_id: str) -> Any:
        return replace(bare, id=notice_id, title=f"关于{notice_id}的通知")

    def look(notice_id: str) -> Any:
        looks.append(notice_id)
        citing = tuple(summary(f"{n:x}") for n in range(1, 501))
        return NoticeView(
            summary=summary(notice_id), cited_by=citing, addressees=None, text="", versions=(),
            sightings=(), captures=(), attachments=(), cites=(), decisions=(), repairs=(), flags=(),
        )  # fmt: skip

    bare = NoticeSummary(
        id="0", seq=1, title="", document_number=None, index_number=None, kind=None,
        issuing_bodies=(), jurisdiction=None, topics=(), written_on=None, published_on=None,
        effective_on=None, validity=None, first_seen_at=START, changed_at=START,
    )  # fmt: skip
    found = chain(look, look("0"))
    assert found.is_cut
    assert len(looks) < 250
    assert "more of it" in as_tree(found)


def test_who_cites_what_is_not_here_can_be_asked(catalogue: Catalogue, said: Any) -> None:
    number = "渝府办发〔2023〕76号"
    receipt = catalogue.record(
        said.arrival(cited_numbers=(number,), cited_titles=("重庆市进一步完善体系实施方案",))
    )
    for written in (number, "渝府办发[2023]76号", "《重庆市进一步完善体系实施方案》"):
        assert [one.id for one in catalogue.citing(written)] == [receipt.notice_id]
    assert catalogue.citing("国发〔1999〕1号") == ()
