"""The papers and the code say the same."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import inspect
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

import archive.errors
from hongtou import make_cli

ROOT = Path(__file__).parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("script/**/*.md")])
HOUSE = ("archive", "crawler", "scheduler", "spiders")
CODE = [
    path
    for folder in ("archive", "crawler", "scheduler", "spiders", "benchmarks", "script", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts and "web" not in path.parts
]
ROOMS = [path for path in CODE if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in HOUSE]
SOURCES = [path for path in CODE if path.suffix == ".py"] + [ROOT / "hongtou.py"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _document() -> ModuleType:
    """The script that makes papers from the code; its name has no ending."""
    loader = importlib.machinery.SourceFileLoader("document", str(ROOT / "script" / "document"))
    spec = importlib.util.spec_from_loader("document", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


# What is made from the code


@pytest.mark.parametrize("paper", ["docs/command-line.md", "docs/settings.md"])
def test_a_paper_made_from_the_code_is_as_the_code_says(paper: str) -> None:
    assert _text(ROOT / paper) == _document().whole(paper), "run script/document"


# Links


def _links(paper: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", _text(paper), flags=re.DOTALL)
    yield from re.findall(r"\]\(([^()\s]+)\)", text)


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_link_within_the_papers_leads_somewhere(paper: Path) -> None:
    for link in _links(paper):
        if not re.match(r"[a-z]+:", link):
            place = link.partition("#")[0]
            assert not place or (paper.parent / place).exists(), link


@pytest.mark.parametrize("paper", PAPERS, ids=_name)
def test_every_file_of_the_tree_that_a_paper_names_is_there(paper: Path) -> None:
    for named in re.findall(
        r"`((?:script|docs|tests|archive|spiders|crawler)/[\w./-]+)`", _text(paper)
    ):
        assert (ROOT / named).exists(), named


# Commands


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            yield f"{before}{name}", command
        else:
            yield from _commands(command, f"{name} ")


COMMANDS = dict(_commands(typer.main.get_command(make_cli())))


def _calls(text: str) -> Iterator[str]:
    """`hongtou …` as code: in a block, in a docstring's example, between backticks."""
    yield from re.findall(r"`hongtou ([^`\n]+)`", text)
    for block in re.findall(r"```[a-z]*\n(.*?)```", text, flags=re.DOTALL):
        yield from re.findall(r"(?m)^(?:\$ |\w+=\S+ )?hongtou ([^#\n]+)", block)
    yield from re.findall(r"(?m)^ {4}hongtou ([^#\n]+)", text)
    yield from re.findall(r"Example: hongtou ([^\n]+)", text)


def _check_call(call: str) -> None:
    words = re.sub(r"\{[^{}]*\}", "X", call).replace("…", " ").split()
    if words[0].isupper() or words[0].startswith("-"):
        return  # `hongtou COMMAND --help`, `hongtou --help`
    path = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)
    if path is None:
        assert words == ["sources"], f"hongtou {call}: no such command"
        return
    known = {option for parameter in COMMANDS[path].params for option in parameter.opts}
    for word in words:
        if re.fullmatch(r"--[a-z][a-z-]*", word):
            assert word in known | {"--help"}, f"hongtou {call}: no option {word}"


@pytest.mark.parametrize("path", [*PAPERS, *SOURCES], ids=_name)
def test_every_command_that_is_told_exists_with_its_options(path: Path) -> None:
    if path == Path(__file__):
        return
    for call in _calls(_text(path)):
        _check_call(call)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_sentence_and_an_example(name: str) -> None:
    told = COMMANDS[name].help
    assert f"Example: hongtou {name}" in told or f" hongtou {name}" in told.partition("Example:")[2]
    assert re.match(r"[A-Z].*[.]$", told.strip().split("\n\n")[0].replace("\n", " "))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert parameter.name == "help" or parameter.help, parameter.name


# Errors

ERRORS = {
    name: one
    for name, one in inspect.getmembers(archive.errors, inspect.isclass)
    if issubclass(one, archive.errors.HongtouError)
}


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_a_sentence_of_its_own(name: str) -> None:
    sentence = ERRORS[name].__dict__.get("__doc__")
    assert sentence
    assert sentence.strip().endswith(".")


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_stands_in_the_tree_where_it_belongs(name: str) -> None:
    assert _parents_in_tree()[name] == ERRORS[name].__mro__[1].__name__ or name == "HongtouError"


def _parents_in_tree() -> dict[str, str]:
    """Each class and the one it hangs from, read from the drawing."""
    assert archive.errors.__doc__ is not None
    parents, above = {}, {0: ""}
    for line in archive.errors.__doc__.splitlines():
        drawn = re.match(r"([│├└─ ]*)([A-Z]\w+)(?:\s{2,}.*)?$", line)
        if drawn and drawn[2] in ERRORS:
            depth = len(drawn[1]) // 4
            parents[drawn[2]] = above.get(depth - 1, "")
            above[depth] = drawn[2]
    return parents


# The code's own words


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_exception_from_a_rule_has_its_reason_beside_it(path: Path) -> None:
    lines = ["", *_text(path).splitlines(), ""]
    reasoned = False
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        found = re.search(
            r"#\s*(?:noqa: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w-]+\])(.*)", line
        )
        if found is None:
            reasoned = False
            continue
        beside = [found[1], *(near for near in (before, after) if near.lstrip().startswith("#"))]
        # One reason serves the lines that follow on it directly.
        reasoned = reasoned or any(re.search(r"\w{3,}", words) for words in beside)
        assert reasoned, line.strip()


@pytest.mark.parametrize("path", ROOMS, ids=_name)
def test_every_public_thing_says_what_it_is(path: Path) -> None:
    tree = ast.parse(_text(path))
    assert ast.get_docstring(tree) or not _text(path).strip() or path.name == "__init__.py"
    for name, node in _public(tree):
        assert ast.get_docstring(node), name


def _public(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Any]]:
    for inner in node.body:
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_setter = any(isinstance(one, ast.Attribute) for one in inner.decorator_list)
        if inner.name.startswith("_") or is_setter:
            continue
        yield inner.name, inner
        if isinstance(inner, ast.ClassDef) and not _is_protocol(inner):
            yield from _public(inner)


def _is_protocol(node: ast.ClassDef) -> bool:
    """A protocol's methods are told where they are kept."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def _tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so nothing tells which files are the project's")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    place = re.compile(rb"(?<![\w.:/<-])/(?:root|home|Users|work)/\w[\w./-]*")
    for path in _tracked():
        if path.is_file() and "web" not in path.parts and path != Path(__file__):
            found = place.search(path.read_bytes())
            assert found is None, f"{_name(path)}: {found and found[0]!r}"


# Dependencies


def _project() -> dict[str, Any]:
    return tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", ["build"]), ("requirements-test.lock", ["build", "test"])],
)
def test_every_dependency_is_locked_with_hashes_and_no_host(lock: str, extras: list[str]) -> None:
    text = _text(ROOT / lock)
    wanted = [*_project()["dependencies"]]
    for extra in extras:
        wanted += _project()["optional-dependencies"][extra]
    for one in wanted:
        name = re.split(r"[\[<>=~!; ]", one)[0].lower().replace("_", "-")
        assert re.search(rf"(?m)^{re.escape(name)}(\[[\w,]+\])?==", text), (
            f"{name}: run script/lock"
        )
    assert "://" not in text
    assert "--index" not in text
    packages = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert all("--hash=sha256:" in package for package in packages)


def test_only_python_versions_that_were_tried_are_stated() -> None:
    stated = {
        line.rpartition(" ")[2]
        for line in _project()["classifiers"]
        if re.search(r"Python :: 3\.\d+$", line)
    }
    said = set(re.findall(r"\b3\.1\d\b", _text(ROOT / "README.md")))
    assert stated <= said


# Modules whose sentences go into the catalogue as reasons, alarms and statuses; those of the
# catalogue, but for the few that only speak to an operator or to another program.
_SILENT = {"chain", "commands", "database", "judging_commands", "research_commands", "relations"}
_REASONING = [
    *(
        path
        for path in sorted((ROOT / "archive/catalogue").glob("*.py"))
        if path.stem not in _SILENT
    ),
    *(ROOT / "crawler" / name for name in ("admission.py", "spider.py")),
]
_SENTENCE = re.compile(r"[a-z]+ [a-z(]|^[a-z]+-\{")
_SAMPLES = {"%": "40%", "f": "0.50", "%Y-%m-%d": "2024-03-26", "": "甲"}


@pytest.mark.parametrize("path", _REASONING, ids=_name)
def test_every_reason_can_be_told_in_chinese(path: Path) -> None:
    from archive.access.reasons import tell

    tree = ast.parse(path.read_text(encoding="utf-8"))
    untold = [
        reason
        for reason in _sentences(tree)
        if re.search(r"[a-z]{2,} [a-z]{2,}", re.sub("`[^`]*`", "", tell("zh", reason)))
    ]
    assert not untold, "Give these their Chinese in archive/access/reasons.py."


def _sentences(tree: ast.Module) -> Iterator[str]:
    """What a module's strings say, with samples where values go in."""
    passed_over = set(_unspoken(tree))
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.JoinedStr | ast.Constant):
            said = _said(node)
            if _SENTENCE.search(said) and not said.startswith("INSERT "):
                yield ("甲" if said.startswith(",") else "") + said.replace("{}", "甲")


def _unspoken(tree: ast.Module) -> Iterator[int]:
    """The strings that are no reasons: docstrings, what errors say and what goes to the log."""
    for node in ast.walk(tree):
        is_logged = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
        if isinstance(node, ast.Raise) or is_logged:
            yield from (id(part) for part in ast.walk(node))
        elif isinstance(node, ast.Expr):
            yield id(node.value)


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        _said(part) if isinstance(part, ast.Constant) else _sample(part) for part in node.values
    )


def _sample(part: ast.AST) -> str:
    """What could stand in a slot: a likeness, an id, a number, a name."""
    source = ast.unparse(part)
    if "told(" in source:
        return "resemblance 0.50, containment 0.50"
    ends = [sample for end, sample in _SAMPLES.items() if source.rstrip("}'").endswith(end)]
    return (
        "0123456789abcdef"
        if re.search(r"\bid\b|_id\b|with|target|\bto\b|node", source)
        else ends[0]
    )
