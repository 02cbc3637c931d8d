"""Titles with what sites pin to them, put behind them and make of them."""

from __future__ import annotations

import pytest

from archive.ingest import read_bytes

TITLE = "云泽市医疗保障局关于做好医疗服务价格工作的通知"
SITE = "云泽市医疗保障局"
TEXT = (
    "<p>各县（市、区）医疗保障局：</p><p>为做好医疗服务价格工作，根据《关于完善价格的通知》"
    "（省医保发〔2023〕5号）精神，现就有关事项通知如下。</p><p>一、总体要求。坚持以人民为中心，"
    "坚持尽力而为、量力而行，稳妥推进价格调整。</p><p>云泽市医疗保障局</p><p>2024年4月30日</p>"
)


def title_of(heading: str, tag: str = f"{TITLE}_{SITE}") -> str | None:
    page = (
        f"<html><head><title>{tag}</title></head><body><div class='w1'>{heading}"
        f"<div class='info'>2024-05-06 10:11 来源：{SITE}</div><div class='qq'>{TEXT}</div></div>"
    )
    return read_bytes(page.encode(), url="http://www.yunze.example/a.html").title


@pytest.mark.parametrize(
    "badge", ["[置顶]", "【原创】", "[图文]", "NEW ", "置顶 ", "■ ", "·", "[hot]"]
)
def test_what_a_site_pins_to_a_title_goes(badge: str) -> None:
    assert title_of(f"<h1>{badge}{TITLE}</h1>") == TITLE
    assert title_of(f"<h1><span>{badge}</span>{TITLE}</h1>") == TITLE


@pytest.mark.parametrize("badge", ["[失效]", "【图解】", "[视频]", "（试行）"])
def test_what_a_title_itself_begins_with_stays(badge: str) -> None:
    assert title_of(f"<h1>{badge}{TITLE}</h1>", "信息公开") == badge + TITLE


@pytest.mark.parametrize(
    "behind",
    [
        f"_{SITE}",
        f"-{SITE}",
        f" - 通知公告 - {SITE}",
        f"--{SITE}",
        f"——{SITE}",
        f"·{SITE}",
        f" {SITE}",
        f"【{SITE}】",
        f">通知公告>{SITE}",
        f"_政策文件_政府信息公开_{SITE}门户网站",
    ],
)
@pytest.mark.parametrize("heading", ["", f"<div class='q'>{TITLE}</div>"])
def test_names_of_site_and_column_behind_a_title_go(behind: str, heading: str) -> None:
    assert title_of(heading, TITLE + behind) == TITLE


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{TITLE}</h1><h1>{TITLE}</h1>",
        f"<h1>{TITLE} {TITLE}</h1>",
        f"<h1>{TITLE}<span>2024-05-06</span></h1>",
        f"<h1>{TITLE}（2024-05-06）</h1>",
        f"<h1>{TITLE[:18]}...</h1>",
        f"<h1>{SITE}<br>{TITLE.removeprefix(SITE)}</h1>",
        f"<h1>政策文件</h1><h2>{TITLE}</h2>",
        f"<h1>云泽市人民政府门户网站</h1><div>{TITLE}</div>",
        f"<h1>{TITLE}</h1><div class='subtitle'>云医保发〔2024〕12号</div>",
    ],
)
def test_a_title_is_neither_doubled_nor_cut_nor_the_sites(heading: str) -> None:
    assert title_of(heading, TITLE) == TITLE


def test_a_page_whose_tag_names_only_the_column_has_its_first_line_for_a_title() -> None:
    page = (
        "<html><head><title>政策文件_通知公告_云泽市人民政府</title></head><body><div class='x'>"
        "<p>迎春街道开展家庭病床宣传</p><p>4月22日，迎春街道组织医务人员上门，向行动不便的老人介绍"
        "家庭病床的申请办法，受到欢迎。</p><p>街道还将每月组织一次义诊，方便居民就近咨询。</p></div>"
    )
    assert read_bytes(page.encode()).title == "迎春街道开展家庭病床宣传"
