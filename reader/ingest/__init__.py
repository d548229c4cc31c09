"""Feeds, pages and JSON Lines -> items. Knows no reader and no store."""
