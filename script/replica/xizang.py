"""西藏自治区卫生健康委员会 on TRS 拓尔思, around seed 002."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from replica.everyday import in_order, notice_row, plain_body, read_everyday
from replica.host import SavedHost
from replica.page import render, render_body
from replica.paragraphs import Paragraph, between, full_width, read_marked, read_seed, set_lines

COLUMN = "/zwgk/zcwj/"
BODY = "西藏自治区卫生健康委员会"
SEED: dict[str, Any] = {
    "published": "2021-09-30",
    "id": 262134,
    "time": "12:36",
    "title": "西藏自治区深化医药卫生体制改革领导小组关于印发《西藏自治区2021年深化医药卫生体制改革"
    "重点工作任务》的通知",
    "cut": "西藏自治区深化医药卫生体制改革领导小组关于印发《西藏自治…",
    "source": BODY,
}
PAGES = 9  # as the pager says; the second is a stub, as deep TRS pages are
STUB = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'
    "<title>政策法规_西藏自治区卫生健康委员会</title></head><body>"
    '<div class="wrap2"><div class="wrap2_mid"><ul></ul></div></div></body></html>\n'
)
FORBIDDEN = (
    b"<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n</body>\r\n</html>\r\n"
)


def build() -> SavedHost:
    """The host's list and pages, in both stages; its robots.txt answers 403."""
    host = SavedHost(
        name="wjw.xizang.gov.cn",
        defaults={"headers": [["Server", "openresty"]]},
    )
    host.add("/robots.txt", FORBIDDEN, "robots-403.html", status=403, validators=False)
    everyday = read_everyday("xizang")
    _add_lists(host)
    _add_notice(host, SEED, seed_body())
    for notice in everyday.notices:
        body = [Paragraph(text=notice["number"], place="centre"), *read_marked(notice["body"])]
        _add_notice(host, notice, body)
    for row in everyday.rows:
        plain = {"published": row.date, "id": row.id, "title": row.title, "source": BODY}
        _add_notice(host, plain, plain_body(row.title), folder="everyday")
    return host


def seed_body() -> list[Paragraph]:
    """The paragraphs of seed 002, whose page lost its masthead and begins at （一）."""
    lines = between(read_seed("002"), "(一)加强公共卫生体系建设", "各市地、各有关部门要充分认识")
    return set_lines([full_width(line) for line in lines])


def _add_lists(host: SavedHost) -> None:
    everyday = read_everyday("xizang")
    for stage in (1, 2):
        notices = [SEED, *(n for n in everyday.notices if n.get("stage", 1) <= stage)]
        rows = in_order([*everyday.rows, *map(notice_row, notices)])
        linked = [replace(row, href=f"./{_file(row.date, row.id)}") for row in rows]
        page = render("xizang-list.html", rows=linked, pages=PAGES)
        for path in (COLUMN, f"{COLUMN}index.html"):
            host.add(path, page, f"list-stage-{stage}.html", stage=stage, validators=False)
    host.add(f"{COLUMN}index_1.html", STUB.encode(), "list-page-2.html", validators=False)


def _file(date: str, identity: int) -> str:
    day = date.replace("-", "")
    return f"{day[:6]}/t{day}_{identity}.html"


def _add_notice(
    host: SavedHost, notice: dict[str, Any], body: list[Paragraph], folder: str = "notice"
) -> None:
    page = render(
        "xizang-detail.html",
        title=notice["title"],
        published=notice["published"],
        published_slashed=notice["published"].replace("-", "/"),
        time=notice.get("time", "10:20"),
        source=notice["source"],
        body=render_body(body, _dress, ""),
    )
    host.add(
        COLUMN + _file(notice["published"], notice["id"]),
        page,
        f"{folder}/{notice['id']}.html",
        stage=notice.get("stage", 1),
        last_modified=f"{notice['published']}T12:36:00+08:00",
    )


def _dress(text: str, place: str) -> str:
    align = {"centre": ' align="center"', "right": ' align="right"'}.get(place, "")
    return f"<p{align}>{'' if place == 'centre' else '　　'}{text}</p>\n"
