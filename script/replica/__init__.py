"""Writes the saved web of the replica: our own pages, in the true markup of each system."""
