"""The folders sources stand in: found, never registered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.errors import BadSourceFile
from archive.notice import Source
from spiders.source_file import FILE_NAME, LEVELS, read_source

#: The sources that come with Hongtou.
BUILT_IN = Path(__file__).parent / "sources"


def load_sources(*extra_folders: Path) -> dict[str, Source]:
    """Read all sources: those that come with Hongtou, then those of further folders.

    A source of a further folder stands in for the one of the same id before it, so that an
    operator can correct an address. A further folder that does not exist holds none: an
    archive home need not have sources of its own. The order is by level (national first),
    then by id.

    Raises:
        BadSourceFile: A source.toml is wrong, a site's folder has none, two sites of a
            folder share an id, or two sources claim one host.
    """
    sources: dict[str, Source] = {}
    for folder in (BUILT_IN, *extra_folders):
        sources |= _load_folder(folder)
    ordered = sorted(sources.values(), key=lambda s: (LEVELS.index(s.level), s.id))
    _check_hosts(ordered)
    return {source.id: source for source in ordered}


def _load_folder(folder: Path) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for file in _files(folder):
        source = read_source(file)
        if source.id in sources:
            other = sources[source.id].folder
            raise BadSourceFile(f"{file}: the id `{source.id}` is taken by {other}.", file=file)
        sources[source.id] = source
    return sources


def _files(folder: Path) -> Iterator[Path]:
    """The source files below a folder, in a fixed order."""
    if not folder.exists():
        return
    for level in sorted(_folders(folder)):
        if level.name not in LEVELS:
            raise BadSourceFile(f"{level}: no level; they are {', '.join(LEVELS)}.", file=level)
        for site in sorted(_folders(level)):
            if not (site / FILE_NAME).is_file():
                raise BadSourceFile(f"{site}: has no {FILE_NAME}.", file=site)
            yield site / FILE_NAME


def _folders(folder: Path) -> Iterator[Path]:
    try:
        children = list(folder.iterdir())
    except OSError as error:
        raise BadSourceFile(f"{folder}: cannot be read: {error.strerror}.", file=folder) from error
    return (c for c in children if c.is_dir() and not c.name.startswith((".", "_")))


def _check_hosts(sources: Iterable[Source]) -> None:
    owners: dict[str, Source] = {}
    for source in sources:
        for host in source.hosts:
            other = owners.setdefault(host, source)
            if other is not source:
                raise BadSourceFile(
                    f"{source.folder}: `hosts` names {host}, which is `{other.id}`'s; "
                    "a host belongs to one source.",
                    file=source.folder,
                )
