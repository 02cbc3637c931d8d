"""What is known, as JSON values: the same for the API, ``show --json`` and exports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from archive.catalogue.gaps import Series
from archive.catalogue.learnt_codes import as_json as code_json
from archive.catalogue.views import (
    AlarmView,
    AttachmentView,
    CaptureView,
    ChangeView,
    DoubtView,
    NoticeSummary,
    NoticeView,
    RunView,
    SetAsideView,
    SightingView,
    StatusView,
    WatchView,
)
from archive.catalogue.wanted import Wanted
from archive.notice import utc_text
from archive.notice.regions import region_name


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if at is None else utc_text(at)


def day(on: date | None) -> str | None:
    """ISO 8601."""
    return None if on is None else on.isoformat()


def summary_json(summary: NoticeSummary) -> dict[str, Any]:
    """A notice as a list shows it."""
    code = summary.jurisdiction
    return {
        "id": summary.id,
        "seq": summary.seq,
        "document_number": summary.document_number,
        "index_number": summary.index_number,
        "title": summary.title,
        "kind": summary.kind,
        "issuing_bodies": list(summary.issuing_bodies),
        "jurisdiction": None if code is None else {"code": code, "name": region_name(code)},
        "topics": list(summary.topics),
        "written_on": day(summary.written_on),
        "published_on": day(summary.published_on),
        "effective_on": day(summary.effective_on),
        "validity": _validity(summary),
        "first_seen_at": moment(summary.first_seen_at),
        "changed_at": moment(summary.changed_at),
    }


def _validity(summary: NoticeSummary) -> dict[str, Any] | None:
    """The status as a page states it; a list does not say since when, the notice itself does."""
    if summary.validity is None:
        return None
    return {"status": summary.validity, "since": None, "evidence": None}


def _proven_validity(view: NoticeView) -> dict[str, Any] | None:
    """The status with its day and its evidence, where those are known."""
    stated = _validity(view.summary)
    if stated is None:
        return None
    certain = [status for status in view.statuses if status.doubt is None]
    proof = next((s for s in reversed(certain) if s.status == stated["status"]), None)
    return (
        stated
        if proof is None
        else stated | {"since": day(proof.since), "evidence": proof.evidence}
    )


def notice_json(view: NoticeView) -> dict[str, Any]:
    """Everything that is known of a notice."""
    return summary_json(view.summary) | {
        "validity": _proven_validity(view),
        "withdrawn_at": moment(view.withdrawn_at),
        "statuses": [status_json(status) for status in view.statuses],
        "doubts": [_doubt(doubt) for doubt in view.doubts],
        "issuer_code": None if view.code is None else code_json(view.code),
        "addressees": view.addressees,
        "text": view.text,
        "versions": [
            {
                "number": version.number,
                "captured_at": moment(version.captured_at),
                "digest": version.digest,
            }
            for version in view.versions
        ],
        "sightings": [_sighting(sighting) for sighting in view.sightings],
        "captures": [_capture(capture) for capture in view.captures],
        "attachments": [_attachment(attachment) for attachment in view.attachments],
        "cites": [
            {
                "number": citation.number,
                "title": citation.title,
                "notice_id": citation.notice_id,
                "relation": citation.relation,
            }
            for citation in view.cites
        ],
        "cited_by": [
            {"id": citing.id, "document_number": citing.document_number, "title": citing.title}
            for citing in view.cited_by
        ],
        "decisions": [
            {
                "at": moment(decision.at),
                "outcome": str(decision.outcome),
                "url": decision.url,
                "reasons": list(decision.reasons),
            }
            for decision in view.decisions
        ],
        "flags": list(view.flags),
    }


def status_json(view: StatusView) -> dict[str, Any]:
    """What became of a notice, with its evidence."""
    return {
        "status": view.status,
        "since": day(view.since),
        "at": moment(view.at),
        "evidence": view.evidence,
        "told": view.told,
        "doubt": view.doubt,
    }


def _doubt(doubt: DoubtView) -> dict[str, Any]:
    return {
        "notice_id": doubt.other.id,
        "document_number": doubt.other.document_number,
        "title": doubt.other.title,
        "at": moment(doubt.at),
        "reason": doubt.reason,
    }


def _sighting(sighting: SightingView) -> dict[str, Any]:
    return {
        "url": sighting.url,
        "source": sighting.source,
        "source_name": sighting.source_name,
        "trust": sighting.trust.name.lower(),
        "original": sighting.is_original,
        "first_seen_at": moment(sighting.first_seen_at),
        "last_seen_at": moment(sighting.last_seen_at),
        "state": sighting.state,
    }


def _capture(capture: CaptureView) -> dict[str, Any]:
    return {
        "url": capture.url,
        "captured_at": moment(capture.captured_at),
        "status": capture.status,
        "record_id": capture.record_id,
        "warc_file": capture.place.file,
        "offset": capture.place.offset,
        "length": capture.place.length,
        "payload_digest": capture.payload_digest,
        "revisit_of": capture.revisit_of,
    }


def _attachment(view: AttachmentView) -> dict[str, Any]:
    return {
        "title": view.attachment.title,
        "url": view.attachment.url,
        "record_id": view.record_id,
        "media_type": view.media_type,
        "size": view.size,
        "kind": view.kind,
        "characters": view.characters,
        "flags": list(view.flags),
    }


def change_json(change: ChangeView) -> dict[str, Any]:
    """A line of the change log."""
    return {
        "seq": change.seq,
        "at": moment(change.at),
        "change": str(change.change),
        "notice_id": change.notice_id,
        "source": change.source,
        "url": change.url,
        "version": change.version,
    }


def alarm_json(view: AlarmView) -> dict[str, Any]:
    """An alarm in the book."""
    alarm = view.alarm
    return {
        "id": view.id,
        "kind": str(alarm.kind),
        "source": alarm.source,
        "column": alarm.column,
        "url": alarm.url,
        "expected": alarm.expected,
        "came": alarm.came,
        "to_do": alarm.to_do,
        "raised_at": moment(alarm.raised_at),
        "last_raised_at": moment(view.last_raised_at),
        "times": view.times,
        "closed_at": moment(view.closed_at),
    }


def set_aside_json(view: SetAsideView) -> dict[str, Any]:
    """Something that was not taken in, and why."""
    return {
        "url": view.url,
        "title": view.title,
        "source": view.source,
        "column": view.column,
        "reason": view.reason,
        "at": moment(view.at),
    }


def run_json(run: RunView | None) -> dict[str, Any] | None:
    """One look."""
    if run is None:
        return None
    counts = ("leads", "new", "revised", "copies", "unchanged", "set_aside", "errors")
    return {
        "id": run.id,
        "started_at": moment(run.started_at),
        "ended_at": moment(run.ended_at),
        "outcome": run.outcome,
    } | {name: getattr(run, name) for name in counts}


def watch_json(watch: WatchView) -> dict[str, Any]:
    """The standing order for a column."""
    return {
        "column": watch.column,
        "every_seconds": int(watch.every.total_seconds()),
        "due_at": moment(watch.due_at),
        "running": watch.running,
        "last_run": run_json(watch.last_run),
    }


def series_json(series: Series) -> dict[str, Any]:
    """A number series with its gaps, as `hongtou gaps --json` prints it."""
    return {
        "issuer_code": series.issuer_code,
        "year": series.year,
        "jurisdiction": series.scope,
        "seen": list(series.seen),
        "cited": list(series.cited),
        "last": series.last,
        "certainty": series.certainty,
        "missing": list(series.missing),
    }


def wanted_json(wanted: Wanted) -> dict[str, Any]:
    """Something cited and not here, as `hongtou wanted --json` prints it."""
    return vars(wanted).copy()
