"""How every forge is asked. A server on loopback stands in for the forge."""

from __future__ import annotations

import email.utils
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.forges.api import Api, RefusedError, is_sha, segments
from generator.forges.forge import ForgeError
from tests.unit.forges.server import Answer, serving

if TYPE_CHECKING:
    from tests.unit.forges.server import Server


def api(server: Server, *tokens: str) -> Api:
    return Api(server.url, tokens or ("t0",), lambda token: {"Authorization": f"token {token}"})


def tokens(server: Server) -> list[str]:
    return [request.headers["authorization"] for request in server.requests]


def refused(server: Server, *answers: Answer) -> RefusedError:
    server.get("/x", *answers)
    with pytest.raises(RefusedError) as caught:
        api(server).get("/x")
    return caught.value


def test_what_is_there_and_what_is_not(server: Server) -> None:
    server.get("/there", {"a": 1})
    assert api(server).get("/there", {"q": "a b"}) == {"a": 1}
    assert server.requests[0].path == "/there?q=a+b"
    assert api(server).get("/elsewhere") is None


def test_a_404_to_a_post_is_a_refusal(server: Server) -> None:
    with pytest.raises(RefusedError) as caught:
        api(server).post("/elsewhere", {})
    assert (caught.value.status, caught.value.lasting) == (404, True)


def test_who_asks_and_what_for(server: Server) -> None:
    server.post("/x", {})
    api(server).post("/x", {"ü": 1})
    (request,) = server.requests
    assert request.body == {"ü": 1}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("argosy/")
    assert request.headers["accept"] == "application/json"


def test_one_connection_serves_many_requests(server: Server) -> None:
    server.get("/x", {})
    client = api(server)
    for _ in range(5):
        client.get("/x")
    assert server.connections == 1


def test_a_kept_connection_that_the_forge_has_closed_is_made_anew(server: Server) -> None:
    server.get("/x", {"n": 1}, Answer(breaks=True), {"n": 2})
    client = api(server)
    assert [client.get("/x"), client.get("/x")] == [{"n": 1}, {"n": 2}]


def test_a_forge_that_closes_each_time_is_trouble(server: Server) -> None:
    server.get("/x", Answer(breaks=True))
    with pytest.raises(ForgeError) as caught:
        api(server).get("/x")
    assert not caught.value.lasting
    assert len(server.requests) == 2


class TestTokens:
    def test_the_other_token_is_tried_when_the_first_is_not_taken(self, server: Server) -> None:
        server.get("/x", Answer(401), {})
        api(server, "new", "old").get("/x")
        assert tokens(server) == ["token new", "token old"]

    def test_the_token_that_was_taken_comes_first_from_then_on(self, server: Server) -> None:
        server.get("/x", Answer(401), {})
        client = api(server, "new", "old")
        client.get("/x")
        client.get("/x")
        assert tokens(server) == ["token new", "token old", "token old"]

    def test_without_a_good_token_waiting_may_help(self, server: Server) -> None:
        server.get("/x", Answer(401))
        with pytest.raises(RefusedError) as caught:
            api(server, "new", "old").get("/x")
        assert (caught.value.status, caught.value.lasting) == (401, False)

    def test_a_token_is_in_no_message(self, server: Server) -> None:
        server.get("/x", Answer(403, {"message": "no"}))
        with pytest.raises(ForgeError) as caught:
            api(server, "s3cret").get("/x")
        assert "s3cret" not in str(caught.value)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_renamed_repository_is_followed_with_method_and_body(self, server: Server, status: int) -> None:
        server.post("/old", Answer(status, headers=(("Location", "/new?x=1"),)))
        server.post("/new", {"done": True})
        assert api(server).post("/old", {"a": 1}) == {"done": True}
        assert [(request.method, request.body) for request in server.requests] == [("POST", {"a": 1})] * 2

    def test_another_host_never_gets_the_token(self, server: Server) -> None:
        with serving() as other:
            server.get("/x", Answer(302, headers=(("Location", f"{other.url}/x"),)))
            with pytest.raises(ForgeError, match="does not get our token") as caught:
                api(server).get("/x")
            assert other.requests == []
        assert caught.value.lasting

    def test_a_circle_ends(self, server: Server) -> None:
        server.get("/x", Answer(302, headers=(("Location", "/x"),)))
        with pytest.raises(ForgeError, match="more than 3 times"):
            api(server).get("/x")


class TestRefusals:
    @pytest.mark.parametrize("status", [400, 403, 409, 410, 422])
    def test_a_clear_no_is_lasting(self, server: Server, status: int) -> None:
        assert refused(server, Answer(status, {"message": "no"})).lasting

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_trouble_of_the_forge_is_not(self, server: Server, status: int) -> None:
        assert not refused(server, Answer(status, b"<html>")).lasting

    def test_the_forges_own_words_are_told_on_one_line(self, server: Server) -> None:
        assert str(refused(server, Answer(422, {"message": "sha\n  is wrong"}))).endswith("/x: 422 sha is wrong")

    def test_retry_after_in_seconds(self, server: Server) -> None:
        assert refused(server, Answer(503, headers=(("Retry-After", "17"),))).retry_after == 17.0

    def test_retry_after_as_a_date(self, server: Server) -> None:
        date = email.utils.formatdate(time.time() + 100, usegmt=True)
        assert 90 < refused(server, Answer(429, headers=(("Retry-After", date),))).retry_after <= 100

    @pytest.mark.parametrize("value", ["soon", "-1", "", "99999999999999999999"])
    def test_a_wait_that_makes_no_sense_is_a_number_all_the_same(self, server: Server, value: str) -> None:
        assert refused(server, Answer(429, headers=(("Retry-After", value),))).retry_after >= 0.0

    def test_githubs_limits_are_waited_for_though_they_come_as_403(self, server: Server) -> None:
        spent = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(int(time.time()) + 100)))
        refusal = refused(server, Answer(403, {"message": "API rate limit exceeded"}, spent))
        assert not refusal.lasting
        assert 90 < refusal.retry_after <= 100

    def test_an_ordinary_403_with_calls_left_is_lasting(self, server: Server) -> None:
        left = (("X-RateLimit-Remaining", "99"), ("X-RateLimit-Reset", str(int(time.time()) + 100)))
        assert refused(server, Answer(403, {"message": "no"}, left)).lasting


def test_githubs_other_limit_is_waited_for_a_minute(server: Server) -> None:
    refusal = refused(server, Answer(403, {"message": "You have exceeded a secondary rate limit."}))
    assert (refusal.lasting, refusal.retry_after) == (False, 60.0)


def test_an_answer_that_is_not_json_hints_at_the_address(server: Server) -> None:
    server.get("/x", Answer(200, b"<html>hello"))
    with pytest.raises(ForgeError, match="is this address the forge's"):
        api(server).get("/x")


def test_an_answer_without_end_is_not_read(server: Server) -> None:
    server.get("/x", Answer(200, b"[" + b" " * 5_000_000 + b"]"))
    with pytest.raises(ForgeError, match="more than"):
        api(server).get("/x")


def test_a_forge_that_is_not_there_is_no_lasting_trouble() -> None:
    with serving() as gone:
        url = gone.url
    with pytest.raises(ForgeError) as caught:
        Api(url, ("t",), lambda _token: {}).get("/x")
    assert not caught.value.lasting
    assert "0x" not in str(caught.value)


def test_pages_come_until_the_caller_has_enough(server: Server) -> None:
    server.get("/x", ["a"], ["b"], [])
    found = []
    for page in api(server).pages("/x", {"limit": 1}):
        if not page:
            break
        found += page
    assert found == ["a", "b"]
    assert [request.path for request in server.requests] == [f"/x?limit=1&page={number}" for number in (1, 2, 3)]


@pytest.mark.parametrize("name", ["", "/", "a//b", "../b", "a/..", "./b", "/a/b", "a/b/"])
def test_a_name_that_would_lead_elsewhere_is_no_path(name: str) -> None:
    assert segments(name) == ""


@given(st.text(min_size=1, max_size=30).filter(lambda text: "/" not in text and text not in (".", "..")))
def test_any_other_name_is_one_segment(name: str) -> None:
    path = segments(name, 1)
    assert path
    assert not set(path) & set("/?#% ") - {"%"}


def test_only_whole_object_names_are_asked_for() -> None:
    assert all(map(is_sha, ("a" * 40, "0" * 64)))
    assert not any(map(is_sha, ("", "a" * 39, "A" * 40, "a" * 38 + "/.", "main")))
