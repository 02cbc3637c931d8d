"""泰茂医疗器械招标网, an aggregator, and the hacked mirror that was made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from replica import banan
from replica.everyday import Everyday, Row, in_order, notice_row, plain_body, read_everyday
from replica.host import SavedHost
from replica.page import render, render_body
from replica.paragraphs import Paragraph, between, full_width, read_marked, read_seed, set_lines

FOLDER = "/govNews/"
WORDS = {
    "hello": "您好：北京泰茂科技股份有限公司",
    "welcome": "欢迎来到泰茂医疗器械招标网",
    "here": "当前位置： ",
    "trade": "行业动态",
    "government": "政府动态",
    "serial": "序号",
    "title": "标题",
    "published": "发布时间",
    "next": "下一页",
    "when": "发布时间：",
    "origin": "信息来源：",
    "look": "查看",
}
MIRROR_WORDS = {
    "hello": "您好:北京泰茂科技股份有限公司",
    "welcome": "歡迎來到泰茂醫(yī)療器械招標網(wǎng)",
    "here": "當前位置: ",
    "trade": "行業(yè)動態(tài)",
    "government": "政府動態(tài)",
    "serial": "序號",
    "title": "標題",
    "published": "發(fā)布時間",
    "next": "下一頁",
    "when": "發(fā)布時間:",
    "origin": "信息來源:",
    "look": "查看",
}
SEED: dict[str, Any] = {
    "published": "2024-03-05",
    "id": 48779,
    "title": "关于印发珠海市深化医药卫生体制改革近期重点工作任务的通知",
    "original": "https://www.zhuhai.gov.cn/",
}
REPRINT: dict[str, Any] = {
    "published": "2024-04-02",
    "id": 48966,
    "title": banan.SEED["title"],
    "original": "https://www.cqbn.gov.cn/zwgk_252/zfxxgkml/zcwjk/202404/t20240401_13091264.html",
}
MIRRORED: dict[str, Any] = {
    "published": "2022-04-29",
    "id": 31877,
    "original": "http://www.szmargarita.com/",
}
#: What robots.txt keeps crawlers from, though its title is on topic.
MEMBERS_ONLY = Row(
    date="2024-04-01",
    id=48944,
    title="2024年各省深化医药卫生体制改革重点工作任务汇编（会员专享）",
    shown="2024年各省深化医药卫生体制改革重点工作任务汇编（会员专享）",
    href="/vip/Show_48944.html",
)
ROBOTS = b"User-agent: *\r\nDisallow: /vip/\r\nDisallow: /Account/\r\n"
HIDDEN_LINKS = (
    ("http://www.first-spam.example/", "亚洲国产精品"),
    ("http://m.second-spam.example/list/1.html", "久久中文字幕"),
    ("http://third-spam.example/91/", "在线观看免费"),
)


def build() -> SavedHost:
    """The aggregator: reprints of seeds 000 and 001, and of an everyday notice."""
    host = SavedHost(
        name="www.ylqxzb.com",
        defaults={
            "type": "text/html; charset=utf-8",
            "headers": [
                ["Cache-Control", "private"],
                ["Server", "Microsoft-IIS/10.0"],
                ["X-AspNetMvc-Version", "5.2"],
                ["X-AspNet-Version", "4.0.30319"],
                ["Set-Cookie", "ASP.NET_SessionId=q0xw3kfd1vtrm5yb2z; path=/; HttpOnly"],
            ],
            "coding": "gzip",
            "validators": False,
        },
    )
    host.add("/robots.txt", ROBOTS, "robots.txt", type="text/plain", coding="")
    everyday = read_everyday("taimao")
    shared = _shared_notice()
    rows = [*everyday.rows, *map(notice_row, (SEED, REPRINT, shared)), MEMBERS_ONLY]
    host.add(f"{FOLDER}Index_n1.html", _render_list(rows), "list.html")
    _add(host, SEED, _seed_body())
    _add(host, REPRINT, banan.seed_body())
    _add(host, shared, _numbered(shared))
    for row in everyday.rows:
        _add(host, _plain(row), plain_body(row.title), folder="everyday")
    members = _render_notice(_plain(MEMBERS_ONLY), plain_body(MEMBERS_ONLY.title))
    host.add(MEMBERS_ONLY.href, members, "vip/48944.html")
    return host


def build_mirror() -> SavedHost:
    """The hacked mirror: GBK that says gb2312, spam first, Traditional, pinyin, broken bytes."""
    host = SavedHost(
        name="www.szmargarita.com",
        defaults={"type": "text/html", "headers": [["Server", "nginx/1.14.0"]]},
    )
    lines = read_seed("003")
    everyday = read_everyday("szmargarita")
    host.add(f"{FOLDER}Index_n1.html", _render_mirror_list(lines, everyday), "list.html")
    _add_mirrored(host, lines)
    for row in everyday.rows:
        page = _render_mirror(lines, row.title, row.date, plain_body(row.title))
        host.add(_path(row.id), page, f"everyday/{row.id}.html", validators=False)
    return host


def _seed_body() -> list[Paragraph]:
    lines = between(read_seed("000"), "市深化医药卫生体制改革", "各区要切实将医改工作")
    return set_lines(
        [full_width(line) for line in lines],
        centre=("珠海市深化医药卫生体制改革近期", "重点工作任务"),
        right=("珠海市深化医药卫生体制改革工作", "领导小组办公室", "2024年3月4日"),
    )


def _shared_notice() -> dict[str, Any]:
    """An everyday notice of 巴南, reprinted two days later."""
    notice = next(n for n in read_everyday("banan").notices if n.get("attachments"))
    wanted = {key: notice[key] for key in ("title", "number", "body")}
    return {**wanted, "published": "2024-04-01", "id": 48948, "original": REPRINT["original"]}


def _numbered(notice: dict[str, Any]) -> list[Paragraph]:
    return [Paragraph(text=notice["number"], place="centre"), *read_marked(notice["body"])]


def _plain(row: Row) -> dict[str, Any]:
    return {"published": row.date, "id": row.id, "title": row.title, "original": "#"}


def _path(identity: int) -> str:
    return f"{FOLDER}Show_{identity}.html"


def _footer() -> list[str]:
    return [full_width(line) for line in read_seed("000")[-2:]]


def _add(
    host: SavedHost, notice: dict[str, Any], body: list[Paragraph], folder: str = "notice"
) -> None:
    file = f"{folder}/{notice['id']}.html"
    host.add(_path(notice["id"]), _render_notice(notice, body), file)


def _render_list(rows: list[Row]) -> bytes:
    return render(
        "taimao-list.html",
        newline="\r\n",
        said="utf-8",
        page_title="政府动态-泰茂医疗器械招标网",
        w=WORDS,
        rows=[replace(row, href=row.href or _path(row.id)) for row in in_order(rows)],
        footer=_footer(),
    )


def _render_notice(notice: dict[str, Any], body: list[Paragraph]) -> bytes:
    return render(
        "taimao-detail.html",
        newline="\r\n",
        said="utf-8",
        page_title=f"{notice['title']}-泰茂医疗器械招标网",
        title=notice["title"],
        published_slashed=notice["published"].replace("-", "/"),
        original=notice["original"],
        w=WORDS,
        spam="",
        links=(),
        footer=_footer(),
        body=render_body(body, _dress, "\n"),
    )


def _dress(text: str, place: str) -> str:
    if place == "left":
        return f'<p style="line-height:2em;">　　{text}</p>'
    align = "center" if place == "centre" else "right"
    return f'<p style="line-height:2em;text-align:{align};">{text}</p>'


def _add_mirrored(host: SavedHost, lines: list[str]) -> None:
    title = next(line for line in lines if line.startswith("市衛(wèi)生健康委關"))
    start = next(i for i, line in enumerate(lines) if line.startswith("各區(qū)衛(wèi)生健康"))
    body = [Paragraph(text=line) for line in lines[start:-2]]
    page = _render_mirror(lines, title, MIRRORED["published"], body)
    host.add(_path(MIRRORED["id"]), page, f"notice/{MIRRORED['id']}.html")


def _render_mirror_list(lines: list[str], everyday: Everyday) -> bytes:
    title = next(line for line in lines if line.startswith("市衛(wèi)生健康委關"))
    seed = Row(date=MIRRORED["published"], id=MIRRORED["id"], title=title, shown=title)
    return render(
        "taimao-list.html",
        charset="gb18030",
        page_title=lines[0],
        w=MIRROR_WORDS,
        rows=[replace(row, href=_path(row.id)) for row in in_order([*everyday.rows, seed])],
        footer=lines[-2:],
        said="gb2312",
    )


def _render_mirror(lines: list[str], title: str, published: str, body: list[Paragraph]) -> bytes:
    return render(
        "taimao-detail.html",
        charset="gb18030",
        page_title=lines[0],
        title=title,
        published_slashed=published.replace("-", "/"),
        original=MIRRORED["original"],
        w={**MIRROR_WORDS, "here": ""},
        spam=lines[0],
        links=HIDDEN_LINKS,
        footer=lines[-2:],
        body=render_body(body, lambda text, _place: f"<p>{text}</p>", "\n"),
        said="gb2312",
    )
