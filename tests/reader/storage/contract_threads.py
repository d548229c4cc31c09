"""What every engine must keep while several threads use it, and when it is closed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from reader.storage.protocol import Storage
from reader.types import Event
from tests.reader.storage.builders import make_article, make_event, make_events
from tests.reader.storage.steps import events_in, fill, poll

THREADS = 8


class ThreadsContract:
    """Nothing is lost, and nothing breaks."""

    def test_threads_write_and_read_at_once_and_nothing_is_lost(self, storage: Storage) -> None:
        """Each thread finds its own events at once; in the end all are there, once each."""

        def work(name: str) -> None:
            for batch in range(10):
                events = make_events(f"{name}-{batch}", 5, user=name)
                assert storage.append_events(events).duplicates == ()
                assert [event for _, event in storage.events_after(0, user=name)][-5:] == events
                storage.put_items([make_article(f"{name}-{batch}"), make_article("shared", title=f"{name}-{batch}")])

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, [f"thread{number}" for number in range(THREADS)]))

        assert len({event.id for event in events_in(storage)}) == len(events_in(storage)) == THREADS * 10 * 5
        assert storage.item_count() == THREADS * 10 + 1

    def test_a_poller_misses_nothing_while_others_write(self, storage: Storage) -> None:
        """What comes after the last seq seen is all that is new, in order."""

        def write(name: str) -> None:
            for number in range(50):
                storage.append_events([make_event(f"{name}-{number}")])

        seen: list[tuple[int, Event]] = []
        with ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(write, f"w{number}") for number in range(4)]
            while not all(writer.done() for writer in writers):
                poll(storage, seen)
        poll(storage, seen)

        assert [writer.exception() for writer in writers] == [None] * 4
        assert seen == storage.events_after(0)
        assert len(seen) == 200

    def test_a_closed_store_opens_again_when_used(self, storage: Storage) -> None:
        """Closing twice is fine, and what was stored is still there."""
        fill(storage, "ada")
        storage.close()
        storage.close()

        assert storage.users() == ["ada"]

    def test_closing_while_others_work_breaks_nothing(self, storage: Storage) -> None:
        """The other threads open it again."""

        def work(name: str) -> None:
            for number in range(30):
                storage.append_events([make_event(f"{name}-{number}")])
                storage.events_after(0)

        with ThreadPoolExecutor(4) as pool:
            workers = [pool.submit(work, f"w{number}") for number in range(4)]
            while not all(worker.done() for worker in workers):
                storage.close()

        assert [worker.exception() for worker in workers] == [None] * 4
        assert len(events_in(storage)) == 120
