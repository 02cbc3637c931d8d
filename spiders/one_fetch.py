"""One polite look at one page, for a person who probes it; crawling is the crawler's."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
import urllib.robotparser
from dataclasses import dataclass
from urllib.parse import urljoin

from archive.errors import UsageError

USER_AGENT = "Hongtou (archiver of public notices; one look by a person)"
_ROBOTS_LIMIT = 500_000
_NEXT_STEP = "Save the page with a browser and give the file with --url."


@dataclass(frozen=True)
class Answer:
    """What came: where it stands at last, what it says it is, its octets."""

    url: str
    content_type: str
    body: bytes


def fetch_once(url: str, *, seconds: float, octets: int) -> Answer:
    """Fetch a page unless the site's robots.txt forbids it.

    Raises:
        UsageError: It is forbidden, or did not come; says what to do instead.
    """
    if not _is_allowed(url, seconds):
        raise UsageError(f"robots.txt of the site forbids {url}.", next_step=_NEXT_STEP)
    return _get(url, seconds, octets)


def _is_allowed(url: str, seconds: float) -> bool:
    """RFC 9309: no robots.txt (4xx) is no restriction; one that fails (5xx) forbids."""
    try:
        answer = _get(urljoin(url, "/robots.txt"), seconds, _ROBOTS_LIMIT)
    except UsageError as error:
        status = getattr(error, "status", None)
        if status is None:
            raise
        return 400 <= int(status) < 500
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(answer.body.decode("utf-8", errors="replace").splitlines())
    return rules.can_fetch(USER_AGENT, url)


def _get(url: str, seconds: float, octets: int) -> Answer:
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310, http(s) was checked
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310, the same
            body = response.read(octets)
            return Answer(response.url, response.headers.get("Content-Type", ""), body)
    except urllib.error.HTTPError as error:
        raise UsageError(
            f"{url} answered {error.code}.", next_step=_NEXT_STEP, status=error.code
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UsageError(f"{url} did not come: {error}.", next_step=_NEXT_STEP) from error
