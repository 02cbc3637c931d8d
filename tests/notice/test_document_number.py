"""The grammar of document numbers, in every dress they were met in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.notice import DocumentNumber, NumberForm
from archive.notice.document_number import find_numbers

CODES = st.text(alphabet="国办发卫医保政府函规渝苏沪粤京教财税人社", min_size=2, max_size=8).filter(
    lambda code: "政府" not in code
)  # no code holds the word; behind it a code begins
YEARS = st.integers(min_value=1949, max_value=2089)
SERIALS = st.integers(min_value=1, max_value=9999)
NUMBERS = st.one_of(
    st.builds(DocumentNumber, issuer_code=CODES, year=YEARS, serial=SERIALS),
    st.builds(
        DocumentNumber,
        issuer_code=st.sampled_from(["国务院令", "公安部令", "国家发展和改革委员会令"]),
        year=st.none(),
        serial=SERIALS,
        form=st.just(NumberForm.ORDER),
    ),
    st.builds(
        DocumentNumber,
        issuer_code=st.sampled_from(["", "国家药监局公告", "海关总署公告"]),
        year=YEARS,
        serial=SERIALS,
        form=st.just(NumberForm.ANNOUNCEMENT),
    ),
)


@given(NUMBERS)
def test_a_number_is_read_back_as_it_was_written(number: DocumentNumber) -> None:
    assert DocumentNumber.parse(str(number)) == number


@given(
    CODES,
    YEARS,
    SERIALS,
    st.sampled_from(["〔〕", "[]", "［］", "（）", "()", "【】", "﹝﹞", "〔]"]),
)
def test_brackets_spaces_and_zeros_make_no_difference(
    code: str, year: int, serial: int, brackets: str
) -> None:
    written = f"{code} {brackets[0]} {year} {brackets[1]} 第00{serial} 號"
    expected = DocumentNumber(issuer_code=code, year=year, serial=serial)
    assert DocumentNumber.parse(written) == expected


@given(st.text(max_size=300))
def test_any_text_is_searched_without_error(text: str) -> None:
    for found in find_numbers(text, bare=True):
        assert text[found.start : found.end] == found.written


@given(NUMBERS.filter(lambda n: n.form is NumberForm.BRACKET))
def test_a_number_is_found_behind_a_title_in_running_text(number: DocumentNumber) -> None:
    text = f"按照《关于做好工作的通知》（{number}）要求，现提出如下意见。"
    assert [one.number for one in find_numbers(text)] == [number]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("国办发 [2017]  47 號", "国办发〔2017〕47号"),
        ("國辦發〔2017〕47號", "国办发〔2017〕47号"),
        ("财库〔2022〕004号", "财库〔2022〕4号"),
        ("国发〔２０１２〕３号", "国发〔2012〕3号"),
        ("国卫通〔2026〕2 号\u200b", "国卫通〔2026〕2号"),
        ("平理财发〔 202 6 〕 7 号", "平理财发〔2026〕7号"),
        ("银发公告〔2020〕第3号", "银发公告〔2020〕3号"),
        ("2026年  第5号", "2026年第5号"),
        ("国家药监局公告2023年第5号", "国家药监局公告2023年第5号"),
        ("（公安部令第162号）", "公安部令第162号"),
        ("主席令第五十八号", "主席令第58号"),
        ("中华人民共和国国家发展和改革委员会令第41号", "国家发展和改革委员会令第41号"),
        ("农业农村部公告第194号", "农业农村部公告第194号"),
    ],
)
def test_each_dress_is_read(written: str, normal: str) -> None:
    assert str(DocumentNumber.parse(written)) == normal


def test_a_missing_hao_is_allowed_only_in_a_labelled_field() -> None:
    assert str(DocumentNumber.parse("正宛政办[2016]91", labelled=True)) == "正宛政办〔2016〕91号"
    assert DocumentNumber.parse("正宛政办[2016]91") is None


@pytest.mark.parametrize(
    "text",
    [
        "京ICP备12039121号-1",
        "京公网安备11010802045750号",
        "(京)网药械信息备字(2023)第00464号",
        "京ICP证140722号",
        "（2021）粤01民终1号",
        "国药准字H20013131",
        "WS/T 894—2026",
        "东方金诚债跟踪评字【2025】0686号",
        "2026-02-00018",
        "无",
        "",
        "国发〔2023〕15号" * 30,
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert DocumentNumber.parse(text, labelled=True) is None
    if len(text) < 40:
        assert find_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("按照苏住建规〔2020〕3号要求", "苏住建规〔2020〕3号"),
        ("印发的通知国发〔2020〕3号", "国发〔2020〕3号"),
        ("苏州市住房和城乡建设局苏住建规〔2020〕3号", "苏住建规〔2020〕3号"),
        ("（退役军人部发〔2018〕27号）", "退役军人部发〔2018〕27号"),
        ("国家发展改革委第16号令", "国家发展改革委令第16号"),
        ("（国务院国资委令第10号）同时废止", "国务院国资委令第10号"),
        ("2015年10月29日证监会令第118号公布", "证监会令第118号"),
        ("工信部联节〔2026〕13号", "工信部联节〔2026〕13号"),
    ],
)
def test_words_that_lead_in_are_no_part_of_the_code(text: str, number: str) -> None:
    assert [str(one.number) for one in find_numbers(text)] == [number]


def test_lists_and_ranges_behind_one_year_give_each_number() -> None:
    text = "废止国发〔2020〕1、3-5号和国卫办医发〔2018〕5号、国中医药办〔2018〕6号"
    assert [str(one.number) for one in find_numbers(text)] == [
        "国发〔2020〕1号",
        "国发〔2020〕3号",
        "国发〔2020〕4号",
        "国发〔2020〕5号",
        "国卫办医发〔2018〕5号",
        "国中医药办〔2018〕6号",
    ]


def test_an_issue_of_a_year_counts_in_prose_only_with_its_body() -> None:
    assert find_numbers("国务院公报2024年第3号") == ()
    found = find_numbers("联合印发2025年第2号公告，发布标准")
    assert [str(one.number) for one in found] == ["2025年第2号"]
