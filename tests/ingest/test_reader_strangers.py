"""Pages of strangers: a second opinion where ours is weak, and never on official pages."""

from __future__ import annotations

import pytest
from golden_pages import golden_pages

from archive.ingest import read_bytes, reader
from archive.ingest.lines import Line
from archive.ingest.script_writing import with_written_fields
from archive.ingest.second_opinion import hear_trafilatura, is_doubtful

PARAGRAPHS = [
    "近日，云泽市启动紧密型县域医共体建设，多家县级医院与乡镇卫生院签订合作协议，实行统一管理。",
    "据介绍，医共体内将推行检查检验结果互认，减少重复检查，让群众少跑腿、少花钱，就近看好病。",
    "市卫生健康委负责人表示，下一步将完善考核机制，把群众满意度作为衡量建设成效的重要标准。",
    "截至目前，全市已有五个县完成医共体挂牌，基层就诊率较去年同期提高了百分之六，群众反响良好。",
]
_SCRAPS = (
    "关注 来自某省 不喜欢 举报 451 点个赞吧 评论13 网友甲 来自某市 网友乙 "
    "倍速 2.0X 1.5X 高清 标清 循环播放"
)
SCRAPS = _SCRAPS.split()


def portal() -> str:
    player = "".join(f"<span><b>{one}</b></span><br>" for one in SCRAPS)
    article = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    return (
        "<html><head><title>云泽市启动医共体建设_某门户</title></head><body>"
        f'<div class="strange"><h1>云泽市启动医共体建设</h1><article>{article}</article>'
        f'<div class="comments">{player}</div></div></body></html>'
    )


def test_scraps_in_a_strangers_article_go_by_agreement() -> None:
    lines = [Line(text, "div.strange") for text in (*PARAGRAPHS, *SCRAPS)]
    assert is_doubtful(lines)
    heard = hear_trafilatura(lines, portal())
    assert heard is not None
    kept, removed = heard
    assert [line.text for line in kept] == PARAGRAPHS
    assert len(removed) == len(SCRAPS)


def test_an_opinion_about_another_text_is_not_heard() -> None:
    lines = [Line("这是另外一篇文章的正文，与页面毫无关系，也没有出现在页面上。") for _ in range(5)]
    assert hear_trafilatura(lines, portal()) is None


def test_a_roster_is_no_heap_of_scraps() -> None:
    rows = [Line(f"{number}\t张某\t某市人民医院", "tr", is_cell_row=True) for number in range(30)]
    assert not is_doubtful([*(Line(text) for text in PARAGRAPHS), *rows])


def test_official_pages_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("trafilatura was asked about an official page")

    monkeypatch.setattr(reader, "hear_trafilatura", never)
    for page in golden_pages():
        read_bytes(page.body, url=page.expected.get("url"))


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("document.write('来源：某市卫生健康委');", "来源：某市卫生健康委"),
        ("var ly = '某市医保局'; document.write('<b>来源：' + ly + '</b>');", "来源：某市医保局"),
        ("if(1){document.write('来源：甲局')}else{document.write('来源：乙局')}", "来源：甲局"),
    ],
)
def test_fields_that_a_script_writes_are_read(script: str, text: str) -> None:
    assert text in with_written_fields(f"<p>a</p><script>{script}</script><p>b</p>")


@pytest.mark.parametrize(
    "script",
    [
        "document.write('<a href=http://x.example>某某娱乐城</a>');",
        "document.write('<script src=/hits.jsp>');",
        "document.write(unescape('%3C'));",
    ],
)
def test_nothing_else_that_a_script_writes_is(script: str) -> None:
    page = f"<p>发布</p><script>{script}</script>"
    assert with_written_fields(page) == page
