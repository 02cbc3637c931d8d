"""``hongtou clean``: a Reading a line, and one sentence for each file that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive.ingest.commands import commands

SEEDS = sorted((Path(__file__).parent / "seeds").glob("*.txt"))


def test_many_files_give_a_line_each() -> None:
    result = CliRunner().invoke(commands, [str(SEEDS[1]), str(SEEDS[4])])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [row["document_number"] for row in rows] == [
        "巴南府办〔2024〕5号",
        "哈政办规〔2017〕56号",
    ]
    assert rows[0]["file"] == str(SEEDS[1])
    assert rows[0]["published_on"] == "2024-04-01"


def test_standard_input_is_read() -> None:
    page = "<h1>某局关于做好工作的通知</h1><div id=zoom><p>现将有关事项通知如下。</p></div>"
    result = CliRunner().invoke(commands, ["-"], input=page.encode())
    assert json.loads(result.stdout)["title"] == "某局关于做好工作的通知"


def test_files_that_cannot_be_read_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.html", tmp_path / "b.bin"
    empty.write_bytes(b"")
    binary.write_bytes(bytes(range(256)) * 99)
    files = [str(tmp_path / "none.html"), str(tmp_path), str(empty), str(binary), str(SEEDS[2])]
    result = CliRunner().invoke(commands, files)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    told = result.stderr.splitlines()
    assert len(told) == 4
    assert "there is no such file" in told[0]
    assert "is a folder" in told[1]
    assert "is empty" in told[2]
    assert "binary" in told[3]


def test_without_a_file_it_says_how_to_use_it() -> None:
    result = CliRunner().invoke(commands, [])
    assert result.exit_code == 2


@pytest.mark.parametrize("key", ["removed", "repairs", "flags", "found", "cited_titles"])
def test_every_line_says_how_it_was_read(key: str) -> None:
    result = CliRunner().invoke(commands, [str(SEEDS[0])])
    assert key in json.loads(result.stdout)
