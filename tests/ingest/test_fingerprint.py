"""One wording, one fingerprint, whatever it is dressed in."""

from __future__ import annotations

import random

from archive.ingest.fingerprint import (
    containment,
    figure_resemblance,
    fingerprint,
    resemblance,
)

DICE = random.Random(7)
TEXT = "".join(chr(0x4E00 + DICE.randrange(3000)) for _ in range(6000))


def test_width_space_and_punctuation_do_not_matter() -> None:
    one = fingerprint("关于印发《某方案》的通知", "一、加强领导，落实责任（2024年）。")
    other = fingerprint("某方案", "一 加强领导,落实责任(２０２４年)\n")
    assert one.text_digest == other.text_digest
    assert one.title_core == other.title_core
    assert resemblance(one, other) == 1.0


def test_resemblance_follows_the_share_in_common() -> None:
    one = fingerprint(None, TEXT)
    half = fingerprint(None, TEXT[:3000] + TEXT[:3000][::-1])
    assert 0.2 < resemblance(one, half) < 0.47  # true Jaccard 1/3
    assert resemblance(one, fingerprint(None, TEXT[::-1])) < 0.1


def test_a_part_is_contained_in_the_whole() -> None:
    whole, part = fingerprint(None, TEXT), fingerprint(None, TEXT[1000:2500])
    assert containment(whole, part) > 0.9
    assert containment(part, fingerprint(None, TEXT[::-1])) < 0.1


def test_yearly_boilerplate_differs_in_its_figures() -> None:
    this = fingerprint(None, "2024年新增床位1200张，投入30亿元，覆盖率达到95%。")
    last = fingerprint(None, "2023年新增床位900张，投入25亿元，覆盖率达到90%。")
    assert figure_resemblance(this, last) < 0.2
    assert figure_resemblance(this, this) == 1.0


def test_empty_and_tiny_texts_have_a_fingerprint() -> None:
    empty, tiny = fingerprint(None, ""), fingerprint(None, "好")
    assert empty.length == 0
    assert resemblance(empty, tiny) == 0.0
    assert containment(empty, tiny) == 0.0
