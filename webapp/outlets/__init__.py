"""Lists of a reader's as Atom feeds, fetched by a secret address."""
