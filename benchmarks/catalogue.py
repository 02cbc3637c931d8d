"""Milliseconds of CPU the catalogue takes for a notice, as it grows.

    python benchmarks/catalogue.py                       # SQLite, 1,000 and 20,000 notices
    python benchmarks/catalogue.py --notices 100000
    python benchmarks/catalogue.py --url postgresql://…  # an empty database

Synthetic readings: one in ten is a copy, one in ten has no number, one in twenty is last year's
wording with other figures. Their fingerprints are made beforehand and not measured. For
PostgreSQL the time is this process's only; the server's comes on top.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from archive.catalogue import Arrival, Catalogue, SourceFacts
from archive.ingest.fingerprint import fingerprint
from archive.notice import Capture, CaptureFacts, Place, Purpose, Reading, Trust

START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = (
    "医疗 保障 改革 完善 分级 诊疗 基层 机构 服务 体系 药品 集中 采购 支付 "
    "方式 公立 医院 绩效 考核 卫生 健康 委员会 财政 补助 参保 人员 待遇 定点 "
    "监督 管理 办法 落实 工作 任务 重点 推进 建设 信息 系统 数据 标准 规范 "
    "试点 范围 城乡 居民 职工 基本 保险 基金 统筹 地区 部门 责任 分工 时限 "
    "加强 组织 领导 宣传 培训 评估 报告 年度 目标 措施 中医药 传承 创新 发展 "
    "康复 护理 托育 养老 "
)
ISSUERS = ("渝府办发", "哈政办规", "藏卫发", "粤卫", "苏政办发", "巴南府办", "深卫健发", "京政办发")


def main() -> None:
    """Measure, and print one line a size."""
    options = _options()
    for notices in options.notices:
        with tempfile.TemporaryDirectory() as folder:
            url = options.url or f"sqlite:///{Path(folder) / 'catalogue.sqlite'}"
            _measure(url, notices, options.batch)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--notices", type=int, nargs="*", default=[1_000, 20_000])
    parser.add_argument("--batch", type=int, default=50, help="arrivals in one transaction")
    parser.add_argument("--url", help="database; SQLite in a temporary folder by default")
    return parser.parse_args()


def _measure(url: str, notices: int, batch: int) -> None:
    arrivals = _arrivals(notices)
    spent: list[float] = []
    wall = 0.0
    with Catalogue.open(url, create=True) as catalogue:
        while chunk := list(islice(arrivals, batch)):
            wall_before, before = time.perf_counter(), time.process_time()
            catalogue.record_all(chunk)
            spent.append((time.process_time() - before) / len(chunk) * 1000)
            wall += time.perf_counter() - wall_before
        kept = catalogue.count_notices()
    last = sorted(spent[-max(1, len(spent) // 10) :])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{notices:>7} arrivals, {kept} notices, batches of {batch}: "
        f"{sum(spent) / len(spent):.2f} ms CPU each, {last[len(last) // 2]:.2f} in the last tenth, "
        f"{wall / notices * 1000:.2f} ms wall, peak {peak:.0f} MB"
    )


def _arrivals(count: int) -> Iterator[Arrival]:
    chance = random.Random(2024)
    earlier: list[Arrival] = []
    for position in range(count):
        if earlier and chance.random() < 0.1:
            yield _copy(chance.choice(earlier), position)
            continue
        arrival = _original(chance, position, earlier)
        if len(earlier) < 2_000:
            earlier.append(arrival)
        yield arrival


def _original(chance: random.Random, position: int, earlier: list[Arrival]) -> Arrival:
    issuer = position % len(ISSUERS)
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(1800))
    title = f"关于印发《{_sentence(chance, 6)}{position}实施方案》的通知"
    text = "\n".join(_sentence(chance, chance.randrange(8, 40)) for _ in range(30))
    if earlier and chance.random() < 0.05:
        old = chance.choice(earlier).reading
        assert old is not None
        text = old.text.translate(str.maketrans("0123456789", "1234567890"))
    number = f"{ISSUERS[issuer]}〔{day.year}〕{position + 1}号" if chance.random() > 0.1 else None
    reading = Reading(
        reader_version="1",
        title=title,
        document_number=number,
        issuing_bodies=(f"第{issuer}市人民政府办公厅",),
        jurisdiction=f"{20 + issuer}0100",
        kind="通知",
        written_on=day,
        published_on=day + timedelta(days=3),
        text=text,
        cited_numbers=(f"国办发〔2023〕{chance.randrange(60) + 1}号",),
        topics=("health-care-reform",),
    )
    source = SourceFacts(id=f"site-{issuer}", name=f"第{issuer}市", trust=Trust.ISSUER)
    return _arrival(reading, source, f"https://site-{issuer}.example/{position}.html", position)


def _copy(original: Arrival, position: int) -> Arrival:
    assert original.reading is not None
    source = SourceFacts(id="reprints", name="转载", trust=Trust.AGGREGATOR)
    url = f"https://reprints.example/{position}.html"
    return _arrival(original.reading, source, url, position)


def _arrival(reading: Reading, source: SourceFacts, url: str, position: int) -> Arrival:
    capture = Capture(
        record_id=f"urn:uuid:{hashlib.sha256(url.encode()).hexdigest()[:32]}",
        url=url,
        captured_at=START + timedelta(seconds=position),
        status=200,
        headers=(("Content-Type", "text/html"), ("ETag", f'"{position}"')),
        body=b"",
        payload_digest=f"sha256:{hashlib.sha256(str(position).encode()).hexdigest()}",
        place=Place(file="2024/01/a.warc.gz", offset=position * 9000, length=9000),
        facts=CaptureFacts(purpose=Purpose.NOTICE, source=source.id, column="zfwj"),
    )
    return Arrival(
        capture=capture,
        source=source,
        reading=reading,
        fingerprint=fingerprint(reading.title, reading.text),
    )


@cache
def _words() -> tuple[str, ...]:
    return tuple(WORDS.split())


def _sentence(chance: random.Random, words: int) -> str:
    said = "".join(chance.choice(_words()) for _ in range(words))
    return f"{said}{chance.randrange(2000)}。" if words > 6 else said


if __name__ == "__main__":
    main()
