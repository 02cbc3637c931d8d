"""A person's judgement: carried out, announced, kept, and made again by a rebuild."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import hongtou
from archive.catalogue import Arrival, Catalogue
from archive.catalogue.journal import (
    FILE,
    Judgement,
    Verb,
    in_time,
    read_journal,
    write_judgement,
)
from archive.commands import make_home
from archive.errors import HomeNotWritable, UsageError
from archive.notice import Home

URLS = ("https://www.cqbn.gov.cn/5.html", "https://scan.example/5.html")


def strangers(said: Any) -> list[Arrival]:
    """A notice, and a scan of it that nothing shows to be the same."""
    scan = said.arrival(
        URLS[1], said.REPRINTS, day=1, title="扫描件", document_number=None, issuing_bodies=(),
        jurisdiction=None, written_on=None, text="详见附件图片。",
    )  # fmt: skip
    return [said.arrival(), scan]


def judged(said: Any, verb: Verb, day: int, **fields: Any) -> Judgement:
    stated = {"by": "李馆员", "reason": "看过原件", "urls": (URLS[0],), "other_urls": (URLS[1],)}
    return Judgement(verb=verb, at=said.NOON + timedelta(days=day), **{**stated, **fields})


def log(catalogue: Catalogue) -> list[str]:
    return [change.change.value for change in catalogue.changes()]


def test_a_capture_that_comes_again_after_a_merge_changes_nothing(
    catalogue: Catalogue, said: Any
) -> None:
    """Its last decision is of a kind that no arrival has: that its notice was merged."""
    arrivals = strangers(said)
    catalogue.record_all(arrivals)
    catalogue.judge([judged(said, Verb.MERGE, 2)])
    before = log(catalogue)
    receipts = catalogue.record_all(arrivals)
    assert [receipt.outcome.value for receipt in receipts] == ["new", "new"]
    assert log(catalogue) == before


def test_two_are_merged_split_and_merged_again(catalogue: Catalogue, said: Any) -> None:
    one, other = catalogue.record_all(strangers(said))
    assert catalogue.count_notices() == 2
    catalogue.judge([judged(said, Verb.MERGE, 2)])
    assert catalogue.count_notices() == 1
    view = catalogue.notice(other.notice_id)
    assert view.summary.id == one.notice_id
    assert view.text == said.TEXT
    assert {s.url for s in view.sightings} == set(URLS)
    assert "李馆员" in str(catalogue.decisions(one.notice_id)[-1].reasons)
    assert log(catalogue) == ["new", "new", "merged", "merged"]
    catalogue.judge([judged(said, Verb.SPLIT, 3)])
    assert catalogue.count_notices() == 2
    assert catalogue.notice(other.notice_id).text == "详见附件图片。"
    assert log(catalogue)[4:] == ["split", "new"]
    catalogue.judge([judged(said, Verb.MERGE, 4)])
    assert catalogue.notice(other.notice_id).summary.id == one.notice_id


def test_what_was_split_stays_apart_whatever_comes(catalogue: Catalogue, said: Any) -> None:
    reprint = said.arrival("https://r.example/1.html", said.REPRINTS, day=1)
    one, other = catalogue.record_all([said.arrival(), reprint])
    assert one.notice_id == other.notice_id
    catalogue.judge([judged(said, Verb.SPLIT, 2, other_urls=("https://r.example/1.html",))])
    catalogue.record(said.arrival("https://r.example/1.html", said.REPRINTS, day=8, text="改了"))
    catalogue.record(said.arrival("https://q.example/1.html", said.REPRINTS, day=9))
    urls = [{s.url for s in catalogue.notice(i).sightings} for i in ids_of(catalogue)]
    assert not any({URLS[0], "https://r.example/1.html"} <= some for some in urls)


def ids_of(catalogue: Catalogue) -> list[str]:
    found = dict.fromkeys(change.notice_id for change in catalogue.changes())
    return [one for one in found if catalogue.notice(one).summary.id == one]


def test_a_corrected_field_stays_corrected_when_the_page_is_read_again(
    catalogue: Catalogue, said: Any
) -> None:
    wrong = said.arrival(document_number="巴南府办〔2024〕50号")
    one = catalogue.record(wrong)
    line = judged(
        said, Verb.CORRECT, 1, other_urls=(), field_name="document_number",
        value="巴南府办[2024] 5号",
    )  # fmt: skip
    catalogue.judge([line, line])
    assert log(catalogue) == ["new", "corrected"]
    assert catalogue.by_number("巴南府办〔2024〕5号")[0].id == one.notice_id
    assert not catalogue.by_number("巴南府办〔2024〕50号")
    better = said.arrival(day=2, document_number="巴南府办〔2024〕50号", text=said.TEXT + "完")
    catalogue.record(better)
    assert catalogue.notice(one.notice_id).summary.document_number == "巴南府办〔2024〕5号"
    right = said.arrival("https://r.example/5.html", said.REPRINTS, day=3, text="摘要" * 60)
    assert catalogue.record(right).notice_id == one.notice_id


def test_a_rebuild_with_the_journal_gives_the_same(
    url: str, said: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrivals = [*strangers(said), said.arrival(day=5, text=said.TEXT.replace("65%", "70%"))]
    journal = [judged(said, Verb.MERGE, 2)]
    journal.append(judged(said, Verb.CORRECT, 3, other_urls=(), field_name="kind", value="方案"))
    rebuilt = f"sqlite:///{tmp_path_factory.mktemp('rebuilt') / 'catalogue.sqlite'}"
    with Catalogue.open(url, create=True) as one, Catalogue.open(rebuilt, create=True) as other:
        one.record_all(arrivals[:2])
        one.judge(journal[:1])
        one.judge(journal)
        first = one.record(arrivals[2])
        for item in in_time(journal, arrivals, at=lambda arrival: arrival.capture.captured_at):
            if isinstance(item, Judgement):
                other.judge([item])
            else:
                other.record(item)
        assert one.changes() == other.changes()
        assert one.notice(first.notice_id) == other.notice(first.notice_id)
        assert one.notice(first.notice_id).summary.kind == "方案"


def test_the_journal_is_read_as_written_and_a_torn_end_is_left_out(
    tmp_path: Path, said: Any
) -> None:
    home = Home(tmp_path)
    lines = [judged(said, Verb.MERGE, day) for day in range(3)]
    for line in lines[:2]:
        write_judgement(home, line)
    with (home.journal / FILE).open("ab") as file:
        file.write(b'{"verb": "mer')
    assert read_journal(home) == tuple(lines[:2])
    write_judgement(home, lines[2])
    assert read_journal(home) == tuple(lines)
    written = (home.journal / FILE).read_text(encoding="utf-8")
    (home.journal / FILE).write_text('{"verb": 5}\n' + written, encoding="utf-8")
    with pytest.raises(HomeNotWritable, match="Line 1"):
        read_journal(home)


def test_commands_judge_and_say_so(tmp_path: Path, said: Any) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    with Catalogue.open(home.catalogue_url) as catalogue:
        one, other = [receipt.notice_id for receipt in catalogue.record_all(strangers(said))]
    cli, run = hongtou.make_cli(), CliRunner().invoke
    at = ["--home", str(home.path), "--by", "李馆员", "--reason", "看过原件"]
    assert run(cli, ["merge", one, other, *at, "--dry-run"]).exit_code == 0
    assert not read_journal(home)
    assert run(cli, ["merge", one, other, *at]).exit_code == 0
    again = run(cli, ["merge", one, other, *at])
    assert isinstance(again.exception, UsageError)
    assert run(cli, ["split", one, URLS[1], *at]).exit_code == 0
    assert run(cli, ["correct", one, "written_on", "2024-03-25", *at]).exit_code == 0
    assert isinstance(run(cli, ["correct", one, "written_on", "三月", *at]).exception, UsageError)
    assert isinstance(run(cli, ["correct", one, "colour", "红", *at]).exception, UsageError)
    assert [line.verb for line in read_journal(home)] == ["merge", "split", "correct"]
    with Catalogue.open(home.catalogue_url) as catalogue:
        assert str(catalogue.notice(one).summary.written_on) == "2024-03-25"
        assert catalogue.judge(read_journal(home)) == 0


def test_versions_gaps_wants_and_chains_on_the_command_line(tmp_path: Path, said: Any) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    numbers = ("国办发〔2023〕15号", "国发〔2016〕78号")
    with Catalogue.open(home.catalogue_url) as catalogue:
        one = catalogue.record(said.arrival(cited_numbers=numbers)).notice_id
        revised = said.TEXT.replace("65%", "70%")
        catalogue.record(said.arrival(day=3, text=revised, cited_numbers=numbers))
    cli, run = hongtou.make_cli(), CliRunner().invoke
    at = ["--home", str(home.path)]
    told = run(cli, ["diff", one, *at])
    assert told.exit_code == 1
    assert "70" in told.output
    rows = run(cli, ["diff", one, "1", "2", "--json", *at]).stdout.splitlines()
    assert {"mark": "come", "text": "70"} in json.loads(rows[0])["after"] or "70" in rows[0]
    gaps = run(cli, ["gaps", "--issuer", "巴南府办", "--json", *at]).stdout
    assert json.loads(gaps)["missing"] == [1, 2, 3, 4]
    wants = run(cli, ["wanted", "--numbers", "--json", *at]).stdout.splitlines()
    assert {json.loads(line)["number"] for line in wants} == set(numbers)
    tree = run(cli, ["cites", one, "--chain", *at]).stdout
    assert "国办发〔2023〕15号 (not here)" in tree
    graph = run(cli, ["cites", one, "--format", "graphml", *at]).stdout
    from lxml import etree

    edges = etree.fromstring(graph.encode()).findall(".//{*}edge")
    assert len(edges) == len(numbers)
    assert len(list(itertools.chain(edges))) == 2
