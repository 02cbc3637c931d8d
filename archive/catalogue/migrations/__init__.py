"""The steps by which the catalogue's schema has grown; run from `archive.catalogue.schema`."""
