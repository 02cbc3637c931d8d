"""The journal of fixity events: every closed file is in it, and a torn line harms nothing."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from exchanges import FACTS, exchange
from warc_paths import warc_paths

from archive.storage import recover
from archive.storage.adoption import adopt
from archive.storage.fixity_journal import NAME, EventType, FixityJournal
from archive.storage.mirror import Mirror


def test_a_file_is_noted_with_its_digest_when_it_is_closed(home, new_writer):
    with new_writer() as writer:
        writer.write(exchange(), FACTS)
    (path,) = warc_paths(home)
    ((name, fixed),) = FixityJournal(home).manifest().items()
    assert name == path.relative_to(home.warc).as_posix()
    assert fixed.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert fixed.octets == path.stat().st_size


def test_a_recovered_file_and_one_of_another_tool_are_noted_too(home, new_writer, tmp_path):
    writer = new_writer()
    writer.write(exchange(), FACTS)
    recover(home)
    foreign = tmp_path / "wget.warc.gz"
    foreign.write_bytes(warc_paths(home)[0].read_bytes())
    copy = adopt(home, foreign)
    assert adopt(home, foreign) == copy
    kinds = [event.type for event in FixityJournal(home).events()]
    assert kinds == [EventType.DIGEST, EventType.INGESTION]


def test_a_line_that_a_crash_cut_is_passed_over_and_the_next_one_stands(home):
    journal = FixityJournal(home)
    at = datetime(2026, 11, 21, tzinfo=UTC)
    journal.note(EventType.CHECK, "a", sha256="0", octets=1, at=at)
    path = home.journal / NAME
    path.write_bytes(path.read_bytes() + b'{"type": "fixity ch')
    journal.note(EventType.CHECK, "b", sha256="0", octets=1, at=at)
    assert [event.file for event in journal.events()] == ["a", "b"]


def test_an_event_says_what_premis_asks_for(home):
    FixityJournal(home).note(EventType.CHECK, "a", sha256="0", octets=1, outcome="failure")
    said = json.loads((home.journal / NAME).read_text())
    assert said["type"] == "fixity check"
    assert said["outcome"] == "failure"
    assert said["agent"].startswith("Hongtou/")
    assert said["at"].endswith("Z")


@pytest.mark.parametrize("name", ["../../outside.warc.gz", "/etc/passwd", "2026/../../x", "a\0b"])
def test_a_name_that_leads_out_of_the_home_is_never_followed(home, tmp_path, name):
    outside = tmp_path / "outside.warc.gz"
    outside.write_bytes(b"a stranger's")
    label = hashlib.sha256(outside.read_bytes()).hexdigest()
    FixityJournal(home).note(EventType.CHECK, name, sha256=label, octets=12)
    assert FixityJournal(home).manifest() == {}
    mirror = Mirror(home, tmp_path / "x" / "y" / "second")
    assert (
        list(mirror.bring_up_to_date(mirror.files().items(), print, mends=True, checks=True)) == []
    )
    assert not list((tmp_path / "x").rglob("outside*"))
