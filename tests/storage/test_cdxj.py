"""CDXJ: sorted, complete, and each line leads to its record."""

import gzip
import json

import pytest
from exchanges import FACTS, exchange, response

from archive.notice import Place
from archive.storage import index_lines, read_record
from archive.storage.uri import surt


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.harbin.gov.cn/art/2017/1.html", "cn,gov,harbin)/art/2017/1.html"),
        ("https://WJW.sz.gov.cn:443/A/?b=2&a=1", "cn,gov,sz,wjw)/a?a=1&b=2"),
        ("http://a.cn:8080", "cn,a:8080)/"),
        ("http://a.cn/%E4%B8%AD", "cn,a)/%e4%b8%ad"),
        ("http://a.cn:port/", "http://a.cn:port/"),
        ("urn:x:y", "urn:x:y"),
    ],
)
def test_keys_turn_the_host_round(url, key):
    assert surt(url) == key


def test_lines_are_sorted_complete_and_lead_to_their_records(home, new_writer):
    with new_writer() as writer:
        captures = [
            writer.write(exchange(path, response(path.encode()), second=second), FACTS)
            for second, path in enumerate(["/b", "/a", "/a?x=2", "/A/1"])
        ]
        writer.write(exchange("/silent", b"", second=9), FACTS)
    lines = list(index_lines(home))
    assert lines == sorted(lines, key=str.encode)
    assert len(lines) == len(captures)
    for line in lines:
        _, stamp, said = line.split(" ", 2)
        entry = json.loads(said)
        assert {"url", "digest", "mime", "filename", "offset", "length", "status"} <= set(entry)
        assert len(stamp) == 14
        place = Place(
            file=entry["filename"], offset=int(entry["offset"]), length=int(entry["length"])
        )
        record = gzip.decompress(read_record(home, place))
        assert f"WARC-Target-URI: {entry['url']}\r\n".encode() in record
