"""Octets of WARC files: whatever their members look like, what comes out is what went in."""

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.storage.gzip_member import gzip_member
from archive.storage.octets import SHORT, BrokenOctets, Octets

LOOKS_LIKE_A_MEMBER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def all_of(octets, sizes=(7, 100_000)):
    """Everything, and where members were seen to begin."""
    reading, begins, parts = Octets(io.BytesIO(octets)), [], []
    turn = 0
    while True:
        if reading.is_between_records():
            begins.append(reading.offset)
        if reading.is_at_end():
            return b"".join(parts), begins
        parts.append(reading.read(sizes[turn % len(sizes)]))
        turn += 1


pieces = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=40).map(lambda octets: octets + LOOKS_LIKE_A_MEMBER + octets),
    st.integers(1, 3).map(lambda times: bytes(range(256)) * 400 * times),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(pieces.filter(len), max_size=6), st.sampled_from([0, 2]))
def test_members_of_any_size_give_what_was_put_in(parts, level):
    members = [gzip_member(part, level) for part in parts]
    whole, begins = all_of(b"".join(members))
    assert whole == b"".join(parts)
    assert set(begins) <= {sum(map(len, members[:count])) for count in range(len(members) + 1)}


@settings(deadline=None, max_examples=30)
@given(st.lists(pieces, max_size=4))
def test_plain_files_come_as_they_are(parts):
    octets = b"WARC/1.1\r\n" + b"".join(parts)
    assert all_of(octets)[0] == octets


def test_a_member_longer_than_a_window_is_inflated_piece_by_piece():
    stored = bytes(range(256)) * 20_000
    assert all_of(gzip_member(stored, 0) + gzip_member(b"the next"))[0] == stored + b"the next"


@pytest.mark.parametrize("behind", [b"\0" * 20, b"junk", b"\x1f\x8b\x08" + b"\0" * 30])
def test_what_stands_behind_a_member_is_not_taken_for_a_part_of_it(behind):
    member = gzip_member(b"a page")
    reading = Octets(io.BytesIO(member + behind))
    assert reading.read(6) == b"a page"
    assert reading.is_between_records()
    assert reading.offset == len(member)
    with pytest.raises(BrokenOctets):
        reading.is_at_end()


def test_a_flipped_bit_or_a_cut_is_never_taken_for_a_whole_member():
    member = gzip_member(b"page " * 200)
    for at in range(10, len(member)):
        changed = bytearray(member)
        changed[at] ^= 4
        with pytest.raises(BrokenOctets):
            all_of(bytes(changed) + member)
        with pytest.raises(BrokenOctets):
            all_of(member[:at])


def test_a_bomb_takes_no_more_memory_than_one_piece():
    """1,000 octets of zeroes for one, and a trailer that says there are few."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packing.compress(bytes(64 << 20)) + packing.flush()
    reading = Octets(io.BytesIO(bomb[:-4] + (100).to_bytes(4, "little")))
    assert len(bomb) < SHORT * 2
    assert reading.read(1000) == bytes(1000)
    assert len(reading._buffer) <= 1 << 20
