"""Hostile and broken pages: a flag and what could be read, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ingest import read_bytes
from archive.ingest.furniture import furniture_kind

SENTENCE = "第一条，为了规范管理，经市政府同意，制定本办法。"
PARAGRAPH = f"<p>{SENTENCE}</p>"


@pytest.mark.parametrize(
    ("body", "flag"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7 ...", "binary:pdf"),
        (b"PK\x03\x04" + bytes(200), "binary:zip"),
        (b"\x89PNG\r\n\x1a\n", "binary:png"),
        (bytes(range(256)) * 40, "binary:unknown"),
        (b"<html><body><video src=a.mp4></video></body></html>", "no-body"),
        (b"[]", "no-body"),
        (b'{"code":1001,"msg":"none"}', "no-body"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "no-body"),
    ],
)
def test_what_holds_no_text_is_flagged(body: bytes, flag: str) -> None:
    reading = read_bytes(body)
    assert flag in reading.flags
    assert reading.document_number is None
    assert reading.title is None


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 5000 + PARAGRAPH + "</div>" * 5000,
        "<table><tr><td>" * 1200 + PARAGRAPH + "</td></tr></table>" * 1200,
        "<ul>" + "<li><a href='/a'>关于做好工作的通知</a></li>" * 10_000 + "</ul>" + PARAGRAPH,
        f"<p {' '.join(f'a{i}=1' for i in range(20_000))}>{SENTENCE}</p>",
        f"<table><tr><td>{SENTENCE}",
        f"<p>\u202e\u200f{SENTENCE}</p>",
        f"<p>&bogus;&#99999999;&#0;{SENTENCE}</p>",
        "<meta name=a content=b>" * 20_000 + PARAGRAPH,
        "<font><b>" * 20_000 + PARAGRAPH,
        "<h1 class=title>关于印发某方案的通知</h1>" * 20_000 + PARAGRAPH,
        "<div class=title>" + "关于印发<br>" * 20_000 + "</div>" + PARAGRAPH,
        "<p>" + "云政发〔2024〕1号、" * 40_000 + "</p>" + PARAGRAPH,
        '<script>document.write("来源：x");</script>' * 10_000 + PARAGRAPH,
        "<!-- <!--" * 20_000 + "-->" + PARAGRAPH,
        "<" * 1_000_000 + PARAGRAPH,
        "<p>" + "\u202e\u200f" * 400_000 + "</p>" + PARAGRAPH,
        "<p>&bogus;&#99999999;&#0;&#x;&</p>" * 2_000 + PARAGRAPH,
        f"<p>İ?İ網站??İh級İ</p>{PARAGRAPH}",
        "<div>" * 100_000 + PARAGRAPH,
        "<DIV>x<b>" * 30_000 + PARAGRAPH,
        "".join(f"<p><font color={i}>" for i in range(20_000)) + PARAGRAPH,
        "<p>&#x4e0&#;&#xZZ;第一条 &notin&nbsp;&ltp&gt;各地&#</p>" * 20_000 + PARAGRAPH,
        "<p>索引号</p><p>文号</p><p>发布日期</p><p>值</p>" * 4_000 + PARAGRAPH,
        "<p>" + "<b>标题</b><i>值</i>" * 20_000 + "</p>" + PARAGRAPH,
    ],
    ids=[
        "deep",
        "deep tables",
        "links",
        "attributes",
        "not closed",
        "marks",
        "entities",
        "metas",
        "unclosed fonts",
        "headings",
        "broken heading",
        "numbers",
        "scripts",
        "comments",
        "angles",
        "right-to-left marks",
        "broken entities",
        "letters that grow when folded",
        "very deep",
        "deep in capitals",
        "fonts opened anew in every paragraph",
        "lines of broken entities",
        "labels below labels",
        "labels in one line",
    ],
)
def test_strange_markup_still_gives_its_sentence(page: str) -> None:
    assert SENTENCE in read_bytes(page.encode()).text


@pytest.mark.parametrize(
    "line",
    [
        "/a" * 250,
        "+【" * 250,
        "大中小分享分享到" * 60 + "x",
        " 　 " * 180 + "x",
        "首页" + " > " * 170,
        "《" * 50_000,
        "〔2024〕" * 20_000,
        "令 第" * 20_000,
        "国发" * 20_000 + "〔2024〕1号",
        "索 引 号 " * 10_000,
        "财 政 部 " * 10_000,
        "《关于做好工作的通知》" * 5_000,
        "發布日期：" * 5_000,
        "2024年1月1日" * 10_000,
        "（2024年3月5日" * 30 + "公布",
    ],
)
def test_no_line_takes_a_pattern_long(line: str) -> None:
    furniture_kind(line)
    read_bytes(f"<p>{line}</p>{PARAGRAPH}".encode())


def test_a_page_beyond_the_limit_is_cut_and_says_so() -> None:
    reading = read_bytes(PARAGRAPH.encode() * 400_000)
    assert "cut:too-long" in reading.flags
    assert reading.text.startswith(SENTENCE)
    assert not any(flag.startswith("undecodable") for flag in reading.flags)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_give_a_reading(body: bytes) -> None:
    reading = read_bytes(body)
    assert reading.to_json()["reader_version"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>div p=/'\"!-&;#td tr国务院〔〕2024号：第令一二年月日\n", max_size=400))
def test_any_markup_gives_a_reading(text: str) -> None:
    read_bytes(text.encode())
