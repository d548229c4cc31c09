"""What readers agree to. Knows no web and no ranking: answers come in, and say what may be taken."""
