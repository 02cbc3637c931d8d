"""The archive: everything that works on what was captured, without Scrapy."""
