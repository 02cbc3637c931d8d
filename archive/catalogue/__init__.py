"""What is known: notices, versions, sightings, and the log of their changes."""
