"""What is doubtful is marked on both sides, until the two are one or a person has judged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.catalogue import Catalogue
from archive.catalogue.journal import Judgement, Verb

NUMBER = "巴南府办〔2024〕5号"
ONE, OTHER = "https://www.cqbn.gov.cn/1.html", "https://www.cqbn.gov.cn/2.html"


def contradict(catalogue: Catalogue, said: Any) -> tuple[str, str]:
    ids = []
    for place, (url, title) in enumerate(
        ((ONE, "关于印发医疗卫生服务体系实施方案的通知"), (OTHER, "关于公布行政许可事项清单的公告"))
    ):
        letters = "".join(chr(0x5000 + 3_000 * place + n) for n in range(300))
        receipt = catalogue.record(
            said.arrival(url, day=place, text=letters, document_number=NUMBER, title=title)
        )
        ids.append(str(receipt.notice_id))
    return ids[0], ids[1]


def doubted(catalogue: Catalogue, notice_id: str) -> list[str]:
    view = catalogue.notice(notice_id)
    assert view is not None
    return [doubt.other.id for doubt in view.doubts]


def judge(catalogue: Catalogue, verb: Verb) -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    judgement = Judgement(
        at=at, by="张三", verb=verb, reason="看过了", urls=(ONE,), other_urls=(OTHER,)
    )
    catalogue.judge([judgement])


def test_a_conflict_is_told_on_both_sides(catalogue: Catalogue, said: Any) -> None:
    first, second = contradict(catalogue, said)
    assert doubted(catalogue, first) == [second]
    assert doubted(catalogue, second) == [first]
    view = catalogue.notice(first)
    assert view is not None
    assert "neither title nor text agree" in view.doubts[0].reason


def test_nothing_is_doubtful_once_the_two_are_one(catalogue: Catalogue, said: Any) -> None:
    first, second = contradict(catalogue, said)
    judge(catalogue, Verb.MERGE)
    assert catalogue.notice(second).summary.id == first
    assert doubted(catalogue, first) == []


def test_nothing_is_doubtful_once_a_person_keeps_them_apart(
    catalogue: Catalogue, said: Any
) -> None:
    first, second = contradict(catalogue, said)
    judge(catalogue, Verb.SPLIT)
    assert doubted(catalogue, first) == []
    assert doubted(catalogue, second) == []


def test_conflicts_are_looked_up_in_their_index(catalogue: Catalogue, said: Any) -> None:
    contradict(catalogue, said)
    database = catalogue._database
    with database.reading() as connection:
        if connection.dialect.name != "sqlite":
            return
        asked = (
            "EXPLAIN QUERY PLAN SELECT notice_id FROM decision WHERE outcome = 'conflict' "
            "AND (notice_id IN ('a') OR reasons LIKE '%: a%') ORDER BY at DESC, id DESC LIMIT 9"
        )
        plan = " ".join(row[3] for row in connection.exec_driver_sql(asked))
    assert "ix_decision_conflict" in plan
