"""The house holds its shape: who may import whom, what stays light, what stays small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Room -> rooms it may import (docs/architecture.md). `archive` alone is the threshold that all
# rooms share: errors, settings, terminal.
ARROWS: dict[str, set[str]] = {
    "archive": {"archive.notice"},
    "archive.notice": set(),
    "archive.storage": {"archive.notice"},
    "archive.ingest": {"archive.notice"},
    "archive.catalogue": {"archive.notice"},
    "archive.access": {"archive.notice", "archive.storage", "archive.catalogue"},
    "spiders": {"archive.notice"},
    "crawler.replica": set(),
    "crawler": {
        "archive.notice",
        "archive.storage",
        "archive.ingest",
        "archive.catalogue",
        "crawler.replica",
        "spiders",
    },
    "scheduler": {"archive.notice", "archive.catalogue", "crawler", "spiders"},
}
THRESHOLD = "archive"
# The one module of the threshold that speaks to a room: it makes a new home's catalogue.
MAKES_HOMES = {("archive.commands", "archive.catalogue")}


def _modules() -> Iterator[tuple[str, Path]]:
    for top in ("archive", "crawler", "scheduler", "spiders"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(p for p in parts if p != "__init__"), path


def _room(module: str) -> str | None:
    rooms = [room for room in ARROWS if module == room or module.startswith(room + ".")]
    return max(rooms, key=len, default=None)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _backward_arrows() -> Iterator[str]:
    for module, path in _modules():
        room = _room(module)
        assert room is not None
        allowed = ARROWS[room] | {room, THRESHOLD, None}
        for imported in set(_imports(path)):
            target = _room(imported)
            if target not in allowed and (module, target) not in MAKES_HOMES:
                yield f"{module} imports {imported}"


def test_every_import_follows_an_arrow() -> None:
    assert not sorted(_backward_arrows())


def test_only_the_crawler_knows_scrapy() -> None:
    knowing = {
        module
        for module, path in _modules()
        for imported in _imports(path)
        if imported.partition(".")[0] in {"scrapy", "twisted"}
    }
    assert {module.partition(".")[0] for module in knowing} == {"crawler"}


def test_the_replica_stands_alone() -> None:
    for module, path in _modules():
        if module.startswith("crawler.replica"):
            own = {
                i for i in _imports(path) if _room(i) not in (None, THRESHOLD, "crawler.replica")
            }
            assert not own, module


# Who may know where WARC files lie (docs/decisions/0005): the depots, those who write files before
# they are closed, and the command that makes a new home's folders.
KNOWS_PLACES = {
    "archive.commands",
    "archive.notice.home",
    "archive.storage.adoption",
    "archive.storage.folder_depot",
    "archive.storage.holdings",
    "archive.storage.mirror",
    "archive.storage.putting_away",
    "archive.storage.recovery",
    "archive.storage.warc_file",
}


def _places_of_warcs(path: Path) -> Iterator[str]:
    """Where a module asks a home for its WARC folder, or a folder for the path of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "warc":
            yield f"line {node.lineno}: .warc"
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in ("FolderDepot", "at_home", "path_of"):
                yield f"line {node.lineno}: {name}"


def test_only_the_depots_know_where_warc_files_lie() -> None:
    for module, path in _modules():
        if module not in KNOWS_PLACES:
            assert not list(_places_of_warcs(path)), module


def test_only_the_object_depot_knows_its_client() -> None:
    for module, path in _modules():
        said = path.read_text(encoding="utf-8")
        assert module == "archive.storage.object_depot" or "botocore" not in said, module


HEAVY = {
    "alembic", "boto3", "botocore", "fastapi", "lxml", "numpy", "opencc_pyo3", "pydantic", "scrapy",
    "selectolax", "sqlalchemy", "tantivy", "trafilatura", "twisted", "uvicorn", "warcio",
}  # fmt: skip


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, hongtou; hongtou.make_cli();"
        f"print(sorted({HEAVY!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


LONGEST_FUNCTION = 60
LONGEST_MODULE = 500


@pytest.mark.parametrize("module", [name for name, _ in _modules()])
def test_one_noun_a_file_one_verb_a_function(module: str) -> None:
    path = dict(_modules())[module]
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_tests_have_no_packages() -> None:
    # With one, tests/scheduler would shadow the real package.
    assert not list((ROOT / "tests").rglob("__init__.py"))
