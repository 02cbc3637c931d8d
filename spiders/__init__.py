"""What sites look like: bytes in, values out. Nothing here fetches or stores."""
