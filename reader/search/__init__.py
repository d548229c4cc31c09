"""Finding items by their words: what was typed, what fits, where it stands in the text."""
