"""The text of a notice as it is shown below its title."""

from __future__ import annotations

from archive.catalogue.views import NoticeView, VersionView

MOST_TITLE_LINES = 6


def text_below(title: str, text: str) -> list[str]:
    """The lines of a text without those at its beginning that are its title, set above it."""
    lines = [line for line in text.split("\n") if line.strip()]
    wanted, met = "".join(title.split()), ""
    for count, line in enumerate(lines[:MOST_TITLE_LINES], start=1):
        met += "".join(line.split())
        if met == wanted:
            return lines[count:]
    return lines


def current_version(view: NoticeView) -> VersionView | None:
    """The version that stands: not always the last one, when a wording came back."""
    standing = (version for version in reversed(view.versions) if version.text == view.text)
    return next(standing, view.versions[-1] if view.versions else None)
