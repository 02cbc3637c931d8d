"""One notice in the markup of every system: whatever the dress, the same reading."""

from __future__ import annotations

import json
from datetime import date

import pytest

from archive.ingest import read_bytes
from archive.notice import PageFields, PageHints, Reading

TITLE = "某市人民政府办公室关于进一步完善医疗卫生服务体系的通知"
BODY = (
    "<p>各区县人民政府，市级有关部门：</p><p>为进一步完善医疗卫生服务体系，根据《国务院办公厅关于推动"
    "公立医院高质量发展的意见》（国办发〔2021〕18号）精神，经市政府同意，现将有关事项通知如下。</p>"
    "<p>一、总体要求</p><p>坚持以人民健康为中心，到2027年，基本建成整合型医疗卫生服务体系。"
    "本通知自2024年4月1日起施行。</p><p>附件：重点任务分工表</p>"
    "<p align=right>某市人民政府办公室</p><p align=right>2024年3月26日</p><p>（此件公开发布）</p>"
    "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>建设医学中心</td></tr></table>"
)
NUMBER, INDEX = "某府办〔2024〕5号", "11500113009307156W/2024-00051"
ISSUER, WRITTEN, PUBLISHED = "某市人民政府办公室", "2024-03-26", "2024-04-01"
PAIRS = [
    ("索引号", INDEX),
    ("发文字号", NUMBER),
    ("发布机构", ISSUER),
    ("有效性", ""),
    ("成文日期", WRITTEN),
    ("发布日期", PUBLISHED),
]
BAR = (
    '<div class="bar">发布时间：2024-04-01 09:12　来源：某市政府　浏览次数：<span>12</span>次　'
    "字体：[ 大 中 小 ]　打印</div>"
)
AFTER = (
    '<div class="share">分享到：</div><div class="qr">扫一扫在手机打开当前页</div>'
    '<div><a href="/1.html">上一篇：另一个通知的标题很长很长</a></div>'
)


def spaced(label: str) -> str:
    return "　".join(label)


TABLES = {
    "cells": "<table>"
    + "".join(f"<tr><td><b>{spaced(k)}：</b></td><td>{v}</td></tr>" for k, v in PAIRS)
    + "</table>",
    "four cells": "<table>"
    + "".join(
        f"<tr><td>{a}：</td><td>{b}</td><td>{c}：</td><td>{d}</td></tr>"
        for (a, b), (c, d) in zip(PAIRS[::2], PAIRS[1::2], strict=True)
    )
    + "</table>",
    "header over values": "<table><tr>"
    + "".join(f"<th>{k}</th>" for k, _ in PAIRS)
    + "</tr><tr>"
    + "".join(f"<td>{v}</td>" for _, v in PAIRS)
    + "</tr></table>",
    "dl": "<dl>" + "".join(f"<dt>{k}：</dt><dd>{v}</dd>" for k, v in PAIRS) + "</dl>",
    "bracketed items": "<ul>"
    + "".join(f"<li>[ {k} ]</li><li>{v}</li>" for k, v in PAIRS)
    + "</ul>",
    "label and value in one item": "<ul>"
    + "".join(f"<li>{k}：{v}</li>" for k, v in PAIRS)
    + "</ul>",
    "label and value in one cell": "<table><tr>"
    + "".join(f"<td>{k}：{v}</td>" for k, v in PAIRS)
    + "</tr></table>",
    "label split by spans": "<p>"
    + "".join(f"<span>{k[0]}</span> <span>{k[1:]}：</span><span>{v}</span> " for k, v in PAIRS)
    + "</p>",
    "strong and span without colon": "<ul>"
    + "".join(f"<li><strong>{k}</strong><span>{v}</span></li>" for k, v in PAIRS)
    + "</ul>",
    "hidden double for phones": "<div style='display: none'>"
    + "".join(f"<p>{k}：</p>" for k, _ in PAIRS)
    + "</div><table>"
    + "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in PAIRS)
    + "</table>",
}
CONTAINERS = [
    '<div class="TRS_Editor">{}</div>',
    '<div class="view TRS_UEDITOR trs_paper_default">{}</div>',
    '<div id="zoom">{}</div>',
    '<div class="zwxl-article">{}</div>',
    '<div class="wp_articlecontent">{}</div>',
    '<div id="vsb_content"><div class="v_news_content">{}</div></div>',
    '<div id="UCAP-CONTENT">{}</div>',
    "<ucapcontent>{}</ucapcontent>",
    '<div id="xw_box">{}</div>',
    '<div class="ewb-article-info">{}</div>',
    '<div id="ivs_content">{}</div>',
    '<table><tr><td><div class="article-content">{}</div></td></tr></table>',
    '<div class="nobody-knows">{}</div>',
    "<section>{}</section>",
]


def page(
    *,
    table: str = "",
    box: str = "<div>{}</div>",
    bar: str = "",
    title: str = TITLE,
    body: str = BODY,
) -> str:
    nav = "".join(f'<li><a href="/c{i}/">栏目名称{i}</a></li>' for i in range(12))
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政策文件</title></head><body>'
        f"<ul>{nav}</ul><div>当前位置：<a href='/'>首页</a> &gt; <a href='/zw'>政务公开</a></div>"
        f'<div class="main">{table}<h1>{title}</h1>{bar}{box.format(body)}{AFTER}</div>'
        "<div class='footer'><p>主办：某市人民政府办公室　网站标识码：5001130001</p>"
        "<p>渝ICP备05003300号 渝公网安备 50011302000101号</p></div></body></html>"
    )


def assert_whole(reading: Reading) -> None:
    lines = reading.text.split("\n")
    assert lines[0] == "各区县人民政府，市级有关部门："
    assert lines[-1] == "1\t建设医学中心"
    assert "（此件公开发布）" in lines
    assert reading.title == TITLE
    assert reading.written_on == date(2024, 3, 26)
    assert reading.published_on == date(2024, 4, 1)
    assert reading.effective_on == date(2024, 4, 1)
    assert reading.issuing_bodies == (ISSUER,)
    assert reading.cited_numbers == ("国办发〔2021〕18号",)


@pytest.mark.parametrize("markup", TABLES)
def test_every_markup_of_the_disclosure_table_reads_alike(markup: str) -> None:
    reading = read_bytes(page(table=TABLES[markup]).encode())
    assert_whole(reading)
    assert reading.document_number == NUMBER
    assert reading.index_number == INDEX
    assert reading.validity is None


@pytest.mark.parametrize("box", CONTAINERS)
def test_every_container_gives_the_same_text(box: str) -> None:
    reading = read_bytes(page(table=TABLES["cells"], box=box, bar=BAR).encode())
    assert_whole(reading)
    assert reading.document_number == NUMBER
    assert reading.source_name == "某市政府"


@pytest.mark.parametrize(
    ("coding", "declared", "flag"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8", "gb2312", True),
        ("gb18030", "gb2312", False),
        ("gb18030", "utf-8", True),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-8", False),
    ],
)
def test_bytes_are_believed_before_what_is_said_of_them(
    coding: str, declared: str, flag: bool
) -> None:
    text = page(table=TABLES["cells"]).replace('charset="utf-8"', f'charset="{declared}"')
    reading = read_bytes(text.encode(coding))
    assert_whole(reading)
    assert ("encoding-lied" in reading.flags) is flag


def test_lost_bytes_are_told_and_counted() -> None:
    body = (
        page(table=TABLES["cells"]).encode("gb18030").replace("健康".encode("gb18030"), b"\xff\xff")
    )
    reading = read_bytes(body)
    assert any(flag.startswith("undecodable-bytes:") for flag in reading.flags)


def test_a_number_line_above_the_addressees_is_the_own_number() -> None:
    body = f"<p align=center>{NUMBER}</p>{BODY}"
    reading = read_bytes(page(body=body, bar="<p>2024-04-01 09:12 来源：某市政府办</p>").encode())
    assert reading.document_number == NUMBER
    assert reading.text.startswith(NUMBER)
    assert reading.published_on == date(2024, 4, 1)
    (how,) = [one.how for one in reading.found if one.field == "document_number"]
    assert how == "line before addressee"


@pytest.mark.parametrize(
    ("title", "body", "own"),
    [
        (
            "《某市关于深化医改的实施意见》政策解读",
            (
                "<p>近日，市政府办公室印发《某市关于深化医改的实施意见》（某府办〔2024〕5号）。</p>"
                + BODY
            ),
            None,
        ),
        ("某市深化医改工作图解", f"<p>{NUMBER}</p>{BODY}", None),
        (
            "关于印发《某办法》的通知",
            f"<p>某发改〔2024〕11号、某卫发〔2024〕12号</p>{BODY}",
            "某发改〔2024〕11号",
        ),
        (
            "某市人民政府办公室关于废止部分文件的决定（某府办〔2024〕7号）",
            BODY,
            "某府办〔2024〕7号",
        ),
        ("科学技术部令第23号 科技部关于废止部分规章的决定", BODY, "科学技术部令第23号"),
        ("国家药监局关于发布指导原则的公告（2024年第15号）", BODY, "2024年第15号"),
        (
            "某市人民政府令",
            (
                "<p>第 12 号</p><p>《某市医疗保障办法》已经市政府第3次常务会议审议通过，"
                "现予公布，自2024年5月1日起施行。</p><p>市长　张三</p><p>2024年3月26日</p>"
            ),
            "某市人民政府令第12号",
        ),
        (
            "某市医疗保障办法",
            "<p>（2015年10月29日某市人民政府令第118号公布 根据2022年某市人民政府令第199号修订）</p>"
            + BODY,
            "某市人民政府令第118号",
        ),
        (
            "某市召开深化医改工作推进会",
            "<p>3月26日，某市召开推进会，传达《关于医改的通知》（国办发〔2024〕1号）精神。</p>",
            None,
        ),
    ],
)
def test_own_and_cited_numbers_are_told_apart(title: str, body: str, own: str | None) -> None:
    assert read_bytes(page(title=title, body=body).encode()).document_number == own


def test_a_number_called_none_is_none() -> None:
    table = TABLES["label and value in one item"].replace(NUMBER, "无")
    reading = read_bytes(page(table=table).encode())
    assert reading.document_number is None


def test_a_json_answer_of_ucap_is_read() -> None:
    pairs = [
        {"key": "refno", "value": NUMBER},
        {"key": "indexnumber", "value": INDEX},
        {"key": "writedate", "value": WRITTEN},
    ]
    row = {
        "title": TITLE,
        "contentHtml": BODY,
        "publishedTimeStr": "2024-04-01 09:12:00",
        "domainMetaList": [{"resultList": pairs}],
    }
    reading = read_bytes(json.dumps({"data": {"results": [row]}}).encode())
    assert_whole(reading)
    assert (reading.document_number, reading.index_number) == (NUMBER, INDEX)


def test_the_notice_inside_a_gkmlpt_page_is_read_with_its_files() -> None:
    detail = {
        "title": TITLE,
        "content": BODY,
        "document_number": NUMBER,
        "identifier": INDEX,
        "publisher": ISSUER,
        "date": 1711382400,
        "display_publish_time": 1711933200,
        "is_abolished": 1,
        "attachment": [{"name": "分工表.pdf", "url": "/attachment/0/1/a.pdf"}],
    }
    page = (
        f"<html><body><script>window._CONFIG = {{SID:'1', DETAIL: {json.dumps(detail)}}};</script>"
    )
    reading = read_bytes(
        page.encode(), url="http://wjw.example.gov.cn/gkmlpt/content/1/1/post_1.html"
    )
    assert_whole(reading)
    assert (reading.document_number, reading.validity) == (NUMBER, "废止")
    assert reading.attachments[0].url == "http://wjw.example.gov.cn/attachment/0/1/a.pdf"


def test_files_in_and_below_the_text_are_attachments() -> None:
    files = '<div>附件：</div><div><a href="./P02024.docx" title="x">分工表.docx</a></div>'
    text = page(box='<div id="zoom">{}</div>' + files, table=TABLES["cells"])
    reading = read_bytes(text.encode(), url="https://www.example.gov.cn/a/t1.html")
    assert [one.url for one in reading.attachments] == ["https://www.example.gov.cn/a/P02024.docx"]
    assert reading.text.endswith("分工表.docx")


def test_what_the_source_says_of_its_pages_comes_first() -> None:
    hints = PageHints(body=(".here",), title=(".name",), remove=(".ad",))
    text = (
        '<div class="name">某局公告</div>'
        '<div class="TRS_Editor">别的内容，很长很长的一段文字。</div>'
        '<div class="here"><p>现将事项公告如下。</p><p class="ad">广告，广告。</p></div>'
    )
    reading = read_bytes(text.encode(), hints=hints)
    assert (reading.title, reading.text) == ("某局公告", "现将事项公告如下。")


def test_fields_that_the_source_read_itself_win() -> None:
    fields = PageFields(
        title="另一个标题", document_number="某卫〔2024〕9号", body_html="<p>正文，只有一句。</p>"
    )
    reading = read_bytes(page(table=TABLES["cells"]).encode(), fields=fields)
    assert reading.title == "另一个标题"
    assert reading.document_number == "某卫〔2024〕9号"
    assert reading.text == "正文，只有一句。"


def test_what_a_meeting_notice_says_of_hour_and_host_stays() -> None:
    body = (
        "<p>各有关单位：</p><p>经研究，决定召开全市深化医改工作会议，现将有关事项通知如下。</p>"
        "<p>时间：2024年5月1日上午9时</p><p>来源：各区推荐</p><p>主办单位：某市卫生健康委员会</p>"
        "<p>请各单位准时参加，并于会前报送参会回执。</p><p>某市卫生健康委员会</p><p>2024年4月20日</p>"
    )
    text = read_bytes(page(body=body).encode()).text
    assert "时间：2024年5月1日上午9时" in text
    assert "主办单位：某市卫生健康委员会" in text
    assert text.endswith("2024年4月20日")


def test_a_text_that_a_script_would_show_is_shown() -> None:
    text = f'<h1>{TITLE}</h1><div id="js_content" style="visibility: hidden">{BODY}</div>'
    assert read_bytes(text.encode()).text.startswith("各区县人民政府")


def test_removed_lines_say_what_they_were() -> None:
    reading = read_bytes(page(table=TABLES["cells"], bar=BAR).encode())
    kinds = {removal.kind for removal in reading.removed}
    assert {"breadcrumb", "footer", "metadata"} <= kinds


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("《关于深化医改的实施意见》政策解读", "解读"),
        ("解读《关于栀子油等22种“三新食品”的公告》（2026年第1号）", "解读"),
        ("一图读懂《某市医疗保障方案》", "解读"),
        ("有关负责人就《意见》答记者问", "解读"),
        ("关于做好政策解读工作的通知", "通知"),
        ("某市政策问答工作规范（试行）", "规范"),
        ("科学技术部令第23号 科技部关于废止部分规章的决定", "令"),
        ("某市医疗保障实施细则", "细则"),
        ("关于同意设立机构的批复", "批复"),
    ],
)
def test_the_kind_is_told_by_how_the_title_ends(title: str, kind: str) -> None:
    assert read_bytes(page(title=title).encode()).kind == kind


def test_an_article_over_several_pages_says_that_it_continues() -> None:
    script = '<script>createPageHTML(3, 0, "t20240401_123", "shtml");</script>'
    assert "continues:3" in read_bytes((page() + script).encode()).flags


def _dated(table: str, published: str, signed: str, tag: str = "") -> Reading:
    page = (
        f"<html><head>{tag}</head><body><table><tr><td>索引号</td><td>X1234567/2024-00012</td></tr>"
        f"<tr><td>成文日期</td><td>{table}</td></tr><tr><td>发布日期</td><td>{published}</td></tr>"
        "</table><h1>关于做好医疗服务价格工作的通知</h1><div><p>各县医疗保障局：</p><p>为做好医疗服务"
        "价格工作，现就有关事项通知如下，请认真贯彻执行。</p><p>云泽市医疗保障局</p>"
        f"<p>{signed}</p></div></body></html>"
    )
    return read_bytes(page.encode())


@pytest.mark.parametrize(
    ("table", "published", "signed", "written", "why"),
    [
        ("2024-05-06", "2024-05-06", "2024年4月30日", "2024-04-30", "filled in there"),
        ("2024-05-02", "2024-05-06", "2024年4月30日", "2024-05-02", "a forwarded document"),
        ("2024-04-30", "2024-05-06", "2024年4月30日", "2024-04-30", ""),
    ],
)
def test_where_table_and_signature_contradict_each_other_the_reading_says_why_one_won(
    table: str, published: str, signed: str, written: str, why: str
) -> None:
    reading = _dated(table, published, signed)
    assert str(reading.written_on) == written
    (found,) = [one for one in reading.found if one.field == "written_on"]
    contested = [flag for flag in reading.flags if flag.startswith("contested:written_on=")]
    assert contested == ([f"contested:written_on={found.why}"] if why else [])
    assert why in found.why


def test_a_tag_that_contradicts_the_shown_day_loses_and_the_reading_says_so() -> None:
    tag = '<meta name="PubDate" content="2025-01-02 09:00">'
    reading = _dated("2024-04-30", "2024-05-06", "2024年4月30日", tag)
    assert str(reading.published_on) == "2024-05-06"
    assert reading.flags == (
        "contested:published_on=not 2025-01-02 (meta PubDate): the page itself shows another day",
    )
