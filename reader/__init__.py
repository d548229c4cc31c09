"""The product without a face: items and events in, interests and lists out."""
