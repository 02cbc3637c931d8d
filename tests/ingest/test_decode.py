"""From bytes to text: any coding, mixed and mistaken ones too, and no loss unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ingest import read_bytes
from archive.ingest.decode import decode
from archive.ingest.mojibake import undo_mojibake

TITLE = "南川市人民政府办公室关于加强基层卫生服务能力建设的通知"
LINES = (
    "南川府办发〔2024〕7号",
    "各区人民政府，市政府各部门：",
    "为进一步加强基层医疗卫生服务能力，经市政府同意，现就有关事项通知如下。",
    "一、完善服务体系，合理配置床位、设备和人员，到2026年底每个街道至少有一所达到标准的机构。",
    "二、各区要在9月30日前报送实施方案；市卫生健康委负责督促检查。",
    "南川市人民政府办公室",
    "2024年3月8日",
)


def page(*, charset: str = "utf-8") -> str:
    body = "\n".join(f"<p>{line}</p>" for line in LINES)
    return (
        f"<html><head><meta charset={charset}><title>{TITLE}</title></head>"
        f"<body><h1>{TITLE}</h1><div id=zoom>{body}</div></body></html>"
    )


@pytest.mark.parametrize("coding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "declared", ["utf-8", "gb2312", "iso-8859-1", "big5", "base64", "undefined"]
)
def test_the_bytes_are_believed_before_what_is_said_of_them(coding: str, declared: str) -> None:
    text = page(charset=declared)
    assert decode(text.encode(coding)).text == text


@pytest.mark.parametrize("foreign", range(len(LINES) - 1))
def test_a_paragraph_in_another_coding_is_decoded_by_itself(foreign: int) -> None:
    for own, other in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        octets = page(charset=own).encode(own)
        line = f"<p>{LINES[foreign]}</p>"
        mixed = octets.replace(line.encode(own), line.encode(other))
        decoded = decode(mixed)
        assert decoded.text == page(charset=own)
        assert "mixed-encodings" in decoded.flags
        assert not decoded.lost


def test_a_cut_character_is_no_other_coding() -> None:
    octets = page().encode()
    cut = octets.replace("床位".encode(), "床位".encode()[:-1])
    decoded = decode(cut)
    assert decoded.text == page().replace("床位", "床\ufffd")
    assert decoded.flags == ("undecodable-bytes:1",)
    (lost,) = decoded.lost
    assert bytes.fromhex(lost.text) == "位".encode()[:-1]
    at = int(lost.where.removeprefix("octet ")) - 1
    assert cut[at : at + 2] == "位".encode()[:-1]


@pytest.mark.parametrize("coding", ["utf-8", "gb18030", "big5hkscs"])
def test_what_is_lost_is_said_with_its_octets_and_its_place(coding: str) -> None:
    text = page().translate(str.maketrans("", "", "议报")) if coding == "big5hkscs" else page()
    octets = text.encode(coding, "xmlcharrefreplace")
    at = octets.index(b"</p>")
    broken = octets[:at] + b"\xff" + octets[at:] + b"<p>\xff\xff</p>"
    decoded = decode(broken)
    assert decoded.encoding == coding
    assert [one.where for one in decoded.lost] == [f"octet {at + 1}", f"octet {len(octets) + 5}"]
    assert [one.text for one in decoded.lost] == ["FF", "FF FF"]
    assert any(flag.startswith("undecodable-bytes:") for flag in decoded.flags)


def test_losses_stand_in_the_reading_and_are_shown_up_to_a_number() -> None:
    octets = page().encode().replace(b"</p>", b"\xff</p>" * 40)
    reading = read_bytes(octets)
    lost = [one for one in reading.removed if one.kind == "undecodable"]
    assert len(lost) == 20
    assert "undecodable-bytes:280" in reading.flags


def test_a_loss_before_the_page_was_written_is_flagged_too() -> None:
    reading = read_bytes(page().replace("督促检查", "督促\ufffd\ufffd").encode())
    assert "\ufffd" in reading.text
    assert any(flag.startswith("replacement-characters:") for flag in reading.flags)


@given(st.binary(max_size=400), st.sampled_from([None, "gbk", "utf-8", "big5", "utf-7", "idna"]))
def test_any_bytes_decode_and_no_loss_is_silent(octets: bytes, charset: str | None) -> None:
    decoded = decode(octets, charset)
    told = octets.count("\ufffd".encode(decoded.encoding, "ignore") or b"\0\1")
    if decoded.text.count("\ufffd") > told:
        assert any(flag.startswith("undecodable-bytes:") for flag in decoded.flags)


@pytest.mark.parametrize(
    ("coding", "taken_for"), [("utf-8", "latin-1"), ("gb18030", "latin-1"), ("utf-8", "cp1252")]
)
def test_text_decoded_wrongly_before_it_was_written_is_turned_back(
    coding: str, taken_for: str
) -> None:
    def mistaken(line: str) -> str:
        octets = line.encode(coding)
        return "".join(
            chr(octet) if taken_for == "latin-1" else _as_browsers_do(octet) for octet in octets
        )

    text = page()
    for line in sorted((TITLE, *LINES), key=len, reverse=True):
        text = text.replace(line, mistaken(line))
    again = undo_mojibake(text)
    assert again.text == page()
    assert all(repair.after in (TITLE, *LINES) for repair in again.repairs)
    reading = read_bytes(text.encode())
    assert reading.title == TITLE
    assert reading.document_number == LINES[0]
    assert any(flag.startswith("mojibake:") for flag in reading.flags)


def _as_browsers_do(octet: int) -> str:
    """Windows-1252, and the octet itself where that has no character (WHATWG Encoding)."""
    return bytes([octet]).decode("cp1252", "ignore") or chr(octet)


def test_utf_8_taken_for_gbk_is_turned_back_but_for_what_is_lost() -> None:
    line = LINES[2].encode().decode("gb18030", "replace")
    again = undo_mojibake(f"<p>{line}</p><p>{LINES[3]}</p>")
    same = sum(one == other for one, other in zip(again.text[3:], LINES[2], strict=False))
    assert same >= 0.9 * len(LINES[2])
    assert LINES[3] in again.text


def test_long_stretches_and_many_cost_no_more_than_their_length() -> None:
    script = b"var a=1;" * 500_000
    decoded = decode(
        b"<p>" + "关于印发方案的通知".encode("gbk") + b"</p><script>" + script + b"</script>"
    )
    assert decoded.encoding == "gb18030"
    assert "锛" in undo_mojibake("锛" + "a" * 4_000_000).text
    broken = (b"<b>" + "关于印发方案的通知".encode("gbk") + b"\xff</b>") * 200_000
    assert len(decode(broken).lost) == 20


@pytest.mark.parametrize(
    "text",
    [
        "Café résumé naïve, São Paulo, Málaga, Zürich, Ångström",
        "© 2024 «Élan» ®, 25 °C ± 2 µm × 3",
        "Ã©tÃ©",  # mistaken French is none of ours
        "本方案所称“锛”“銆”“鐨”均为生僻字，不作注解。",
        "联通、联通公司与各医疗机构联网。鐨",
        "Tiếng Việt đầy đủ dấu: Bộ Y tế",
        "Ελληνικά и русский текст",
    ],
)
def test_other_languages_and_rare_characters_stay(text: str) -> None:
    assert undo_mojibake(f"<p>{text}</p>").text == f"<p>{text}</p>"


@given(st.text(alphabet=st.characters(min_codepoint=0xA0, max_codepoint=0x17F), max_size=60))
def test_any_latin_text_comes_through_or_becomes_whole_chinese(text: str) -> None:
    again = undo_mojibake(text)
    if not again.repairs:
        assert again.text == text
    else:
        assert "\ufffd" not in again.text
