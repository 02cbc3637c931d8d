"""What sites look like: bytes in, values out. Nothing here fetches or stores.

A source is a folder with a source.toml below ``sources/<level>/<site>/``; how its lists are
read is said by one of the `dialects`. See docs/adding-a-source.md.
"""

from spiders.folders import load_sources
from spiders.reading import read_fields, read_listing

__all__ = ["load_sources", "read_fields", "read_listing"]
