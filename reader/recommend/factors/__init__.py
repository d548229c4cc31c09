"""The named factors of ranking, one family a module, and the registry that knows them all."""
