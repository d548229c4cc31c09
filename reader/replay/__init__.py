"""A log through the same recommender -> figures; importers of published logs."""
