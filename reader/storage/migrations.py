"""The shape of the SQLite file, as steps that are applied once each and never changed afterwards.

What belongs here: tables, indices, and changes of either. What does not: questions to them (`reader.storage.sqlite`).
Columns are named as in the public formats. `body` holds the remaining fields of the record as one JSON object; a field
becomes a column when something asks by it. Times are RFC 3339 UTC with milliseconds, which sort as text.
"""

from __future__ import annotations

from contextlib import closing
from functools import cache

from sqlite_utils import Database, Migrations

from reader.storage.first_tables import FIRST_TABLES

migrations = Migrations("reread")


@cache
def known_names() -> frozenset[str]:
    """Return the names of all migrations of this version: those that an empty database lacks."""
    with closing(Database(memory=True, execute_plugins=False)) as empty:
        return frozenset(migration.name for migration in migrations.pending(empty))


@migrations()
def m001_first_tables(db: Database) -> None:
    """Create everything that the first version stores.

    AUTOINCREMENT where `seq` is promised to grow: a plain rowid would be given again after the newest row was deleted.
    An index on `user` alone serves "of one reader, in order of seq": SQLite ends each index with the rowid, here `seq`.
    """
    db.executescript(FIRST_TABLES)


@migrations()
def m002_parts(db: Database) -> None:
    """Create the table of readers' own parts of what is learned from lists."""
    db.execute("CREATE TABLE parts (user TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL)")


@migrations()
def m003_creators_and_sounds(db: Database) -> None:
    """Let clips be found by creator and by sound: their ids, or their names where no ids are known.

    Columns beside the record, since `body` may hold numbers that SQLite's own JSON functions refuse.
    """
    db.executescript("""
        ALTER TABLE items ADD COLUMN creator_key TEXT;
        ALTER TABLE items ADD COLUMN sound_key TEXT;
        UPDATE items SET
            creator_key = CASE WHEN json_valid(body) THEN json_extract(body, '$.creator') END,
            sound_key = CASE WHEN json_valid(body) THEN json_extract(body, '$.sound') END
        WHERE kind = 'video';
        CREATE INDEX items_creator ON items (creator_key, published_at) WHERE creator_key IS NOT NULL;
        CREATE INDEX items_sound ON items (sound_key, published_at) WHERE sound_key IS NOT NULL;
    """)


@migrations()
def m004_accounts(db: Database) -> None:
    """Create what readers with accounts need. `user` is the account's id everywhere; `key` tells nicknames apart."""
    db.executescript("""
        CREATE TABLE accounts (
            user TEXT NOT NULL PRIMARY KEY,
            nickname TEXT NOT NULL,
            key TEXT NOT NULL UNIQUE,
            password_hash TEXT NOT NULL,
            role TEXT NOT NULL,
            created_at TEXT NOT NULL,
            disabled INTEGER NOT NULL
        );
        CREATE TABLE logins (
            digest TEXT NOT NULL PRIMARY KEY,
            user TEXT NOT NULL,
            created_at TEXT NOT NULL,
            seen_at TEXT NOT NULL
        );
        CREATE INDEX logins_user ON logins (user);
        CREATE TABLE invitations (
            digest TEXT NOT NULL PRIMARY KEY,
            role TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            user TEXT NOT NULL
        );
        CREATE TABLE attempts (
            key TEXT NOT NULL PRIMARY KEY,
            count INTEGER NOT NULL,
            at TEXT NOT NULL
        );
        CREATE TABLE audits (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            user TEXT NOT NULL,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            act TEXT NOT NULL
        );
        CREATE INDEX audits_user ON audits (user);
    """)


@migrations()
def m005_events_per_reader(db: Database) -> None:
    """Let ids of events be unique per reader: nobody learns, by sending an id, that another reader has used it.

    SQLite cannot change a constraint, so the table is copied. Each event keeps its `seq`, and the counter behind them
    is carried over first, since it may stand above the newest event (after an erasure).
    """
    db.executescript("""
        CREATE TABLE events_per_reader (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            user TEXT NOT NULL,
            at TEXT NOT NULL,
            type TEXT NOT NULL,
            item TEXT,
            view TEXT,
            body TEXT NOT NULL,
            UNIQUE (user, id)
        );
        INSERT INTO sqlite_sequence (name, seq)
            SELECT 'events_per_reader', seq FROM sqlite_sequence WHERE name = 'events';
        INSERT INTO events_per_reader (seq, id, user, at, type, item, view, body)
            SELECT seq, id, user, at, type, item, view, body FROM events ORDER BY seq;
        DROP TABLE events;
        ALTER TABLE events_per_reader RENAME TO events;
        CREATE INDEX events_user ON events (user);
    """)


@migrations()
def m006_subscriptions(db: Database) -> None:
    """Create who follows which feed, and what each feed brought; feeds get what the next try needs.

    Feeds of before were the installation's own: they are `shared`; without accounts the local reader follows them.
    """
    db.executescript("""
        ALTER TABLE feeds ADD COLUMN site_url TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN succeeded_at TEXT;
        ALTER TABLE feeds ADD COLUMN next_at TEXT;
        ALTER TABLE feeds ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN interval_s REAL NOT NULL DEFAULT 0;
        ALTER TABLE feeds ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
        UPDATE feeds SET shared = EXISTS (SELECT 1 FROM accounts);
        CREATE TABLE subscriptions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            user TEXT NOT NULL,
            feed TEXT NOT NULL,
            title TEXT NOT NULL,
            places TEXT NOT NULL,
            full_text INTEGER NOT NULL,
            added_at TEXT,
            ended_at TEXT,
            attributes TEXT NOT NULL,
            UNIQUE (user, feed)
        );
        CREATE INDEX subscriptions_feed ON subscriptions (feed);
        CREATE TABLE folders (
            user TEXT NOT NULL,
            path TEXT NOT NULL,
            position INTEGER NOT NULL,
            attributes TEXT NOT NULL,
            PRIMARY KEY (user, path)
        );
        CREATE TABLE feed_items (
            feed TEXT NOT NULL,
            item TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (feed, item)
        ) WITHOUT ROWID;
        CREATE INDEX feed_items_item ON feed_items (item);
        CREATE INDEX feed_items_at ON feed_items (at);
        INSERT INTO subscriptions (user, feed, title, places, full_text, attributes)
            SELECT 'local', url, '', '[[[], 0]]', 0, '{}' FROM feeds WHERE NOT EXISTS (SELECT 1 FROM accounts)
            ORDER BY url;
    """)


@migrations()
def m007_sites(db: Database) -> None:
    """Sites of publishers; their readers and items lie in files of their own."""
    db.executescript("""
        CREATE TABLE sites (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            key TEXT NOT NULL UNIQUE,
            origins TEXT NOT NULL,
            created_at TEXT NOT NULL
        );
    """)


@migrations()
def m008_levels_of_consent(db: Database) -> None:
    """Let answers say how much is allowed and who gave them; those from before were yes or no, and the reader's."""
    db.executescript("""
        ALTER TABLE consents ADD COLUMN level TEXT NOT NULL DEFAULT '';
        ALTER TABLE consents ADD COLUMN actor TEXT NOT NULL DEFAULT 'reader';
    """)


@migrations()
def m009_erasures(db: Database) -> None:
    """Create the record that something was erased, which does not say whose it was."""
    db.execute("CREATE TABLE erasures (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, at TEXT)")


@migrations()
def m010_families(db: Database) -> None:
    """Create what children's accounts need, and a table of what readers chose that is no event.

    `forms` is apart, since what is in it is looked at once and deleted.
    """
    db.executescript("""
        CREATE TABLE choices (
            user TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (user, name)
        );
        CREATE TABLE guardian_requests (
            digest TEXT NOT NULL PRIMARY KEY,
            method TEXT NOT NULL,
            contact TEXT NOT NULL,
            created_at TEXT NOT NULL,
            state TEXT NOT NULL,
            key_digest TEXT NOT NULL,
            due_at TEXT,
            decided_at TEXT,
            actor TEXT NOT NULL,
            text_version TEXT NOT NULL
        );
        CREATE TABLE forms (
            digest TEXT NOT NULL PRIMARY KEY,
            media_type TEXT NOT NULL,
            content BLOB NOT NULL
        );
        CREATE TABLE children (
            user TEXT NOT NULL PRIMARY KEY,
            guardian TEXT NOT NULL,
            key_digest TEXT NOT NULL,
            method TEXT NOT NULL,
            of_age TEXT NOT NULL,
            since TEXT NOT NULL,
            embeds INTEGER NOT NULL
        );
        CREATE INDEX children_guardian ON children (guardian);
    """)


@migrations()
def m011_left_addresses(db: Database) -> None:
    """Blank the addresses that feeds which nobody follows any more left with what they had brought."""
    db.executescript("""
        UPDATE OR IGNORE feed_items SET feed = '' WHERE feed NOT IN (SELECT url FROM feeds);
        DELETE FROM feed_items WHERE feed <> '' AND feed NOT IN (SELECT url FROM feeds);
    """)


@migrations()
def m012_events_by_item_and_time(db: Database) -> None:
    """Let a reader's events on an item, and the oldest of all, be found without going through the log."""
    db.executescript("""
        CREATE INDEX events_user_item ON events (user, item);
        CREATE INDEX events_at ON events (at);
    """)


@migrations()
def m013_data_grants(db: Database) -> None:
    """Create what readers granted others of their data, and the ledger, of which no line can be changed afterwards."""
    db.executescript("""
        CREATE TABLE grants (
            id TEXT NOT NULL PRIMARY KEY,
            user TEXT NOT NULL,
            classes TEXT NOT NULL,
            recipient TEXT NOT NULL,
            contact TEXT NOT NULL,
            purpose TEXT NOT NULL,
            ends_at TEXT NOT NULL,
            price TEXT NOT NULL,
            records_from TEXT,
            records_to TEXT,
            granted_at TEXT NOT NULL,
            signed TEXT NOT NULL,
            key_digest TEXT NOT NULL,
            ended_at TEXT
        );
        CREATE INDEX grants_user ON grants (user);
        CREATE INDEX grants_key ON grants (key_digest);
        CREATE TABLE grant_ledger (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            grant_id TEXT NOT NULL,
            user TEXT NOT NULL,
            at TEXT NOT NULL,
            act TEXT NOT NULL,
            actor TEXT NOT NULL,
            rows TEXT NOT NULL,
            digest TEXT NOT NULL
        );
        CREATE INDEX grant_ledger_user ON grant_ledger (user, grant_id);
        CREATE TRIGGER grant_ledger_stays BEFORE UPDATE ON grant_ledger
            BEGIN SELECT RAISE(ABORT, 'a line of the ledger is never changed'); END;
    """)


@migrations()
def m014_search(db: Database) -> None:
    """Create the index by which items are found, and the list of those whose base forms it lacks: all there are.

    They are filled in as items are taken into the catalogue, some hundred at a time, since base forms come from there
    and a large store would hold up everybody else. A trigger, so that no way of deleting an item leaves its words.
    """
    db.executescript("""
        CREATE VIRTUAL TABLE search USING fts5 (
            title, makers, summary, body, title_words, words, tokenize = "unicode61 remove_diacritics 2"
        );
        CREATE TABLE search_gaps (seq INTEGER PRIMARY KEY);
        INSERT INTO search_gaps SELECT seq FROM items;
        CREATE TRIGGER items_search AFTER DELETE ON items BEGIN
            DELETE FROM search WHERE rowid = old.seq;
            DELETE FROM search_gaps WHERE seq = old.seq;
        END;
    """)


@migrations()
def m015_outlets(db: Database) -> None:
    """Create the table of lists that programs fetch by a secret address."""
    db.executescript("""
        CREATE TABLE outlets (
            digest TEXT NOT NULL PRIMARY KEY,
            user TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            created_at TEXT NOT NULL,
            folder TEXT NOT NULL,
            full_text INTEGER NOT NULL,
            used_at TEXT,
            list TEXT NOT NULL
        );
        CREATE INDEX outlets_user ON outlets (user);
    """)


@migrations()
def m016_arrivals(db: Database) -> None:
    """Write down when a feed brought an item; of those from before it is not known."""
    db.execute("ALTER TABLE feed_items ADD COLUMN came_at TEXT")


@migrations()
def m017_feed_items_in_order(db: Database) -> None:
    """Let be asked what feeds have brought since the last time: who follows them decides who may get it.

    SQLite cannot add such a column, so the table is copied.
    """
    db.executescript("""
        CREATE TABLE feed_items_in_order (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            feed TEXT NOT NULL,
            item TEXT NOT NULL,
            at TEXT NOT NULL,
            came_at TEXT,
            UNIQUE (feed, item)
        );
        INSERT INTO feed_items_in_order (feed, item, at, came_at)
            SELECT feed, item, at, came_at FROM feed_items ORDER BY feed, item;
        DROP TABLE feed_items;
        ALTER TABLE feed_items_in_order RENAME TO feed_items;
        CREATE INDEX feed_items_item ON feed_items (item);
        CREATE INDEX feed_items_at ON feed_items (at);
    """)


@migrations()
def m018_given_items(db: Database) -> None:
    """Create the list of what was there before a feed brought it: it was given for everybody, and stays so.

    It holds the few that a feed brought as well; of what was given before this version it is not known any more.
    """
    db.execute("CREATE TABLE given_items (item TEXT NOT NULL PRIMARY KEY)")


@migrations()
def m019_guardians_named_anew(db: Database) -> None:
    """Count how often a child named its guardian anew, and keep when it did last."""
    db.execute("ALTER TABLE guardian_requests ADD COLUMN named_anew INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE guardian_requests ADD COLUMN named_at TEXT")
