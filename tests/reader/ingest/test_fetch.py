from __future__ import annotations

import gzip
import zlib
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.errors import FetchError, ForbiddenAddressError
from reader.ingest.addresses import refusal
from reader.ingest.connections import resolve
from reader.ingest.fetch import Fetcher
from tests.reader.ingest.conftest import HERE, NOW, Handler, Site, make_fetcher


def test_answer_comes_back_whole(site: Site, fetcher: Fetcher) -> None:
    url = site.put("/feed", b"<rss/>", Content_Type="application/rss+xml", ETag='"1"', Last_Modified="Mon")

    fetched = fetcher.fetch(url)

    assert (fetched.url, fetched.status, fetched.content) == (url, 200, b"<rss/>")
    assert (fetched.content_type, fetched.etag, fetched.last_modified) == ("application/rss+xml", '"1"', "Mon")
    assert not fetched.not_modified


def test_request_says_who_asks_and_for_which_host(site: Site, fetcher: Fetcher) -> None:
    fetcher.fetch(site.put("/", b""))

    (_, headers) = site.asked[0]
    assert headers["User-Agent"] == "Reread/0.1"
    assert headers["Host"] == f"127.0.0.1:{site.port}"
    assert "If-None-Match" not in headers


def test_conditional_get_sends_validators_and_understands_304(site: Site, fetcher: Fetcher) -> None:
    site.pages["/feed"] = lambda handler: handler.answer(status=304, ETag='"2"')

    fetched = fetcher.fetch(site.url + "/feed", etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT")

    assert fetched.not_modified
    assert fetched.content == b""
    (_, headers) = site.asked[0]
    assert headers["If-None-Match"] == '"1"'
    assert headers["If-Modified-Since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_final_address_told(site: Site, fetcher: Fetcher, status: int) -> None:
    site.put("/new/feed", b"here")
    url = site.redirect("/old", "new/feed", status)

    fetched = fetcher.fetch(url)

    assert (fetched.content, fetched.url) == (b"here", site.url + "/new/feed")


def test_redirect_loop_is_named(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/b", "/a")
    url = site.redirect("/a", "/b")

    with pytest.raises(FetchError, match=r"redirects in a loop: .*/a -> .*/b -> .*/a"):
        fetcher.fetch(url)


def test_sixth_redirect_is_too_many(site: Site, fetcher: Fetcher) -> None:
    for number in range(7):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.put("/7", b"end")

    assert fetcher.fetch(f"{site.url}/2").content == b"end"
    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.fetch(f"{site.url}/1")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "gopher://localhost/", "javascript:1"])
def test_redirect_to_another_scheme_is_refused(site: Site, fetcher: Fetcher, target: str) -> None:
    with pytest.raises(FetchError, match="only http:// and https:// are fetched"):
        fetcher.fetch(site.redirect("/", target))


def test_redirect_without_target_is_told(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = lambda handler: handler.answer(status=302)

    with pytest.raises(FetchError, match="302 Found, but not where to"):
        fetcher.fetch(site.url + "/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "only http:// and https://"),
        ("example.org/feed", "only http:// and https://"),
        ("", "only http:// and https://"),
        ("http://", "names no host"),
        ("http:///feed", "names no host"),
        ("http://[::1", "no valid address"),
        ("http://127.0.0.1:99999/", "no valid address|broke off"),
        ("http://a..b/", "not known|no valid address"),
        (f"http://{'a' * 300}/", "not known|no valid address"),
        ("http://nowhere.invalid/", "'nowhere.invalid' is not known"),
    ],
)
def test_what_is_no_address_is_an_error_in_plain_words(fetcher: Fetcher, url: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        fetcher.fetch(url)


def test_password_in_an_address_is_refused_and_not_repeated(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="passwords in an address") as caught:
        fetcher.fetch("http://ada:geheim@127.0.0.1/")

    assert "geheim" not in str(caught.value)


def test_closed_port_is_told(site: Site, fetcher: Fetcher) -> None:
    with Site() as other:
        url = other.url
    with pytest.raises(FetchError, match=f"^{url}/: no connection to 127.0.0.1 port .*refused"):
        fetcher.fetch(url + "/")


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "the server answered 404 Not Found"), (500, "500 Internal"), (299 + 500, "799 an unknown status")],
)
def test_error_status_is_told(site: Site, fetcher: Fetcher, status: int, words: str) -> None:
    site.pages["/"] = lambda handler: handler.answer(status=status)

    with pytest.raises(FetchError, match=words):
        fetcher.fetch(site.url + "/")


def test_retry_after_is_passed_on(site: Site, fetcher: Fetcher) -> None:
    site.pages["/"] = lambda handler: handler.answer(status=429, Retry_After="120")

    with pytest.raises(FetchError, match="429 Too Many Requests, retry after 120"):
        fetcher.fetch(site.url + "/")


# However a URL may write this machine: short, in one number, in octal, in hexadecimal, with a dot, as IPv6.
LOOPBACK = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST.",
    "127.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


class TestPrivateAddresses:
    """What settings.fetch_private_addresses = False must hold against."""

    @pytest.mark.parametrize("host", LOOPBACK)
    def test_loopback_is_refused_however_it_is_written(self, site: Site, host: str) -> None:
        site.put("/", b"secret")

        with pytest.raises(ForbiddenAddressError, match="fetch_private_addresses"):
            make_fetcher(fetch_private_addresses=False).fetch(f"http://{host}:{site.port}/")
        assert site.asked == []

    def test_name_that_leads_to_one_private_address_among_others_is_refused(self, site: Site) -> None:
        fetcher = make_fetcher(fetch_private_addresses=False, resolve=lambda host, port: ["93.184.215.14", "10.0.0.7"])

        with pytest.raises(ForbiddenAddressError, match=r"news\.test leads to 10\.0\.0\.7, a private address"):
            fetcher.fetch("http://news.test/")

    def test_redirect_to_loopback_is_refused(self, site: Site) -> None:
        """The first hop is allowed by its address, 127.0.0.2, which stands for a public one."""
        fetcher = make_fetcher(
            fetch_private_addresses=False, refusal=lambda one: "" if one == "127.0.0.2" else refusal(one)
        )
        site.put("/secret", b"secret")
        with Site("127.0.0.2") as public:
            url = public.redirect("/", f"{site.url}/secret")

            with pytest.raises(ForbiddenAddressError, match=r"127\.0\.0\.1 leads to 127\.0\.0\.1, a loopback address"):
                fetcher.fetch(url)
            assert len(public.asked) == 1
        assert site.asked == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("host", [*LOOPBACK, "169.254.169.254", "10.0.0.1", "[fd00::1]", "[64:ff9b::a9fe:a9fe]"])
    def test_redirect_to_what_is_private_is_refused_however_it_is_written(
        self, site: Site, host: str, status: int
    ) -> None:
        fetcher = make_fetcher(
            fetch_private_addresses=False, refusal=lambda one: "" if one == "127.0.0.2" else refusal(one)
        )
        with Site("127.0.0.2") as public:
            url = public.redirect("/", f"http://{host}:{site.port}/secret", status)

            with pytest.raises(ForbiddenAddressError, match="fetch_private_addresses"):
                fetcher.fetch(url)
        assert site.asked == []

    def test_name_that_turns_private_between_two_hops_is_refused(self, site: Site) -> None:
        """The same name, public for the first request and private for the one that it is led to (DNS rebinding)."""
        answers = [["127.0.0.2"], ["127.0.0.1"]]
        fetcher = make_fetcher(
            fetch_private_addresses=False,
            refusal=lambda one: "" if one == "127.0.0.2" else refusal(one),
            resolve=lambda host, port: answers.pop(0),
        )
        with Site("127.0.0.2") as public:
            url = public.redirect("/", "/again")

            with pytest.raises(ForbiddenAddressError, match=r"news\.test leads to 127\.0\.0\.1, a loopback address"):
                fetcher.fetch(url.replace("127.0.0.2", "news.test"))
            assert [path for path, _ in public.asked] == ["/"]
        assert answers == []

    @pytest.mark.parametrize("answer", ["::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::1", "fe80::1%eth0", "::1"])
    def test_name_that_leads_to_a_private_address_in_ipv6_dress_is_refused(self, answer: str) -> None:
        fetcher = make_fetcher(fetch_private_addresses=False, resolve=lambda host, port: [answer])

        with pytest.raises(ForbiddenAddressError, match=r"news\.test leads to"):
            fetcher.fetch("http://news.test/")

    def test_name_is_resolved_once_for_check_and_connection(self, site: Site) -> None:
        """A second answer of the name server (DNS rebinding) is never asked for."""
        answers = [["127.0.0.1"], ["127.0.0.9"]]
        site.put("/", b"pinned")

        fetched = make_fetcher(resolve=lambda host, port: answers.pop(0)).fetch(f"http://news.test:{site.port}/")

        assert fetched.content == b"pinned"
        assert site.asked[0][1]["Host"] == f"news.test:{site.port}"
        assert len(answers) == 1


def test_proxies_of_the_environment_are_not_used(site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetcher.fetch(site.put("/", b"direct")).content == b"direct"


class TestTls:
    def test_certificate_is_checked_against_the_name_and_not_the_address(self) -> None:
        with Site(tls=True) as site:
            site.put("/", b"safe")
            fetcher = make_fetcher(resolve=lambda host, port: ["127.0.0.1"], ca_file=str(HERE / "feeds_test_ca.pem"))

            assert fetcher.fetch(f"https://feeds.test:{site.port}/").content == b"safe"
            with pytest.raises(FetchError, match=r"secure connection failed.*other\.test"):
                fetcher.fetch(f"https://other.test:{site.port}/")

    def test_unknown_authority_is_refused(self) -> None:
        with Site(tls=True) as site:
            fetcher = make_fetcher(resolve=lambda host, port: ["127.0.0.1"])

            with pytest.raises(FetchError, match=r"secure connection failed.*self.signed"):
                fetcher.fetch(f"https://feeds.test:{site.port}/")


class TestCaps:
    def test_body_that_says_it_is_too_large_is_not_read(self, site: Site) -> None:
        site.pages["/"] = lambda handler: handler.start(headers={"Content-Length": "100000000"})

        with pytest.raises(FetchError, match=r"larger than 1,000 bytes \(fetch_max_bytes\)"):
            make_fetcher(fetch_max_bytes=1_000).fetch(site.url + "/")

    def test_hundred_megabytes_are_cut_at_the_cap(self, site: Site) -> None:
        def page(handler: Handler) -> None:
            handler.start()
            for _ in range(100):
                handler.wfile.write(bytes(1_000_000))

        site.pages["/"] = page

        with pytest.raises(FetchError, match="larger than 2,000,000 bytes"):
            make_fetcher(fetch_max_bytes=2_000_000).fetch(site.url + "/")
        assert site.cut_off.wait(5), "the server could send the whole body"

    def test_body_of_just_the_cap_is_taken(self, site: Site) -> None:
        url = site.put("/", bytes(1_000))

        assert len(make_fetcher(fetch_max_bytes=1_000).fetch(url).content) == 1_000
        with pytest.raises(FetchError, match="larger than 999 bytes"):
            make_fetcher(fetch_max_bytes=999).fetch(url)

    @pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
    def test_bomb_is_stopped_by_what_it_unpacks_to(self, site: Site, encoding: str, pack: object) -> None:
        assert callable(pack)
        url = site.put("/", pack(bytes(50_000_000)), Content_Encoding=encoding)
        assert len(pack(bytes(50_000_000))) < 100_000

        with pytest.raises(FetchError, match="larger than 1,000,000 bytes"):
            make_fetcher(fetch_max_bytes=1_000_000).fetch(url)

    def test_gzip_is_unpacked(self, site: Site, fetcher: Fetcher) -> None:
        assert fetcher.fetch(site.put("/", gzip.compress(b"salt"), Content_Encoding="gzip")).content == b"salt"

    def test_encoding_that_was_not_asked_for_is_told(self, site: Site, fetcher: Fetcher) -> None:
        with pytest.raises(FetchError, match="encoded as 'br'"):
            fetcher.fetch(site.put("/", b"\x8b", Content_Encoding="br"))

    def test_broken_gzip_is_told(self, site: Site, fetcher: Fetcher) -> None:
        with pytest.raises(FetchError, match="broke off"):
            fetcher.fetch(site.put("/", b"no gzip at all", Content_Encoding="gzip"))

    def test_body_shorter_than_announced_is_told(self, site: Site, fetcher: Fetcher) -> None:
        with pytest.raises(FetchError, match="broke off"):
            fetcher.fetch(site.put("/", b"half", Content_Length="8"))

    @pytest.mark.parametrize("drips", ["body", "headers"])
    def test_slow_drip_ends_when_the_time_is_up(self, site: Site, drips: str) -> None:
        """Each byte comes within the read time-out; the whole never would."""

        def page(handler: Handler) -> None:
            if drips == "body":
                handler.start()
            else:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not site.closing.wait(0.01):
                handler.wfile.write(b"x")
                handler.wfile.flush()

        site.pages["/"] = page

        with pytest.raises(FetchError, match=r"longer than 0\.3 s \(fetch_timeout_s\)"):
            make_fetcher(fetch_timeout_s=0.3).fetch(site.url + "/")

    def test_silence_ends_when_the_time_is_up(self, site: Site) -> None:
        def page(handler: Handler) -> None:
            site.closing.wait()

        site.pages["/"] = page

        with pytest.raises(FetchError, match=r"longer than 0\.3 s"):
            make_fetcher(fetch_timeout_s=0.3).fetch(site.url + "/")


class TestPause:
    def test_same_host_is_left_alone_for_a_while(self, site: Site, clock: ManualClock) -> None:
        pauses: list[float] = []
        fetcher = make_fetcher(clock=clock, pauses=pauses, fetch_host_pause_s=2)
        url = site.put("/", b"")

        fetcher.fetch(url)
        clock.at = NOW + timedelta(seconds=0.5)
        fetcher.fetch(url)
        fetcher.fetch(url)
        clock.at = NOW + timedelta(seconds=60)
        fetcher.fetch(url)

        assert pauses == [1.5, 3.5]

    def test_other_hosts_need_not_wait(self, site: Site, clock: ManualClock) -> None:
        pauses: list[float] = []
        fetcher = make_fetcher(clock=clock, pauses=pauses, resolve=lambda host, port: ["127.0.0.1"])
        site.put("/", b"")

        for name in ("a.test", "b.test", "c.test"):
            fetcher.fetch(f"http://{name}:{site.port}/")

        assert pauses == []


def test_system_resolver_gives_numeric_addresses() -> None:
    assert "127.0.0.1" in resolve("127.0.0.1", 80)
