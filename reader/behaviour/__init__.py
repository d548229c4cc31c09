"""Events -> views -> signals: what a reader did, as pure functions."""
