"""Bytes for good: WARC writing, reading and fixity."""
