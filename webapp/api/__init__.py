"""The JSON API, /api/v1 (DESIGN 3.3, docs/api.md). A view parses, calls the recommender, and shapes the answer."""
