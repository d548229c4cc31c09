"""Steps that the tests of storage share: fill a store, look into it, write each kind of thing."""

from __future__ import annotations

from collections.abc import Callable

from reader.storage.protocol import Storage
from reader.types import Audited, Consent, Event
from reader.types_family import Child, GuardianRequest, SignedForm
from reader.types_feeds import Feed, Folder, Subscription
from reader.types_grants import GrantEntry
from reader.types_outlets import Outlet
from reader.types_search import SearchWords
from tests.reader.storage.builders import (
    NOW,
    make_account,
    make_article,
    make_event,
    make_events,
    make_grant,
    make_invitation,
    make_list,
    make_login,
    make_token,
)

# Each writes something; for tests of what happens when an engine cannot.
WRITES: dict[str, Callable[[Storage], object]] = {
    "put_items": lambda storage: storage.put_items([make_article("a9")]),
    "put_words": lambda storage: storage.put_words({"a9": SearchWords()}),
    "rebuild_search": lambda storage: storage.rebuild_search(),
    "put_analyses": lambda storage: storage.put_analyses([("a9", b"x")]),
    "append_events": lambda storage: storage.append_events([make_event("e9")]),
    "drop_events": lambda storage: storage.drop_events("ada", ["open"]),
    "save_list": lambda storage: storage.save_list(make_list("l9")),
    "drop_lists_before": lambda storage: storage.drop_lists_before(NOW),
    "put_consent": lambda storage: storage.put_consent(Consent("ada", "attention", True, NOW, "v1")),
    "put_token": lambda storage: storage.put_token(make_token("d9")),
    "put_feed": lambda storage: storage.put_feed(Feed("https://a/")),
    "share_feed": lambda storage: storage.share_feed("https://a/", True),
    "move_feed": lambda storage: storage.move_feed("https://a/", "https://b/"),
    "drop_unfollowed_feeds": lambda storage: storage.drop_unfollowed_feeds(),
    "put_subscriptions": lambda storage: storage.put_subscriptions([Subscription("ada", "https://a/")]),
    "drop_subscriptions_ended_before": lambda storage: storage.drop_subscriptions_ended_before(NOW),
    "put_folders": lambda storage: storage.put_folders("ada", [Folder(("News",))]),
    "put_fetched": lambda storage: storage.put_fetched("https://a/", Feed("https://a/"), ["a9"], NOW),
    "bring": lambda storage: storage.bring("https://a/", {"a9": NOW}),
    "put_parts": lambda storage: storage.put_parts({"ada": b"x"}),
    "drop_old": lambda storage: storage.drop_old("audits", NOW),
    "drop_old_events": lambda storage: storage.drop_old_events(["open"], NOW),
    "fold_events": lambda storage: storage.fold_events("ada", []),
    "drop_parts": lambda storage: storage.drop_parts(),
    "drop_some_events": lambda storage: storage.drop_some_events("ada", ["e9"]),
    "erase_user": lambda storage: storage.erase_user("ada"),
    "add_account": lambda storage: storage.add_account(make_account("ada")),
    "change_account": lambda storage: storage.change_account("ada", disabled=True),
    "put_login": lambda storage: storage.put_login(make_login("k9")),
    "touch_login": lambda storage: storage.touch_login("k9", NOW),
    "drop_logins": lambda storage: storage.drop_logins("ada"),
    "drop_logins_before": lambda storage: storage.drop_logins_before(NOW, NOW),
    "put_invitation": lambda storage: storage.put_invitation(make_invitation("i9")),
    "take_invitation": lambda storage: storage.take_invitation("i9"),
    "drop_token": lambda storage: storage.drop_token("ada", "d9"),
    "count_attempt": lambda storage: storage.count_attempt("key", NOW, NOW),
    "undo_attempts": lambda storage: storage.undo_attempts(["key"]),
    "drop_attempts": lambda storage: storage.drop_attempts(["key"]),
    "drop_attempts_before": lambda storage: storage.drop_attempts_before(NOW),
    "add_audited": lambda storage: storage.add_audited(Audited("ada", NOW, "operator", "disable")),
}
WRITES |= {
    "put_choice": lambda storage: storage.put_choice("ada", "mode", "latest"),
    "put_guardian_request": lambda storage: storage.put_guardian_request(GuardianRequest("r9", "guardian", "Ann", NOW)),
    "take_guardian_request": lambda storage: storage.take_guardian_request("r9"),
    "put_form": lambda storage: storage.put_form(SignedForm("r9", "image/png", b"x")),
    "drop_form": lambda storage: storage.drop_form("r9"),
    "put_child": lambda storage: storage.put_child(make_child("ada")),
    "drop_child": lambda storage: storage.drop_child("ada"),
    "put_outlet": lambda storage: storage.put_outlet(Outlet("o9", "ada", "for-you", "", NOW)),
    "touch_outlet": lambda storage: storage.touch_outlet("o9", NOW, "l9"),
    "drop_outlet": lambda storage: storage.drop_outlet("ada", "o9"),
    "change_role": lambda storage: storage.change_role("ada", "adult"),
}
WRITES |= {
    "add_grant": lambda storage: storage.add_grant(make_grant("g9"), GrantEntry("g9", "ada", NOW, "granted", "reader")),
    "end_grant": lambda storage: storage.end_grant(GrantEntry("g9", "ada", NOW, "revoked", "reader")),
    "note_export": lambda storage: storage.note_export(GrantEntry("g9", "ada", NOW, "exported", "recipient")),
}
# What `fill` stores of one reader, by kind.
FILLED = {"events": 3, "lists": 1, "consents": 2, "tokens": 1, "parts": 1}
FILLED |= {"accounts": 1, "logins": 2, "invitations": 1, "audits": 1}
FILLED |= {"subscriptions": 2, "folders": 1, "choices": 1, "children": 1, "grants": 1, "grant_ledger": 1}
FILLED |= {"subscriptions": 2, "folders": 1, "choices": 1, "children": 1, "outlets": 1}


def make_child(user: str, *, guardian: str = "", key_digest: str = "") -> Child:
    """Return a child's account of a guardian."""
    return Child(user, guardian, key_digest, "guardian", "2031-04", NOW)


def fill(storage: Storage, user: str) -> None:
    """Store something of every kind about one reader."""
    storage.append_events(make_events(user, 3, user=user))
    storage.save_list(make_list(f"list-{user}", user=user))
    for granted in (True, False):
        storage.put_consent(Consent(user, "attention", granted, NOW, "v1"))
    storage.put_token(make_token(f"digest-{user}", user=user))
    storage.put_parts({user: b"part"})
    storage.put_choice(user, "mode", "latest")
    storage.put_child(make_child(user))
    storage.add_account(make_account(user))
    for number in range(2):
        storage.put_login(make_login(f"login-{user}-{number}", user=user))
    storage.put_invitation(make_invitation(f"invitation-{user}", user=user))
    storage.add_audited(Audited(user, NOW, "operator", "reset-password"))
    storage.put_subscriptions([Subscription(user, f"https://{number}.example/") for number in range(2)])
    storage.put_folders(user, [Folder(("News",))])
    storage.add_grant(
        make_grant(f"grant-{user}", user=user), GrantEntry(f"grant-{user}", user, NOW, "granted", "reader")
    )
    storage.put_outlet(Outlet(f"outlet-{user}", user, "for-you", "", NOW))


def erased(storage: Storage, user: str) -> bool:
    """Return whether what `fill` stored is gone."""
    left = (
        storage.events_after(0, user=user),
        storage.load_list(f"list-{user}"),
        storage.consent(user, "attention"),
        storage.token(f"digest-{user}"),
        storage.parts().get(user),
        storage.account(user),
        storage.choice(user, "mode"),
        storage.child(user),
        storage.account_named(user),
        storage.logins(user),
        storage.invitation(f"invitation-{user}"),
        storage.tokens(user),
        storage.audited(user),
        storage.subscriptions(user),
        storage.folders(user),
        storage.grants(user),
        storage.grant_ledger(f"grant-{user}", user=user),
        storage.outlets(user),
    )
    return not any(left)


def poll(storage: Storage, seen: list[tuple[int, Event]]) -> None:
    """Add what came after the last event seen."""
    seen.extend(storage.events_after(seen[-1][0] if seen else 0))


def events_in(storage: Storage) -> list[Event]:
    """Return the whole log."""
    return [event for _, event in storage.events_after(0)]
