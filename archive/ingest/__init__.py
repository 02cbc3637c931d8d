"""From capture to reading: decode, clean, repair, identify. Pure, no database."""
