"""Captures that are kept already go through the door again: ingest and rebuild."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from archive.catalogue import Catalogue
from archive.notice import Capture, Home, Purpose
from archive.storage import Damage, HomeLock, adopt, is_adopted, iter_captures
from crawler.rooms import open_admission

PAGES = {"text/html", "application/xhtml+xml", "text/plain", "application/json"}

Progress = Callable[[Iterator[Capture]], Iterable[Capture]]
OnDamage = Callable[[Damage], None]


def take_in(
    home: Home,
    catalogue_url: str,
    files: Sequence[Path],
    *,
    progress: Progress,
    on_damage: OnDamage,
) -> Mapping[str, int]:
    """Admit the captures of WARC files in their order; count what came of them.

    Files of other tools are copied into the home first. `on_damage` is told of each fault; the
    good captures around it are taken.
    """
    with HomeLock(home):
        rooms = open_admission(home, catalogue_url=catalogue_url)
        with rooms.catalogue:
            copies = [adopt(home, path) for path in files]
            captures = iter_captures(
                home, paths=copies, find_place=rooms.catalogue.place_of, on_damage=on_damage
            )
            return _admit_all(rooms.admission.admit, progress(captures))


def rebuild_catalogue(home: Home, *, progress: Progress, on_damage: OnDamage) -> Mapping[str, int]:
    """Make the embedded catalogue again from the WARCs; the old one stays until that is done."""
    fresh = home.path / "catalogue.rebuilt.sqlite"
    url = f"sqlite:///{fresh}"
    with HomeLock(home):
        _remove_database(fresh)
        Catalogue.open(url, create=True).close()
        rooms = open_admission(home, catalogue_url=url)
        with rooms.catalogue:
            captures = iter_captures(home, find_place=rooms.catalogue.place_of, on_damage=on_damage)
            counts = _admit_all(rooms.admission.admit, progress(captures))
        _remove_database(home.path / "catalogue.sqlite")
        fresh.replace(home.path / "catalogue.sqlite")
    return counts


def _admit_all(
    admit: Callable[[Capture], object], captures: Iterable[Capture]
) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for capture in captures:
        admitted = admit(_as_page(capture) if is_adopted(capture.place) else capture)
        receipt = getattr(admitted, "receipt", None)
        counts["captures"] += 1
        if receipt is not None:
            counts[str(receipt.outcome)] += 1
    return counts


def _as_page(capture: Capture) -> Capture:
    """A page of another tool's WARC, which does not say what it was fetched for.

    It is read as a notice, of the source whose host it is; what is no notice is set aside by the
    same judgement as ever.
    """
    if capture.status != 200 or capture.media_type not in PAGES:
        return capture
    return replace(capture, facts=replace(capture.facts, purpose=Purpose.NOTICE))


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
