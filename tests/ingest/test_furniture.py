"""Bars, buttons, credits and counters in the very element of a text, in hundreds of wordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.ingest import read_bytes
from archive.ingest.furniture import furniture_kind, is_column_name, is_furniture_within
from archive.notice import Reading

HERE = Path(__file__).parent
#: Lines as sites put them above and below a text, written down by us; one a line.
ABOVE = (HERE / "furniture_above.txt").read_text("utf-8").splitlines()
BELOW = (HERE / "furniture_below.txt").read_text("utf-8").splitlines()
TEXT = (
    "各县（市、区）医疗保障局：",
    "为做好医疗服务价格工作，根据有关文件精神，现就有关事项通知如下。",
    "一、总体要求。坚持以人民为中心，坚持尽力而为、量力而行，稳妥推进价格调整。",
    "二、工作任务。加强监测考核，规范价格行为，建立价格备案制度。",
)
SIGNATURE = ("云泽市医疗保障局", "2024年4月30日")
#: What a notice itself ends with, behind its date.
OWN_ENDS = (
    "（此件公开发布）",
    "（信息公开形式：主动公开）",
    "（此页无正文）",
    "抄送：市委办公室。",
    "附件：1.云泽市医疗服务价格目录",
    "附件1",
    "附件.pdf",
    "（联系人：张某，联系电话：123）",
    "主题词：医疗　价格　通知",
)


def page(*, above: str = "", text: tuple[str, ...], below: str = "", tag: str = "p") -> str:
    lines = "".join(f"<p>{line}</p>" for line in text)
    top, bottom = (f"<{tag}>{line}</{tag}>" if line else "" for line in (above, below))
    return (
        "<html><head><title>关于做好医疗服务价格工作的通知_云泽市医疗保障局</title></head><body>"
        '<div class="w1"><h1>关于做好医疗服务价格工作的通知</h1>'
        '<div class="info">2024-05-06 10:11 来源：云泽市医疗保障局</div>'
        f'<div class="qq">{top}{lines}{bottom}</div></div></body></html>'
    )


def read(markup: str) -> Reading:
    return read_bytes(markup.encode(), url="http://www.yunze.example/a.html")


@pytest.mark.parametrize("tag", ["p", "div", "span"])
def test_what_stands_above_a_text_in_its_element_goes(tag: str) -> None:
    whole = read(page(text=(*TEXT, *SIGNATURE)))
    wrong = []
    for line in ABOVE:
        got = read(page(above=line, text=(*TEXT, *SIGNATURE), tag=tag))
        fields = (got.title, got.document_number, got.written_on, got.published_on, got.text)
        if fields != (whole.title, None, whole.written_on, whole.published_on, whole.text):
            wrong.append((line, got.text[:20]))
    assert wrong == []


@pytest.mark.parametrize("text", [TEXT, (*TEXT, *SIGNATURE)], ids=["unsigned", "signed"])
def test_what_stands_below_a_text_in_its_element_goes(text: tuple[str, ...]) -> None:
    wrong = [
        line for line in BELOW if read(page(text=text, below=line)).text.split("\n")[-1] != text[-1]
    ]
    assert wrong == []


@pytest.mark.parametrize("line", OWN_ENDS)
def test_what_a_notice_ends_with_stays(line: str) -> None:
    assert read(page(text=(*TEXT, *SIGNATURE), below=line)).text.split("\n")[-1] == line


@pytest.mark.parametrize("label", ["浏览次数：", "作者：", "分享到：", "打印", "来源："])
def test_an_empty_label_never_takes_the_notices_first_line(label: str) -> None:
    for text in (TEXT, TEXT[1:], TEXT[2:]):
        got = read(page(above=label, text=(*text, *SIGNATURE))).text
        assert got.split("\n")[0] == text[0]


@pytest.mark.parametrize(
    "line",
    [
        "对医院的满意度评价一般每年组织一次，评价结果向社会公开。",
        "请将意见反馈至市医疗保障局，电子邮箱和联系电话见附件。",
        "标准\t正常\t异常",
        "非常满意\t30\t不满意\t2",
        "各单位要做好信息公开、打印归档和收藏保管工作",
        "第二章　评论与投诉",
        "（三）投诉和举报",
        "分享经济发展成果，让人民群众有更多获得感",
    ],
)
def test_lines_of_a_notice_with_words_of_buttons_stay(line: str) -> None:
    assert not is_furniture_within(line)
    assert furniture_kind(line) is None


@pytest.mark.parametrize("name", ["通知公告", "政策文件", "政府信息公开", "部门动态", "图解政策"])
def test_names_of_columns_are_known(name: str) -> None:
    assert is_column_name(name)


@pytest.mark.parametrize("title", ["公告", "通知", "决定", "政策解读会公告", "信息公开规定"])
def test_titles_are_no_names_of_columns(title: str) -> None:
    assert not is_column_name(title)


#: What portals put below a text, in its element or behind it.
BLOCKS = {
    "share bar": "<div class='s'><span>分享到：</span><a>微信</a><a>微博</a><a>QQ空间</a></div>",
    "editors": "<p>编辑：张某</p><p>初审：李某</p><p>终审：王某</p>",
    "survey": "<div class='v'><h4>您对本页面内容的评价</h4><label>满意</label><label>较满意</label>"
    "<label>不满意</label><button>提交</button></div>",
    "neighbours": "<div><b>上一篇</b><a href='/1'>关于公布名单的通知</a></div>"
    "<div><b>下一篇</b><a href='/2'>关于招标的公告</a></div>",
    "related": "<div class='x'><div>相关文章</div><ul><li><a href='/1'>关于公布名单的通知</a>"
    "<span>2024-05-01</span></li></ul></div>",
    "explainer": "<div><span>【相关解读】</span><a href='/1'>《价格管理办法》解读</a></div>",
    "app": "<div class='a'><p>打开APP，阅读体验更佳</p><p>下载云泽发布客户端</p></div>",
    "comments": "<div class='c'><h3>网友评论</h3><p>登录后参与评论</p><p>0条评论</p></div>",
    "terms": "<p>免责声明：本网站转载内容不代表本网站观点，版权归作者所有。</p>",
    "tags": "<div class='t'>标签：<a href='/t1'>医保</a><a href='/t2'>价格</a></div>",
    "footer": "<div class='f'><p>主办：云泽市医疗保障局</p><p>地址：云泽市人民路1号　邮编：000000　"
    "电话：0000-1234567</p><p>云ICP备05000001号　网站标识码9901000001</p></div>",
    "teasers": "<div class='h'><h3>热点推荐</h3><ol><li><a href='/1'>云泽市出台新政，减轻负担</a>"
    "<p>近日，云泽市出台新政，群众看病更便宜。</p></li></ol></div>",
    "unknown words": "<div class='z'><span>云小泽</span><span>融媒号</span></div>",
    "unknown links": "<div class='z'><p>共建</p><a href='/1'>市发展改革委</a><a>市财政局</a></div>",
    "robot": "<div class='z'><p>智能问答</p><p>您好，我是云小泽，请问有什么可以帮您？</p></div>",
    "makers": "<p>云泽市融媒体中心出品</p><p>记者：张某 摄影：李某</p><p>编辑：王某</p>",
}
ENDS = {
    "signed": SIGNATURE,
    "unsigned": (),
    "public": (*SIGNATURE, "（此件公开发布）"),
    "annex": (*SIGNATURE, "附件", "云泽市医疗服务价格管理办法", "第一条　为加强管理，制定本办法。"),
    "files": ("附件：1.云泽市价格目录", "2.云泽市备案表", *SIGNATURE),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_of_portals_below_a_text_go_and_nothing_of_it_does(name: str, end: str) -> None:
    plain = page(text=(*TEXT, *ENDS[end]))
    whole = read(plain)
    assert whole.text.split("\n") == [*TEXT, *ENDS[end]]
    inside = plain.replace("</div></div></body>", f"{BLOCKS[name]}</div></div></body>")
    behind = plain.replace("</div></div></body>", f"</div>{BLOCKS[name]}</div></body>")
    assert read(inside).text == whole.text
    assert read(behind).text == whole.text
