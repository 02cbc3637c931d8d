"""Files that notices name are read, searched, and speak for a page that only says 见附件."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

import pytest
from compound_file import compound_file
from county import catalogue_of, hongtou, lay_out, list_page, published
from docx import Document
from walking import Walked, notices_of, titled, walk

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("attachments")]

FULL, BARE, OTHER = "t20240401_51001", "t20240401_51002", "t20240401_51003"
FULL_TITLE = "清河县卫生健康局关于印发公立医院改革任务台账的通知"
BARE_TITLE = "清河县人民政府办公室关于印发有关工作方案的通知"
OTHER_TITLE = "清河县人民政府办公室关于印发停车场收费办法的通知"
LEDGER_NAME = "附件1 任务台账.docx"
LEDGER = "一、清河县医院推行临床路径管理，年内覆盖二十个专业。"
PLAN = (
    "清河县深化医药卫生体制改革近期重点工作方案",
    "一、推进紧密型县域医共体建设，实行医保基金总额付费，完善公立医院补偿机制。",
)
PARKING = ("清河县停车场收费办法", "机动车停放服务收费按次计收。")


def _docx(*paragraphs: str) -> bytes:
    document, file = Document(), BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


def _page(title: str, text: str, *files: str) -> str:
    links = "".join(f'<p>附件：<a href="./{name}">{name}</a></p>' for name in files)
    return (
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f'<div class="TRS_Editor"><p>各乡镇人民政府：</p>{text}{links}</div>'
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """One look at three notices; two of them have titles that the list cuts."""
    folder = tmp_path_factory.mktemp("attachments")
    lay_out(folder)
    titles = {
        f"{FULL}.html": FULL_TITLE,
        f"{BARE}.html": f"{BARE_TITLE[:18]}…",
        f"{OTHER}.html": f"{OTHER_TITLE[:18]}…",
    }
    text = "<p>现将公立医院改革任务台账印发给你们，请对照落实，按月报告工作进展情况。</p>"
    pages = {
        "": list_page(titles),
        f"{FULL}.html": _page(FULL_TITLE, text, LEDGER_NAME, "P2.docx", "P3.pdf"),
        f"{BARE}.html": _page(BARE_TITLE, "<p>详见附件。</p>", "P4.docx"),
        f"{OTHER}.html": _page(OTHER_TITLE, "<p>详见附件。</p>", "P5.docx"),
    }
    files = {
        quote(LEDGER_NAME): _docx(LEDGER),
        "P2.docx": compound_file({"EncryptedPackage": b"\0" * 64}),
        "P3.pdf": b"%PDF-1.7\n" + b"\xff" * 500,
        "P4.docx": _docx(*PLAN),
        "P5.docx": _docx(*PARKING),
    }
    put = [*published(pages), *published(files, "application/octet-stream")]
    return walk(folder, {"sources": ["qinghe"], "publish": put})


def test_each_file_is_read_or_said_why_not(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, FULL_TITLE)
        (file,) = catalogue.attachment_texts([notice.summary.id])[notice.summary.id]
    assert file.text == LEDGER
    assert [(one.kind, one.flags) for one in notice.attachments] == [
        ("docx", ()),
        ("docx", ("locked",)),
        ("pdf", ("broken",)),
    ]


def test_a_page_that_only_names_its_file_is_taken_for_what_the_file_says(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        assert {notice.summary.title for notice in notices_of(catalogue)} == {
            FULL_TITLE,
            BARE_TITLE,
        }
        assert "深化医药卫生体制改革" in titled(catalogue, BARE_TITLE).summary.topics
        (aside,) = catalogue.set_asides()
    assert (aside.title, aside.reason.partition(":")[0]) == (OTHER_TITLE, "off topic")


def test_search_finds_the_words_of_a_file_and_says_in_which(walked: Walked) -> None:
    done = hongtou(walked.home.path, "search", "临床路径", "--json")
    assert '"in_file":"附件1 任务台账.docx"' in done.stdout.replace('": "', '":"'), done.stdout
    shown = hongtou(walked.home.path, "show", FULL_TITLE[:12])
    assert "locked" in shown.stdout or shown.returncode


def test_a_rebuild_reads_the_files_alike(walked: Walked) -> None:
    done = hongtou(walked.home.path, "rebuild", "--check")
    assert done.returncode == 0, done.stdout
