"""Commands of sites: list, show, check, probe and add sources."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.errors import HongtouError, UnknownSource, UsageError
from archive.notice import Home
from archive.plain_words import did_you_mean
from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say

if TYPE_CHECKING:
    from archive.notice import Source
    from spiders.list_page import ListPage

sources = typer.Typer(name="sources", help="The sites that are watched.", no_args_is_help=True)
commands = typer.Typer()
commands.add_typer(sources)

JsonOption = Annotated[bool, typer.Option("--json", help="One line of JSON each.")]
#: Seconds to wait for, and octets to take of, a page that is probed.
PROBE_TIMEOUT = 30
PROBE_LIMIT = 20_000_000


@sources.command(name="list")
def list_sources(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List all sources: those that come with Hongtou, and those of the home.

    Example: hongtou sources list --json
    """
    for source in _load(home).values():
        if as_json:
            print_json(_source_json(source))
        else:
            state = "" if source.enabled else "  (not enabled)"
            names = ", ".join(column.name for column in source.columns)
            typer.echo(f"{source.id:16} {source.level:10} {source.name}：{names}{state}")


@sources.command()
def show(
    source: Annotated[str, typer.Argument(help="Id of a source, such as banan.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show one source, as its source.toml says it.

    Example: hongtou sources show banan
    """
    from spiders.source_toml import render_source

    found = _find(_load(home), source)
    if as_json:
        print_json(_source_json(found))
    else:
        typer.echo(f"# {found.folder}\n{render_source(found)}", nl=False)


@sources.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(help="Ids, or folders of sources; none: all.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Check source files, and their lists against the saved pages in their cases folder.

    Exit code 1 says that something is wrong.

    Example: hongtou sources check banan
    """
    reports = [_check(item) for item in _chosen(names or [], home)]
    for report in reports:
        if as_json:
            print_json(report)
            continue
        word = "wrong" if report["problems"] else "ok"
        typer.echo(f"{report['source']:16} {word}  ({report['cases']} list cases)")
        for problem in report["problems"]:
            typer.echo(f"  {problem}")
    if any(report["problems"] for report in reports):
        raise typer.Exit(1)


@sources.command()
def probe(
    page: Annotated[str, typer.Argument(help="A list page: its URL, or a file saved from it.")],
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
    source_id: Annotated[str, typer.Option("--id", help="Id of the new source.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Write <out>/<level>/<id>/source.toml instead.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Find out how a list page is made, and draft a source.toml for it.

    A URL is fetched once; robots.txt is obeyed. The settings `dial` and `ca_file` hold here too.

    Example: hongtou sources probe list.html --url http://www.mou.gov.cn/zwgk/
    """
    from spiders.cases import listing_values
    from spiders.probe import probe as find_out
    from spiders.source_toml import render_source

    found = find_out(_page_of(page, url, home), source_id=source_id)
    text = render_source(found.source)
    for remark in found.remarks:
        say(remark)
    if as_json:
        listing = listing_values(found.listing)
        print_json({"source_toml": text, "listing": listing, "remarks": list(found.remarks)})
    elif out is None:
        typer.echo(text, nl=False)
        say(f"{len(found.listing.leads)} leads, next page {found.listing.next_url}.")
    else:
        typer.echo(_write(out / found.source.level / found.source.id, text))


@sources.command()
def add(
    file: Annotated[Path, typer.Argument(help="A source.toml in <level>/<id>/, or that folder.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Check a source's folder and put it into the home.

    Example: hongtou sources add drafts/county/banan --home archive
    """
    from spiders.folders import load_sources
    from spiders.source_file import FILE_NAME, read_source

    place = open_home(home)
    folder = file.resolve() if file.is_dir() else file.resolve().parent
    source = read_source(folder / FILE_NAME)
    target = place.sources / source.level / source.id
    if target.exists():
        raise UsageError(f"{target} is there already.", next_step="Remove it, or edit it.")
    report = _check(source)
    if report["problems"]:
        raise UsageError(f"{folder}: {report['problems'][0]}.", next_step="Correct it first.")
    shutil.copytree(folder, target)
    try:
        load_sources(place.sources)
    except HongtouError:
        shutil.rmtree(target)
        raise
    typer.echo(f"{target}")
    say(f"Added. Next: `hongtou crawl {source.id} --home {home}`.")


def _load(home: Path) -> dict[str, Source]:
    from spiders.folders import load_sources

    return load_sources(Home(home).sources)


def _find(known: dict[str, Source], name: str) -> Source:
    if name not in known:
        raise UnknownSource(f"There is no source '{name}'.{did_you_mean(name, known)}")
    return known[name]


def _chosen(names: list[str], home: Path) -> list[Source]:
    from spiders.source_file import FILE_NAME, read_source

    known = _load(home)
    folders = {name: Path(name) / FILE_NAME for name in names if "/" in name or name == "."}
    return [
        read_source(folders[name].resolve()) if name in folders else _find(known, name)
        for name in names or known
    ]


def _check(source: Source) -> dict[str, Any]:
    from spiders.cases import case_page, list_differences, source_cases

    cases = [case for case in source_cases(source) if case.kind == "list" and case.page]
    problems = [
        f"{case.file.name}: {difference}"
        for case in cases
        for difference in list_differences(case, source, case_page(case))
    ]
    return {"source": source.id, "cases": len(cases), "problems": problems}


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "level": source.level,
        "trust": source.trust.name.lower(),
        "jurisdiction": source.jurisdiction,
        "enabled": source.enabled,
        "hosts": list(source.hosts),
        "folder": str(source.folder),
        "columns": [
            {"id": c.id, "name": c.name, "url": c.url, "dialect": c.dialect, "topic": c.topic}
            for c in source.columns
        ],
    }


def _page_of(page: str, url: str, home: Path) -> ListPage:
    from spiders.list_page import make_list_page

    if page.startswith(("http://", "https://")):
        from archive.settings import read_settings
        from spiders.one_fetch import Dialling, fetch_once

        settings = read_settings(Home(home))
        dialling = Dialling(dial=settings.dial, ca_file=settings.ca_file)
        answer = fetch_once(page, seconds=PROBE_TIMEOUT, octets=PROBE_LIMIT, dialling=dialling)
        return make_list_page(answer.url, answer.body, content_type=answer.content_type)
    if not url.startswith(("http://", "https://")):
        raise UsageError("A saved page needs --url: links on it are relative to where it stood.")
    try:
        return make_list_page(url, Path(page).read_bytes()[:PROBE_LIMIT])
    except OSError as error:
        raise UsageError(f"{page} cannot be read: {error.strerror}.") from error


def _write(folder: Path, text: str) -> Path:
    target = folder / "source.toml"
    if target.exists():
        raise UsageError(f"{target} is there already; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target
