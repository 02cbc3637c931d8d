"""Document 003, the hacked mirror's copy of a Shenzhen notice, comes back to the character."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.ingest.repair import mend
from archive.ingest.repair.mend import Mended

ROOT = Path(__file__).resolve().parents[2]
SEEDS = [*ROOT.glob("tests/**/003_*.txt"), *(ROOT.parent / "shared" / "seeds").glob("003_*.txt")]

PLACES = [
    ("??茀f(xié)", "全科与专科协同服务"),
    ("??漆t(yī)", "区属专科医院和"),
    ("??萍膊》乐螜C", "和专科疾病防治机构"),
    ("??埔约敖】刁w", "口腔等专科以及健康体检"),
    ("?;I", "立法研究。筹建卫生健康"),
    ("?;\ue2ae鹬Ц赌J?", "医保基金支付模式,"),
    ("?jié)摿Φ氖屑壷嗅t(yī)", "发展潜力的市级中医药"),
    ("???", "优势专科。支持"),
]


@pytest.fixture(scope="module")
def mended() -> Mended:
    if not SEEDS:
        pytest.skip("the seed documents are not here")
    return mend(SEEDS[0].read_text(encoding="utf-8"))


@pytest.mark.parametrize(("before", "after"), PLACES)
def test_a_broken_place_reads_again(mended: Mended, before: str, after: str) -> None:
    assert after in mended.text
    assert before in {repair.before for repair in mended.repairs}


def test_all_notes_are_gone_and_listed(mended: Mended) -> None:
    assert "(yī)" not in mended.text
    assert sum(repair.kind == "pinyin" for repair in mended.repairs) > 980


def test_the_text_is_simplified_and_says_so(mended: Mended) -> None:
    assert "市卫生健康委关于印发深圳市2022年卫生健康工作要点的通知" in mended.text
    assert mended.flags == ("was-annotated", "was-broken", "was-traditional")


def test_the_other_seeds_stay_as_they_are() -> None:
    for seed in SEEDS[-1].parent.glob("00[0124]_*.txt") if SEEDS else ():
        text = seed.read_text(encoding="utf-8")
        assert mend(text).text is text
