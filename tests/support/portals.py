"""Sites of four publishing systems that never were, as routes of a replica web."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

SEARCH = "/module/xxgk/search.jsp"
QUERY = "?texttype=0&currpage="
#: As the site's own script posts it: names repeated, one value empty, one with a comma.
FORM = (
    "infotypeId=A01&jdid=2&divid=div23&vc_title=&sortfield=,compaltedate:0&texttype=0&currpage={}"
)
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
TITLE = "{}人民政府关于印发第{}批便民事项清单的通知"

#: Source, host, its name, dialect, and the path of the first list page.
PORTALS = {
    "baishi": ("www.baishixian.gov.cn", "白石县", "hanweb", f"{SEARCH}{QUERY}1"),
    "luxi": (
        "www.luxishi.gov.cn",
        "芦溪市",
        "jpaas",
        f"{UNIT}?parseType=buildstatic&webId=7&paramJson="
        + quote('{"pageNo":1,"pageSize":2}', safe=":,"),
    ),
    "shanhe": ("www.shanhexian.gov.cn", "山河县", "boda", "/zwgk/tzgg.htm"),
    "yunping": (
        "www.yunpingqu.gov.cn",
        "云平区",
        "easysite",
        "/eportal/ui?pageId=31&currentPage=1&moduleId=9f2&staticRequest=yes",
    ),
}


def lay_out_portals(folder: Path, numbers: Sequence[int]) -> None:
    """Write a web of all four, two notices a list page, and a home's sources for them."""
    for source, (host, name, dialect, first) in PORTALS.items():
        pages = [numbers[at : at + 2] for at in range(0, len(numbers), 2)]
        routes = [route(f"/art/{number}.html", notice_page(name, number)) for number in numbers]
        for place in range(1, len(pages) + 1):
            path, page = _list_of(dialect, name, pages, place)
            routes.append(route(path, page))
        web = folder / "web" / host
        web.mkdir(parents=True)
        (web / "routes.toml").write_text("".join(routes), encoding="utf-8")
        watch_portal(folder / "home", source, host, name, dialect, first)


def route(path: str, text: str) -> str:
    """A route of a routes.toml."""
    kind = "application/json" if text.startswith("{") else "text/html; charset=utf-8"
    return "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" if name else "[[route]]\n"
        for name, value in (("", ""), ("path", path), ("text", text), ("type", kind))
    )


def _list_of(
    dialect: str, name: str, pages: Sequence[Sequence[int]], place: int
) -> tuple[str, str]:
    """Path and page of one page of a list."""
    numbers, count = pages[place - 1], len(pages)
    rows = _rows(name, numbers)
    if dialect == "hanweb":
        address = f"{SEARCH}{QUERY}{place}&__wb_method=POST&{FORM.format(place)}"
        return address, posted_list(name, numbers, count)
    if dialect == "jpaas":
        asked = quote(
            json.dumps({"pageNo": place, "pageSize": 2}, separators=(",", ":")), safe=":,"
        )
        html = f'<ul class="list">{rows}</ul>'
        answer = json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False)
        return f"{UNIT}?parseType=buildstatic&webId=7&paramJson={asked}", answer
    if dialect == "boda":
        path = "/zwgk/tzgg.htm" if place == 1 else f"/zwgk/tzgg/{count - place + 1}.htm"
        lines = rows.replace("<li>", '<li id="line_u8_0">')
        return path, f"<body><ul>{lines}</ul><p>共{count * 2}条  {place}/{count}</p></body>"
    path = f"/eportal/ui?pageId=31&currentPage={place}&moduleId=9f2&staticRequest=yes"
    return path, f'<body><ul class="easysite-list">{rows}</ul><p>共 {count} 页</p></body>'


def posted_list(name: str, numbers: Sequence[int], pages: int) -> str:
    """What search.jsp answers: rows that carry their facts as attributes."""
    rows = "".join(
        f'<tr class="tr_main_value_{"odd" if number % 2 else "even"}"><td>'
        f'<a href="/art/{number}.html" mc="{TITLE.format(name, number)}" rq="2024-03-{number:02}"'
        f' wh="" syh="0/{number}">{name}…</a></td></tr>'
        for number in numbers
    )
    return f'<table>{rows}</table><div class="tb_title">共{pages * 2}条 共{pages}页 到第</div>'


def _rows(name: str, numbers: Sequence[int]) -> str:
    return "".join(
        f'<li><a href="/art/{number}.html" title="{TITLE.format(name, number)}">'
        f"{TITLE.format(name, number)}</a><span>2024-03-{number:02}</span></li>"
        for number in numbers
    )


def notice_page(name: str, number: int) -> str:
    """A notice of such a site; no two of them share more than their frame."""
    title = TITLE.format(name, number)
    return (
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1><div id="zoom">'
        f"<p>各乡镇人民政府，县直各部门：</p><p>第{number}批便民事项共{number * 3}项，由第{number}"
        f"服务窗口在{number + 4}个工作日内办结，办理电话为六位短号{number}0086，自公布之日起施行。"
        f"请各单位对照清单第{number}号附表，于当月{number + 2}日前完成公示。</p>"
        f"<p>{name}人民政府</p><p>2024年3月{number}日</p></div>"
    )


def watch_portal(home: Path, source: str, host: str, name: str, dialect: str, first: str) -> None:
    """Have a home watch one such site."""
    place = home / "sources" / "county" / source
    place.mkdir(parents=True)
    post = f'post = "{FORM.format(1)}"\n' if dialect == "hanweb" else ""
    text = f"""
name = "{name}人民政府"
hosts = ["{host}"]
trust = "issuer"
issuing_bodies = ["{name}人民政府"]
delay_seconds = 0.0
notes = "No site of this name; for tests."

[page]
body = ["#zoom"]
title = ["h1"]

[[columns]]
id = "zcwj"
name = "政策文件"
url = "http://{host}{first}"
dialect = "{dialect}"
topic = "all"
max_pages = 9
{post}"""
    (place / "source.toml").write_text(text, encoding="utf-8")
