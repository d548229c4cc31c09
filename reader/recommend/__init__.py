"""Candidates -> factors -> ranking -> list shaping -> reasons, and the two verbs observe and recommend."""
