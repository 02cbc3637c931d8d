"""Feeds: what was announced, in order of arrival, in the three formats readers know."""
