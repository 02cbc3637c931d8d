"""Commands of fetching: crawl, demo, ingest, rebuild."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.terminal import (
    DEFAULT_HOME,
    HomeOption,
    counted,
    open_home,
    print_json,
    say,
    with_progress,
)
from crawler import depot_command, reconsider_command, reread_command
from crawler.wanted_commands import commands as wanted_commands

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

    from archive.notice import Home
    from archive.storage import Damage
    from crawler.look import Look
    from crawler.taking_in import Taking
    from crawler.verifying import Verification

commands = typer.Typer()
commands.add_typer(wanted_commands)
commands.add_typer(reread_command.commands)
commands.add_typer(reconsider_command.commands)
commands.add_typer(depot_command.commands)

SOMETHING_FAILED = 1


@commands.command()
def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; none: all that are enabled.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    recheck: Annotated[
        bool, typer.Option("--recheck", help="Look again at every known notice on the lists.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a source.")] = False,
) -> None:
    """Look at sources once, now.

    Exit code 1 says that a source was not seen whole.

    Example: hongtou crawl banan harbin
    """
    from crawler.look_report import look_json, look_line

    looks = crawl_sources(open_home(home), sources or [], recheck=recheck)
    for look in looks:
        if as_json:
            print_json(look_json(look))
        else:
            typer.echo(look_line(look))
    if any(look.outcome != "ok" for look in looks):
        say("Not every source was seen whole: see `hongtou status`.")
        raise typer.Exit(SOMETHING_FAILED)


def crawl_sources(home: Home, names: Sequence[str], *, recheck: bool = False) -> list[Look]:
    """Look at sources once, several at a time, in one session.

    Raises:
        UnknownSource: A name is no source's.
        HomeInUse: Another process writes to this home.
    """
    from crawler.loop import run

    async def main(stop: asyncio.Event) -> list[Look]:
        from crawler.look import choose_sources, look_at_all
        from crawler.session import Session

        session = Session.of_home(home, recheck_all=recheck)
        chosen = choose_sources(session, names)  # before anything is started
        async with session:
            return await look_at_all(session, chosen, stop)

    return run(main)


@commands.command()
def demo(
    home: HomeOption = Path("demo-home"),
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep pages, API and feeds up until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the pages; 0 takes a free one.")
    ] = 8000,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON value.")] = False,
) -> None:
    """Crawl a replica web on this machine twice and say what came of it.

    Nothing leaves the machine.

    Example: hongtou demo --serve
    """
    from archive.listening import listen
    from crawler.demo import crawl_replica, fresh_home
    from crawler.demo_report import print_report, report_json
    from crawler.loop import run
    from crawler.replica import Replica

    if serve and port:
        listen("127.0.0.1", port).close()  # before the crawl, not after it
    place = fresh_home(home)
    with Replica() as replica:
        say(f"{len(replica.hosts)} saved sites answer on {replica.dial}; nothing leaves here.\n")
        crawls = run(lambda stop: crawl_replica(place, replica, stop))
    if as_json:
        print_json(report_json(place, crawls))
    else:
        print_report(place, crawls, home)
    if serve:
        sys.stdout.flush()
        # A process of its own: the crawl's reactor and the server's loop do not share one.
        hongtou = [sys.executable, "-m", "hongtou", "serve"]
        os.execv(sys.executable, [*hongtou, "--home", str(home), "--port", str(port)])  # noqa: S606 - our own interpreter and arguments


@commands.command()
def ingest(
    files: Annotated[
        list[Path],
        typer.Argument(help="WARC files, also those of other tools; pages saved as HTML."),
    ],
    home: HomeOption = DEFAULT_HOME,
    url: Annotated[
        str, typer.Option(help="Where a page was saved from, when it does not say so itself.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON value.")] = False,
) -> None:
    """Take in WARC files and saved pages: every capture goes through the same door as a live one.

    What was taken in before changes nothing. Exit code 1 says that something was damaged; what
    is good was taken all the same.

    Example: hongtou ingest crawl-2024.warc.gz
    """
    from crawler.taking_in import Taking, take_in

    damages = Damages()
    taking = Taking.of_home(
        open_home(home),
        progress=lambda captures: with_progress(captures, label="taking in"),
        on_damage=damages.tell,
    )
    _print_counts(take_in(taking, files, url=url or None), as_json=as_json)
    damages.end()


@commands.command()
def rebuild(
    home: HomeOption = DEFAULT_HOME,
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit code 1 if it would come out otherwise."),
    ] = False,
    into: Annotated[
        str, typer.Option(help="SQLAlchemy URL of an empty database to make it in.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON value.")] = False,
) -> None:
    """Drop the catalogue and make it again from the WARCs.

    The old one stays until the new one is whole.

    Example: hongtou rebuild --home archive --check
    """
    from crawler.taking_in import Taking, rebuild_catalogue

    damages = Damages()
    taking = Taking.of_home(
        open_home(home),
        progress=lambda captures: with_progress(captures, label="rebuilding"),
        on_damage=damages.tell,
    )
    if check:
        _print_differences(taking, as_json=as_json)
    else:
        _print_counts(rebuild_catalogue(taking, into=into or None), as_json=as_json)
    damages.end()


@commands.command()
def upgrade(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring the catalogue of an older Hongtou up to date; of one that is, nothing changes.

    Every command that writes does so too; those that only read ask for this one. Stop `hongtou
    watch` and `hongtou serve` first. Example: hongtou upgrade --home archive
    """
    from archive.catalogue import Catalogue
    from archive.errors import OlderCatalogue
    from archive.storage import HomeLock
    from archive.terminal import catalogue_url

    place = open_home(home)
    url = catalogue_url(place)
    with HomeLock(place):
        try:
            Catalogue.open(url, read_only=True).close()
        except OlderCatalogue:
            Catalogue.open(url).close()
            typer.echo("The catalogue was brought up to date.")
        else:
            typer.echo("The catalogue is up to date.")


class Damages:
    """Tells damage on the terminal as it is met, and remembers that there was any."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, damage: Damage) -> None:
        """Say where it is and what to do."""
        self.count += 1
        say(str(damage))

    def end(self) -> None:
        """End the command with what was found."""
        if self.count:
            raise typer.Exit(SOMETHING_FAILED)


def _print_counts(counts: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(counts)
    else:
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        typer.echo(said or "nothing")


def _print_differences(taking: Taking, *, as_json: bool) -> None:
    from crawler.taking_in import compare_rebuilt

    count = 0
    for found in compare_rebuilt(taking):
        count += 1
        if as_json:
            print_json({"table": found.table, "here": found.here, "rebuilt": found.there})
        else:
            typer.echo(str(found))
    say(f"{count} rows differ." if count else "The WARCs give the same catalogue, row by row.")
    if count:
        raise typer.Exit(SOMETHING_FAILED)


@commands.command()
def verify(
    home: HomeOption = DEFAULT_HOME,
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            min=0,
            max=36_500,  # a century
            metavar="DAYS",
            help="Leave out files that were found whole within so many days: a check that was "
            "stopped goes on, and one run a night checks everything once in that time.",
        ),
    ] = None,
    most_megabytes: Annotated[
        int | None,
        typer.Option(
            min=1, help="Check about so many, of the files whose last check is longest ago."
        ),
    ] = None,
    every_digest: Annotated[
        bool,
        typer.Option(
            "--every-digest",
            help="Digest every record again, also in files that are octet for octet those whose "
            "records were all right before.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a fault.")] = False,
) -> None:
    """Check every record, every file against its digest, every pointer of the catalogue.

    Prints file, offset, record and what to do for each fault; exit code 1 when there is any, or
    when the catalogue could not be asked.
    Each file's check stands in journal/fixity.jsonl. Example: hongtou verify --older-than 30
    """
    from datetime import timedelta

    from crawler.verifying import Verification

    place = open_home(home)
    is_in_use, is_noted = _state_of(place)
    verification = Verification(
        place,
        lambda damage: print_json(vars(damage)) if as_json else typer.echo(str(damage)),
        older_than=timedelta(days=older_than) if older_than is not None else None,
        is_noted=is_noted,
        every_digest=every_digest,
    )
    paths = verification.due(
        without_open=is_in_use,
        most_octets=most_megabytes * 1_000_000 if most_megabytes is not None else None,
    )
    verification.check_files(with_progress(paths, label="Checking WARC files", total=len(paths)))
    are_pointers_checked = _check_links(place, verification)
    say(_summed_up(verification))
    if verification.faults or not are_pointers_checked:
        raise typer.Exit(SOMETHING_FAILED)


def _summed_up(verification: Verification) -> str:
    seen, faults = verification.fixity, verification.faults
    seen_in = f"{counted(seen.records, 'record')} in {counted(seen.files, 'file')}"
    found = counted(faults, "fault") if faults else "all as written"
    return f"{seen_in}, {seen.octets / 1e6:.1f} MB: {found}."


def _check_links(home: Home, verification: Verification) -> bool:
    """False when there is a catalogue whose pointers could not be checked."""
    from archive.catalogue import Catalogue
    from archive.errors import CatalogueUnavailable, NoCatalogue
    from archive.terminal import catalogue_url

    try:
        catalogue = Catalogue.open(catalogue_url(home), read_only=True)
    except CatalogueUnavailable as error:
        say(f"{error} Its pointers were not checked.")
        verification.check_links(None)
        return isinstance(error, NoCatalogue)
    with catalogue:
        verification.check_links(catalogue)
    return True


def _state_of(home: Home) -> tuple[bool, bool]:
    """Whether a process writes to the home now, and whether the events of a check can be kept."""
    from archive.errors import HomeInUse, HomeNotWritable
    from archive.storage import HomeLock
    from archive.storage.fixity_journal import FixityJournal

    is_in_use, is_noted = False, FixityJournal(home).is_writable
    try:
        with HomeLock(home):
            pass
    except HomeInUse as error:
        say(f"{error.args[0]} Its unfinished file is left out.")
        is_in_use = True
    except HomeNotWritable:
        is_noted = False  # a copy on a read-only disk: nobody writes to it
    if not is_noted:
        say("The home cannot be written: the events of this check are not kept in its journal.")
    return is_in_use, is_noted
