"""What a look is judged to be."""

from __future__ import annotations

from archive.notice import Outcome, Receipt
from crawler.tally import Tally

NEW = Receipt(outcome=Outcome.NEW, url="http://a.example/1")


def test_a_look_without_trouble_is_ok_even_when_nothing_is_new() -> None:
    assert Tally().outcome == "ok"


def test_a_look_that_brought_something_and_missed_something_is_partial() -> None:
    tally = Tally()
    tally.take(NEW)
    tally.add("errors")
    assert tally.outcome == "partial"


def test_a_look_that_brought_nothing_and_missed_something_failed() -> None:
    tally = Tally()
    tally.add("errors")
    assert tally.outcome == "failed"


def test_a_challenge_ends_a_look_as_blocked() -> None:
    tally = Tally()
    tally.take(NEW)
    tally.blocked_by = "riversec"
    assert tally.outcome == "blocked"


def test_an_archive_that_cannot_record_is_a_failed_look_whatever_came_before() -> None:
    tally = Tally()
    tally.take(NEW)
    tally.failure = OSError("disk full")
    assert tally.outcome == "failed"


def test_the_book_names_what_the_catalogue_counts() -> None:
    tally = Tally()
    tally.take(NEW)
    tally.add("leads", 3)
    assert tally.book() == {
        "leads": 3,
        "errors": 0,
        "new": 1,
        "revised": 0,
        "copies": 0,
        "unchanged": 0,
        "set_aside": 0,
    }
