"""Articles over several pages: the first says where they go on, and they join."""

from __future__ import annotations

from datetime import date

import pytest

from archive.ingest import find_first_page, join_readings, read_bytes
from archive.notice import Reading

URL = "https://www.example.gov.cn/zw/202405/t20240527_13012345.html"
TITLE = "关于印发紧密型县域医共体建设实施方案的通知"
TEXTS = (
    "<p>某政办发〔2024〕17号</p><p>各县人民政府：</p><p>现将实施方案印发给你们，请认真组织实施。</p>",
    "<p>一、总体要求</p><p>按照《指导意见》（国卫基层发〔2023〕41号）要求，稳步推进各项任务。</p>",
    (
        "<p>二、保障措施</p><p>各县要加强组织领导，压实工作责任，确保取得实效。</p>"
        "<p>某市人民政府办公室</p><p>2024年5月20日</p>"
    ),
)


def page(
    number: int, pager: str = 'createPageHTML(3, {}, "t20240527_13012345", "html")'
) -> Reading:
    script = f"<script>{pager.format(number)}</script>"
    source = (
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>发布时间：2024-05-27</p>"
        f'<div class="TRS_Editor">{TEXTS[number]}</div>{script}'
    )
    ending = f"_{number}.html" if number else ".html"
    return read_bytes(source.encode(), url=URL.replace(".html", ending))


def test_the_first_page_says_where_it_goes_on() -> None:
    first = page(0)
    assert first.continued_at == (
        "https://www.example.gov.cn/zw/202405/t20240527_13012345_1.html",
        "https://www.example.gov.cn/zw/202405/t20240527_13012345_2.html",
    )
    assert "continues:3" in first.flags
    assert Reading.from_json(first.to_json()) == first


def test_a_pager_with_a_name_before_its_numbers_is_read_too() -> None:
    pager = "createPageHTML('paging', 3, {}, 't20240527_13012345', 'html', 3)"
    assert len(page(0, pager).continued_at) == 2


def test_later_pages_and_lists_go_on_nowhere() -> None:
    assert page(1).continued_at == ()
    source = (
        '<p>各县要加强组织领导，压实责任。</p><script>createPageHTML(20,0,"index","html")</script>'
    )
    assert read_bytes(source.encode(), url=URL).continued_at == ()


def test_pages_join_to_one_article_with_the_signature_of_the_last() -> None:
    whole = join_readings(page(0), [page(1), page(2)])
    assert whole.text.startswith("某政办发〔2024〕17号")
    assert whole.text.endswith("2024年5月20日")
    assert whole.text.count("一、总体要求") == 1
    assert TITLE not in whole.text
    assert whole.document_number == "某政办发〔2024〕17号"
    assert whole.written_on == date(2024, 5, 20)
    assert whole.issuing_bodies == ("某市人民政府办公室",)
    assert whole.cited_numbers == ("国卫基层发〔2023〕41号",)
    assert whole.continued_at == ()
    assert "joined:3" in whole.flags
    assert "continues:3" not in whole.flags


@pytest.mark.parametrize("there", [0, 1])
def test_an_article_that_is_not_whole_yet_still_says_so(there: int) -> None:
    part = join_readings(page(0), [page(1)][:there])
    assert "continues:3" in part.flags
    assert len(part.continued_at) == 2 - there


@pytest.mark.parametrize(
    ("name", "pager", "first"),
    [
        ("t20240527_13012345_2.html", "3, 2", URL),
        ("t20240527_13012345_2.html", "3, 1", None),  # it says that it is another page
        ("t20240527_13012345_3.html", "3, 3", None),  # of three pages there is no fourth
        ("t20240527_99999999_2.html", "3, 2", None),  # the pager is of another article
        ("t20240527_13012345.html", "3, 0", None),
    ],
)
def test_a_later_page_says_whose_it_is_only_where_address_and_pager_agree(
    name: str, pager: str, first: str | None
) -> None:
    body = f'<script>createPageHTML({pager}, "t20240527_13012345", "html")</script>'.encode()
    assert find_first_page(body, URL.rpartition("/")[0] + "/" + name) == first
