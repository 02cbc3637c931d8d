"""Small attachments, the same to the byte each time: no dates, no compression, no fonts."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
#: ZIP knows no earlier day; a real one would change the bytes from build to build.
_DAY = (1980, 1, 1, 0, 0, 0)
_FONT = b"/STSong-Light"  # named, not embedded: every reader brings it


def make_docx(heading: str, table: list[list[str]]) -> bytes:
    """A Word file with a heading and a table.

    Stored, not deflated: the deflated bytes differ between zlib versions.
    """
    rows = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in table)
    document = f"<w:body>{_line(heading)}<w:tbl><w:tblPr/>{rows}</w:tbl>{_line('')}</w:body>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}">{document}</w:document>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, xml in parts.items():
            package.writestr(zipfile.ZipInfo(name, _DAY), _XML + xml)
    return packed.getvalue()


def _line(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _cell(text: str) -> str:
    return f"<w:tc><w:tcPr/>{_line(text)}</w:tc>"


def make_pdf(lines: list[str]) -> bytes:
    """A one-page PDF in a font every reader has, with a table back to Unicode."""
    page = b"/MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R"
    font = b"/Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R"
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    size = b"/FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %b >>" % page,
        _stream(_text_commands(lines)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont %b %b >>" % (_FONT, font),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont %b /DW 1000 %b /FontDescriptor 7 0 R >>"
        % (_FONT, system),
        b"<< /Type /FontDescriptor /FontName %b /Flags 6 /ItalicAngle 0 %b >>" % (_FONT, size),
        _stream(_to_unicode("".join(lines))),
    ]
    return _with_table(objects)


def _text_commands(lines: list[str]) -> bytes:
    shown = [b"<" + line.encode("utf-16-be").hex().upper().encode() + b"> Tj T*" for line in lines]
    return b"BT /F1 14 Tf 24 TL 72 760 Td\n" + b"\n".join(shown) + b"\nET"


def _to_unicode(text: str) -> bytes:
    codes = sorted({sign.encode("utf-16-be").hex().upper() for sign in text})
    groups = [codes[start : start + 100] for start in range(0, len(codes), 100)]
    maps = "".join(
        f"{len(group)} beginbfchar\n"
        + "".join(f"<{code}> <{code}>\n" for code in group)
        + "endbfchar\n"
        for group in groups
    )
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
    )
    tail = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    return (head + maps + tail).encode()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _with_table(objects: list[bytes]) -> bytes:
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)
