"""Fetching: Scrapy, wired to the archive. Thin on purpose."""
