"""Tests of lists that programs fetch by a secret address."""
