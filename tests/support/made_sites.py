"""Whole sites drawn by lot: one notice in ever new markup, among ever new furniture.

Each draw puts the same notice (its end, its number's place and its table varying) into other
elements, below other bars and above other blocks. What must be read is known from the draw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

ISSUER, NUMBER, INDEX = "云泽市医疗保障局", "云医保发〔2024〕12号", "11990100MB1234567X/2024-00012"
TITLE = f"{ISSUER}关于做好医疗服务价格工作的通知"
OPENING = (
    "<p>各县（市、区）医疗保障局：</p><p>为做好医疗服务价格工作，根据有关文件精神，现就有关事项通知如下。</p>"
    "<p>一、总体要求。坚持以人民为中心，坚持尽力而为、量力而行，稳妥推进价格调整。</p>"
    "<p>二、工作任务。加强监测考核，规范价格行为，建立价格备案制度。</p>"
)
_SIGNED = f"<p>{ISSUER}</p><p>2024年4月30日</p>"
ENDS = (
    f"<p align='right'>{ISSUER}</p><p align='right'>2024年4月30日</p>",
    f"<p>{ISSUER}</p><p>二〇二四年四月三十日</p>",
    f"<p>{ISSUER}<br>2024年4月30日</p>",
    f"<table><tr><td></td><td>{ISSUER}</td></tr><tr><td></td><td>2024年4月30日</td></tr></table>",
    f"<div class='sig'><div>{ISSUER}</div><div>2024年4月30日</div></div>",
    f"<p>{ISSUER}</p><p><span>2024</span><span>年4月</span><span>30日</span></p>",
    f"{_SIGNED}<p>（此件公开发布）</p>",
    f"<p>{ISSUER}（盖章）</p><p>2024年4月30日</p>",
    f"<p>附件：1.云泽市价格目录</p><p>2.云泽市备案表</p>{_SIGNED}",
    f"{_SIGNED}<p>附件</p><p>云泽市医疗服务价格管理办法</p><p>第一条　为加强管理，制定本办法。</p>",
    f"<p>（联系人：张某；联系电话：0000-1234567）</p>{_SIGNED}",
)
HEADINGS = (
    "<h1>{}</h1>",
    "<h2 class='tit'>{}</h2>",
    "<div class='title'>{}</div>",
    "<p style='text-align:center;font-size:22px'><b>{}</b></p>",
    "<div id='biaoti'><span>{}</span></div>",
)
BARS = (
    "<div>今天是2024年5月8日 星期三</div>",
    "<div><a>登录</a> | <a>注册</a> | <a>无障碍</a> | <a>长者模式</a></div>",
    f"<div class='logo'><h1>{ISSUER}</h1></div>",
    "<div><span>热搜：</span><a href='/q'>医保</a><a href='/q'>异地就医</a></div>",
    "<div><span>您的位置：</span><a href='/'>首页</a>&gt;<a href='/t'>通知公告</a></div>",
    "<div><a href='/'>首页</a> &gt; <a href='/g'>政务公开</a> &gt; 正文</div>",
)
TABLES = (
    ("<table>{}</table>", "<tr><td>{}：</td><td>{}</td></tr>"),
    ("<table>{}</table>", "<tr><th>{}</th><td>{}</td></tr>"),
    ("<ul>{}</ul>", "<li><b>{}：</b>{}</li>"),
    ("<ul>{}</ul>", "<li>[ {} ]<span>{}</span></li>"),
    ("<dl>{}</dl>", "<dt>{}：</dt><dd>{}</dd>"),
    ("<div>{}</div>", "<div><span class='l'>{}：</span><span class='v'>{}</span></div>"),
    ("<p>{}</p>", "{}：{}　"),
    ("<div>{}</div>", "<span>【{}】</span><span>{}</span>"),
)
LABELS = {
    "index": ("索引号", "索 引 号", "信息索引"),
    "number": ("发文字号", "文号", "文 号"),
    "issuer": ("发文机关", "发布机构", "制发机关"),
    "written": ("成文日期", "生成日期", "发文日期"),
    "published": ("发布日期", "公开日期", "发布时间"),
    "validity": ("有效性", "效力状态", "时效性"),
    "topic": ("主题分类", "信息分类"),
}
TOOLS = (
    "浏览次数：123",
    "点击：",
    "【字体：<a>大</a> <a>中</a> <a>小</a>】",
    "<a>打印</a> <a>收藏</a>",
    "分享到：<a>微信</a>",
)


@dataclass(frozen=True, kw_only=True)
class MadeSite:
    """A page with what it must read as."""

    page: str
    title: str
    number: str | None
    text: str  #: without blanks


def _bare(markup: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", markup)


def _table(lot: Random, number: str | None) -> str:
    values = {
        "index": INDEX,
        "number": number or lot.choice(["", "无"]),
        "issuer": ISSUER,
        "written": "2024-04-30",
        "published": "2024-05-06",
        "validity": "有效",
        "topic": "医疗保障",
    }
    rows = [(lot.choice(LABELS[key]), value) for key, value in values.items()]
    lot.shuffle(rows)
    whole, row = lot.choice(TABLES)
    return whole.format("".join(row.format(*pair) for pair in rows))


def _dateline(lot: Random) -> str:
    day = lot.choice(["2024-05-06", "2024-05-06 10:11", "2024/05/06", "2024年05月06日 10:11"])
    tools = lot.sample([f"来源：{ISSUER}", *TOOLS], lot.randint(0, 3))
    parts = [lot.choice(["发布时间：", "发布日期：", "时间："]) + day, *tools]
    return f"<div class='i'>{lot.choice(['　', ' | ', '&nbsp;']).join(parts)}</div>"


def make_site(seed: int, blocks: tuple[str, ...]) -> MadeSite:
    """A site by lot; the same seed makes the same one.

    Args:
        seed: Of the lot.
        blocks: Furniture that may stand within the text's element and behind it.
    """
    lot = Random(seed)
    number = NUMBER if lot.random() < 0.6 else None
    place = lot.choice(["table", "line", "both", "title"]) if number else "none"
    title = f"{TITLE}（{number}）" if place == "title" else TITLE
    body = OPENING + lot.choice(ENDS)
    line = f"<p align='center'>{number}</p>" if place in ("line", "both") else ""
    table = place in ("table", "both") or lot.random() < 0.4
    above = [
        _table(lot, number if place in ("table", "both") else None) if table else "",
        lot.choice(HEADINGS).format(title),
        _dateline(lot),
    ]
    metas = (
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-05-06">'
        if lot.random() < 0.7
        else ""
    )
    tag = lot.choice([f"{title}_{ISSUER}", f"通知公告_{ISSUER}", title, f"{ISSUER}-{title}"])
    name = lot.choice(["TRS_Editor", "x9f", "content", "zoom", "nr", "main-body"])
    within = "".join(lot.sample(blocks, lot.randint(0, 2)))
    behind = "".join(lot.sample(blocks, lot.randint(1, 4)))
    element = lot.choice(["<div class='{}'>{}</div>", "<section id='{}'>{}</section>"])
    main = "".join(above) + element.format(name, line + body + within) + behind
    around = lot.choice(["<div class='m'>{}</div>", "<table><tr><td>{}</td></tr></table>", "{}"])
    bars = "".join(lot.sample(BARS, lot.randint(2, 5)))
    page = f"<html><head><title>{tag}</title>{metas}</head><body>{bars}{around.format(main)}</body>"
    text = _bare(line + body)
    return MadeSite(page=page, title=title, number=number, text=text)
