"""The command line as a stranger meets it: words, exit codes, pipes, and no tracebacks."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from walking import walk

import hongtou

ROOT = Path(__file__).parent.parent
NUMBER = "巴南府办〔2024〕5号"


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def _environment(**named: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    return clean | named


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `hongtou` in an empty folder, here in this process: most commands need no other."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HONGTOU_")]:
        monkeypatch.delenv(name)

    def run_one(*arguments: str | Path, **environment: str) -> Done:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = hongtou.run([str(argument) for argument in arguments])
        told = capfd.readouterr()
        assert "Traceback" not in told.err + told.out
        return Done(code=code, out=told.out, err=told.err)

    return run_one


@pytest.fixture
def run_apart(tmp_path: Path, hongtou_command: list[str]) -> Run:
    """Run `hongtou` as a process of its own, in an empty folder."""

    def run_one(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Done:
        done = subprocess.run(
            [*hongtou_command, *map(str, arguments)],
            cwd=tmp_path,
            env=_environment(PYTHONPATH=_python_path(), **environment),
            input=stdin,
            capture_output=True,
            timeout=120,
        )
        told = Done(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())
        assert "Traceback" not in told.err + told.out
        return told

    return run_one


def _python_path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after one look at a site of the replica web. Only for reading."""
    walked = walk(tmp_path_factory.mktemp("command-line"), {"sources": ["banan"]})
    return walked.home.path


@pytest.fixture
def home(tmp_path: Path, run: Run) -> Path:
    """An empty home."""
    assert run("init", "--home", "home", "--contact", "https://lib.example/bot").code == 0
    return tmp_path / "home"


# Asked for wrongly

WRONG = {
    "no such command": (["serch"], "Did you mean 'search'"),
    "no such option": (["crawl", "--hom", "x"], "--home"),
    "an argument is missing": (["search"], "Missing argument"),
    "a number out of bounds": (["search", "医改", "--limit", "0"], "greater than or equal to 1"),
    "no number": (["search", "医改", "--limit", "many"], "whole number"),
    "no such format": (["export", "--format", "xml"], "'jsonl', 'csv', 'wacz', 'bagit'"),
    "no such year": (["gaps", "--year", "9" * 20], "less than or equal to 2099"),
    "no such age": (["verify", "--older-than", "9" * 20], "36500"),
    "no such alarm": (["status", "--done", "9" * 20], "less than or equal to"),
    "no such port": (["serve", "--port", "99999"], "65535"),
    "no such subcommand": (["sources", "prob"], "Did you mean 'probe'"),
    "a saved page without its address": (["sources", "probe", "x.html"], "--url"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_is_told_in_one_sentence_with_the_next_step(run: Run, case: str) -> None:
    arguments, said = WRONG[case]
    done = run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("hongtou: ")
    assert "Usage:" not in done.err


NEEDS_A_HOME = [
    ["status"],
    ["config"],
    ["crawl"],
    ["watch"],
    ["search", "医改"],
    ["show", NUMBER],
    ["explain", NUMBER],
    ["export"],
    ["serve", "--port", "0"],
    ["verify"],
    ["rebuild"],
    ["ingest", "x.warc.gz"],
    ["sources", "add", "x"],
]


@pytest.mark.parametrize("arguments", NEEDS_A_HOME, ids=" ".join)
def test_a_missing_home_is_told_with_how_to_make_one(run: Run, arguments: list[str]) -> None:
    done = run(*arguments, "--home", "nowhere")
    assert done.code == 3
    assert "hongtou init --home nowhere" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_file_in_place_of_a_home_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    assert "is a file" in run("status", "--home", "home").err
    done = run("init", "--home", "home")
    assert done.code == 3
    assert (tmp_path / "home").read_text() == "no folder"


def test_a_home_is_made_once(run: Run, home: Path) -> None:
    before = (home / "hongtou.toml").read_bytes()
    done = run("init", "--home", "home", "--operator", "another")
    assert done.code == 2
    assert (home / "hongtou.toml").read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [["crawl"], ["watch"], ["sources", "show"], ["sources", "check"]], ids=" ".join
)
def test_an_unknown_source_brings_the_nearest(
    run: Run, run_apart: Run, home: Path, arguments: list[str]
) -> None:
    # Twisted's reactor runs once in a process.
    call = run if arguments[0] == "sources" else run_apart
    done = call(*arguments, "banann", "--home", home)
    assert done.code == 2
    assert "'banann'" in done.err
    assert "Did you mean 'banan'?" in done.err
    assert "hongtou sources list" in done.err


# Settings

BAD_SETTINGS = {
    "operator =": "is no TOML file",
    'operater = "x"': "Did you mean 'operator'?",
    "parallel_sources = 0": "parallel_sources",
    'parallel_sources = "many"': "whole number",
    "contact = 3": "contact",
    'contact = "a\\r\\nX-Injected: b"': "control characters",
    'dial = "nowhere"': "HOST:PORT",
    'ca_file = "nowhere.pem"': "nowhere.pem",
    'base_url = "hongtou.example"': "https://",
    "timeout_seconds = nan": "timeout_seconds",
}


@pytest.mark.parametrize("line", BAD_SETTINGS)
def test_a_bad_setting_is_named_with_its_file(run: Run, home: Path, line: str) -> None:
    (home / "hongtou.toml").write_text(line + "\n")
    done = run("config", "--home", home)
    assert done.code == 2
    assert BAD_SETTINGS[line] in done.err
    assert "hongtou.toml" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_setting_of_the_environment_wins_and_is_named(run: Run, home: Path) -> None:
    done = run("config", "--home", home, "--json", HONGTOU_CONTACT="mailto:a@b.example")
    contact = next(
        one for one in map(json.loads, done.out.splitlines()) if one["name"] == "contact"
    )
    assert contact["value"] == "mailto:a@b.example"
    assert "HONGTOU_CONTACT" in contact["origin"]


def test_a_misspelt_variable_is_told(run: Run, home: Path) -> None:
    done = run("config", "--home", home, HONGTOU_PARALEL_SOURCES="2")
    assert done.code == 0
    assert "Did you mean 'HONGTOU_PARALLEL_SOURCES'?" in done.err


def test_a_password_is_never_shown(run: Run, home: Path) -> None:
    url = "postgresql+psycopg://who:secret@127.0.0.1:1/x"
    for command in ("config", "status"):
        done = run(command, "--home", home, HONGTOU_DATABASE_URL=url)
        assert "secret" not in done.out + done.err


# What is printed


def test_every_command_prints_json_on_demand(run: Run, crawled: Path) -> None:
    for arguments in (
        ["config"],
        ["status"],
        ["search", "医共体"],
        ["show", NUMBER],
        ["explain", NUMBER],
        ["sources", "list"],
        ["sources", "show", "banan"],
        ["sources", "check", "banan"],
        ["export"],
    ):
        flag = [] if arguments == ["export"] else ["--json"]
        done = run(*arguments, *flag, "--home", crawled)
        assert done.code == 0, done.err
        assert [json.loads(line) for line in done.out.splitlines()]


def test_search_says_whether_something_was_found_by_its_exit_code(run: Run, crawled: Path) -> None:
    found = run("search", "医共体", "--home", crawled)
    assert found.code == 0
    assert "医共体" in found.out
    nothing = run("search", "天气预报", "--home", crawled)
    assert nothing.code == 1
    assert nothing.out == ""


def test_an_empty_query_finds_everything(run: Run, crawled: Path) -> None:
    done = run("search", "", "--json", "--home", crawled)
    assert len(done.out.splitlines()) == 5


def test_a_bad_filter_is_named_as_the_option_is(run: Run, crawled: Path) -> None:
    done = run("search", "医改", "--since", "2024-13-01", "--home", crawled)
    assert done.code == 2
    assert "--since is no date" in done.err


def test_rows_are_not_folded_in_a_pipe(run: Run, crawled: Path) -> None:
    done = run("search", NUMBER, "--home", crawled)
    row = next(line for line in done.out.splitlines() if NUMBER in line)
    assert "关于印发重庆市巴南区进一步完善医疗卫生服务体系实施方案的通知" in row


@pytest.mark.parametrize(
    "command",
    [["gaps", "--year", "1999"], ["codes", "--least", "9999"]],
    ids=lambda given: given[0],
)
def test_nothing_found_is_said_and_is_the_exit_code(
    run: Run, crawled: Path, command: list[str]
) -> None:
    told = run(*command, "--home", crawled)
    assert told.code == 1
    assert told.out == ""
    assert "No such" in told.err


def test_a_code_that_nobody_knows_is_shown_so_and_is_the_exit_code(run: Run, crawled: Path) -> None:
    told = run("codes", "无此代字", "--home", crawled)
    assert told.code == 1
    assert "not known" in told.out
    assert run("codes", "国办发", "--home", crawled).code == 0


@pytest.mark.parametrize("coding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "command", [["status"], ["show", NUMBER, "--json"]], ids=lambda given: given[0]
)
def test_an_output_that_has_no_chinese_ends_no_command(
    run_apart: Run, crawled: Path, command: list[str], coding: str
) -> None:
    told = run_apart(*command, "--home", crawled, PYTHONIOENCODING=coding)
    assert told.code in (0, 1), told.err
    assert ("巴南" if coding == "ascii" else r"\u5df4\u5357") in told.out


@pytest.mark.parametrize("command", ["show", "explain", "diff", "cites"])
@pytest.mark.parametrize("asked", ["\udcff", "\x1b[31mred", "x" * 100_000])
def test_an_argument_that_is_no_text_is_told_in_one_sentence(
    run: Run, crawled: Path, command: str, asked: str
) -> None:
    told = run(command, "--home", crawled, "--", asked)
    assert told.code == 2, told.err
    assert "\x1b" not in told.err
    assert len(told.err) < 300


def test_closed_outputs_end_no_command(crawled: Path, hongtou_command: list[str]) -> None:
    words = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *hongtou_command, "codes", "--home", crawled]
    done = subprocess.run(words, env=_environment(PYTHONPATH=_python_path()), timeout=120)
    assert done.returncode == 0


def test_an_unknown_notice_is_told(run: Run, crawled: Path) -> None:
    for asked in ("0" * 16, "某府〔1999〕1号", "", "x" * 5000):
        done = run("show", asked, "--home", crawled)
        assert done.code == 2
        assert len(done.err) < 300


def test_clean_goes_on_after_a_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(
        "关于开展医改工作的通知\n各区县：\n现将有关事项通知如下。\n"
    )
    done = run("clean", "missing.html", ".", "notice.txt")
    assert done.code == 1
    assert [json.loads(line)["file"] for line in done.out.splitlines()] == ["notice.txt"]
    assert len(done.err.splitlines()) == 2


def test_clean_reads_standard_input(run_apart: Run) -> None:
    page = "<title>关于医改的通知</title><p>各区县：</p><p>现将有关事项通知如下。</p>".encode("gbk")
    done = run_apart("clean", "-", stdin=page)
    assert done.code == 0
    assert "现将有关事项通知如下" in json.loads(done.out)["text"]


def test_verify_ends_with_1_when_an_octet_is_wrong(run: Run, crawled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(crawled, copy)
    assert run("verify", "--home", copy).code == 0
    warc = next((copy / "warc").rglob("*.warc.gz"))
    octets = bytearray(warc.read_bytes())
    octets[len(octets) // 2] ^= 0xFF
    warc.write_bytes(octets)
    done = run("verify", "--home", copy)
    assert done.code == 1
    assert warc.name in done.out


# Pipes, signals, ports


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_a_reader_that_goes_away_ends_a_command_quietly(
    crawled: Path, hongtou_command: list[str]
) -> None:
    for arguments in ("export", "sources list --json", "config", f"show {NUMBER}"):
        script = f'set -o pipefail; "$@" {arguments} --home "$HOME_HERE" | head -c 1 >/dev/null'
        done = subprocess.run(
            ["bash", "-c", script, "bash", *hongtou_command],
            cwd=ROOT,
            env=_environment(HOME_HERE=str(crawled)),
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, arguments
        assert done.stderr == b""


def test_a_port_in_use_is_told_before_anything_is_done(run: Run, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments in (["serve", "--home", home], ["demo", "--serve", "--home", "demo"]):
            done = run(*arguments, "--port", port)
            assert done.code == 1
            assert f"Port {port}" in done.err
            assert "--port" in done.err
    assert not (home.parent / "demo").exists()


def test_the_demo_takes_no_folder_that_it_did_not_make(run: Run, home: Path) -> None:
    done = run("demo", "--home", home)
    assert done.code == 2
    assert (home / "hongtou.toml").exists()


def test_serve_ends_cleanly_at_ctrl_c(crawled: Path, hongtou_command: list[str]) -> None:
    process = subprocess.Popen(
        [*hongtou_command, "serve", "--port", "0", "--home", str(crawled)],
        cwd=ROOT,
        env=_environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    address = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stderr.readline())
    assert address is not None
    with socket.create_connection(("127.0.0.1", int(address[1])), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said


# The front door itself


def test_help_and_version_are_there(run: Run) -> None:
    assert run("--version").out.startswith("hongtou ")
    told = run("-h")
    assert told.code == 0
    assert "crawl" in told.out


def test_a_bug_is_told_in_one_sentence_and_shown_on_demand() -> None:
    broken = (
        "import sys, hongtou\n"
        "def make(): raise RuntimeError('a wheel came off')\n"
        "hongtou.make_cli = make\n"
        "sys.exit(hongtou.run([]))\n"
    )
    for shown, environment in ((False, {}), (True, {"HONGTOU_DEBUG": "1"})):
        done = subprocess.run(
            [sys.executable, "-c", broken],
            cwd=ROOT,
            env=_environment(**environment),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 70
        assert "This is a bug in Hongtou: RuntimeError: a wheel came off" in done.stderr
        assert ("Traceback" in done.stderr) is shown


@pytest.mark.parametrize("arguments", [["list"], ["crawl", "banan"]], ids=" ".join)
def test_scrapy_finds_the_sources(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=_environment(HONGTOU_HOME=str(tmp_path / "nowhere")),
        capture_output=True,
        text=True,
        timeout=120,
    )
    if arguments == ["list"]:
        assert {"banan", "harbin"} <= set(done.stdout.split())
    else:
        assert done.returncode == 2
        assert "hongtou init" in done.stderr
        assert "Traceback" not in done.stderr
