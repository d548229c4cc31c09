"""Signals and paragraph keywords -> interests: one reader as a fold over their events."""
