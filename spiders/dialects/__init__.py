"""Ways of listing and paging: one module a publishing system."""
