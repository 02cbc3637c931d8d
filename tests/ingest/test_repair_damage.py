"""Damage made anew by the engine's mechanism must come back; what is whole must stay."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import pytest
from opencc_pyo3 import OpenCC

from archive.ingest.repair import mend
from archive.ingest.repair.gbk import encoding

ROOT = Path(__file__).resolve().parents[2]
NHC = ROOT.parent / "shared" / "pages" / "numbers" / "nhc.jsonl"

#: What the engine behind document 003 annotates, always and with tones.
NOTED = dict(
    zip(
        "醫衛構區業發規質結監優經統養網創聯數態內續調協據現產轉執環節戰側貿",
        (
            "yī wèi gòu qū yè fā guī zhì jié jiān yōu jīng tǒng yǎng wǎng chuàng lián shù tài nèi "
            "xù diào xié jù xiàn chǎn zhuǎn zhí huán jié zhàn cè mào"
        ).split(),
        strict=True,
    )
)
MARKS = {b"\xa3\xbf": b"?", b"\xa3\xa1": b"!", b"\xa3\xbb": b";"}
NOTICE = """各区卫生健康行政部门，市属各医疗卫生单位：
为贯彻落实国家和省关于深化医药卫生体制改革的部署，全面加强专科建设，优化医疗资源布局，现就有关事项通知如下。
一、加强专科医院管理。各专科医院要建立健全专科联盟，落实专科护理和专科门诊的质量控制要求，促进医保基金安全运行。
二、完善医保基金监管。加强医保基金使用监督，规范医疗服务行为，建立统一的数据平台；推进医疗、医保、医药协同发展。
三、强化组织领导。各单位要高度重视，明确责任，加强协调，确保各项任务落到实处。筹集资金支持基层发展，具有发展潜力的专科优先支持。
四、做好宣传引导。请各区于年底前将落实情况报送我委，联系人：医改处。"""


@lru_cache(maxsize=20_000)
def traditional(character: str) -> str:
    return OpenCC("s2t").convert(character)


def is_clean_round(line: str) -> bool:
    """Whether a line can be damaged in a way that has one answer: GBK has it, scripts agree."""
    return "".join(map(traditional, line)).encode("gbk", "ignore").decode("gbk") == "".join(
        map(traditional, line)
    )


def damage(text: str, *, seed: int = 0, toneless: bool = False, simplified: bool = False) -> str:
    """The engine's work: characters turned Traditional, marks and notes put into the octets."""
    shown = text if simplified else "".join(map(traditional, text))
    octets = shown.encode("gbk")
    for wide, narrow in MARKS.items():
        octets = octets.replace(wide, narrow)
    if not toneless:
        for hanzi, note in NOTED.items():
            pair = bytes(encoding()[hanzi])
            octets = octets.replace(pair, pair + f"({note})".encode("gbk"))
        return read_as_a_browser(octets)
    return with_random_notes(read_as_a_browser(octets), random.Random(seed))


def read_as_a_browser(octets: bytes) -> str:
    """Octets as they come to us: what cannot be read is a question mark."""
    return octets.decode("gb18030", "replace").replace("\ufffd", "?")


def with_random_notes(text: str, dice: random.Random) -> str:
    out = []
    for character in text:
        out.append(character)
        if character in NOTED and dice.random() < 0.4:
            bare = "".join(
                c for c in unicodedata.normalize("NFD", NOTED[character]) if not unicodedata.combining(c)
            )
            out.append(f"({bare})" * dice.choice((1, 1, 1, 2, 3)))
    return "".join(out)


def folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", OpenCC("t2s").convert(text)))


def wrong_characters(got: str, wanted: str) -> int:
    if got == wanted:
        return 0
    blocks = SequenceMatcher(None, got, wanted, autojunk=False).get_matching_blocks()
    return max(len(got), len(wanted)) - sum(block.size for block in blocks)
