"""robots.txt holds for every request to a host, however many come while it is being fetched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).with_name("robots_requests.py")
RULES = "User-agent: *\nDisallow: /vip/\n"
CASES: list[tuple[tuple[int, str, str], str | None]] = [
    ((200, RULES, "/vip/"), "ForbiddenByRobots"),
    ((200, RULES, "/open/"), None),
    ((500, "", "/open/"), "UnreachableRobots"),
    ((503, RULES, "/open/"), "UnreachableRobots"),
    ((0, "", "/open/"), "UnreachableRobots"),
    ((401, "", "/vip/"), None),
    ((403, RULES, "/vip/"), None),
    ((404, "", "/vip/"), None),
]


def test_all_that_wait_for_the_rules_are_held_to_them() -> None:
    asked = json.dumps([case for case, _ in CASES])
    said = subprocess.run(
        [sys.executable, PROGRAM], input=asked, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 0, said.stderr[-2000:]
    for (case, wanted), (found, fetched) in zip(CASES, json.loads(said.stdout), strict=True):
        assert found == [wanted] * len(found), case
        assert len(found) > 3
        assert fetched == 1
