"""The operator's and the source's settings, as Scrapy takes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from archive.notice import Home, Source
from archive.settings import Settings


def scrapy_values(home: Home, chosen: Settings, source: Source) -> dict[str, Any]:
    """What an archive home and a source add to `crawler.settings`."""
    return {
        "HONGTOU_HOME": str(home.path),
        "HONGTOU_DIAL": chosen.dial,
        # A proxy from the environment would take requests out of the machine past the replica.
        "HTTPPROXY_ENABLED": not chosen.dial,
        "HONGTOU_CA_FILE": chosen.ca_file,
        "HONGTOU_ALLOW_PRIVATE": chosen.allow_private,
        "USER_AGENT": chosen.user_agent,
        "DOWNLOAD_DELAY": _delay_seconds(chosen, source),
        "DOWNLOAD_TIMEOUT": chosen.timeout_seconds,
        "DOWNLOAD_MAXSIZE": chosen.max_body_megabytes * 1_000_000,
    }


#: Scrapy 2.19 counts a request as under way only when its task begins: without any delay it
#: starts all that wait for a host at once, whatever CONCURRENT_REQUESTS_PER_DOMAIN says.
LEAST_DELAY_SECONDS = 0.001


def _delay_seconds(chosen: Settings, source: Source) -> float:
    """The source's own delay or the operator's, whichever is longer.

    A replica web on this machine has nobody to be polite to: there the operator's holds.
    """
    if chosen.dial:
        return max(chosen.host_delay_seconds, LEAST_DELAY_SECONDS)
    own = source.delay / timedelta(seconds=1)
    return max(chosen.host_delay_seconds, own, LEAST_DELAY_SECONDS)
