"""A source.toml is read strictly: what is not understood says where, what and what was meant."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from archive.errors import BadSourceFile, UnknownDialect
from archive.notice import Posting, Trust
from archive.notice.posting import FORM
from spiders import load_sources
from spiders.dialects import dialect_names, find_dialect
from spiders.durations import parse_span, write_span
from spiders.source_file import LEVELS, read_source
from spiders.source_toml import render_source

GOOD = """\
name = "某县人民政府"
hosts = ["www.example.gov.cn"]
trust = "issuer"
jurisdiction = "540000"
issuing_bodies = ["某县人民政府"]
delay_seconds = 1.5
enabled = true
notes = "seen 2024"

[page]
body = ["#zoom"]
title = []
remove = []

[[columns]]
id = "zcwj"
name = "政策文件"
url = "http://www.example.gov.cn/zcwj/"
dialect = "trs"
at_least = 10
max_pages = 2
every = "6h"
jitter = "10m"
recheck = "7d"
quiet = "22:00-06:00"
[columns.options]
rows = "ul.list li"
"""


def write(folder: Path, text: str, level: str = "county", site: str = "example") -> Path:
    file = folder / level / site / "source.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_everything_it_says_is_read(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, GOOD))
    (column,) = source.columns
    assert (source.id, source.level, source.trust) == ("example", "county", Trust.ISSUER)
    assert source.delay == timedelta(seconds=1.5)
    assert source.page.body == ("#zoom",)
    assert column.rhythm.every == timedelta(hours=6)
    assert (column.rhythm.quiet_from, column.rhythm.quiet_until) == (time(22), time(6))
    assert column.topic == "health-care-reform"
    assert column.options == {"rows": "ul.list li"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("name =", "nmae =", "did you mean"),
        ("name =", "nmae =", "`name`"),
        ("at_least = 10", "atleast = 10", "did you mean `at_least`"),
        ("at_least = 10", 'at_least = "10"', "whole number"),
        ("at_least = 10", "at_least = true", "whole number"),
        ("at_least = 10", "at_least = -1", "0 or more"),
        ("enabled = true", 'enabled = "yes"', "true or false"),
        ('hosts = ["www.example.gov.cn"]', 'hosts = "www.example.gov.cn"', "list of texts"),
        ('hosts = ["www.example.gov.cn"]', "hosts = []", "at least one host"),
        ('hosts = ["www.example.gov.cn"]', 'hosts = ["http://x.cn/"]', "no host such as"),
        ('hosts = ["www.example.gov.cn"]', 'hosts = ["www.other.gov.cn"]', "which `hosts` lacks"),
        ('trust = "issuer"', 'trust = "isuer"', "did you mean `issuer`"),
        ('jurisdiction = "540000"', "jurisdiction = 540000", "six digits"),
        ('jurisdiction = "540000"', 'jurisdiction = "54"', "six digits"),
        ("delay_seconds = 1.5", "delay_seconds = -1", "from 0 to 3600"),
        ("delay_seconds = 1.5", "delay_seconds = nan", "from 0 to 3600"),
        ('dialect = "trs"', 'dialect = "tsr"', "did you mean `trs`"),
        ('url = "http:', 'url = "ftp:', "absolute http(s) URL"),
        ("/zcwj/", "/zcwj/#top", "without a fragment"),
        ("http://www.example.gov.cn/zcwj/", "http://[", "absolute http(s) URL"),
        ('every = "6h"', 'every = "6 hours"', "no span such as"),
        ('every = "6h"', 'every = "0s"', "0:01:00 or more"),
        ('quiet = "22:00-06:00"', 'quiet = "22-6"', "22:00-06:00"),
        ('quiet = "22:00-06:00"', 'quiet = "25:00-06:00"', "does not exist"),
        ('rows = "ul.list li"', 'rows = "ul.list["', "no CSS selector"),
        ('rows = "ul.list li"', 'row = "ul.list li"', "did you mean `rows`"),
        ('rows = "ul.list li"', 'pages = "index.html"', "lacks {n}"),
        ('rows = "ul.list li"', "second = 1.5", "it should be int"),
        ('body = ["#zoom"]', 'body = ["##"]', "no CSS selector"),
        ("[[columns]]", "[columns]", "array of tables"),
        ("[page]", "[pages]", "did you mean `page`"),
        ('id = "zcwj"', 'id = "政策"', "no id"),
        ('id = "zcwj"', 'id = "zcwj"\nid = "zcwj"', "no TOML"),
        ('name = "政策文件"', 'name = ""', "is empty"),
    ],
)
def test_a_mistake_says_file_key_and_what_was_expected(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert before in GOOD
    file = write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(BadSourceFile) as caught:
        read_source(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_two_columns_of_one_id_are_refused(tmp_path: Path) -> None:
    column = GOOD[GOOD.index("[[columns]]") :]
    with pytest.raises(BadSourceFile, match="two columns `zcwj`"):
        read_source(write(tmp_path, f"{GOOD}\n{column}"))


def test_a_source_watches_something(tmp_path: Path) -> None:
    with pytest.raises(BadSourceFile, match="at least one"):
        read_source(write(tmp_path, GOOD[: GOOD.index("[[columns]]")]))


def test_other_encodings_and_giant_files_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "")
    file.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadSourceFile, match="not UTF-8"):
        read_source(file)
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadSourceFile, match="larger than"):
        read_source(file)


def test_what_is_written_is_read_again_the_same(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, GOOD))
    again = read_source(write(tmp_path / "again", render_source(source)))
    assert (again.columns, again.page, again.hosts) == (source.columns, source.page, source.hosts)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("a=1&vc_title=%E5%8C%BB", FORM), ('{"pageNo": 1, "word": "医"}', "application/json")],
)
def test_what_is_posted_is_read_and_written_as_it_stands(
    tmp_path: Path, said: str, kind: str
) -> None:
    posted = f"post = '{said}'\npost_type = \"{kind}\"\nevery ="
    source = read_source(write(tmp_path, GOOD.replace("every =", posted)))
    assert source.columns[0].posting == Posting(body=said.encode(), media_type=kind)
    assert f'post_type = "{kind}"' in render_source(source)
    assert read_source(write(tmp_path / "again", render_source(source))).columns == source.columns


@pytest.mark.parametrize(
    ("posted", "why"),
    [
        ('post = "vc_title=医"', "ASCII"),
        ('post = "a b"', "ASCII"),
        ("post = '{'\npost_type = 'application/json'", "JSON"),
        ('post = "a=1"\npost_type = "text/xml"', "post_type"),
        (f'post = "{"a" * 5_000}"', "4000"),
        ('post = "__wb_method=POST"', "__wb_method"),
    ],
)
def test_what_cannot_be_posted_as_it_stands_is_refused(
    tmp_path: Path, posted: str, why: str
) -> None:
    with pytest.raises(BadSourceFile, match=why):
        read_source(write(tmp_path, GOOD.replace("every =", f"{posted}\nevery =")))


def test_notes_with_quotes_and_backslashes_survive(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, GOOD.replace('"seen 2024"', "'a \\ b'")))
    again = read_source(write(tmp_path / "again", render_source(source)))
    assert again.notes == "a \\ b"


@pytest.mark.parametrize("span", ["90s", "30m", "6h", "1d", "2w", "0s"])
def test_spans_are_written_as_they_are_read(span: str) -> None:
    assert write_span(parse_span(span)) == span


def test_all_sources_that_come_with_hongtou_are_good_and_in_order() -> None:
    sources = load_sources()
    assert len(sources) >= 6
    assert list(sources) == list(load_sources())
    levels = [LEVELS.index(source.level) for source in sources.values()]
    assert levels == sorted(levels)


def test_the_operators_own_source_stands_in_for_ours(tmp_path: Path) -> None:
    ours = load_sources()["banan"]
    text = render_source(ours).replace("巴南", "某")
    write(tmp_path, text, ours.level, "banan")
    assert "某" in load_sources(tmp_path)["banan"].name


def test_a_home_without_sources_of_its_own_adds_none(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "none") == load_sources()


def test_one_host_belongs_to_one_source(tmp_path: Path) -> None:
    write(tmp_path, GOOD, site="one")
    write(tmp_path, GOOD, site="two")
    with pytest.raises(BadSourceFile, match="belongs to one source"):
        load_sources(tmp_path)


def test_one_id_belongs_to_one_folder(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, level="city")
    with pytest.raises(BadSourceFile, match="is taken by"):
        load_sources(tmp_path)


def test_a_site_without_its_file_and_a_strange_level_are_refused(tmp_path: Path) -> None:
    (tmp_path / "city" / "empty").mkdir(parents=True)
    with pytest.raises(BadSourceFile, match=r"has no source\.toml"):
        load_sources(tmp_path)
    (tmp_path / "planet").mkdir()
    (tmp_path / "city" / "empty").rmdir()
    with pytest.raises(BadSourceFile, match="no level"):
        load_sources(tmp_path)


def test_a_folder_name_that_is_no_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSourceFile, match="is no id"):
        read_source(write(tmp_path, GOOD, site="某县"))


def test_every_dialect_reads_lists_and_names_its_options() -> None:
    for name in dialect_names():
        dialect = find_dialect(name)
        assert callable(dialect.read_listing)
        assert all(isinstance(kind, type) for kind in dialect.OPTIONS.values())
    with pytest.raises(UnknownDialect, match="there are"):
        find_dialect("os")
