"""Every error Hongtou raises on purpose, in one tree.

HongtouError
├── UsageError                 what the person asked for cannot be done as asked
│   ├── UnknownSource
│   ├── UnknownNotice
│   └── BadSetting
├── NothingFound               nothing fits the query
├── SourceError                a source's folder says something wrong
│   ├── BadSourceFile
│   ├── BadTopicFile
│   └── UnknownDialect
├── HomeError                  the archive home cannot be used
│   ├── NoHome
│   ├── HomeInUse
│   ├── HomeNotWritable
│   └── NewerHome
├── PageError                  an answer is not what the source promises
│   ├── ChallengePage
│   ├── EmptyListing
│   ├── PrivateAddress
│   └── UnreadablePage
├── StorageError               the kept bytes are not whole
│   ├── DamagedWarc
│   ├── DigestMismatch
│   ├── NameTaken
│   └── DepotUnreachable
├── CatalogueError             the catalogue cannot be used
│   └── CatalogueUnavailable
│       ├── NoCatalogue
│       └── OlderCatalogue
├── ServiceError               the web pages, API or feeds cannot be served
│   ├── PortInUse
│   ├── BadQuery
│   ├── IndexInUse
│   ├── ServiceBusy
│   └── DamagedIndex
└── NaiveDatetime              a datetime without a zone tried to get in

A class is named for the fact; its docstring is the sentence a person reads when no other
is given, and ``next_step`` is what they can do about it. ``exit_code`` is what the command
line ends with, ``http_status`` what the API answers.
"""

from __future__ import annotations

from typing import Any, ClassVar


class HongtouError(Exception):
    """Hongtou could not go on."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    retry_after: ClassVar[int | None] = None  #: seconds, where coming again may help
    next_step: str = ""

    def __init__(self, message: str = "", *, next_step: str = "", **facts: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        if next_step:
            self.next_step = next_step
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        said = str(self.args[0])
        return f"{said} {self.next_step}".strip()


class UsageError(HongtouError):
    """What was asked for cannot be done as asked."""

    exit_code = 2
    http_status = 400


class UnknownSource(UsageError):
    """There is no source of that name."""

    http_status = 404
    next_step = "See `hongtou sources list`."


class UnknownNotice(UsageError):
    """There is no notice with that id or number."""

    http_status = 404
    next_step = "Try `hongtou search`."


class BadSetting(UsageError):
    """A setting has a value that cannot be used."""

    next_step = "Correct it there; docs/settings.md says what each setting takes."


class NothingFound(HongtouError):
    """No notice fits that query."""

    http_status = 404
    next_step = "Words match exactly: try shorter ones, or fewer filters."


class SourceError(HongtouError):
    """A source's folder says something that cannot be used."""

    exit_code = 2


class BadSourceFile(SourceError):
    """A source.toml has a key, a type or a value that is not allowed."""

    next_step = "See docs/adding-a-source.md, then run `hongtou sources check`."


class BadTopicFile(SourceError):
    """A topic's file has a key, a type or a value that is not allowed."""

    next_step = "Compare it with archive/ingest/topics/health-care-reform.toml."


class UnknownDialect(SourceError):
    """A column names a dialect that does not exist."""


class HomeError(HongtouError):
    """The archive home cannot be used."""

    exit_code = 3


class NoHome(HomeError):
    """There is no archive home there."""

    next_step = "Make one with `hongtou init --home DIR`."


class HomeInUse(HomeError):
    """Another process is writing to this archive home."""


class HomeNotWritable(HomeError):
    """The archive home cannot be written to."""


class NewerHome(HomeError):
    """The archive home was made by a newer Hongtou."""

    next_step = "Upgrade Hongtou; nothing was changed."


class PageError(HongtouError):
    """An answer is not what the source promises."""


class ChallengePage(PageError):
    """The site answered with a challenge instead of its page."""


class EmptyListing(PageError):
    """A list page came with status 200 and no leads on it."""


class UnreadablePage(PageError):
    """The bytes cannot be read as a page."""


class PrivateAddress(PageError):
    """The host is at an address that is not one of the open Internet."""

    next_step = "If you mean to archive your own network, set allow_private."


class StorageError(HongtouError):
    """The kept bytes are not whole."""


class DamagedWarc(StorageError):
    """A WARC file is damaged."""


class DigestMismatch(StorageError):
    """A record's bytes do not match its digest."""


class NameTaken(StorageError):
    """Another file has that name; it was left as it is."""


class DepotUnreachable(StorageError):
    """The store of the WARC files does not answer."""

    http_status = 503
    next_step = "Nothing is lost; try again when it answers."


class CatalogueError(HongtouError):
    """The catalogue cannot be used."""


class CatalogueUnavailable(CatalogueError):
    """The catalogue's database does not answer."""

    http_status = 503


class NoCatalogue(CatalogueUnavailable):
    """There is no catalogue."""

    next_step = "Make one with `hongtou init`, or from the WARCs with `hongtou rebuild`."


class OlderCatalogue(CatalogueUnavailable):
    """An earlier Hongtou made the catalogue, and whoever only reads does not change it."""

    next_step = "Bring it up to date with `hongtou upgrade`."


class ServiceError(HongtouError):
    """The pages cannot be served."""


class PortInUse(ServiceError):
    """The port is already in use."""

    next_step = "Choose another one with --port."


class BadQuery(ServiceError):
    """The search cannot be understood."""

    exit_code = 2
    http_status = 400


class IndexInUse(ServiceError):
    """Another process is writing to the search index."""

    http_status = 503
    next_step = "It will be up to date shortly; try again."


class ServiceBusy(ServiceError):
    """Another package is being made."""

    http_status = 503
    retry_after = 60
    next_step = "Ask again in a minute."


class DamagedIndex(ServiceError):
    """The search index was damaged; it is being made again from the catalogue."""

    http_status = 503
    next_step = "Nothing is lost; try again in a moment."


class NaiveDatetime(HongtouError):
    """A datetime without a time zone cannot enter the archive."""
