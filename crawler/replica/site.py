"""The saved web: which host answers which path with what, now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import BadSourceFile
from crawler.replica.route import HTML, NEXT_STEP, Route, is_misbehaviour, read_routes

ROUTES_FILE = "routes.toml"
#: As a misbehaviour's path: every path of the host.
ANY_PATH = "*"


class SavedWeb:
    """The hosts below a folder, at one stage of time, with what was published since.

    Raises:
        BadSourceFile: The folder is missing, or a routes.toml in it says something wrong.
    """

    def __init__(self, folder: Path, *, stage: int = 1) -> None:
        if not folder.is_dir():
            raise BadSourceFile(f"{folder} is no folder of saved hosts.", next_step=NEXT_STEP)
        self.stage = stage
        self._routes: dict[str, dict[str, list[Route]]] = {}
        self._published: dict[tuple[str, str], Route] = {}
        self._misbehaviours: dict[tuple[str, str], tuple[str, int | None]] = {}
        for file in sorted(folder.glob(f"*/{ROUTES_FILE}")):
            self._add_host(file.parent.name.lower(), read_routes(file))

    def _add_host(self, host: str, routes: tuple[Route, ...]) -> None:
        by_path: dict[str, list[Route]] = defaultdict(list)
        for route in sorted(routes, key=lambda route: route.stage):
            by_path[route.path].append(route)
        self._routes[host] = by_path

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that answer at all."""
        return tuple(sorted({*self._routes, *(host for host, _ in self._published)}))

    def find(self, host: str, path: str) -> Route | None:
        """What the host answers for a path: with its query first, then without."""
        for wanted in dict.fromkeys((path, path.partition("?")[0])):
            published = self._published.get((host, wanted))
            if published:
                return published
            routes = [
                r for r in self._routes.get(host, {}).get(wanted, ()) if r.stage <= self.stage
            ]
            if routes:
                return routes[-1]
        return None

    def publish(self, host: str, path: str, body: bytes, media_type: str | None) -> None:
        """Put a page up, in place of what stood there."""
        known = self.find(host, path) or Route(path=path, type=HTML)
        self._published[host.lower(), path] = replace(
            known,
            path=path,
            body=body,
            type=known.type if media_type is None else media_type,
            status=200,
            last_modified=datetime.now(UTC),
        )

    def withdraw(self, host: str, path: str) -> None:
        """Take a page down: 404 from now on."""
        self._published[host.lower(), path] = Route(
            path=path, status=404, type="text/html", validators=False, body=b"<h1>404</h1>"
        )

    def misbehave(self, host: str, path: str, how: str | None, times: int | None) -> None:
        """Let a path misbehave from now on, or only so many times; None ends it.

        Raises:
            ValueError: There is no misbehaviour of that name.
        """
        if how is not None and not is_misbehaviour(how):
            raise ValueError(f"There is no misbehaviour {how!r}. {NEXT_STEP}")
        if how is None:
            self._misbehaviours.pop((host.lower(), path), None)
        else:
            self._misbehaviours[host.lower(), path] = (how, times)

    def take_misbehaviour(self, host: str, path: str) -> str:
        """How the path misbehaves this time; "" when it behaves."""
        for key in ((host, path), (host, path.partition("?")[0]), (host, ANY_PATH)):
            if key not in self._misbehaviours:
                continue
            how, times = self._misbehaviours[key]
            if times is not None:
                self._misbehaviours[key] = (how, times - 1)
                if times <= 1:
                    del self._misbehaviours[key]
            return how
        route = self.find(host, path)
        return route.misbehave if route else ""
