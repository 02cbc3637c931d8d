"""Packages for others to keep: WACZ and BagIt, made of a query's notices and their captures."""
