"""Data grants on the web: what goes out by one, how it is checked, and where recipients come for it."""
