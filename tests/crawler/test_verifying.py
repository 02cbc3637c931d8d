"""verify: the file's own digest proves its records' once these were all right."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warc_paths import warc_paths

from archive.notice import CaptureFacts, Exchange, Home, Purpose
from archive.storage import WarcWriter, fixity, iter_records, loose_volume
from archive.storage.gzip_member import gzip_member
from crawler.verifying import Verification

BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one closed file of three pages."""
    home = Home(tmp_path)
    with WarcWriter(home, software="x", operator="x", user_agent="x") as writer:
        for number in range(3):
            page = f"<p>第{number}页</p>".encode() * 40
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page)
            exchange = Exchange(
                url=f"http://a.example/{number}",
                started_at=BEGIN + timedelta(seconds=number),
                request=b"GET / HTTP/1.1\r\n\r\n",
                response=head + page,
            )
            writer.write(exchange, CaptureFacts(purpose=Purpose.NOTICE))
    return home


def _verify(home: Home, **named: bool) -> list[str]:
    told: list[str] = []
    verification = Verification(home, lambda damage: told.append(str(damage)), **named)
    verification.check_files(verification.due(without_open=False))
    verification.check_links(None)
    return told


def _digested(home: Home, monkeypatch: pytest.MonkeyPatch, **named: bool) -> int:
    """How many records are digested one by one."""
    count = 0
    whole = fixity._wrong_digests

    def counting(record: object) -> list[str]:
        nonlocal count
        count += 1
        return whole(record)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(fixity, "_wrong_digests", counting)
    assert _verify(home, **named) == []
    monkeypatch.setattr(fixity, "_wrong_digests", whole)
    return count


def test_records_are_digested_once_and_again_when_asked(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = sum(1 for path in warc_paths(home) for _ in iter_records(loose_volume(path)))
    assert _digested(home, monkeypatch) == records
    assert _digested(home, monkeypatch) == 0
    assert _digested(home, monkeypatch, every_digest=True) == records


def test_a_file_that_changed_after_it_was_checked_is_digested_record_by_record(home: Home) -> None:
    assert _verify(home) == []
    (path,) = warc_paths(home)
    octets = path.read_bytes()
    place = next(r for r in iter_records(loose_volume(path)) if r.target.endswith("/1")).place
    member = octets[place.offset : place.offset + place.length]
    forged = gzip_member(gzip.decompress(member).replace("第1页".encode(), "第7页".encode()))
    path.write_bytes(octets.replace(member, forged))
    told = " ".join(_verify(home))
    assert "it is not the file that was closed" in told
    assert f"at {place.offset}" in told
    assert "its block does not match its digest" in told
    assert "its payload does not match its digest" in told


def test_every_flipped_bit_is_found_after_a_check_as_before(home: Home) -> None:
    assert _verify(home) == []
    (path,) = warc_paths(home)
    octets = path.read_bytes()
    for at in range(0, len(octets), 97):
        changed = bytearray(octets)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert _verify(home, is_noted=False), at


def test_a_swapped_journal_line_does_not_hide_a_change(home: Home) -> None:
    """Somebody who changes a record and notes its new digest is still found by the record's own."""
    (path,) = warc_paths(home)
    octets = path.read_bytes()
    place = next(r for r in iter_records(loose_volume(path)) if r.target.endswith("/1")).place
    member = octets[place.offset : place.offset + place.length]
    forged = gzip_member(gzip.decompress(member).replace("第1页".encode(), "第7页".encode()))
    path.write_bytes(octets.replace(member, forged))
    journal = home.journal / "fixity.jsonl"
    line = json.loads(journal.read_text())
    changed = hashlib.sha256(path.read_bytes()).hexdigest()
    journal.write_text(re.sub(line["sha256"], changed, journal.read_text()))
    assert any("its block does not match" in said for said in _verify(home))


def test_a_check_noted_by_a_clock_that_ran_ahead_does_not_put_off_the_next(home: Home) -> None:
    assert _verify(home) == []
    journal = home.journal / "fixity.jsonl"
    text = journal.read_text(encoding="utf-8")
    journal.write_text(re.sub(r'"at": "\d{4}', '"at": "2096', text), encoding="utf-8")
    ahead = Verification(home, print, older_than=timedelta(days=30))
    assert len(ahead.due(without_open=False)) == 1
    ahead.check_files(ahead.due(without_open=False))
    assert Verification(home, print, older_than=timedelta(days=30)).due(without_open=False) == []
