"""The control room: which column is due, what came of each look, who must be told."""
