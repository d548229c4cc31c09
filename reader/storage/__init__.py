"""One protocol, its engines, its migrations: the only room with SQL."""
