"""A bag of a query: valid to the Library of Congress's own tool, as a folder, a ZIP or a TAR."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest
from kept_notices import Made
from typer.testing import CliRunner

from archive.access.commands import commands
from archive.errors import DamagedWarc, UsageError
from archive.notice import Home
from archive.storage import read_record


def export(home: Home, path: Path, *words: str) -> Any:
    arguments = ["export", *words, "--format", "bagit", "--output", str(path)]
    return CliRunner().invoke(commands, [*arguments, "--home", str(home.path)])


def opened(path: Path, scratch: Path) -> Any:
    """The bag at a path, unpacked where it is serialised."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as file:
            file.extractall(scratch)
    elif path.suffix == ".tar":
        with tarfile.open(path) as file:
            # Python 3.11 has filters from 3.11.4 on; what is unpacked here we packed ourselves.
            has_filters = hasattr(tarfile, "data_filter")
            file.extractall(scratch, **({"filter": "data"} if has_filters else {}))
    else:
        return bagit.Bag(str(path))
    (folder,) = scratch.iterdir()
    assert folder.name == path.stem
    return bagit.Bag(str(folder))


@pytest.mark.parametrize("name", ["yigai", "yigai.zip", "yigai.tar"])
def test_a_bag_is_valid_and_says_whose_it_is(kept_home: Home, tmp_path: Path, name: str) -> None:
    done = export(kept_home, tmp_path / name)
    assert done.exit_code == 0, done.exception
    bag = opened(tmp_path / name, tmp_path / "unpacked")
    bag.validate()
    assert bag.version == "1.0"
    assert {"sha256", "sha512"} == set(bag.algorithms)
    assert bag.info["Source-Organization"] == "某大学图书馆"
    assert bag.info["Payload-Oxum"].endswith(".3")
    assert bag.info["Bagging-Date"]
    assert not list(tmp_path.glob(".*"))


def test_it_holds_the_captures_as_they_are_and_what_is_known(
    kept_home: Home, tmp_path: Path, made: Made
) -> None:
    assert export(kept_home, tmp_path / "bag").exit_code == 0
    (warc,) = (tmp_path / "bag/data/warc").iterdir()
    octets = warc.read_bytes()
    for capture in made.values():
        assert read_record(kept_home, capture.place) in octets
    lines = (tmp_path / "bag/data/index.cdxj").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines, key=str.encode)
    assert {json.loads(line.split(" ", 2)[2])["filename"] for line in lines} == {warc.name}
    notices = (tmp_path / "bag/data/notices.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(one)["document_number"] for one in notices] == [
        "巴南府办〔2024〕1号",
        "巴南府办〔2024〕2号",
    ]


def test_a_title_is_one_line_of_the_bag(kept_home: Home, tmp_path: Path) -> None:
    done = export(kept_home, tmp_path / "bag", "--title", "医改\r\nPayload-Oxum: 0.0\x1b")
    assert done.exit_code == 0
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.info["External-Identifier"] == "医改 Payload-Oxum: 0.0"


def test_a_changed_file_is_found(kept_home: Home, tmp_path: Path) -> None:
    assert export(kept_home, tmp_path / "bag").exit_code == 0
    with (tmp_path / "bag/data/notices.jsonl").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(tmp_path / "bag")).validate()


@pytest.mark.parametrize("name", ["bag", "bag.zip", "bag.tar"])
def test_a_damaged_archive_gives_no_half_bag(
    kept_home: Home, tmp_path: Path, made: Made, name: str
) -> None:
    shutil.rmtree(kept_home.warc)
    done = export(kept_home, tmp_path / name)
    assert isinstance(done.exception, DamagedWarc)
    assert sorted(tmp_path.iterdir()) == [kept_home.path]


def test_a_bag_takes_the_place_of_a_bag_alone(kept_home: Home, tmp_path: Path) -> None:
    assert export(kept_home, tmp_path / "bag").exit_code == 0
    assert isinstance(export(kept_home, tmp_path / "bag").exception, UsageError)
    (tmp_path / "bag/data/old").write_text("old")
    assert export(kept_home, tmp_path / "bag", "--force").exit_code == 0
    assert not (tmp_path / "bag/data/old").exists()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/mine").write_text("mine")
    done = export(kept_home, tmp_path / "letters", "--force")
    assert isinstance(done.exception, UsageError)
    assert (tmp_path / "letters/mine").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag", "home", "letters"]
