"""What pages of publishers may ask: scripts, and calls for their own readers. Nobody else is answered at all."""
