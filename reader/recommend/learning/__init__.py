"""Weights that follow what readers open.

What belongs here: when to learn from a list, and how. What does not: what a factor is (`reader.recommend.factors`).
"""
