"""The notice that a reader asks for, by whatever id it has ever had."""

from __future__ import annotations

import re
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

from archive.access.addresses import asked_path, desk_of
from archive.catalogue.views import NoticeView, VersionView
from archive.errors import UnknownNotice


class MovedNotice(HTTPException):
    """The notice has been put together with another; its address leads there for ever."""

    def __init__(self, location: str) -> None:
        super().__init__(
            HTTPStatus.PERMANENT_REDIRECT,
            "The notice has been put together with another one.",
            # Asked again each time: a person may part the two again.
            headers={"Location": location, "Cache-Control": "no-cache"},
        )


def the_notice(request: Request, notice_id: str) -> NoticeView:
    """The notice with that id.

    Raises:
        UnknownNotice: There is none.
        MovedNotice: The id leads to another notice's.
    """
    is_id = re.fullmatch(r"[\w.-]{1,64}", notice_id)
    view = desk_of(request).library.notice(notice_id) if is_id else None
    if view is None:
        raise UnknownNotice
    if view.summary.id != notice_id:
        onward = f"/notices/{view.summary.id}"
        raise MovedNotice(asked_path(request).replace(f"/notices/{notice_id}", onward, 1))
    return view


def the_version(view: NoticeView, number: int) -> VersionView:
    """The version with that number.

    Raises:
        UnknownNotice: The notice has none.
    """
    for version in view.versions:
        if version.number == number:
            return version
    raise UnknownNotice("That notice has no version of that number.", next_step="")


def two_versions(view: NoticeView, before: int, after: int) -> tuple[VersionView, VersionView]:
    """Two versions to compare; 0 stands for the one before the last, and for the last.

    Raises:
        UnknownNotice: The notice has no such version, or only one.
    """
    in_time = sorted(view.versions, key=lambda version: (version.captured_at, version.number))
    if len(in_time) < 2 and not (before and after):
        raise UnknownNotice("The notice has one version only.", next_step="")
    return (
        the_version(view, before) if before else in_time[-2],
        the_version(view, after) if after else in_time[-1],
    )
