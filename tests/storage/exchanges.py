"""Exchanges to write, as the wire would deliver them."""

from datetime import UTC, datetime, timedelta

from archive.notice import CaptureFacts, Exchange, Original, Purpose

BEGIN = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)
PAGE = ("<html><title>关于印发深化医改方案的通知</title>" + "正文。" * 300 + "</html>").encode()
FACTS = CaptureFacts(
    purpose=Purpose.NOTICE,
    source="harbin",
    column="zfwj",
    lead_title="关于印发深化医改方案的通知",
    via="http://www.harbin.gov.cn/col/col104/index.html?a=%E4%B8%AD",
    run="r1",
    hops="L",
)


def response(body=PAGE, head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def exchange(path="/a", octets=None, *, second=0, method="GET", **named):
    host = "www.harbin.gov.cn"
    return Exchange(
        url=f"http://{host}{path}",
        started_at=BEGIN + timedelta(seconds=second),
        request=f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        response=response() if octets is None else octets,
        ip_address="203.0.113.5",
        duration_ms=12,
        **named,
    )


def original_of(capture):
    return Original(
        record_id=capture.record_id,
        url=capture.url,
        captured_at=capture.captured_at,
        payload_digest=capture.payload_digest,
    )
