"""Damage made anew by the engine's mechanism must come back; what is whole must stay."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from mangling import DIALECTS, Dialect, can_be_mangled, converter, folded, mangle

from archive.ingest.repair import mend
from archive.ingest.repair.gaps import GAP

ROOT = Path(__file__).resolve().parents[2]
NHC = ROOT.parent / "shared" / "pages" / "numbers" / "nhc.jsonl"

NOTICE = """各区卫生健康行政部门，市属各医疗卫生单位：
为贯彻落实国家和省关于深化医药卫生体制改革的部署，全面加强专科建设，优化医疗资源布局，现就有关事项通知如下。
一、加强专科医院管理。各专科医院要建立健全专科联盟，落实专科护理和专科门诊的质量控制要求，促进医保基金安全运行。
二、完善医保基金监管。加强医保基金使用监督，规范医疗服务行为，建立统一的数据平台；推进医疗、医保、医药协同发展。
三、强化组织领导。各单位要高度重视，明确责任，加强协调，确保各项任务落到实处。筹集资金支持基层发展，具有发展潜力的专科优先支持。
四、做好宣传引导。请各区于年底前将落实情况报送我委，联系人：医改处。"""


def wrong_characters(got: str, wanted: str) -> int:
    if got == wanted:
        return 0
    blocks = SequenceMatcher(None, got, wanted, autojunk=False).get_matching_blocks()
    return max(len(got), len(wanted)) - sum(block.size for block in blocks)


@pytest.mark.parametrize("dialect", ["toned", "toneless"])
def test_damage_made_anew_comes_back(dialect: Dialect) -> None:
    mended = mend(mangle(NOTICE, dialect, seed=5).text)
    assert folded(mended.text) == folded(NOTICE)
    assert "was-traditional" in mended.flags


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_cannot_be_told_is_left_open_and_flagged_never_guessed(dialect: Dialect) -> None:
    text = "各单位：\n一、做好铺垫工作。葵花药业、镁铝合金、氪气专柜保管。\n" + NOTICE
    mended = mend(mangle(text, dialect).text)
    left = [flag for flag in mended.flags if flag.startswith("damage-left:")]
    for got, wanted in zip(mended.text.split("\n"), text.split("\n"), strict=True):
        if GAP in got:
            assert left
            pattern = re.escape(folded(got)).replace(GAP, ".")
            assert re.fullmatch(pattern, folded(wanted))


def test_every_break_is_marked_with_before_after_and_place() -> None:
    damaged = mangle(NOTICE).text
    breaks = [repair for repair in mend(damaged).repairs if repair.kind == "byte-damage"]
    assert breaks
    lines = damaged.split("\n")
    for repair in breaks:
        found = re.fullmatch(r"line (\d+), character (\d+)", repair.where)
        assert found
        line, character = lines[int(found[1]) - 1], int(found[2]) - 1
        assert line[character : character + len(repair.before)] == repair.before


def test_undamaged_text_is_returned_as_it_is() -> None:
    mended = mend(NOTICE)
    assert mended.text is NOTICE
    assert not mended.repairs
    assert not mended.flags


@pytest.mark.parametrize("way", ["s2tw", "s2hk", "s2t"])
def test_rightly_traditional_text_stays_traditional(way: str) -> None:
    shown = converter(way).convert(NOTICE)
    assert mend(shown).text == shown


def test_questions_and_exclamations_in_clean_text_are_no_damage() -> None:
    text = "什么是医保?参保人怎么办?请看!!\n是否符合条件??请选择;提交材料?!\n为什么?;因为。\n" * 30
    assert mend(text).text == text


def test_names_with_their_reading_keep_it() -> None:
    for text in (
        "禤(xuān)国维教授主讲。",
        "甲(a)、乙(b)、丙(c)三类，见附件(an)。",
        "阿尔法(alpha)病毒(delta)",
    ):
        assert mend(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "多音字：行(xíng)走，银行(háng)；长(cháng)短，生长(zhǎng)；重(zhòng)量，重(chóng)复。",
        "下列字音易错：档案的档(dàng)、质量的质(zhì)、符合的符(fú)、细菌的菌(jūn)、友谊的谊(yì)。",
        "地名：亳(bó)州市、歙(shè)县、黟(yī)县、枞(zōng)阳县、濉(suī)溪县。",
        "张喆(zhé)、李翀(chōng)、王甡(shēn)、赵頔(dí)、禤(xuān)某某等五人经考核合格，现予公示。",
        "“啊(a)”的音变；“一(yi)”的变调；“不(bu)”的变调；轻声“的(de)”“了(le)”“着(zhe)”。",
        "成(chéng)语(yǔ)故(gù)事(shì)：画(huà)蛇(shé)添(tiān)足(zú)。注音读物仅供一年级使用。",
    ],
)
def test_what_an_author_explains_keeps_its_notes(text: str) -> None:
    assert mend(text).text == text


def test_a_page_in_the_wrong_encoding_is_not_guessed_at() -> None:
    source = (NOTICE * 3).encode().decode("gb18030", "replace")
    mended = mend(source)
    assert not [repair for repair in mended.repairs if repair.kind == "byte-damage"]


@pytest.mark.parametrize(
    ("clean", "sees"),
    [
        ("会议于今天（11月10日）在市政务服务中心召开，各区卫生健康局参加会议。", "（11月10日）"),
        ("全市医保基金支出增长40%。各区要加强医保基金监管，落实各项要求。", "40%。各区"),
    ],
)
def test_brackets_and_numbers_beside_a_break_come_back(clean: str, sees: str) -> None:
    mended = mend(mangle(f"{NOTICE}\n{clean}", "simplified").text)
    assert folded(sees) in folded(mended.text)


def test_a_lone_surrogate_and_control_characters_do_no_harm() -> None:
    text = "通知\ud800??\x00专科(kē)\x07?;\ue2ae" * 50
    assert isinstance(mend(text).text, str)


def test_notices_of_the_health_commission_come_back_to_999_in_1000() -> None:
    if not NHC.is_file():
        pytest.skip("the folder of saved third-party pages is not here")
    wrong = total = 0
    for number, row in enumerate(NHC.read_text(encoding="utf-8").splitlines()[:24]):
        lines = json.loads(row)["text"].split("\n")
        text = "\n".join(filter(can_be_mangled, lines))
        assert mend(text).text == text
        got = mend(mangle(text, seed=number).text).text.split("\n")
        for one, wanted in zip(got, text.split("\n"), strict=True):
            wrong += wrong_characters(folded(one), folded(wanted))
            total += len(folded(wanted))
    assert wrong <= 0.001 * total


MIRRORED = """各區(qū)衛(wèi)生健康行政部門，各單位：
根據(jù)《醫(yī)療機構(gòu)管理?xiàng)l例》，現(xiàn)就加強(qiáng)管理的有關(guān)事項(xiàng)通知如下{}
一、規(guī)范執(zhí)業(yè)行為。各醫(yī)療機構(gòu)要嚴(yán)格執(zhí)行診療規(guī)范，健全內(nèi)部質(zhì)量控制制度。
二、加強(qiáng)監(jiān)督檢查。各區(qū)要開展專項(xiàng)檢查，依法查處違法違規(guī)行為。"""


@pytest.mark.parametrize(
    ("shown", "was"),
    [
        ("，見部門網(wǎng)站??h級按此辦理。", "，见部门网站。县级按此办理。"),
        ("，在學(xué)!Ｓ袟l件的先行。", "，在学校。有条件的先行。"),
        ("，請執(zhí)行!醫(yī)院與學(xué)校要重視?還有誰!", "，请执行!医院与学校要重视?还有谁!"),
    ],
)
def test_a_lost_octet_is_found_whether_the_mirror_shows_it_or_not(shown: str, was: str) -> None:
    mended = mend(MIRRORED.format(shown)).text
    assert was in mended
    assert "《医疗机构管理条例》" in mended


def test_what_was_broken_shows_a_mirror_though_nothing_else_does() -> None:
    text = "\n".join((NOTICE, "六、推进专科建设。《方案》由专科医院和学校。县级负责。", NOTICE))
    mended = mend(mangle(text, "bare").text)
    assert folded(mended.text) == folded(text)


def test_a_break_that_runs_on_to_the_end_of_a_long_paragraph_comes_back() -> None:
    text = "专科" + "建设由各单位按照职责分工负责，加强组织领导，落实工作责任，" * 20 + "确保实效。"
    text = f"{NOTICE}\n{text}"
    assert folded(mend(mangle(text, "simplified").text).text) == folded(text)


def test_a_text_of_nothing_but_breaks_costs_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.ingest.repair.byte_damage._MOST_SEARCHED", 2_000)
    text = "政(zheng)(zheng)府" + "國??茀f家?;院!锻ㄖ" * 4_000
    mended = mend(text)
    assert len(mended.text) > 20_000
    assert any(flag.startswith("damage-left:") for flag in mended.flags)


def test_simplified_text_keeps_the_traditional_characters_it_holds() -> None:
    """显著 and 乾隆 are Simplified: an engine that breaks them does not make a text Traditional."""
    line = "各地要显著人工智能生成内容的标识，参照乾隆年间方志，加强公立医院医疗服务价格管理工作。"
    shown = mangle("\n".join([line] * 12), "simplified")
    mended = mend(shown.text)
    assert "was-traditional" not in mended.flags
    assert mended.text.count("显著人工") >= 10
    assert "显着" not in mended.text
