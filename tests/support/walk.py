"""Walks the house in a process of its own, since Twisted's reactor runs once in a process.

Takes a plan as JSON on standard input and writes what the replica's server sent to a file:

    {"home": DIR, "log": FILE, "web": [DIR], "steps": [{"stage": 1, "sources": ["banan"],
     "recheck": false,
     "misbehave": [[host, path, how]], "change": [[host, path, text]],
     "publish": [[host, path, base64, type]], "withdraw": [[host, path]], "days": 0,
     "settings": {}}]}
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

from archive.commands import make_home
from archive.notice import Home
from crawler.demo import demo_session, replica_sources
from crawler.look import choose_sources, look_at_all
from crawler.look_report import look_json
from crawler.loop import run
from crawler.replica import Replica


async def _step(home: Home, replica: Replica, step: dict[str, Any], stop: asyncio.Event) -> Any:
    replica.stage = step.get("stage", 1)
    if "days" in step:
        Path(os.environ["HONGTOU_TEST_CLOCK"]).write_text(str(step["days"]), encoding="utf-8")
    for host, path, how in step.get("misbehave", []):
        replica.misbehave(host, path, how)
    for host, path, text in step.get("change", []):
        replica.change(host, path, text)
    for host, path, body, kind in step.get("publish", []):
        replica.publish(host, path, base64.b64decode(body), kind)
    for host, path in step.get("withdraw", []):
        replica.withdraw(host, path)
    recheck = step.get("recheck", False)
    async with demo_session(home, replica, recheck=recheck, **step.get("settings", {})) as session:
        names = step.get("sources")
        sources = choose_sources(session, names) if names else replica_sources(session, replica)
        return [look_json(look) for look in await look_at_all(session, list(sources), stop)]


def main() -> None:
    """Do the plan."""
    plan = json.load(sys.stdin)
    home = Home(Path(plan["home"]).resolve())
    if not home.settings_file.exists():
        make_home(home)

    async def walk(stop: asyncio.Event) -> list[Any]:
        return [await _step(home, replica, step, stop) for step in plan["steps"]]

    with Replica(*map(Path, plan.get("web", []))) as replica:
        looks = run(walk)
        sent = replica.log
    lines = [
        {
            "host": one.host,
            "path": one.path,
            "method": one.method,
            "request": base64.b64encode(one.request_bytes).decode(),
            "response": base64.b64encode(one.response_bytes).decode(),
        }
        for one in sent
    ]
    Path(plan["log"]).write_text(json.dumps(lines), encoding="utf-8")
    json.dump(looks, sys.stdout)


if __name__ == "__main__":
    main()
