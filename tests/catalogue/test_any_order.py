"""The same captures give the same notices, in whatever order they arrive."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue import Arrival, Catalogue

#: What the catalogue knows in the end of each URL: with which others it is one notice.
Known = frozenset[frozenset[str]]


def known(arrivals: list[Arrival], order: list[int]) -> Known:
    """Feed the arrivals one by one in this order; tell which URLs are one notice."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Catalogue.open(f"sqlite:///{Path(folder) / 'c.sqlite'}", create=True) as catalogue,
    ):
        catalogue.record_all([arrivals[place] for place in order])
        found: dict[str, set[str]] = {}
        for arrival in arrivals:
            url = arrival.capture.url
            summary = catalogue.by_url(url)
            assert summary is not None
            found.setdefault(summary.id, set()).add(url)
        return frozenset(frozenset(urls) for urls in found.values())


def mixed(said: Any) -> list[Arrival]:
    """Copies with and without number, a neighbour, another year, a conflict, versions, a draft."""
    text: str = said.TEXT
    bare: dict[str, Any] = {
        "document_number": None, "issuing_bodies": (), "jurisdiction": None, "written_on": None,
    }  # fmt: skip
    put = text.replace("巴南", "南岸").replace("65%", "61%")
    title = said.reading().title or ""
    neighbour = {
        "title": title.replace("巴南", "南岸"), "text": put, "jurisdiction": "500108",
        "document_number": "南岸府办〔2024〕5号",
        "issuing_bodies": ("重庆市南岸区人民政府办公室",), "written_on": date(2024, 4, 2),
    }  # fmt: skip
    parts, half = "\n".join(said.PARTS), text[: len(text) // 2]
    put_in_words = {"text": put, "title": neighbour["title"]}
    wrong, fire, draft = "巴南府办〔2024〕8号", "严禁野外用火，" * 30, f"{title}（征求意见稿）"
    return [
        said.arrival(),
        said.arrival(day=9, text=text.replace("65%", "70%")),
        said.arrival("http://a.example/1", said.REPRINTS, day=1, **bare),
        said.arrival("http://b.example/1", said.REPRINTS, day=2, **{**bare, "text": parts}),
        said.arrival("http://c.example/1", said.MIRROR, day=3, document_number=wrong),
        said.arrival("https://n.example/1", said.NANAN, day=1, **neighbour),
        said.arrival("http://a.example/2", said.REPRINTS, day=4, **{**bare, **put_in_words}),
        said.arrival("https://www.cqbn.gov.cn/6", day=5, title="关于春季防火的通知", text=fire),
        said.arrival("https://www.cqbn.gov.cn/7", day=6, title=draft, **{**bare, "text": parts}),
        said.arrival("http://d.example/1", said.REPRINTS, day=7, title="重磅！一文读懂", **bare),
        said.arrival("http://e.example/1", said.REPRINTS, day=8, **{**bare, "text": half}),
    ]  # fmt: skip


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chance=st.randoms(use_true_random=False))
def test_copies_conflicts_and_versions_settle_alike(said: Any, chance: random.Random) -> None:
    arrivals = mixed(said)
    order = list(range(len(arrivals)))
    expected = known(arrivals, order)
    chance.shuffle(order)
    assert known(arrivals, order) == expected


def test_in_a_crowd_of_one_form_equal_wordings_still_meet(catalogue: Catalogue, said: Any) -> None:
    """A hundred appointments of one district: more than are kept under any one value."""
    form = "经研究决定：\n任命{0}为重庆市巴南区卫生健康委员会副主任；免去{0}原任职务。\n特此通知。"
    gone: dict[str, Any] = {
        "document_number": None, "issuing_bodies": (), "jurisdiction": None, "written_on": None,
    }  # fmt: skip
    arrivals = [
        said.arrival(
            f"http://{site}.example/{n}",
            said.REPRINTS,
            text=form.format(chr(0x5F20 + n) + chr(0x6000 + n)) * 3,
            title="任免通知",
            **gone,
        )
        for n in range(100)
        for site in ("a", "b")
    ]
    random.Random(4).shuffle(arrivals)
    catalogue.record_all(arrivals)
    for n in range(0, 100, 7):
        pair = [catalogue.by_url(f"http://{site}.example/{n}") for site in "ab"]
        assert pair[0].id == pair[1].id
    assert catalogue.count_notices() == 100
