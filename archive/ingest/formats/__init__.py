"""Readers of file formats: a file in, pieces of text out. Run in a process with limits."""
