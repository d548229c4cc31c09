"""Reread as an installed app, and copies of articles that open without a connection (docs/privacy.md)."""
