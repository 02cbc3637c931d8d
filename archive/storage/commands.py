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
    manifest-sha256.txt` checks it without Hongtou. What is done is noted in the home's
    journal/fixity.jsonl; of a home that cannot be written, in mirrored.jsonl beside the copy.

    Example: hongtou mirror /mnt/second --check
    """
    from collections import Counter

    from archive.storage.mirror import NOTED_THERE, Mirror

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
    if copy.is_noted_there:
        say(f"The home cannot be written: what is done is noted in {folder / NOTED_THERE}.")
    if as_json:
        print_json(counts)
    else:
        typer.echo(", ".join(f"{count} {did}" for did, count in counts.items()) or "no files yet")
    if counts["lost"]:
        raise typer.Exit(SOMETHING_FAILED)


@commands.command()
def cdxj(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring the CDXJ index of the WARCs up to date and print where it stands.

    Of a home that cannot be written, the index itself is printed and not kept.

    Example: hongtou cdxj --home archive
    """
    import shutil
    import sys
    from tempfile import TemporaryDirectory

    from archive.storage.replay_index import ReplayIndex

    place = open_home(home)
    index = ReplayIndex(place)
    if index.is_writable:
        typer.echo(index.bring_up_to_date(on_damage=lambda damage: say(str(damage))))
        return
    say("The home cannot be written: its index is printed and not kept.")
    with TemporaryDirectory(prefix="hongtou-cdxj-") as folder:
        index = ReplayIndex(place, folder=Path(folder))
        file = index.bring_up_to_date(on_damage=lambda damage: say(str(damage)))
        with file.open(encoding="utf-8") as lines:
            shutil.copyfileobj(lines, sys.stdout)


@commands.command()
def replay(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 picks one.")] = 8080,
) -> None:
    """Show the archived pages as they were, in a browser, with pywb on 127.0.0.1.

    Memento's TimeGate and TimeMaps are there too. What is captured meanwhile is shown within
    five minutes. Example: hongtou replay --port 8080
    """
    from tempfile import mkdtemp

    from archive.listening import listen
    from archive.storage.replay_index import ReplayIndex
    from archive.storage.replaying import (
        COLLECTION,
        become_pywb,
        need_pywb,
        replay_settings,
    )

    need_pywb()
    place = open_home(home)
    with listen("127.0.0.1", port) as free:  # pywb would say with a traceback that it is not
        port = free.getsockname()[1]
    index = ReplayIndex(place)
    is_kept = index.is_writable
    if not is_kept:
        index = ReplayIndex(place, folder=Path(mkdtemp(prefix="hongtou-cdxj-")))
        say(f"The home cannot be written: its index stands in {index.folder}, as of now.")
    index.bring_up_to_date(on_damage=lambda damage: say(str(damage)))
    (index.folder / "config.yaml").write_text(replay_settings(place, index), encoding="utf-8")
    say(f"Pages: http://127.0.0.1:{port}/{COLLECTION}/*/URL. Ctrl-C ends.")
    become_pywb(place, index.folder, port, is_index_kept=is_kept)
