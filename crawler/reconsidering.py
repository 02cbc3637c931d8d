"""reconsider: what was set aside as off topic is judged anew, after a topic was widened.

What was passed over for its title becomes an open lead, which the next look fetches. What was
fetched is read again from the WARCs. Nothing that is a notice is lost by a topic made narrower.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import islice

from archive.catalogue import Catalogue
from archive.notice import Home, Lead
from archive.storage import HomeLock
from crawler.guidance import Guidance, load_guidance, may_be_on_topic
from crawler.rereading import Progress, Reread, Tally, reread_home

_BATCH = 1_000


@dataclass(kw_only=True)
class Reconsidered:
    """What came of all that was set aside as off topic."""

    leads: int = 0  #: that were passed over for their title
    opened: Counter[str] = field(default_factory=Counter)  #: of them on topic now, by source
    pages: Tally = field(default_factory=Tally)  #: that had been fetched

    @property
    def taken_in(self) -> int:
        """Pages that are notices now."""
        return self.pages.counts["taken in"]

    @property
    def is_otherwise(self) -> bool:
        """Whether anything is on topic now."""
        return bool(self.opened or self.taken_in)


def reconsider_home(
    home: Home,
    catalogue_url: str,
    *,
    source: str | None,
    is_applied: bool,
    page_seconds: float,
    progress: Progress,
    tell: Callable[[Lead | Reread], None],
) -> Reconsidered:
    """Judge all anew; with ``is_applied``, what is on topic now is taken up.

    Leads first: they need no page. What was applied before an interruption stays.

    Raises:
        HomeInUse: Another process writes to the home, where something is to be applied.
    """
    found = Reconsidered()
    with ExitStack() as ending:
        if is_applied:
            ending.enter_context(HomeLock(home))
        writer = ending.enter_context(Catalogue.open(catalogue_url, read_only=not is_applied))
        known = ending.enter_context(Catalogue.open(catalogue_url, read_only=True))
        leads = ending.enter_context(closing(known.passed_over(source)))
        for batch in _batches(_on_topic(leads, load_guidance(home), found)):
            if is_applied:
                writer.reopen_leads([lead.url for lead in batch])
            for lead in batch:
                found.opened[lead.source] += 1
                tell(lead)

    def tell_page(one: Reread) -> None:
        found.pages.add(one)
        if one.is_taken_in or one.unreadable:
            tell(one)

    reread_home(
        home,
        catalogue_url,
        source=source,
        is_applied=is_applied,
        is_off_topic=True,
        page_seconds=page_seconds,
        progress=progress,
        tell=tell_page,
    )
    return found


def _on_topic(leads: Iterable[Lead], guidance: Guidance, found: Reconsidered) -> Iterator[Lead]:
    """Those that would be fetched by the topics and columns as they are now."""
    topics = {topic.id: topic for topic in guidance.topics}
    for lead in leads:
        found.leads += 1
        source = guidance.sources.get(lead.source)
        columns = {column.id: column for column in source.columns} if source else {}
        if may_be_on_topic(lead, columns.get(lead.column), topics):
            yield lead


def _batches(leads: Iterable[Lead]) -> Iterator[list[Lead]]:
    coming = iter(leads)
    while batch := list(islice(coming, _BATCH)):
        yield batch
