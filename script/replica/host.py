"""One host of the saved web: its routes and the bytes of their bodies."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEAD = (
    "# Written by script/build-replica-web. Our own pages in the markup of the real system;\n"
    "# what they say beside the seed texts is invented. Change the builder, not this file.\n"
)


@dataclass
class SavedHost:
    """Collects what one host answers, then writes its folder."""

    name: str
    defaults: dict[str, Any] = field(default_factory=dict)  #: of every route that says no other
    _routes: list[dict[str, Any]] = field(default_factory=list)
    _bodies: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str, body: bytes, file: str, **route: Any) -> None:
        """Answer a path with these bytes, kept in this file."""
        if self._bodies.setdefault(file, body) != body:
            raise ValueError(f"{self.name}: {file} is written twice with different bytes.")
        self._routes.append({"path": path, "file": file, **self.defaults, **route})

    def write(self, web: Path) -> None:
        """Write the host's folder anew."""
        folder = web / self.name
        shutil.rmtree(folder, ignore_errors=True)
        for file, body in sorted(self._bodies.items()):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(body)
        tables = [_table(route) for route in self._routes]
        (folder / "routes.toml").write_text(HEAD + "".join(tables), encoding="utf-8", newline="\n")


def _table(route: dict[str, Any]) -> str:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in route.items()]
    return "\n[[route]]\n" + "\n".join(lines) + "\n"
