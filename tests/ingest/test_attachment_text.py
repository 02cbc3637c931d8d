"""Attachments are read in a process that may die alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from compound_file import compound_file, doc, xls
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from archive.ingest.attachment_text import read_attachment
from archive.ingest.formats.rtf import _Scroll


def docx() -> bytes:
    document = Document()
    document.add_paragraph("附件：重点工作任务")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "任务", "责任单位"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(password: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 210_000_000)
    return out.getvalue()


def docx_with_chunk(kind: str, chunk: bytes) -> bytes:
    document = Document()
    document.add_paragraph("前言")
    package = document.part.package
    part = Part(PackURI("/word/afchunk1.bin"), kind, chunk, package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.A_F_CHUNK)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    document.element.body.insert(
        1, parse_xml(f'<w:altChunk xmlns:w="{space}" xmlns:r="{links}" r:id="{relation}"/>')
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "附表"
    for row in (["地区", "床位数"], ["巴南区", 1200.0], [None, None], ["合计", 0.1 + 0.2]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


OFD = "http://www.ofdspec.org/2016"


def ofd(content: str, **more: str) -> bytes:
    members = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml'
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{OFD}"><ofd:Pages>'
        '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{OFD}">{content}</ofd:Page>',
        **more,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def placed(text: str, x: float, y: float) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 50 6" Size="5"><ofd:TextCode X="0" Y="5">{text}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def test_a_docx_is_read_with_its_tables() -> None:
    found = read_attachment(docx(), "附件.docx")
    assert found.kind == "docx"
    assert found.text == "附件：重点工作任务\n任务\t责任单位"
    assert not found.flags


@pytest.mark.parametrize(
    ("body", "name", "kind", "flag"),
    [
        (pdf(), "a.pdf", "pdf", "no-text"),
        (pdf("secret"), "a.pdf", "pdf", "locked"),
        (b"%PDF-1.4 junk", "a.pdf", "pdf", "broken"),
        (b"PK\x03\x04word/", "a.docx", "docx", "broken"),
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "xls", "broken"),
        (b"\x89PNG", "a.png", "image", "not-read-yet"),
        (b"", "a.pdf", "pdf", "empty"),
    ],
)
def test_what_cannot_be_read_is_a_flag(body: bytes, name: str, kind: str, flag: str) -> None:
    found = read_attachment(body, name)
    assert (found.kind, found.flags) == (kind, (flag,))


def test_a_bomb_is_refused() -> None:
    assert read_attachment(bomb(), "a.docx").flags == ("too-big",)


def test_a_name_does_not_decide_what_a_file_is() -> None:
    assert read_attachment(docx(), "report.pdf").kind == "docx"


@pytest.mark.parametrize(
    ("kind", "chunk"),
    [
        ("text/html", "<html><meta charset=utf-8><script>x</script><p>第一条</p></html>".encode()),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document+xml", b""),
        (
            "message/rfc822",
            "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
            "Content-Transfer-Encoding: 8bit\n\n<p>第一条</p>".encode(),
        ),
    ],
)
def test_a_chunk_in_another_format_stands_in_its_place(kind: str, chunk: bytes) -> None:
    if not chunk:
        inner = Document()
        inner.add_paragraph("第一条")
        out = io.BytesIO()
        inner.save(out)
        chunk = out.getvalue()
    found = read_attachment(docx_with_chunk(kind, chunk), "a.docx")
    assert (found.text, found.flags) == ("前言\n第一条", ())


def test_a_chunk_that_cannot_be_read_leaves_the_rest_and_a_flag() -> None:
    found = read_attachment(docx_with_chunk("application/rtf", b"{\\rtf1 x}"), "a.docx")
    assert (found.text, found.flags) == ("前言", ("part-not-read",))


def test_sheets_are_read_a_line_a_row_under_their_name() -> None:
    found = read_attachment(xlsx(), "附表.xlsx")
    assert found.text == "附表\n地区\t床位数\n巴南区\t1200\n合计\t0.3"
    old = read_attachment(xls([["地区", "床位数"], ["巴南区", 1200.0]]), "附表.et")
    assert (old.kind, old.flags) == ("xls", ())
    assert old.text == "附表\n地区\t床位数\n巴南区\t1200"


def test_a_doc_is_read_by_its_pieces() -> None:
    text = "附件1\r审批表\r单位\x07日期\x07\x07见\x13HYPERLINK x\x14网站\x15。\r页眉"
    shown = len(text) - len("\r页眉")
    found = read_attachment(doc(text, count=shown), "附件1.wps")
    assert (found.kind, found.flags) == ("doc", ())
    assert found.text == "附件1\n审批表\n单位\t日期\n见网站。"


def test_a_docs_notes_and_text_boxes_are_read_its_headers_and_comments_are_not() -> None:
    parts = ("正文\r", "\x02脚注\r", "页眉\r", "", "批注\r", "尾注\r", "文本框\r", "页眉框\r")
    body = doc("".join(parts), count=len(parts[0]), others=tuple(map(len, parts[1:])))
    assert read_attachment(body, "a.doc").text.split() == ["正文", "脚注", "尾注", "文本框"]


def test_an_ofd_is_read_line_by_line_wherever_its_objects_stand() -> None:
    content = placed("二、任务", 20, 40) + placed("要点", 60, 20.4) + placed("工作", 20, 20)
    found = read_attachment(ofd(content), "正文.ofd")
    assert (found.kind, found.text, found.flags) == ("ofd", "工作要点\n二、任务", ())


@pytest.mark.parametrize(
    ("body", "name", "kind", "flag"),
    [
        (doc("密", flags=0x0100), "a.doc", "doc", "locked"),
        (doc("旧", version=0x65), "a.doc", "doc", "not-read-yet"),
        (doc("断")[:3000], "a.doc", "doc", "broken"),
        (compound_file({"EncryptedPackage": b"x"}), "a.docx", "docx", "locked"),
        (compound_file({"PowerPoint Document": b"x"}), "a.doc", "ppt", "not-read-yet"),
        (compound_file({"Workbook": b"x"}), "a.doc", "xls", "broken"),
        (ofd("", **{"Encryptions.xml": "<x/>"}), "a.ofd", "ofd", "locked"),
        (ofd("<ofd:TextObject>"), "a.ofd", "ofd", "broken"),
        (ofd('<!DOCTYPE x [<!ENTITY e "y">]>'), "a.ofd", "ofd", "broken"),
        (ofd(placed("", 1, 1)), "a.ofd", "ofd", "no-text"),
        (xlsx()[:-400], "a.xlsx", "xlsx", "broken"),
    ],
)
def test_what_is_locked_old_or_broken_is_a_flag(
    body: bytes, name: str, kind: str, flag: str
) -> None:
    found = read_attachment(body, name)
    assert (found.kind, found.text, found.flags) == (kind, "", (flag,))


def test_a_sheet_that_lies_about_its_size_is_bounded() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = body.replace(b'ref="A1:B4"', b'ref="A1:XFD1048576"')
            new.writestr(name, body)
    assert read_attachment(out.getvalue(), "a.xlsx").text.startswith("附表\n地区")


def docx_with_footnote_and_changes() -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = Document()
    body = document.element.body
    for mark, run in (("ins", "t"), ("moveTo", "t"), ("moveFrom", "t"), ("del", "delText")):
        said = f"<w:r><w:{run}>{mark}之文</w:{run}></w:r>"
        body.insert(
            0, parse_xml(f'<w:p xmlns:w="{space}"><w:{mark} w:id="1">{said}</w:{mark}></w:p>')
        )
    notes = (
        f'<w:footnotes xmlns:w="{space}"><w:footnote w:type="separator"><w:p/></w:footnote>'
        "<w:footnote><w:p><w:r><w:t>含兵团卫生健康委。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_footnotes_are_read_and_what_was_deleted_or_moved_away_is_not() -> None:
    found = read_attachment(docx_with_footnote_and_changes(), "附件.docx")
    assert found.text.split() == ["moveTo之文", "ins之文", "含兵团卫生健康委。"]


def test_text_boxes_and_tables_in_tables_are_read_once() -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    other = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent>"
    drawn = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    cell = f"<w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p>{inner}</w:tc>"
    held = f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>"
    document = Document()
    body = document.element.body
    for part in (
        f"<w:p><w:r><w:t>前</w:t>{drawn}</w:r></w:p>",
        f"<w:tbl><w:tr>{held}</w:tr></w:tbl>",
    ):
        body.insert(len(body) - 1, parse_xml(part.replace(
            ">", f' xmlns:w="{space}" xmlns:mc="{other}">', 1)))  # fmt: skip
    out = io.BytesIO()
    document.save(out)
    assert read_attachment(out.getvalue(), "a.docx").text.split() == ["前", "框", "外", "内"]


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [(b"Rar!\x1a\x07", "a.rar", "rar"), (b"x", "a.dps", "ppt"), (b"x", "a.ceb", "ceb")],
)
def test_what_is_not_read_is_named_and_flagged(body: bytes, name: str, kind: str) -> None:
    found = read_attachment(body, name)
    assert (found.kind, found.flags, found.text) == (kind, ("not-read-yet",), "")


def one_page_ofd(said: str, **beside: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in beside.items():
            archive.writestr(name.replace("__", "/"), body)
        archive.writestr("OFD.xml", "<OFD><DocRoot>Document.xml</DocRoot></OFD>")
        archive.writestr("Document.xml", '<Document><Page BaseLoc="Page.xml"/></Document>')
        code = f'<TextCode X="0" Y="4">{said}</TextCode>'
        archive.writestr(
            "Page.xml", f'<Page><TextObject Boundary="9 9 90 9" Size="4">{code}</TextObject></Page>'
        )
    return out.getvalue()


def test_an_ofd_that_holds_a_spreadsheet_is_an_ofd() -> None:
    found = read_attachment(one_page_ofd("关于同意的批复", xl__sheet=b"x"), "a.ofd")
    assert (found.kind, found.text, found.flags) == ("ofd", "关于同意的批复", ())


def test_text_in_a_font_of_its_own_is_flagged() -> None:
    found = read_attachment(one_page_ofd("应用\ue11e\ue236\ue28a指南"), "a.ofd")
    assert found.flags == ("part-not-read",)


RTF = rb"""{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0 \'cb\'ce\'cc\'e5;}}{\*\generator x;}
{\info{\title y}}{\header z}\pard \'b8\'bd\'bc\'fe1\par {\b \u21307?\u25913?}: \{a\}\line
\trowd \'c8\'ce\'ce\'f1\cell \'b5\'a5\'ce\'bb\cell\row \u-10179?\u-8704?\par{\pict 0102ff}
\'bd\'e1}"""


def test_an_rtf_is_read_in_its_code_page_under_whatever_name() -> None:
    for name in ("附件.rtf", "附件.doc"):
        found = read_attachment(RTF, name)
        assert (found.kind, found.flags) == ("rtf", ())
        assert found.text == "附件1\n医改: {a}\n任务\t单位\n😀\n结"


@given(st.lists(st.sampled_from([b"{", b"}", b"\\", b"\\'b8", b"\\u21307", b"\\uc9 ", b"a", b"\xb8",
                                 b"\\pict", b"\\*", b"\\ansicpg950 "]), max_size=60))  # fmt: skip
def test_no_rtf_breaks_its_reader(pieces: list[bytes]) -> None:
    "".join(_Scroll().read(b"{\\rtf1" + b"".join(pieces)))


def test_an_rtf_of_endless_groups_is_refused() -> None:
    assert read_attachment(b"{\\rtf1" + b"{" * 100_000, "a.rtf").flags == ("broken",)


OFFICE = '<html xmlns:o="urn:schemas-microsoft-com:office:office"><p>附件</p><td>甲<td>乙'


def test_what_word_saved_as_a_page_is_read_what_a_site_says_instead_is_not() -> None:
    assert read_attachment(OFFICE.encode("gb18030"), "附件.doc").text.startswith("附件")
    asked = read_attachment("<!DOCTYPE html><html><p>附件二</p>".encode(), "附件.html")
    assert (asked.kind, asked.text) == ("html", "附件二")
    for name in ("附件.pdf", "附件.doc", "附件"):
        instead = read_attachment("<html><p>页面不存在</p></html>".encode(), name)
        assert (instead.text, instead.flags) == ("", ("not-the-file",))
    mht = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "<p>第一条</p>\n--x--\n"
    )
    found = read_attachment(mht.encode(), "a.doc")
    assert (found.kind, found.text, found.flags) == ("mht", "第一条", ())


def test_a_plain_text_is_read_in_its_encoding() -> None:
    found = read_attachment("地区,床位数\n巴南区,1200".encode("gb18030"), "附表.csv")
    assert (found.kind, found.text, found.flags) == ("text", "地区,床位数\n巴南区,1200", ())


def test_of_a_zip_the_names_are_read_in_whatever_encoding() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("附件1.pdf", b"x")
        archive.writestr("plain.txt", b"x")
    found = read_attachment(out.getvalue(), "附件.zip")
    assert (found.kind, found.text, found.flags) == (
        "zip", "附件1.pdf\nplain.txt", ("only-names-read",)
    )  # fmt: skip
    # Windows writes them in GBK, and nothing says so.
    windows = io.BytesIO()
    with zipfile.ZipFile(windows, "w") as archive:
        archive.writestr("aaaaaa.doc", b"x")
    raw = windows.getvalue().replace(b"aaaaaa.doc", "附件二.doc".encode("gb18030"))
    assert read_attachment(raw, "附件.zip").text == "附件二.doc"


def scan(pages: int, written: int = 0) -> bytes:
    """A PDF of pages that are pictures, and of some that say something."""
    writer = PdfWriter()
    for n in range(pages + written):
        page = writer.add_blank_page(100, 100)
        if n < pages:
            picture = StreamObject()
            picture[NameObject("/Subtype")] = NameObject("/Image")
            objects = DictionaryObject({NameObject("/I"): writer._add_object(picture)})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): objects})
            continue
        font = DictionaryObject(
            {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
             NameObject("/BaseFont"): NameObject("/Helvetica")}
        )  # fmt: skip
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        said = StreamObject()
        said.set_data(b"BT /F 9 Tf 5 50 Td (twenty one beds here) Tj ET")
        page[NameObject("/Contents")] = writer._add_object(said)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_scan_is_said_to_be_one_and_no_text_is_made_up() -> None:
    whole = read_attachment(scan(2), "a.pdf")
    assert (whole.text, whole.flags) == ("", ("images-only",))
    part = read_attachment(scan(2, written=1), "a.pdf")
    assert (part.text, part.flags) == ("twenty one beds here", ("image-pages:2",))
