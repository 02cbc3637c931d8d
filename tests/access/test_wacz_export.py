"""A WACZ of a query: whole, unchanged, replayable, and never half."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kept_notices import Made
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.access.commands import commands
from archive.access.exporting import Errand
from archive.access.packing.container import ZipContainer
from archive.access.packing.excerpt import Excerpt
from archive.errors import DamagedWarc, NothingFound, UsageError
from archive.notice import Capture, Home
from archive.storage import read_record


@pytest.fixture
def home(kept_home: Home) -> Home:
    return kept_home


def export(home: Home, *words: str) -> Any:
    return CliRunner().invoke(commands, ["export", *words, "--home", str(home.path)])


def packed(home: Home, path: Path, *words: str) -> zipfile.ZipFile:
    done = export(home, *words, "--output", str(path))
    assert done.exit_code == 0, done.exception
    return zipfile.ZipFile(path)


def warcs(wacz: zipfile.ZipFile) -> dict[str, bytes]:
    names = [name for name in wacz.namelist() if name.startswith("archive/")]
    return {name: wacz.read(name) for name in names}


def records(octets: bytes) -> list[Any]:
    return [
        (record.rec_type, record.rec_headers)
        for record in ArchiveIterator(io.BytesIO(octets), no_record_parse=True)
    ]


def index(wacz: zipfile.ZipFile) -> list[dict[str, str]]:
    lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines, key=str.encode)
    return [json.loads(line.split(" ", 2)[2]) for line in lines]


def test_every_capture_of_a_notice_is_in_it_with_all_that_belongs_to_it(
    home: Home, tmp_path: Path, made: Made
) -> None:
    with packed(home, tmp_path / "x.wacz") as wacz:
        ((name, octets),) = warcs(wacz).items()
    kinds = [kind for kind, _ in records(octets)]
    ids = [headers["WARC-Record-ID"].strip("<>") for _, headers in records(octets)]
    assert {capture.record_id for capture in made.values()} <= set(ids)
    assert len(ids) == len(set(ids))
    assert kinds.count("request") == kinds.count("metadata") == len(made)
    assert kinds[0] == "warcinfo"
    assert records(octets)[0][1]["WARC-Filename"] == name.removeprefix("archive/")


def test_nothing_in_it_names_a_record_that_is_not_in_it(home: Home, tmp_path: Path) -> None:
    with packed(home, tmp_path / "x.wacz", "第1件事") as wacz:
        (octets,) = warcs(wacz).values()
    ids = {headers["WARC-Record-ID"] for _, headers in records(octets)}
    for _, headers in records(octets):
        for field in ("WARC-Concurrent-To", "WARC-Warcinfo-ID", "WARC-Refers-To"):
            assert headers.get(field) is None or headers[field] in ids


def test_records_are_copied_octet_for_octet(home: Home, tmp_path: Path, made: Made) -> None:
    with packed(home, tmp_path / "x.wacz") as wacz:
        (octets,) = warcs(wacz).values()
    for capture in made.values():
        assert read_record(home, capture.place) in octets


def test_a_query_takes_only_its_notices(home: Home, tmp_path: Path, made: Made) -> None:
    with packed(home, tmp_path / "x.wacz", "第2件事") as wacz:
        urls = {line["url"] for line in index(wacz)}
        package = json.loads(wacz.read("datapackage.json"))
    assert urls == {made["second"].url}
    assert package["mainPageUrl"] == made["second"].url
    assert package["mainPageDate"] == "2024-04-01T01:15:33Z"


def test_the_index_leads_to_each_record_and_leaves_304_out(home: Home, tmp_path: Path) -> None:
    with packed(home, tmp_path / "x.wacz") as wacz:
        (octets,) = warcs(wacz).values()
        lines = index(wacz)
        keys = wacz.read("indexes/index.idx").decode().splitlines()
        block = json.loads(keys[1].partition(" {")[2].join(["{", ""]))
    assert "304" not in {line["status"] for line in lines}
    assert len(lines) == 5
    for line in lines:
        start = int(line["offset"])
        record = gzip.decompress(octets[start : start + int(line["length"])])
        assert f"WARC-Target-URI: {line['url']}\r\n".encode() in record
    assert keys[0].startswith('!meta 0 {"format": "cdxj-gzip-1.0"')
    assert block["offset"] == 0


def test_the_pages_are_the_wordings_each_with_its_moment_and_text(
    home: Home, tmp_path: Path
) -> None:
    with packed(home, tmp_path / "x.wacz") as wacz:
        head, *pages = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
        indexed = {line["url"] for line in index(wacz)}
        notices = [json.loads(one) for one in wacz.read("metadata/notices.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert {page["url"] for page in pages} <= indexed
    assert not [page for page in pages if page["url"].endswith(".pdf")]
    told = [(page["ts"], page.get("text")) for page in pages if page["url"].endswith("cn/t1.html")]
    assert [ts for ts, _ in told] == ["2024-04-01T01:12:33Z", "2024-04-01T01:17:33Z"]
    assert [str(text).count("医联体") for _, text in told] == [0, 1]
    assert pages[0]["title"] == "关于第1件事的通知（巴南府办〔2024〕1号）"
    assert len(notices) == 2


def test_the_datapackage_digests_every_file_and_itself(home: Home, tmp_path: Path) -> None:
    with packed(home, tmp_path / "x.wacz", "--title", "医共体") as wacz:
        octets = wacz.read("datapackage.json")
        digest = json.loads(wacz.read("datapackage-digest.json"))
        package = json.loads(octets)
        files = {one["path"]: one for one in package["resources"]}
        listed = {*files, "datapackage.json", "datapackage-digest.json"}
        assert set(wacz.namelist()) == listed
        for path, one in files.items():
            content = wacz.read(path)
            assert one["bytes"] == len(content)
            assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert one["name"] == one["name"].lower()
        for entry in wacz.infolist():
            if entry.filename.endswith(".gz"):
                assert entry.compress_type == zipfile.ZIP_STORED
    assert digest["hash"] == f"sha256:{hashlib.sha256(octets).hexdigest()}"
    assert (package["profile"], package["title"]) == ("data-package", "医共体")
    assert package["software"].startswith("Hongtou/")


def test_local_headers_are_as_long_as_the_directory_says(home: Home, tmp_path: Path) -> None:
    """wabac.js 2.27 computes where a file begins from the directory alone."""
    with packed(home, tmp_path / "x.wacz") as wacz:
        octets = (tmp_path / "x.wacz").read_bytes()
        for entry in wacz.infolist():
            at = entry.header_offset
            assert int.from_bytes(octets[at + 28 : at + 30], "little") == len(entry.extra)


def test_warcio_finds_nothing_wrong(home: Home, tmp_path: Path) -> None:
    with packed(home, tmp_path / "x.wacz") as wacz:
        (octets,) = warcs(wacz).values()
    path = tmp_path / "x.warc.gz"
    path.write_bytes(octets)
    checker = Checker(type("Asked", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


@pytest.mark.skipif(shutil.which("wacz") is None, reason="py-wacz is not installed")
def test_py_wacz_finds_it_valid(home: Home, tmp_path: Path) -> None:
    packed(home, tmp_path / "x.wacz").close()
    command = ["wacz", "validate", "-f", str(tmp_path / "x.wacz")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_files_that_are_full_are_followed_by_others(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Made
) -> None:
    whole = Errand.consignment
    monkeypatch.setattr(
        Errand, "consignment", lambda errand: replace(whole(errand), largest_warc=2_000)
    )
    with packed(home, tmp_path / "x.wacz") as wacz:
        files, lines = warcs(wacz), index(wacz)
    assert len(files) > 2
    assert all(records(octets)[0][0] == "warcinfo" for octets in files.values())
    for line in lines:
        start = int(line["offset"])
        octets = files[f"archive/{line['filename']}"][start : start + int(line["length"])]
        assert line["url"].encode() in gzip.decompress(octets)
    ids = [h["WARC-Record-ID"] for octets in files.values() for _, h in records(octets)]
    assert len(ids) == len(set(ids))
    assert {f"<{capture.record_id}>" for capture in made.values()} <= set(ids)


def test_a_file_that_the_crawl_still_writes_is_read_too(
    crawling: tuple[Home, Made], tmp_path: Path
) -> None:
    home, made = crawling
    assert list(home.warc.rglob("*.open"))
    with packed(home, tmp_path / "x.wacz") as wacz:
        (octets,) = warcs(wacz).values()
    assert read_record(home, made["revised"].place) in octets


def test_a_record_half_written_behind_the_wanted_one_does_not_hinder(
    crawling: tuple[Home, Made], tmp_path: Path
) -> None:
    home, _ = crawling
    (path,) = home.warc.rglob("*.open")
    with path.open("ab") as file:
        file.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n")[:20])
    packed(home, tmp_path / "x.wacz").close()


def _missing(home: Home, capture: Capture) -> None:
    (home.warc / capture.place.file).unlink()


def _flipped(home: Home, capture: Capture) -> None:
    path = home.warc / capture.place.file
    octets = bytearray(path.read_bytes())
    octets[capture.place.offset + capture.place.length // 2] ^= 8
    path.write_bytes(octets)


def _cut(home: Home, capture: Capture) -> None:
    path = home.warc / capture.place.file
    path.write_bytes(path.read_bytes()[: capture.place.offset + capture.place.length])


def _shifted(home: Home, capture: Capture) -> None:
    path = home.warc / capture.place.file
    path.write_bytes(gzip.compress(b"") + path.read_bytes())


@pytest.mark.parametrize("damage", [_missing, _flipped, _cut, _shifted])
@pytest.mark.parametrize("which", ["first", "revised"])
def test_damage_is_told_with_its_file_and_nothing_is_left_behind(
    home: Home, tmp_path: Path, damage: Any, which: str, made: Made
) -> None:
    damage(home, made[which])
    done = export(home, "--output", str(tmp_path / "x.wacz"))
    assert isinstance(done.exception, DamagedWarc)
    assert made[which].place.file in str(done.exception)
    assert done.exception.exit_code == 1
    assert sorted(tmp_path.iterdir()) == [home.path]


def test_a_query_without_hits_writes_nothing(home: Home, tmp_path: Path) -> None:
    for name in ("x.wacz", "x.jsonl", "x.csv"):
        done = export(home, "没有的词", "--output", str(tmp_path / name))
        assert isinstance(done.exception, NothingFound)
        assert done.exception.exit_code == 1
    assert sorted(tmp_path.iterdir()) == [home.path]


@pytest.mark.parametrize("name", ["x.wacz", "x.jsonl", "x.csv"])
def test_a_file_that_is_there_is_replaced_only_by_force(
    home: Home, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("mine")
    done = export(home, "--output", str(path))
    assert isinstance(done.exception, UsageError)
    assert "--force" in str(done.exception)
    assert path.read_text() == "mine"
    assert export(home, "--output", str(path), "--force").exit_code == 0
    assert path.stat().st_size > 100


def test_a_folder_is_never_replaced_by_a_file(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.wacz").mkdir()
    done = export(home, "--output", str(tmp_path / "x.wacz"), "--force")
    assert isinstance(done.exception, UsageError)
    assert (tmp_path / "x.wacz").is_dir()


def test_a_disk_that_fills_up_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Excerpt, "_copy", full)
    done = export(home, "--output", str(tmp_path / "x.wacz"))
    assert isinstance(done.exception, UsageError)
    assert "No space left" in str(done.exception)
    monkeypatch.setattr(ZipContainer, "close", full)
    done = export(home, "--output", str(tmp_path / "x.wacz"))
    assert isinstance(done.exception, UsageError)
    assert sorted(tmp_path.iterdir()) == [home.path]


def test_a_wacz_does_not_go_through_a_pipe(home: Home) -> None:
    done = export(home, "--format", "wacz")
    assert isinstance(done.exception, UsageError)
    assert "--output notices.wacz" in str(done.exception)


def test_a_revisit_whose_original_is_lost_is_told_and_packed(
    home: Home, tmp_path: Path, made: Made
) -> None:
    import sqlite3

    with sqlite3.connect(home.path / "catalogue.sqlite") as connection:
        connection.execute(
            "DELETE FROM capture WHERE url = ? AND revisit_of IS NULL", (made["first"].url,)
        )
    done = export(home, "--output", str(tmp_path / "x.wacz"))
    assert done.exit_code == 0
    assert made["copy"].record_id in done.output
