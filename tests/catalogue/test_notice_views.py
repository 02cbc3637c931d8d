"""Many notices asked for at once are told as each is by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.catalogue import Catalogue
from archive.catalogue.journal import Judgement, Verb

SITE = "https://www.cqbn.gov.cn"


def letters(place: int) -> str:
    return "".join(chr(0x5000 + 700 * place + n) for n in range(300))


def fill(catalogue: Catalogue, said: Any) -> list[str]:
    """Twelve notices that cite one another, one of them contradicted, one merged away."""
    ids = []
    for place in range(12):
        arrival = said.arrival(
            f"{SITE}/{place}.html",
            day=place,
            text=letters(place),
            title=f"关于第{place}项医疗保障工作安排的通知",
            document_number=f"巴南府办〔2024〕{place + 1}号",
            cited_numbers=(f"巴南府办〔2024〕{place}号", "国办发〔2017〕47号"),
        )
        ids.append(str(catalogue.record(arrival).notice_id))
    contrary = said.arrival(
        f"{SITE}/c.html",
        day=20,
        text=letters(30),
        title="关于公布行政许可事项清单的公告",
        document_number="巴南府办〔2024〕5号",
    )
    ids.append(str(catalogue.record(contrary).notice_id))
    merged = Judgement(
        at=datetime(2024, 5, 1, tzinfo=UTC),
        by="张三",
        verb=Verb.MERGE,
        reason="同一份文件",
        urls=(f"{SITE}/1.html",),
        other_urls=(f"{SITE}/2.html",),
    )
    catalogue.judge([merged])
    return ids


def test_each_is_told_as_by_itself(catalogue: Catalogue, said: Any) -> None:
    ids = fill(catalogue, said)
    together = catalogue.notices([*ids, "0" * 16])
    assert set(together) == set(ids)
    for one in ids:
        assert together[one] == catalogue.notice(one)
    assert any(view.cited_by for view in together.values())
    assert any(view.doubts for view in together.values())
    assert together[ids[1]].summary.id == together[ids[2]].summary.id
    assert len(together[ids[1]].decisions) > 1


def test_more_than_one_statement_takes_are_told_too(catalogue: Catalogue, said: Any) -> None:
    (first, *_) = fill(catalogue, said)
    asked = [first, *(f"{n:016x}" for n in range(1, 700))]
    assert set(catalogue.notices(asked)) == {first}
    assert catalogue.notices([]) == {}
