"""深圳市卫生健康委员会 on the Guangdong gkmlpt platform, with the original of seed 003."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from replica.everyday import plain_body, read_everyday
from replica.host import SavedHost
from replica.page import render, render_body
from replica.paragraphs import Paragraph, read_marked, read_seed, set_lines

SID = "755041"
CATEGORY = 2871
COLUMN = "规范性文件及其他文件"
BODY = "深圳市卫生健康委员会"
API = f"/gkmlpt/api/all/{CATEGORY}"
SEED: dict[str, Any] = {
    "published": "2022-04-29",
    "id": 9742187,
    "title": "市卫生健康委关于印发深圳市2022年卫生健康工作要点的通知",
    "number": "",
    "index_number": "",
    "written": "2022-04-28",
    "publisher": BODY,
    "theme": "卫生",
}
SIGNATURE = ("市卫生健康委", "2022年4月28日")
TREE = [
    {
        "id": 2866,
        "name": "政府信息公开目录",
        "parent_id": 0,
        "jump_url": "",
        "children": [
            {"id": CATEGORY, "name": COLUMN, "parent_id": 2866, "jump_url": "", "children": []},
            {
                "id": 2874,
                "name": "人事信息",
                "parent_id": 2866,
                "jump_url": "http://wjw.sz.gov.cn/xxgk/rsxx/",
                "children": [],
            },
        ],
    }
]
ROBOTS = b"User-agent: *\nAllow: /\n"


def build() -> SavedHost:
    """The host's index, JSON list and pages."""
    host = SavedHost(
        name="wjw.sz.gov.cn",
        defaults={
            "type": "text/html; charset=UTF-8",
            "headers": [["Server", "Tengine"], ["x-powered-by", "NFCMS"]],
        },
    )
    host.add("/robots.txt", ROBOTS, "robots.txt", type="text/plain")
    everyday = read_everyday("shenzhen")
    notices = [(SEED, _seed_body(), "notice")]
    notices += [(n, read_marked(n["body"]), "notice") for n in everyday.notices]
    for row in everyday.rows:
        plain = {**SEED, "published": row.date, "written": row.date, "id": row.id}
        plain |= {"title": row.title, "theme": "综合政务"}
        notices.append((plain, plain_body(row.title), "everyday"))
    notices.sort(key=lambda each: (each[0]["published"], each[0]["id"]), reverse=True)
    _add_index(host, [notice for notice, _, _ in notices])
    for notice, body, folder in notices:
        when = f"{notice['published']}T10:25:00+08:00"
        page = _render(notice, body)
        host.add(_path(notice), page, f"{folder}/{notice['id']}.html", last_modified=when)
    return host


def _seed_body() -> list[Paragraph]:
    title, *lines = read_seed("003-restored")
    if title != SEED["title"]:
        raise ValueError(f"The restored text begins with {title!r}.")
    return set_lines(lines, centre=("2022年深圳市卫生健康工作要点",), right=SIGNATURE)


def _add_index(host: SavedHost, notices: list[dict[str, Any]]) -> None:
    page = render(
        "shenzhen-index.html",
        page_title=f"政府信息公开目录-{BODY}",
        title="",
        sid=SID,
        tree=_script_json(TREE),
        detail="{}",
    )
    host.add("/gkmlpt/index", page, "index.html", validators=False)
    answer = {
        "classify": {"id": CATEGORY, "name": COLUMN, "post_count": len(notices)},
        "total": len(notices),
        "articles": [_article(notice) for notice in notices],
    }
    body = json.dumps(answer, ensure_ascii=True).replace("/", "\\/").encode()
    options: dict[str, Any] = {"type": "application/json", "coding": "gzip", "validators": False}
    host.add(f"{API}?page=1&sid={SID}", body, "list.json", **options)
    host.add(API, body, "list.json", **options)
    empty = {**answer, "articles": []}
    body = json.dumps(empty, ensure_ascii=True).replace("/", "\\/").encode()
    host.add(f"{API}?page=2&sid={SID}", body, "list-page-2.json", **options)


def _path(notice: dict[str, Any]) -> str:
    return (
        f"/gkmlpt/content/{notice['id'] // 10**6}/{notice['id'] // 10**3}/post_{notice['id']}.html"
    )


def _article(notice: dict[str, Any]) -> dict[str, Any]:
    """One article as the platform's JSON has it; times are seconds since 1970."""
    return {
        "id": notice["id"],
        "title": notice["title"],
        "document_number": notice["number"],
        "identifier": notice["index_number"],
        "publisher": notice["publisher"],
        "keywords": "",
        "abstract": "",
        "date": _seconds(notice["written"], "00:00"),
        "created_at": f"{notice['published']} 10:11:32",
        "first_publish_time": _seconds(notice["published"], "10:25"),
        "display_publish_time": _seconds(notice["published"], "10:25"),
        "classify_main_name": COLUMN,
        "classify_genre_name": "通知",
        "classify_theme_name": notice["theme"],
        "is_expired": 0,
        "is_abolished": 0,
        "attachment": [],
        "relation": [],
        "post_url": "",
        "url": f"http://wjw.sz.gov.cn{_path(notice)}#{CATEGORY}",
    }


def _seconds(day: str, clock: str) -> int:
    return int(datetime.fromisoformat(f"{day}T{clock}:00+08:00").timestamp())


def _script_json(value: object) -> str:
    """JSON as PHP writes it into a script: ASCII only, no ``</`` that could end the script."""
    return json.dumps(value, ensure_ascii=True).replace("/", "\\/")


def _render(notice: dict[str, Any], body: list[Paragraph]) -> bytes:
    content = render_body(body, _dress, "")
    return render(
        "shenzhen-index.html",
        page_title=f"{notice['title']}-{COLUMN}",
        title=notice["title"],
        column=COLUMN,
        cat=CATEGORY,
        published=notice["published"],
        time="10:25",
        written=notice["written"],
        publisher=notice["publisher"],
        number=notice["number"],
        index_number=notice["index_number"],
        theme=notice["theme"],
        body=content,
        sid=SID,
        tree=_script_json(TREE),
        detail=_script_json({**_article(notice), "content": content}),
    )


def _dress(text: str, place: str) -> str:
    align = {"centre": "center", "right": "right"}.get(place)
    return f'<p style="text-align: {align};">{text}</p>' if align else f"<p>　　{text}</p>"
