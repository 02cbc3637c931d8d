"""Writes every host of the saved web, or checks that what stands there is what it would write."""

from __future__ import annotations

import filecmp
import sys
import tempfile
from pathlib import Path

from replica import banan, harbin, shenzhen, taimao, xizang

WEB = Path(__file__).resolve().parents[2] / "crawler" / "replica" / "web"
HOSTS = (
    harbin.build,
    banan.build,
    xizang.build,
    taimao.build,
    taimao.build_mirror,
    shenzhen.build,
)


def build_web(web: Path) -> None:
    """Write the folders of all hosts; folders of other hosts are left alone."""
    for build in HOSTS:
        build().write(web)


def differences(web: Path) -> list[str]:
    """The files that differ from what the builder would write, or that only one side has."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        build_web(fresh)
        return [line for host in sorted(fresh.iterdir()) for line in _compare(host, web)]


def _compare(host: Path, web: Path) -> list[str]:
    def files(root: Path) -> set[Path]:
        return {file.relative_to(root) for file in root.rglob("*") if file.is_file()}

    standing = web / host.name
    names = files(host) | files(standing)
    return [
        f"{host.name}/{name}"
        for name in sorted(names)
        if not (host / name).is_file()
        or not (standing / name).is_file()
        or not filecmp.cmp(host / name, standing / name, shallow=False)
    ]


def main() -> int:
    """Build, or with ``--check`` compare; 1 when something differs."""
    if sys.argv[1:] == ["--check"]:
        found = differences(WEB)
        print("\n".join(found) or "The saved web is what the builder writes.")
        return 1 if found else 0
    if sys.argv[1:]:
        print("Usage: script/build-replica-web [--check]", file=sys.stderr)
        return 2
    build_web(WEB)
    print(f"Wrote {len(HOSTS)} hosts to {WEB}.")
    return 0
