"""A number that stands without a label of its own on the line of source and day."""

from __future__ import annotations

import pytest

from archive.ingest import read_bytes

TITLE = "云泽市人民政府办公室关于印发全市家庭医生签约服务提升方案的通知"
TEXT = (
    "<p>各县区人民政府，市政府各部门：</p>"
    "<p>《全市家庭医生签约服务提升方案》已经市政府同意，现印发给你们，请认真组织实施。</p>"
    "<p>云泽市人民政府办公室</p><p>2024年4月22日</p>"
)


def page(above: str = "", below: str = "") -> bytes:
    return (
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
        f"{above}<div class=TRS_Editor>{TEXT}</div>{below}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "line",
    [
        "<div>云政办发〔2024〕17号 | 来源：市政府办公室 | 时间：2024-04-25 10:00</div>",
        "<div>【云政办发〔2024〕17号】　发布时间：2024-04-25　来源：市政府办公室</div>",
        "<p><b>云政办发〔2024〕17号</b><b>来源：市政府办公室</b><b>时间：2024-04-25</b></p>",
        "<p><i>时间：2024-04-25</i> <i>云政办发〔2024〕17号</i> <i>来源：市政府办公室</i></p>",
    ],
)
def test_it_is_the_notice_s_own(line: str) -> None:
    reading = read_bytes(page(above=line))
    assert reading.document_number == "云政办发〔2024〕17号"
    assert str(reading.published_on) == "2024-04-25"
    assert reading.source_name == "市政府办公室"


@pytest.mark.parametrize(
    "pages",
    [
        page(below="<div>云政办发〔2023〕88号 发布时间：2023-11-02 来源：市政府办公室</div>"),
        page(above="<div><a href=/x>云政办发〔2023〕88号 发布时间：2023-11-02</a></div>"),
        page(above="<div>依据：云政办发〔2023〕88号文件精神 来源：市政府办公室</div>"),
        page(above="<div>来源：市政府办公室（据云政办发〔2023〕88号） 时间：2024-04-25</div>"),
    ],
)
def test_another_notice_s_is_not(pages: bytes) -> None:
    assert read_bytes(pages).document_number is None
