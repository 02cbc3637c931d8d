"""The commands of sites: list, show, check, probe, add."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from archive.errors import HongtouError, UnknownSource, UsageError
from spiders import load_sources
from spiders.commands import commands
from spiders.one_fetch import fetch_once
from spiders.source_file import read_source

PAGE = """<html><head><meta name="SiteName" content="某市人民政府"><meta name="ColumnName"
content="政策文件"></head><body><ul class="list">{rows}</ul>{paging}</body></html>"""
ROWS = "".join(
    f'<li><a href="./202403/t20240305_{n}.html">关于做好第{n}号工作的通知</a>'
    "<span>2024-03-05</span></li>"
    for n in range(8)
)
URL = "http://www.mou.gov.cn/zwgk/zcwj/"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["sources", *arguments])


def save(folder: Path, paging: str = "") -> Path:
    file = folder / "list.html"
    file.write_text(PAGE.format(rows=ROWS, paging=paging), encoding="utf-8")
    return file


def test_list_names_every_source() -> None:
    lines = run("list", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(load_sources())
    assert "巴南" in run("list").stdout


def test_show_prints_a_source_that_can_be_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "county" / "banan"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(run("show", "banan").stdout, encoding="utf-8")
    assert read_source(folder / "source.toml").columns == load_sources()["banan"].columns
    assert json.loads(run("show", "banan", "--json").stdout)["trust"] == "issuer"
    assert isinstance(run("show", "nowhere").exception, UnknownSource)


def test_check_finds_all_that_comes_with_hongtou_good() -> None:
    result = run("check", "--json")
    assert result.exit_code == 0
    assert all(not json.loads(line)["problems"] for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    ("paging", "dialect"),
    [
        ("<script>createPageHTML(9,0,'index','html')</script>", "trs"),
        ('<p><a href="http://www.hanweb.com" style="display:none">大汉版通发布系统</a>', "hanweb"),
    ],
)
def test_probe_knows_the_system_and_drafts_a_source(
    tmp_path: Path, paging: str, dialect: str
) -> None:
    result = run("probe", str(save(tmp_path, paging)), "--url", URL, "--out", str(tmp_path))
    source = read_source(Path(result.stdout.strip()))
    (column,) = source.columns
    assert (source.id, source.name, source.enabled) == ("mou", "某市人民政府", False)
    assert (column.dialect, column.name, column.at_least) == (dialect, "政策文件", 4)


def test_probe_of_an_unknown_system_names_the_rows(tmp_path: Path) -> None:
    page = save(tmp_path).read_text(encoding="utf-8").replace("/t20240305_", "/x")
    (tmp_path / "list.html").write_text(page, encoding="utf-8")
    told = json.loads(run("probe", str(tmp_path / "list.html"), "--url", URL, "--json").stdout)
    assert 'rows = "ul.list li"' in told["source_toml"]
    assert told["listing"]["count"] == 8


def test_probe_of_a_json_list_finds_its_paths(tmp_path: Path) -> None:
    rows = [
        {"docTitle": f"第{n}号", "docUrl": f"/a/{n}", "publishDate": "2024-03-05"} for n in "12"
    ]
    (tmp_path / "a.json").write_text(json.dumps({"data": {"rows": rows}}), encoding="utf-8")
    told = json.loads(
        run("probe", str(tmp_path / "a.json"), "--url", f"{URL}?pageNo=1", "--json").stdout
    )
    assert 'items = "data.rows"' in told["source_toml"]
    assert 'page = "pageNo"' in told["source_toml"]
    assert told["listing"]["count"] == 2


def test_probe_says_what_a_person_should_look_at(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"\x00" * 100)
    result = run("probe", str(tmp_path / "empty.html"), "--url", URL, "--json")
    assert "state `rows`" in " ".join(json.loads(result.stdout.splitlines()[-1])["remarks"])


def test_probe_needs_to_know_where_a_page_stood(tmp_path: Path) -> None:
    assert isinstance(run("probe", str(save(tmp_path))).exception, UsageError)
    assert isinstance(run("probe", str(tmp_path / "no"), "--url", URL).exception, UsageError)


def test_probe_does_not_overwrite(tmp_path: Path) -> None:
    page = str(save(tmp_path))
    run("probe", page, "--url", URL, "--out", str(tmp_path))
    again = run("probe", page, "--url", URL, "--out", str(tmp_path))
    assert "nothing was written" in str(again.exception)


def draft(folder: Path) -> Path:
    """A source with its case, as the tutorial makes it."""
    run("probe", str(save(folder)), "--url", URL, "--out", str(folder))
    site = folder / "city" / "mou"
    (site / "cases").mkdir()
    (folder / "list.html").rename(site / "cases" / "list.html")
    case = {
        "kind": "list", "source": "mou", "column": "zcwj", "url": URL, "page": "list.html",
        "expected": {"count": 8, "next_url": None},
    }  # fmt: skip
    (site / "cases" / "list.json").write_text(json.dumps(case), encoding="utf-8")
    return site


def test_check_holds_a_source_against_its_saved_pages(tmp_path: Path) -> None:
    site = draft(tmp_path)
    assert json.loads(run("check", str(site), "--json").stdout)["cases"] == 1
    page = site / "cases" / "list.html"
    page.write_text("<html>维护中</html>", encoding="utf-8")
    result = run("check", str(site))
    assert result.exit_code == 1
    assert "expected 8, came 0" in result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "lst"}, "it is one of list, notice"),
        ({"colum": "x"}, "unknown key `colum`"),
        ({"page": "gone.html"}, "is missing"),
        ({"expected": []}, "no JSON object"),
    ],
)
def test_a_wrong_case_says_what_is_wrong(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    file = draft(tmp_path) / "cases" / "list.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change), encoding="utf-8")
    result = run("check", str(file.parent.parent))
    assert isinstance(result.exception, HongtouError)
    assert said in str(result.exception)


def test_add_puts_a_good_source_into_the_home(tmp_path: Path) -> None:
    site = draft(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    (home / "hongtou.toml").write_text("", encoding="utf-8")
    assert run("add", str(site), "--home", str(home)).exit_code == 0
    assert "mou" in load_sources(home / "sources")
    assert '"mou"' in run("list", "--json", "--home", str(home)).stdout
    again = run("add", str(site), "--home", str(home))
    assert "is there already" in str(again.exception)


def test_add_takes_back_what_clashes_with_another_source(tmp_path: Path) -> None:
    site = draft(tmp_path)
    text = (site / "source.toml").read_text(encoding="utf-8")
    (site / "source.toml").write_text(
        text.replace("www.mou.gov.cn", "www.cqbn.gov.cn"), encoding="utf-8"
    )
    (site / "cases" / "list.json").unlink()
    home = tmp_path / "home"
    home.mkdir()
    (home / "hongtou.toml").write_text("", encoding="utf-8")
    result = run("add", str(site), "--home", str(home))
    assert "belongs to one source" in str(result.exception)
    assert not (home / "sources" / "city" / "mou").exists()


def test_one_fetch_that_fails_says_what_to_do_instead() -> None:
    with pytest.raises(UsageError, match="Save the page with a browser"):
        fetch_once("http://127.0.0.1:9/list.html", seconds=2, octets=100)


@pytest.mark.parametrize("address", ["https://www.cqbn.gov.cn/zwgk_252/zfxxgkml/zcwjk/"])
def test_a_probe_dials_what_the_settings_say(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.replica import Replica

    with Replica() as replica:
        monkeypatch.setenv("HONGTOU_DIAL", replica.dial)
        monkeypatch.setenv("HONGTOU_CA_FILE", str(replica.ca_file))
        done = run("probe", address, "--home", str(tmp_path))
        asked = [sent.path for sent in replica.log]
    assert done.exit_code == 0, done.output
    assert 'dialect = "trs"' in done.output
    assert asked == ["/robots.txt", "/zwgk_252/zfxxgkml/zcwjk/"]


def test_an_address_with_chinese_in_it_is_asked_for_as_a_browser_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.replica import Replica

    with Replica() as replica:
        monkeypatch.setenv("HONGTOU_DIAL", replica.dial)
        replica.publish("www.harbin.gov.cn", "/%E5%8C%BB%E6%94%B9", "<ul></ul>")
        address = "http://www.harbin.gov.cn/医改"
        done = run("probe", address, "--home", str(tmp_path))
    assert done.exit_code == 0, done.output
