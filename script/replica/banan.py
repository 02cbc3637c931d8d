"""重庆市巴南区人民政府 on TRS 拓尔思, around seed 001."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from replica.everyday import Row, in_order, notice_row, plain_body, read_everyday
from replica.host import SavedHost
from replica.office_files import make_pdf
from replica.page import render, render_body
from replica.paragraphs import Paragraph, between, full_width, read_marked, read_seed, set_lines

COLUMN = "/zwgk_252/zfxxgkml/zcwjk/"
OFFICE = "巴南区政府办公室"
SEED: dict[str, Any] = {
    "published": "2024-04-01",
    "id": 13091264,
    "title": "重庆市巴南区人民政府办公室关于印发重庆市巴南区进一步完善医疗卫生服务体系"
    "实施方案的通知",
    "number": "巴南府办〔2024〕5号",
    "index_number": "11500113009307156W/2024-00051",
    "written": "2024-03-26",
    "publisher": OFFICE,
    "theme": "卫生",
}
SIGNATURE = ("重庆市巴南区人民政府办公室", "2024年3月26日")
PDF_LINES = [
    "附件",
    "巴南区紧密型区域医共体建设任务分解表",
    "一、组建两个紧密型区域医共体。责任单位：区卫生健康委。",
    "二、实行医保总额付费。责任单位：区医保局、区财政局。",
    "三、统一用药目录和采购配送。责任单位：区卫生健康委、区医保局。",
    "四、建立绩效考核制度。责任单位：区卫生健康委、区人力社保局。",
]
ROBOTS = b"User-agent: *\nDisallow: /search/\nDisallow: /ysqgk/\n"


def build() -> SavedHost:
    """The host's lists, pages and attachment, in both stages."""
    host = SavedHost(
        name="www.cqbn.gov.cn",
        defaults={
            "type": "text/html",
            "headers": [["server", "nginx"], ["X-Via", "1.1 PScqdx2ew20:4 (Cdn Cache Server)"]],
        },
    )
    everyday = read_everyday("banan")
    host.add("/robots.txt", ROBOTS, "robots.txt", type="text/plain")
    _add_lists(host)
    _add_notice(host, SEED, seed_body())
    for notice in everyday.notices:
        _add_notice(host, notice, read_marked(notice["body"]))
    for row in (*everyday.rows, *everyday.older):
        _add_notice(host, _plain(row), plain_body(row.title), folder="everyday")
    return host


def seed_body() -> list[Paragraph]:
    """The paragraphs of seed 001, as the district's page and a reprint have them."""
    lines = between(read_seed("001"), "区政府有关部门", "(三)加强宣传引导")
    return set_lines(
        [full_width(line) for line in lines],
        centre=("重庆市巴南区进一步完善医疗卫生服务体系", "实施方案"),
        right=SIGNATURE,
    )


def _add_lists(host: SavedHost) -> None:
    everyday = read_everyday("banan")
    for stage in (1, 2):
        notices = [SEED, *(n for n in everyday.notices if n.get("stage", 1) <= stage)]
        rows = in_order([*everyday.rows, *map(notice_row, notices)])
        first = _render_list(rows, 0)
        modified = {1: "2024-04-03T17:20:00+08:00", 2: "2024-04-08T09:45:00+08:00"}[stage]
        for path in (COLUMN, f"{COLUMN}index.html"):
            file = f"list-stage-{stage}.html"
            host.add(path, first, file, stage=stage, last_modified=modified)
    second = _render_list(in_order(list(everyday.older)), 1)
    when = "2024-04-03T17:20:00+08:00"
    host.add(f"{COLUMN}index_1.html", second, "list-page-2.html", last_modified=when)


def _render_list(rows: list[Row], page: int) -> bytes:
    linked = [replace(row, href=f"./{_file(row.date, row.id)}") for row in rows]
    return render("banan-list.html", rows=linked, page=page, pages=2)


def _file(date: str, identity: int) -> str:
    day = date.replace("-", "")
    return f"{day[:6]}/t{day}_{identity}.html"


def _plain(row: Row) -> dict[str, Any]:
    return {
        "published": row.date,
        "id": row.id,
        "title": row.title,
        "number": "",
        "index_number": "",
        "written": row.date,
        "publisher": OFFICE,
        "theme": "综合政务",
    }


def _add_notice(
    host: SavedHost, notice: dict[str, Any], body: list[Paragraph], folder: str = "notice"
) -> None:
    path = COLUMN + _file(notice["published"], notice["id"])
    stage = notice.get("stage", 1)
    when = f"{notice['published']}T09:12:33+08:00"
    file = f"{folder}/{notice['id']}.html"
    host.add(path, _render(notice, body), file, stage=stage, last_modified=when)
    if notice.get("refurnished"):
        # New words around the notice, not in it: a reader must not call this a revision.
        page = _render(
            notice,
            body,
            notice_bar="本网站将于4月6日22时至次日6时进行系统维护，届时部分服务暂停。",
            related=("一图读懂医药卫生体制改革重点任务", "巴南区医改领导小组召开第一次全体会议"),
        )
        file = f"{folder}/{notice['id']}-refurnished.html"
        host.add(path, page, file, stage=2, last_modified="2024-04-05T08:00:00+08:00")
    for _, file in notice.get("attachments", []):
        where = f"{COLUMN}{_file(notice['published'], notice['id']).split('/')[0]}/{file}"
        host.add(where, make_pdf(PDF_LINES), f"files/{file}", type="application/pdf")


def _render(
    notice: dict[str, Any],
    body: list[Paragraph],
    *,
    notice_bar: str = "",
    related: tuple[str, ...] = (),
) -> bytes:
    fields = ("title", "published", "number", "index_number", "written", "publisher", "theme")
    return render(
        "banan-detail.html",
        **{field: notice[field] for field in fields},
        genre=notice.get("genre", "其他公文"),
        time="09:12:33",
        attachments=[{"title": t, "file": f} for t, f in notice.get("attachments", [])],
        notice_bar=notice_bar,
        related=related,
        body=render_body(body, _dress, "\n"),
    )


def _dress(text: str, place: str) -> str:
    if place == "centre":
        return f'<p style="text-align: center;"><span style="font-size: 22pt;">{text}</span></p>'
    if place == "right":
        return f'<p style="text-align: right;">{text}&emsp;&emsp;</p>'
    return f'<p style="text-align: justify; text-indent: 2em;">{text}</p>'
