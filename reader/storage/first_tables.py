"""The tables of the first version, in SQL: the oldest and longest step of `reader.storage.migrations`."""

from __future__ import annotations

from typing import Final

FIRST_TABLES: Final = """
CREATE TABLE items (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    published_at TEXT,
    language TEXT,
    source TEXT,
    body TEXT NOT NULL
);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    item TEXT,
    view TEXT,
    body TEXT NOT NULL
);
CREATE INDEX events_user ON events (user);
CREATE TABLE analyses (
    key TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);
CREATE TABLE lists (
    id TEXT NOT NULL PRIMARY KEY,
    user TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX lists_user ON lists (user);
CREATE INDEX lists_at ON lists (at);
CREATE TABLE consents (
    seq INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    purpose TEXT NOT NULL,
    granted INTEGER NOT NULL,
    at TEXT NOT NULL,
    text_version TEXT NOT NULL
);
CREATE INDEX consents_user_purpose_at ON consents (user, purpose, at);
CREATE TABLE tokens (
    digest TEXT NOT NULL PRIMARY KEY,
    user TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX tokens_user ON tokens (user);
CREATE TABLE feeds (
    url TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    fetched_at TEXT,
    error TEXT NOT NULL
);
"""
