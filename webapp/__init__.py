"""The faces of Reread: Flask pages, the JSON API and the command line. Nothing here decides what a reader likes."""
