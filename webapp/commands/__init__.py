"""The commands of `reread`, a few related ones a file. Each parses, calls, prints; heavy packages are imported late."""
