"""Header rows of labels over values, and labels that only elements keep apart."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.ingest.claims import table_claims
from archive.ingest.label_runs import find_label_run
from archive.ingest.lines import Line, html_lines, plain_lines


def said(html: str) -> dict[str, str]:
    """What a piece of markup claims, field by field."""
    lines = html_lines(LexborHTMLParser(html)).lines
    return {claim.field: claim.value for claim in table_claims(lines)}


def run_of(*rows: str) -> dict[str, str]:
    """Labels and values of lines."""
    run = find_label_run([Line(row) for row in rows], 0)
    return dict(run.pairs) if run else {}


def test_a_row_of_labels_takes_the_values_below_it_in_order() -> None:
    rows = ("索引号", "标题", "发布日期", "0001-2024/12", "关于印发办法的通知", "2024-05-06")
    assert run_of(*rows) == {
        "索引号": "0001-2024/12",
        "标题": "关于印发办法的通知",
        "发布日期": "2024-05-06",
    }


def test_where_values_are_missing_only_those_count_that_their_looks_tell() -> None:
    rows = ("索引号", "发布日期", "发布机构", "文号", "备注", "0001-2024/12", "云政发〔2024〕1号")
    assert run_of(*rows) == {"索引号": "0001-2024/12", "文号": "云政发〔2024〕1号"}


def test_two_days_for_one_date_are_nobodys() -> None:
    rows = ("成文日期", "发布日期", "发文机关", "2024-05-06", "云泽市人民政府")
    assert "2024-05-06" not in run_of(*rows).values()


def test_days_of_every_kind_are_counted_before_one_is_given_away() -> None:
    rows = ("成文日期", "施行日期", "废止日期", "2024-05-06", "2024-06-01", "2029-05-31")
    assert run_of(*rows)["成文日期"] == "2024-05-06"


def test_the_columns_of_a_list_of_documents_say_nothing_of_the_page() -> None:
    rows = ["序号", "发文字号", "发布日期", "云政发〔2009〕15号", "2009-03-02"]
    assert find_label_run([Line(row) for row in rows], 1) is None


@pytest.mark.parametrize("row", ["各县（市、区）人民政府：", "本办法自2024年6月1日起施行。", ""])
def test_labels_above_a_text_are_no_header_of_it(row: str) -> None:
    assert run_of("索引号", "发布日期", row) == {}


def test_elements_keep_label_and_value_apart() -> None:
    html = "<li><strong>标　题</strong><span>关于</span><span>办法的通知</span></li>"
    assert said(html) == {"title": "关于办法的通知"}


def test_the_characters_of_a_label_may_stand_in_elements_of_their_own() -> None:
    html = "<li><i>发</i><i>文</i><i>字</i><i>号</i><b>云政发〔2024〕1号</b></li>"
    assert said(html) == {"document_number": "云政发〔2024〕1号"}


def test_a_bold_word_at_the_head_of_a_paragraph_does_not_change_its_text() -> None:
    html = "<p><b>标题</b>是公文的组成部分，由发文机关、事由和文种组成。</p>"
    lines = html_lines(LexborHTMLParser(html)).lines
    assert [line.text for line in lines] == ["标题是公文的组成部分，由发文机关、事由和文种组成。"]


def test_plain_text_has_no_pieces() -> None:
    assert all(not line.pieces for line in plain_lines("标题\n关于办法的通知").lines)
