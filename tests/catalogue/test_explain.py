"""`hongtou explain` on a home of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive.catalogue import Catalogue
from archive.catalogue.commands import commands
from archive.errors import UnknownNotice
from archive.notice import Home


@pytest.fixture
def home(tmp_path: Path, said: Any) -> Path:
    (tmp_path / "hongtou.toml").write_text("")
    with Catalogue.open(Home(tmp_path).catalogue_url, create=True) as catalogue:
        catalogue.record(said.arrival())
        catalogue.record(said.arrival("http://www.ylqxzb.com/1.html", said.REPRINTS, day=1))
    return tmp_path


def test_it_tells_why_by_url_id_and_number(home: Path) -> None:
    run = CliRunner().invoke(
        commands, ["explain", "http://www.ylqxzb.com/1.html", "--home", str(home), "--json"]
    )
    assert run.exit_code == 0, run.output
    (decision,) = json.loads(run.output)
    assert decision["outcome"] == "copy"
    assert decision["reasons"][0].startswith("number equal")
    for asked in (decision["notice_id"], "巴南府办[2024]5号"):
        run = CliRunner().invoke(commands, ["explain", asked, "--home", str(home)])
        assert run.output.count("UTC") == 2


def test_what_is_unknown_is_said(home: Path) -> None:
    run = CliRunner().invoke(commands, ["explain", "nothing", "--home", str(home)])
    assert isinstance(run.exception, UnknownNotice)
