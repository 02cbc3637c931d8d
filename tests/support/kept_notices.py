"""A small home of notices with every kind of capture: for tests that take captures out again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archive.catalogue import Catalogue
from archive.catalogue.arrival import Arrival, SourceFacts
from archive.notice import (
    Attachment,
    Capture,
    CaptureFacts,
    Exchange,
    Fingerprint,
    Home,
    Purpose,
    Reading,
    Trust,
)
from archive.storage import WarcWriter

#: The captures of a filled home, by name.
Made = dict[str, Capture]

START = datetime(2024, 4, 1, 1, 12, 33, tzinfo=UTC)
BANAN = SourceFacts(id="banan", name="重庆市巴南区人民政府", trust=Trust.ISSUER)
TAIMAO = SourceFacts(id="taimao", name="泰茂", trust=Trust.AGGREGATOR)
PDF = "http://www.cqbn.gov.cn/files/annex.pdf"


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """A home while it is filled."""

    home: Home
    catalogue: Catalogue
    warc: WarcWriter

    def page(self, number: int, text: str, *, minute: int, copy: bool = False) -> Capture:
        """Keep a notice's page, of its issuer or as another site shows it, and catalogue it."""
        host, source = ("www.ylqxzb.com", TAIMAO) if copy else ("www.cqbn.gov.cn", BANAN)
        url = f"http://{host}/t{number}.html"
        capture = self.keep(
            url,
            f'<html><meta charset="utf-8">{text}</html>'.encode(),
            minute=minute,
            source=source.id,
        )
        reading = Reading(
            reader_version="1",
            url=url,
            title=f"关于第{number}件事的通知",
            document_number=f"巴南府办〔2024〕{number}号",
            issuing_bodies=("重庆市巴南区人民政府办公室",),
            kind="通知",
            published_on=date(2024, 4, 1),
            text=text,
            attachments=(Attachment(title="附件", url=PDF),) if number == 1 else (),
        )
        arrival = Arrival(
            capture=capture, source=source, reading=reading, fingerprint=fingerprint(text)
        )
        self.catalogue.record(arrival)
        return capture

    def annex(self, body: bytes, *, minute: int) -> Capture:
        """Keep the file that the first notice names."""
        capture = self.keep(PDF, body, minute=minute, media_type="application/pdf")
        self.catalogue.record_attachment(capture, "http://www.cqbn.gov.cn/t1.html")
        return capture

    def unchanged(self, earlier: Capture, *, minute: int) -> Capture:
        """Keep a 304 for a page, and catalogue it as the crawl does."""
        _, _, original = self.catalogue.conditional(earlier.url)
        response = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
        capture = self.warc.write(
            _exchange(earlier.url, response, minute),
            CaptureFacts(purpose=Purpose.NOTICE, source="banan"),
            not_modified=original,
        )
        self.catalogue.record(Arrival(capture=capture, source=BANAN))
        return capture

    def keep(
        self,
        url: str,
        body: bytes,
        *,
        minute: int,
        source: str = "banan",
        media_type: str = "text/html; charset=utf-8",
    ) -> Capture:
        """Keep an answer."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}"
        return self.warc.write(
            _exchange(url, f"{head}\r\n\r\n".encode() + body, minute),
            CaptureFacts(purpose=Purpose.NOTICE, source=source),
            find_original=self.catalogue.original_of,
            find_place=self.catalogue.place_of,
        )


def _exchange(url: str, response: bytes, minute: int) -> Exchange:
    host, _, path = url.removeprefix("http://").partition("/")
    return Exchange(
        url=url,
        started_at=START + timedelta(minutes=minute),
        request=f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        response=response,
        ip_address="203.0.113.5",
    )


def fingerprint(text: str) -> Fingerprint:
    """A fingerprint that only the same text has."""
    digest = hashlib.sha256(text.encode())
    seed = int.from_bytes(digest.digest()[:4], "big")
    return Fingerprint(
        text_digest=digest.hexdigest(),
        title_core=text[:10],
        length=len(text),
        minhash=tuple((seed + number * 7919) % 2**32 for number in range(128)),
        sample=(seed,),
        figures=digest.hexdigest()[:8],
    )


def fill(home: Home, *, leave_open: bool = False) -> Made:
    """Fill a home: two notices; of the first a revision, a copy, a file, and a 304.

    Args:
        home: Where nothing is yet.
        leave_open: Leave the last WARC file as a crawl has it that is still running.
    """
    home.warc.mkdir(parents=True)
    home.settings_file.write_text('operator = "某大学图书馆"\n', encoding="utf-8")
    first = "关于第1件事的通知\n推进医共体改革，第1条。"
    made: Made = {}
    with Catalogue.open(home.catalogue_url, create=True) as catalogue:
        warc = WarcWriter(home, software="test/1", operator="某大学图书馆", user_agent="test")
        keeping = Keeping(home=home, catalogue=catalogue, warc=warc)
        made["first"] = keeping.page(1, first, minute=0)
        made["copy"] = keeping.page(1, first, minute=1, copy=True)
        made["annex"] = keeping.annex(b"%PDF-1.4 annex", minute=2)
        warc.close()
        made["second"] = keeping.page(2, "关于第2件事的通知\n推进医共体改革，第2条。", minute=3)
        made["unchanged"] = keeping.unchanged(made["first"], minute=4)
        made["revised"] = keeping.page(1, f"{first}改为医联体。", minute=5)
        warc.sync()
        if not leave_open:
            warc.close()
    return made
