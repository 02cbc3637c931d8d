"""哈尔滨市人民政府 as it was on Hanweb 大汉版通, around seed 004."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from replica.everyday import Row, in_order, notice_row, plain_body, read_everyday
from replica.host import SavedHost
from replica.office_files import make_docx
from replica.page import render, render_body
from replica.paragraphs import Paragraph, between, full_width, read_marked, read_seed, set_lines

COLUMN = 13790
LIST = f"/col/col{COLUMN}/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
QUERY = (
    "?startrecord=46&endrecord=90&perpage=15&col=1&appid=1&webid=1&path=/&columnid=13790"
    f"&sourceContentType=1&unitid=56784&webname={quote('哈尔滨市人民政府')}&permissiontype=0"
)
FIRST_GROUP = 45  # records in the first HTML: three pages of fifteen
SEED_TITLE = "哈尔滨市人民政府办公厅关于印发哈尔滨市深化医药卫生体制改革2017年重点工作任务的通知"
SEED: dict[str, Any] = {
    "published": "2017-10-25",
    "id": 3641,
    "title": SEED_TITLE,
    "heading": SEED_TITLE.replace("印发哈", "印发<br />哈"),
    "number": "哈政办规〔2017〕56号",
    "source": "市政府办公厅",
}
ALLOWANCES = [
    ["待遇项目", "医疗机构", "支付比例"],
    ["住院", "一级及以下", "百分之八十五"],
    ["住院", "二级", "百分之七十五"],
    ["住院", "三级", "百分之六十"],
    ["门诊统筹", "社区卫生服务机构", "百分之五十"],
]
SIGNATURE = ("哈尔滨市人民政府办公厅", "2017年10月18日")


def build() -> SavedHost:
    """The host's lists, pages and attachments, in both stages."""
    host = SavedHost(
        name="www.harbin.gov.cn",
        defaults={
            "type": "text/html;charset=UTF-8",
            "headers": [
                ["Server", "Apache-Coyote/1.1"],
                ["Set-Cookie", "JSESSIONID=5D0F2A6C9E17B3480AC1; Path=/; HttpOnly"],
                ["Set-Cookie", "hz_skin=1; Path=/"],
                ["x-FRAME-options", "SAMEORIGIN"],
            ],
        },
    )
    everyday = read_everyday("harbin")
    notices = (SEED, *everyday.notices)
    rows = in_order([*everyday.rows, *map(notice_row, notices)])
    _add_lists(host, [replace(row, href=_path(row.date, row.id)) for row in rows])
    _add_notice(host, SEED, _seed_body())
    for notice in everyday.notices:
        _add_notice(host, notice, _numbered(notice["number"], read_marked(notice["body"])))
    for row in everyday.rows:
        plain = {"published": row.date, "id": row.id, "title": row.title, "source": "市政府办公厅"}
        _add_notice(host, plain, plain_body(row.title), folder="everyday")
    return host


def _path(date: str, identity: int) -> str:
    year, month, day = date.split("-")
    return f"/art/{year}/{int(month)}/{int(day)}/art_{COLUMN}_{identity}.html"


def _add_lists(host: SavedHost, rows: list[Row]) -> None:
    first, rest = rows[:FIRST_GROUP], rows[FIRST_GROUP:]
    page = render("harbin-list.html", newline="\r\n", rows=first, total=len(rows))
    host.add(LIST, page, "list.html", last_modified="2017-10-31T16:40:00+08:00")
    pages = -(-len(rows) // 15)
    group = render("harbin-group.xml", rows=rest, total=len(rows), pages=pages)
    for path in (PROXY + QUERY, PROXY):
        host.add(path, group, "group-2.xml", type="text/xml;charset=UTF-8", validators=False)


def _add_notice(
    host: SavedHost, notice: dict[str, Any], body: list[Paragraph], folder: str = "art"
) -> None:
    page = _render(notice, body)
    path = _path(notice["published"], notice["id"])
    when = f"{notice['published']}T10:06:00+08:00"
    host.add(path, page, f"{folder}/{notice['id']}.html", last_modified=when)
    revised = notice.get("revised")
    if revised:
        corrected = [replace(p, text=p.text.replace(revised["find"], revised["put"])) for p in body]
        if corrected == body:
            raise ValueError(f"{notice['id']}: the sentence to correct is not there.")
        when = f"{revised['published']}T15:31:00+08:00"
        host.add(
            path,
            _render(notice, corrected),
            f"{folder}/{notice['id']}-corrected.html",
            stage=2,
            last_modified=when,
        )
    for title, file in notice.get("attachments", []):
        _add_attachment(host, title, file)


def _add_attachment(host: SavedHost, title: str, file: str) -> None:
    body = make_docx(
        title.removesuffix(".docx"),
        ALLOWANCES,
    )
    host.add(
        f"/module/download/downfile.jsp?classid=0&filename={file}",
        body,
        f"files/{file}",
        type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        validators=False,
        headers=[
            *host.defaults["headers"],
            ["Content-Disposition", f'attachment; filename="{file}"'],
        ],
    )


def _render(notice: dict[str, Any], body: list[Paragraph]) -> bytes:
    return render(
        "harbin-detail.html",
        newline="\r\n",
        title=notice["title"],
        heading=notice.get("heading", notice["title"]),
        published=notice["published"],
        time="10:06",
        source=notice["source"],
        id=notice["id"],
        attachments=[{"title": t, "file": f} for t, f in notice.get("attachments", [])],
        body=render_body(body, _dress, "\n"),
    )


def _dress(text: str, place: str) -> str:
    if place == "centre":
        return f'<p style="text-align: center;"><strong>{text}</strong></p>'
    if place == "right":
        return f'<p align="right" style="text-align: right;">{text}　　</p>'
    return f"<p>　　{text}</p>"


def _numbered(number: str, body: list[Paragraph]) -> list[Paragraph]:
    """A Hanweb page has no field for the number: it stands alone above the addressee."""
    return [Paragraph(text=number, place="centre"), *body]


def _seed_body() -> list[Paragraph]:
    lines = between(read_seed("004"), "哈政办规", "(六十八)")
    return set_lines(
        [full_width(line) for line in lines],
        centre=(SEED["number"], "哈尔滨市深化医药卫生体制改革2017年重点工作任务"),
        right=SIGNATURE,
    )
