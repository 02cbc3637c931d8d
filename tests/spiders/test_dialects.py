"""Each dialect reads the lists of its system, in their variants and when they are broken."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from archive.notice import Column, Listing, Posting, posting_address, split_address
from spiders.list_page import DEPTH_LIMIT, TEXT_LIMIT, make_list_page
from spiders.probe import find_dialect_of
from spiders.reading import read_list_page
from spiders.rows import LEAD_LIMIT

URL = "http://www.example.gov.cn/zwgk/zcwj/"


def read(text: str | bytes, dialect: str = "trs", url: str = URL, **options: Any) -> Listing:
    column = Column(id="zcwj", name="政策文件", url=URL, dialect=dialect, options=options)
    body = text.encode() if isinstance(text, str) else text
    return read_list_page(column, make_list_page(url, body, source="example"))


def row(number: int, day: str = "2024-03-05", **attributes: str) -> str:
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    href = f"./202403/t20240305_{number}.html"
    return f'<li><a href="{href}"{words}>关于做好第{number}号工作的通知</a><span>{day}</span></li>'


MENU = (
    "<ul class=nav>"
    + "".join(f'<li><a href="/m{n}/">政务公开目录{n}</a></li>' for n in range(30))
    + "</ul>"
)
LIST = MENU + "<div class=list><ul>" + "".join(row(n) for n in range(1, 6)) + "</ul></div>"


def test_the_list_is_found_beside_a_longer_menu() -> None:
    listing = read(LIST)
    assert [lead.position for lead in listing.leads] == [0, 1, 2, 3, 4]
    lead = listing.leads[0]
    assert lead.url == f"{URL}202403/t20240305_1.html"
    assert (lead.source, lead.column, lead.found_at) == ("example", "zcwj", URL)
    assert (lead.published_on, lead.title) == (date(2024, 3, 5), "关于做好第1号工作的通知")
    assert listing.flags == ()


def test_a_list_broken_into_groups_of_five_is_one_list() -> None:
    groups = "".join(f"<ul>{''.join(row(n) for n in range(g, g + 5))}</ul>" for g in (10, 20, 30))
    assert len(read(f"{MENU}<div class=list>{groups}</div>").leads) == 15


def test_the_title_attribute_stands_before_cut_words() -> None:
    full = "关于进一步做好第1号工作有关事项的补充通知"
    listing = read(
        f'<ul><li><a href="a.html" title="{full}">关于进一步做好…</a>2024-03-05</li></ul>'
    )
    assert listing.leads[0].title == full


def test_a_title_attribute_that_says_more_than_the_title_is_taken_apart() -> None:
    told = "文章标题：关于开展检查的通知&#13;&#10;发布时间：2024-03-05"
    listing = read(f'<ul><li><a href="a.html" title="{told}">关于开展…</a>2024-03-05</li></ul>')
    assert listing.leads[0].title == "关于开展检查的通知"


def test_a_title_attribute_shorter_than_the_words_gives_way() -> None:
    listing = read(LIST.replace("<a href", '<a title="点击查看" href'))
    assert listing.leads[0].title == "关于做好第1号工作的通知"


def test_a_cut_title_without_the_whole_stays_cut_and_says_so() -> None:
    listing = read('<ul><li><a href="a.html">自治区卫生健康委关于印发…</a>2024-03-05</li></ul>')
    assert listing.leads[0].is_cut


def test_a_date_in_the_title_is_not_the_rows() -> None:
    text = (
        '<ul><li><a href="a.html">关于2023年12月31日停诊安排的公告</a><i>2024-03-05</i></li></ul>'
    )
    assert read(text, rows="li").leads[0].published_on == date(2024, 3, 5)
    assert read(text.replace("<i>2024-03-05</i>", ""), rows="li").leads[0].published_on is None


def test_a_date_inside_the_link_is_no_part_of_the_title() -> None:
    text = '<ul><li><a href="a.html"><span>2024-03-05</span><p>关于开展检查的通知</p></a></li></ul>'
    lead = read(text, rows="li").leads[0]
    assert (lead.title, lead.published_on) == ("关于开展检查的通知", date(2024, 3, 5))


def test_a_calendar_leaf_is_a_date() -> None:
    text = "<li><em>05</em><i>2024-03</i><a href=a.html>关于开展检查的通知</a></li>"
    assert read(text, rows="li").leads[0].published_on == date(2024, 3, 5)


def test_what_is_no_lead_is_counted_and_not_dropped_in_silence() -> None:
    text = (
        "<ul>" + row(1) + row(1) + "<li>关于没有链接的通知 2024-03-05</li>"
        '<li><a href="javascript:void(0)">关于脚本的通知</a></li>'
        '<li><a href="mailto:a@b.cn">关于邮件的通知</a></li>'
        '<li><a href="data:text/html,x">关于数据的通知</a></li>'
        '<li><a href="./">关于本页的通知</a></li>'
        '<li><a href="x.html"><img src="a.png"></a>2024-03-05</li>'
        '<li><a href="https://mp.weixin.qq.com/s/abc">关于微信的通知</a></li></ul>'
    )
    listing = read(text, rows="li")
    assert [lead.url[-9:] for lead in listing.leads] == ["05_1.html", "com/s/abc"]
    assert set(listing.flags) == {
        "rows-without-link:1", "links-skipped:4", "rows-without-title:1", "rows-without-date:1",
    }  # fmt: skip


def test_a_link_that_a_script_opens_is_followed_to_its_page() -> None:
    script = "onclick=\"window.open('/art/1.html')\""
    text = f"<li><a href='javascript:void(0)' {script}>关于检查的通知</a></li>"
    assert read(text, rows="li").leads[0].url == "http://www.example.gov.cn/art/1.html"


def test_an_empty_list_says_so() -> None:
    for text in ("", "<ul></ul>", MENU, "\x00\xff", "{}", "<html><body>维护中</body></html>"):
        listing = read(text)
        assert listing.leads == ()
        assert "no-rows" in listing.flags
        assert listing.next_url is None


def test_rows_without_dates_are_said_to_be_guessed() -> None:
    listing = read(LIST.replace("<span>2024-03-05</span>", ""))
    assert len(listing.leads) == 5
    assert "rows-guessed" in listing.flags


def test_a_base_element_is_obeyed() -> None:
    assert (
        read('<base href="http://cdn.example.cn/x/">' + LIST)
        .leads[0]
        .url.startswith("http://cdn.example.cn/x/202403/")
    )


def test_the_number_cell_of_a_row_is_read() -> None:
    text = """<table><tr><th>标题</th><th>文号</th></tr><tr class="zcwjk-list-c"><td>
    <a href="./a.html"><p class="tit">关于印发方案的通知</p></a>
    <p class="info"><span>发文字号：渝府办发〔2023〕76号\u200b\ufeff</span>
    <span class="time">成文日期 ：2023年08月01日</span></p></td></tr>
    <tr class="zcwjk-list-c"><td><a href="./b.html">关于公布名单的公告</a></td>
    <td>深卫健规〔2022〕901号</td></tr>
    <tr class="zcwjk-list-c"><td><a href="./c.html">关于渝府发〔2020〕1号的解读</a></td>
    <td>发文字号：</td><td>无</td></tr></table>"""
    numbers = [lead.document_number for lead in read(text, rows="tr").leads]
    assert numbers == ["渝府办发〔2023〕76号", "深卫健规〔2022〕901号", None]
    assert read(text, rows="tr").leads[0].published_on == date(2023, 8, 1)


def test_notes_hung_into_a_row_are_not_its_link() -> None:
    note = "<ul><li><a href='jd.html'>某某司负责同志就某某办法的有关问题答记者问</a></li></ul>"
    text = f"<ul class=u>{row(1).replace('</a>', '</a>' + note)}{row(2)}</ul>"
    assert [lead.url[-8:] for lead in read(text).leads] == ["5_1.html", "5_2.html"]


CALLS = [
    ("createPageHTML(9, 0, 'index', 'html');", "", "index_1.html"),
    ('createPageHTML(55,0, "index","shtml","1089");', "index.shtml", "index_1.shtml"),
    ('createPageHTML(9,1,"index","html","black2",120)', "index_1.html", "index_2.html"),
    ("createPageHTML('paging',9,1,'index','html',170)", "", "index_2.html"),
    ("createPageHTML('page_div',5, 5,'fg','shtml',89);", "fg_5.shtml", None),
    ("createPage(9, 0, 'list', 'htm')", "", "list_1.htm"),
    ("createPageHTML(2, 1, 'index', 'html')", "index_1.html", None),
    ("createPageHTML(1, 0, 'index', 'html')", "", None),
    ("createPageHTML(0, 0, 'index', 'html')", "", None),
    ("var a = 0;//从0\nvar b = 3//共\ncreatePageHTML(b, a, 'index', 'html')", "", "index_1.html"),
    ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", "", None),
    ("$('.p').pagination('setPage', 1, 30)", "index.html", "index_2.html"),
    ("$('.p').pagination('setPage', 30, 30)", "index_30.html", None),
    ("createPageHTML(" + "9," * 5000, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("call", "here", "following"), CALLS)
def test_the_paging_call_is_read_and_not_assumed(
    call: str, here: str, following: str | None
) -> None:
    listing = read(f"{LIST}<script>{call}</script>", url=URL + here)
    assert listing.next_url == (following and URL + following)


def test_a_call_in_a_comment_pages_nothing() -> None:
    text = f"{LIST}<!-- <script>createPageHTML(9, 0, 'index', 'html')</script> -->"
    assert read(text).next_url is None


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<a href="index_2.html">下一页</a>', "index_2.html"),
        ('<a href="index_2.html"> 下一页&gt; </a>', None),
        ('<a href="index_2.html">&gt;</a>', "index_2.html"),
        ('<a rel="next" href="?p=2">x</a>', "?p=2"),
        ('<a href="./">下一页</a>', None),
        ('<a href="javascript:go(2)">下一页</a>', None),
    ],
)
def test_the_link_to_the_next_page_is_found(link: str, following: str | None) -> None:
    assert read(LIST + link, "table").next_url == (following and URL + following)


def test_options_tell_the_next_page() -> None:
    options = {"pages": "index_{n}.html"}
    assert read(LIST, "table", **options).next_url == f"{URL}index_2.html"
    assert read(LIST, "table", url=f"{URL}index_7.html", **options).next_url == f"{URL}index_8.html"
    assert read(LIST, "table", second=1, **options).next_url == f"{URL}index_1.html"
    named = read(LIST + '<p><a id="n" href="more/">››</a>', "table", next="#n")
    assert named.next_url == f"{URL}more/"


def test_the_total_is_read_from_words() -> None:
    assert read(LIST + "<div>共 89 条 1/6 页</div>").total == 89


RECORDS = "".join(
    f'<record><![CDATA[<li><a href="/art/2024/3/5/art_1_{n}.html" title="关于第{n}号的通知">'
    "关于…</a><b>2024-03-05</b></li>]]></record>"
    for n in range(1, 46)
)
PAGER = """<script>jQuery('#5').jpage({totalRecord:100,perPage:15,groupSize:3,
proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{columnid:104,path:'/',webname:'某局'}})</script>"""


def hanweb(records: str = RECORDS, before: str = "", after: str = PAGER) -> str:
    return (
        f'<div><script type="text/xml"><datastore>{before}<recordset>{records}</recordset>'
        f"</datastore></script></div>{after}"
    )


def test_records_that_html_parsers_drop_are_read() -> None:
    listing = read(hanweb(), "hanweb")
    assert (len(listing.leads), listing.total) == (45, 100)
    assert listing.leads[0].title == "关于第1号的通知"
    assert listing.leads[0].published_on == date(2024, 3, 5)
    assert listing.next_url == (
        "http://www.example.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90"
        "&perpage=15&columnid=104&path=/&webname=%E6%9F%90%E5%B1%80"
    )


def test_groups_of_records_follow_each_other_to_the_total() -> None:
    answer = (
        f"<datastore><totalrecord>100</totalrecord><recordset>{RECORDS}</recordset></datastore>"
    )
    url = "http://a.cn/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&path=/"
    second = read(answer, "hanweb", url=url)
    assert second.next_url == url.replace("46", "91").replace("=90", "=135")
    assert second.next_url is not None
    assert read(answer, "hanweb", url=second.next_url).next_url is None


def test_a_told_group_is_taken_where_the_pager_is_silent() -> None:
    told = '<nextgroup><![CDATA[<a href="/dataproxy.jsp?page=1&amp;x=2"></a>]]></nextgroup>'
    listing = read(hanweb(before=told, after=""), "hanweb")
    assert listing.next_url == "http://www.example.gov.cn/dataproxy.jsp?page=1&x=2"


def test_records_of_table_rows_and_escaped_records_are_read() -> None:
    cells = (
        '<record><![CDATA[<tr><td><a href="/a.html">关于印发目录的通知</a></td>'
        "<td>医保发〔2024〕5号</td><td>2024-03-05</td></tr>]]></record>"
        "<record>&lt;li&gt;&lt;a href='/b.html'&gt;关于调整价格的通知&lt;/a&gt;&lt;/li&gt;</record>"
    )
    first, second = read(hanweb(cells), "hanweb").leads
    assert (first.document_number, first.published_on) == ("医保发〔2024〕5号", date(2024, 3, 5))
    assert second.url == "http://www.example.gov.cn/b.html"


def test_a_hanweb_column_without_records_is_read_as_a_list() -> None:
    assert len(read(LIST, "hanweb").leads) == 5


def test_unclosed_records_end_the_reading() -> None:
    assert read("<record>" * 50_000, "hanweb").leads == ()


def gkmlpt(count: int, total: int, start: int = 0) -> str:
    article = {"document_number": "", "date": 1709568000, "display_publish_time": 1709654400}
    rows = [
        {**article, "title": f"第{n}号<em>通知</em>", "url": f"http://a.cn/post_{n}.html#1"}
        for n in range(start, start + count)
    ]
    return json.dumps({"articles": rows, "classify": {"post_count": total}})


def test_gkmlpt_articles_are_read_and_paged() -> None:
    url = "http://a.cn/gkmlpt/api/all/0?page=1&sid=755041"
    listing = read(gkmlpt(100, 250), "gkmlpt", url)
    assert (len(listing.leads), listing.total) == (100, 250)
    lead = listing.leads[0]
    assert (lead.url, lead.title) == ("http://a.cn/post_0.html", "第0号通知")
    assert (lead.published_on, lead.document_number) == (date(2024, 3, 6), None)
    assert listing.next_url == url.replace("page=1", "page=2")
    last = read(gkmlpt(50, 250, 200), "gkmlpt", url.replace("page=1", "page=3"))
    assert last.next_url is None


@pytest.mark.parametrize("dialect", ["gkmlpt", "govcn_search", "json_list"])
@pytest.mark.parametrize("text", ["", "<html>412</html>", "[" * 100_000, '{"articles": [', "nul"])
def test_an_answer_that_is_no_json_is_flagged(dialect: str, text: str) -> None:
    listing = read(text, dialect)
    assert listing.leads == ()
    assert {"not-json", "no-rows"} <= set(listing.flags)


@pytest.mark.parametrize("dialect", ["gkmlpt", "govcn_search", "json_list", "ucap"])
@pytest.mark.parametrize(
    "value",
    [[], {}, 1, "x", None, {"articles": 1}, {"articles": [1, None, {}, {"title": {"a": 1}}]},
     {"searchVO": {"listVO": {}, "catMap": [1]}}, {"data": {"results": [{"url": 5, "title": []}]}}],
)  # fmt: skip
def test_json_of_any_shape_does_no_harm(dialect: str, value: Any) -> None:
    assert read(json.dumps(value), dialect).leads == ()


UCAP_ROW = {
    "title": "关于印发<em>方案</em>的通知",
    "url": "/haerbin/c104531/202403/c01_1.shtml",
    "publishedTimeStr": "2024-03-05 10:00:00",
    "domainMetaList": [{"resultList": [{"key": "refno", "value": "哈政办规〔2024〕5号"}]}],
}


def test_ucap_results_are_read_with_their_number() -> None:
    url = "https://a.cn/common/search/abc?_isJson=true&_pageSize=1&page=1"
    listing = read(json.dumps({"data": {"results": [UCAP_ROW], "total": 2}}), "ucap", url)
    (lead,) = listing.leads
    assert (lead.title, lead.document_number) == ("关于印发方案的通知", "哈政办规〔2024〕5号")
    assert lead.published_on == date(2024, 3, 5)
    assert listing.next_url == url.replace("page=1", "page=2")
    assert len(read(LIST, "ucap").leads) == 5


GOVCN_ROW = {
    "title": "国务院办公厅关于<em>医改</em>的通知",
    "url": "https://www.gov.cn/zhengce/content/202403/content_1.htm",
    "pcode": "国办发〔2024〕5号",
    "pubtime": 1709568000000,
}


@pytest.mark.parametrize(
    "search",
    [{"listVO": [GOVCN_ROW]}, {"catMap": {"gongwen": {"listVO": [GOVCN_ROW]}, "otherfile": None}}],
)
def test_both_shapes_of_the_gov_cn_search_are_read(search: dict[str, Any]) -> None:
    answer = json.dumps({"code": 200, "searchVO": {**search, "totalpage": 3, "totalCount": 41}})
    listing = read(answer, "govcn_search", "https://sousuo.www.gov.cn/search-gov/data?t=x&p=1&n=20")
    (lead,) = listing.leads
    assert (lead.title, lead.document_number) == ("国务院办公厅关于医改的通知", "国办发〔2024〕5号")
    assert (lead.published_on, listing.total) == (date(2024, 3, 5), 41)
    assert listing.next_url == "https://sousuo.www.gov.cn/search-gov/data?t=x&p=2&n=20"


def test_a_search_without_hits_says_so() -> None:
    listing = read('{"code":1001,"msg":"抱歉，没有找到相关结果"}', "govcn_search")
    assert "nothing-found" in listing.flags


def test_any_json_list_is_read_by_its_paths() -> None:
    rows = [{"docId": n, "sub": {"title": f"第{n}号批复"}, "day": "2024-03-05"} for n in (7, 8)]
    options = {
        "items": "data.lists", "title": "sub.title", "url": "/Doc?docId={docId}", "date": "day",
        "total": "data.total", "page": "pageNo",
    }  # fmt: skip
    answer = json.dumps({"data": {"lists": rows, "total": "9"}})
    column = Column(id="c", name="c", url=URL, dialect="json_list", options=options)
    page = make_list_page("https://a.cn/list?pageNo=1", f"callback({answer});".encode())
    listing = read_list_page(column, page)
    assert [lead.url for lead in listing.leads] == [
        "https://a.cn/Doc?docId=7", "https://a.cn/Doc?docId=8",
    ]  # fmt: skip
    assert (listing.total, listing.next_url) == (9, "https://a.cn/list?pageNo=2")


def test_a_gbk_list_is_read_by_its_own_encoding() -> None:
    text = '<meta charset="gb2312">' + LIST.replace("工作", "醫(yī)療器械")
    assert read(text.encode("gb18030"), "table").leads[0].title == "关于做好第1号醫(yī)療器械的通知"


def test_ten_thousand_links_are_the_most() -> None:
    listing = read("<ul>" + "".join(row(n) for n in range(LEAD_LIMIT + 500)) + "</ul>", rows="li")
    assert len(listing.leads) == LEAD_LIMIT
    assert "leads-limit" in listing.flags


def test_nesting_without_end_is_cut_and_said() -> None:
    listing = read(LIST + "<div>" * 200_000 + LIST)
    assert len(listing.leads) == 5
    assert "nested-too-deep" in listing.flags
    assert DEPTH_LIMIT < 200_000


def test_rows_within_rows_without_end_do_no_harm() -> None:
    text = "<div>" * 3_000 + "文" * 1_000_000
    listing = read(text, rows="div")
    assert listing.leads == ()


def test_a_table_that_lays_out_the_page_is_no_row() -> None:
    links = "".join(
        f'<p><a href="t20240305_{n}.html">关于第{n}号事项的通知</a> 2024-03-05</p>'
        for n in range(20)
    )
    text = f"<table><tr><td>{MENU}</td><td><div>{links}</div></td></tr></table>"
    assert len(read(text).leads) == 20


def test_a_page_of_twenty_megabytes_is_read_within_its_bound() -> None:
    listing = read(LIST + "<p>" + "文" * (TEXT_LIMIT + 10))
    assert len(listing.leads) == 5
    assert "page-too-long" in listing.flags


def test_no_list_of_the_third_party_pages_is_misread(third_party_pages: Any) -> None:
    folder = third_party_pages / "list"
    for name, url, leads, following in (
        ("gx-dnr-trs-list.excerpt.html", "http://dnr.gxzf.gov.cn/kyqjy/", 4, "index_1.shtml"),
        ("hebei-zrzy-static-pager.excerpt.html", "https://zrzy.hebei.gov.cn/heb/xinwen/stdt/", 4,
         "index_2.html"),
        ("xn-csrc_list_1.html", "http://www.csrc.gov.cn/csrc/c106256/fg.shtml", 20, "fg_2.shtml"),
        ("xn-ndrc_list_page.html", "https://www.ndrc.gov.cn/xxgk/zcfb/fzggwl/", 25, "index_1.html"),
    ):  # fmt: skip
        listing = read((folder / name).read_bytes(), url=url)
        assert len(listing.leads) == leads, name
        assert (listing.next_url or "").endswith("/" + following), name
        assert not any("/jd/" in lead.url for lead in listing.leads), name


JPAAS = (
    "https://www.example.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit"
    "?parseType=bulidstatic&webId=9&tplSetId=7&pageType=column&tagId=list&pageId=3"
    "&paramJson=%7B%22pageNo%22%3A{number}%2C%22pageSize%22%3A{size}%7D"
)


def jpaas_answer(*numbers: int) -> str:
    rows = "".join(
        f'<li><a href="/art/2024/art_{n:032x}.html">关于第{n}号工作的通知</a>'
        "<span>2024-03-05</span></li>"
        for n in numbers
    )
    return json.dumps({"success": True, "data": {"html": f"<ul>{rows}</ul>"}})


def test_jpaas_reads_html_within_json_and_counts_pages_in_its_parameter() -> None:
    listing = read(jpaas_answer(1, 2), "jpaas", JPAAS.format(number=1, size=2))
    assert [lead.title for lead in listing.leads] == ["关于第1号工作的通知", "关于第2号工作的通知"]
    assert listing.leads[0].url == f"https://www.example.gov.cn/art/2024/art_{1:032x}.html"
    assert listing.leads[0].published_on == date(2024, 3, 5)
    assert listing.next_url == JPAAS.format(number=2, size=2).replace("%3A", ":").replace(
        "%2C", ","
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (20, jpaas_answer(1, 2)),
        (2, json.dumps({"data": {"html": None}})),
        (2, json.dumps({"data": ["html"]})),
        (2, "{"),
    ],
)
def test_a_short_or_broken_jpaas_answer_is_the_last(size: int, text: str) -> None:
    assert read(text, "jpaas", JPAAS.format(number=1, size=size)).next_url is None


@pytest.mark.parametrize("asked", ["%7B", "%5B1%5D", "%7B%22pageNo%22%3Atrue%7D", ""])
def test_jpaas_parameters_that_are_none_end_the_list(asked: str) -> None:
    url = JPAAS.partition("&paramJson=")[0] + f"&paramJson={asked}"
    assert read(jpaas_answer(1, 2), "jpaas", url).next_url is None


def boda_list(place: str) -> str:
    rows = "".join(
        f'<li id="line_u8_{n}"><a href="../info/1024/{n}.htm">关于第{n}号工作的通知</a>'
        "<span>2024-03-05</span></li>"
        for n in range(3)
    )
    return f"{MENU}<ul>{rows}</ul><div class=pb_sys_common>共89条 {place}</div>"


@pytest.mark.parametrize(
    ("url", "place", "following"),
    [
        ("tzgg.htm", "1/9", "tzgg/8.htm"),
        ("tzgg/8.htm", "2/9", "tzgg/7.htm"),
        ("tzgg/2.htm", "8/9", "tzgg/1.htm"),
        ("tzgg/1.htm", "9/9", None),
        ("tzgg.htm", "1/1", None),
        ("tzgg.htm", "", None),
    ],
)
def test_boda_pages_count_down(url: str, place: str, following: str | None) -> None:
    listing = read(boda_list(place), "boda", URL + url)
    assert len(listing.leads) == 3
    assert listing.total == 89
    assert listing.next_url == (URL + following if following else None)


def test_a_boda_list_goes_on_where_its_own_link_says() -> None:
    text = boda_list("1/9") + '<a href="tzgg/88.htm">下页</a>'
    assert read(text, "boda", f"{URL}tzgg.htm").next_url == f"{URL}tzgg/88.htm"


EASYSITE = (
    "http://www.example.gov.cn/eportal/ui?pageId=12&currentPage={}&moduleId=a&staticRequest=yes"
)


@pytest.mark.parametrize(
    ("number", "words", "following"),
    [(1, "共 3 页", 2), (2, "2/3页", 3), (3, "共3页", None), (1, "", None)],
)
def test_easysite_counts_pages_in_its_address(
    number: int, words: str, following: int | None
) -> None:
    listing = read(f"{LIST}<p>{words}</p>", "easysite", EASYSITE.format(number))
    assert len(listing.leads) == 5
    assert listing.next_url == (EASYSITE.format(following) if following else None)


def test_hanweb_rows_of_open_information_carry_their_facts_as_attributes() -> None:
    rows = "".join(
        f'<tr class="tr_main_value_{kind}"><td><a href="/art/2024/3/5/art_9_{n}.html" '
        f'mc="关于第{n}号工作的通知" rq="2024-03-05" wh="清政办发〔2024〕{n}号" syh="0/1">关于…</a>'
        "</td></tr>"
        for n, kind in enumerate(("odd", "even"), 1)
    )
    listing = read(f"<table>{rows}</table>", "hanweb", f"{URL}module/xxgk/search.jsp")
    assert [lead.document_number for lead in listing.leads] == [
        "清政办发〔2024〕1号",
        "清政办发〔2024〕2号",
    ]
    assert listing.leads[1].title == "关于第2号工作的通知"
    assert listing.leads[1].published_on == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (boda_list("1/9"), "boda"),
        (jpaas_answer(1, 2), "jpaas"),
        (f'<script parseType="buildstatic" pageid="3"></script>{LIST}', "jpaas"),
        (f'{LIST}<a href="/eportal/ui?pageId=12">下一页</a>', "easysite"),
    ],
)
def test_a_probe_knows_the_system(text: str, dialect: str) -> None:
    assert find_dialect_of(make_list_page(URL, text.encode())) == dialect


LIBRARY = "https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gw&"


@pytest.mark.parametrize(
    "asked", ["q=&pcodeJiguan=国办发&pcodeYear=2023&pcodeNum=4", "q=国办发〔2023〕4号&pcodeNum="]
)
def test_a_search_for_one_number_leads_to_that_number_only(asked: str) -> None:
    rows = [
        {"title": f"关于第{n}号工作的意见", "url": f"/a/content_{n}.htm", "pcode": number}
        for n, number in enumerate(("国办发〔2023〕4号", "国办发〔2023〕14号", ""))
    ]
    text = json.dumps({"searchVO": {"listVO": rows, "totalpage": 1}}, ensure_ascii=False)
    listing = read(text, "govcn_search", LIBRARY + asked)
    assert [lead.document_number for lead in listing.leads] == ["国办发〔2023〕4号"]
    assert "other-numbers:2" in listing.flags
    assert len(read(text, "govcn_search", f"{LIBRARY}q=医改&pcodeNum=").leads) == 3


SEARCH = f"{URL}module/xxgk/search.jsp?texttype=0&currpage=1"


def disclosed(pages: str, count: int = 2) -> str:
    rows = "".join(
        f'<tr class="tr_main_value_odd"><td><a href="/art/{n}.html" title="关于第{n}号工作的通知">'
        f"关于…</a></td><td>2024-03-05</td></tr>"
        for n in range(count)
    )
    return f"<table>{rows}</table><div class='tb_title'>{pages}</div>"


def test_a_posted_hanweb_list_goes_on_by_its_form_and_its_query() -> None:
    form = Posting(body=b"vc_title=%D2%BD&currpage=1&vc_number=&currpage=1&area=a+b")
    listing = read(disclosed("共3页"), "hanweb", posting_address(SEARCH, form))
    assert [lead.title for lead in listing.leads] == [f"关于第{n}号工作的通知" for n in range(2)]
    assert listing.leads[0].published_on == date(2024, 3, 5)
    assert split_address(listing.next_url or "") == (
        SEARCH.replace("currpage=1", "currpage=2"),
        Posting(body=form.body.replace(b"currpage=1", b"currpage=2")),
    )
    last = posting_address(SEARCH, Posting(body=b"currpage=3"))
    assert read(disclosed("共 3 页"), "hanweb", last).next_url is None
    assert read(disclosed("", 0), "hanweb", posting_address(SEARCH, form)).next_url is None


def test_a_posted_json_list_goes_on_by_its_body() -> None:
    rows = json.dumps({"rows": [{"title": "关于一号的通知", "url": "/a.html"}], "total": 9})
    options = {"items": "rows", "total": "total", "page": "pageNo"}
    for said, then in ((b'{"pageNo":1,"word":"\xe5\x8c\xbb"}', 2), (b'{"pageNo":"1"}', "2")):
        body = Posting(body=said, media_type="application/json")
        listing = read(rows, "json_list", posting_address(f"{URL}api", body), **options)
        url, following = split_address(listing.next_url or "")
        assert following is not None
        assert (url, following.media_type) == (f"{URL}api", "application/json")
        assert json.loads(following.body) == json.loads(said) | {"pageNo": then}


def test_no_link_of_a_page_has_us_post_a_form() -> None:
    page = LIST.replace("./202403/t20240305_1.html", "/x?__wb_method=POST&amp;a=1")
    listing = read(page + '<a href="?__wb_method=POST&p=2">下一页</a>', "table", rows=".list li")
    assert not any("__wb_" in lead.url for lead in listing.leads)
    assert "__wb_" not in (listing.next_url or "")
    assert "links-skipped:1" in listing.flags
