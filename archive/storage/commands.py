"""Commands of the storage room: a second copy, and replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say, with_progress

if TYPE_CHECKING:
    from archive.storage.damage import Damage

commands = typer.Typer()

SOMETHING_FAILED = 1


@commands.command()
def mirror(
    folder: Annotated[Path, typer.Argument(help="Where the copy stands, or is to stand.")],
    home: HomeOption = DEFAULT_HOME,
    check: Annotated[
        bool, typer.Option("--check", help="Digest every file on both sides, not only new ones.")
    ] = False,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Put the good copy in the place of a bad one, on any side."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON value.")] = False,
) -> None:
    """Keep a second copy of the WARCs and of all that cannot be made again from them.

    A damaged file is never copied over a good one. Exit code 1 says that some file is good on
    neither side. The copy is a home of its own after `hongtou rebuild`, and `sha256sum -c
    manifest-sha256.txt` checks it without Hongtou. Example: hongtou mirror /mnt/second --check
    """
    from collections import Counter

    from archive.storage.mirror import Mirror

    place = open_home(home)
    copy = Mirror(place, folder)
    files = copy.files()
    damages: list[Damage] = []
    done = copy.bring_up_to_date(files.items(), damages.append, mends=repair, checks=check)
    counts = Counter(
        one.did for one in with_progress(done, label="Mirroring WARC files", total=len(files))
    )
    copy.copy_others()
    for damage in damages:
        say(str(damage))
    if as_json:
        print_json(counts)
    else:
        typer.echo(", ".join(f"{count} {did}" for did, count in counts.items()) or "no files yet")
    if counts["lost"]:
        raise typer.Exit(SOMETHING_FAILED)


@commands.command()
def cdxj(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring the CDXJ index of the WARCs up to date and print where it stands.

    Example: hongtou cdxj --home archive
    """
    from archive.storage.replay_index import ReplayIndex

    index = ReplayIndex(open_home(home))
    typer.echo(index.bring_up_to_date(on_damage=lambda damage: say(str(damage))))


@commands.command()
def replay(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 picks one.")] = 8080,
) -> None:
    """Show the archived pages as they were, in a browser, with pywb on 127.0.0.1.

    Memento's TimeGate and TimeMaps are there too. Example: hongtou replay --port 8080
    """
    from archive.listening import listen
    from archive.storage.replay_index import ReplayIndex
    from archive.storage.replaying import COLLECTION, become_pywb, need_pywb, replay_settings

    need_pywb()
    place = open_home(home)
    with listen("127.0.0.1", port) as free:  # pywb would say with a traceback that it is not
        port = free.getsockname()[1]
    index = ReplayIndex(place)
    file = index.bring_up_to_date(on_damage=lambda damage: say(str(damage)))
    (index.folder / "config.yaml").write_text(replay_settings(place, file), encoding="utf-8")
    say(f"Pages: http://127.0.0.1:{port}/{COLLECTION}/*/URL. Ctrl-C ends.")
    become_pywb(index.folder, port, place.warc_depot_endpoint)
