"""The pages for people (templates/, static/). A view parses, calls the recommender, renders; none needs JavaScript."""
