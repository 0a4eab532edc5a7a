"""`ringfence explain`: against a real Unbound with our zone, and against resolvers that lie."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from interfaces.command import people, run
from interfaces.resolvers import Answering, answering, unbound, world
from interfaces.test_cli_publish import active
from ringfence.core.errors import InputError
from ringfence.interfaces.explain.ask import read_resolver

NODATA, NXDOMAIN, REDIRECT, OTHER = "large-venue.com", "nx-venue.com", "re-venue.com", "free-venue.com"
BLOCK_PAGE = "192.0.2.80"
SCREEN = ("--json",)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A store with three orders in force, what was published from it, and a feed."""
    folder = tmp_path_factory.mktemp("house")
    store = folder / "s"
    people(store)
    orders = {
        NODATA: active(store, NODATA),
        NXDOMAIN: active(store, NXDOMAIN, "--policy", "nxdomain"),
        REDIRECT: active(store, REDIRECT, "--policy", "redirect", "--no-subdomains"),
    }
    out = folder / "rpz.zone"
    run("publish", "--target", "rpz", "--redirect", BLOCK_PAGE, "--out", out, "--store", store)
    run("feed", "keygen", "feed.example/cn", "--out", folder / "k")
    web = folder / "web"
    run("publish", "--target", "feed", "--key", folder / "k", "--out", web, "--store", store)
    return SimpleNamespace(folder=folder, store=store, orders=orders, zone=out.read_bytes(), web=web)


@pytest.fixture(scope="module")
def free() -> Iterator[str]:
    with answering(world) as address:
        yield address


@pytest.fixture(scope="module")
def resolver(house: SimpleNamespace, free: str) -> Iterator[str]:
    with unbound(house.folder / "unbound", house.zone, free) as address:
        yield address


def explain(house: SimpleNamespace, *arguments: object) -> Any:
    return run("explain", *arguments, "--store", house.store, "--json")


def by_feed(house: SimpleNamespace, *arguments: object) -> Any:
    return run("explain", *arguments, "--feed", house.web, "--key", f"{house.folder}/k.pub", "--json")


@pytest.mark.debian
@pytest.mark.parametrize("name", [NODATA, f"www.{NODATA}", f"a.b.{NODATA}", f"https://www.{NODATA}/trade"])
def test_a_block_leads_to_its_order(house: SimpleNamespace, resolver: str, name: str) -> None:
    for said in (explain(house, name, "--resolver", resolver), by_feed(house, name, "--resolver", resolver)):
        found = said.json
        assert (said.code, found["blocked"], found["order"]) == (0, True, house.orders[NODATA])
        assert found["claim"] == found["order"] and "names an order" in found["why"]
        assert "Art 50" in found["basis"] and any("行政复议" in route for route in found["appeal"])
        assert found["authority"] and found["until"] > found["since"] and found["state"] == "active"
    assert by_feed(house, name).json["source"] == "feed"


@pytest.mark.debian
def test_nxdomain_needs_the_record_or_a_control(house: SimpleNamespace, resolver: str, free: str) -> None:
    by_record = explain(house, NXDOMAIN, "--resolver", resolver)
    assert by_record.json["blocked"] is True and by_record.json["order"] == house.orders[NXDOMAIN]
    assert "as the order asks" in by_record.json["why"]
    compared = explain(house, NXDOMAIN, "--resolver", resolver, "--control", free).json
    assert compared["blocked"] is True and "gives addresses" in compared["why"]


@pytest.mark.debian
def test_unbound_marks_nxdomain_where_it_is_told_to(house: SimpleNamespace, free: str) -> None:
    with unbound(house.folder / "marking", house.zone, free, signal=True) as address:
        found = run("explain", NXDOMAIN, "--resolver", address, "--json")
    assert found.code == 1 and found.json["blocked"] is True and "clears RA" in found.json["why"]


@pytest.mark.debian
def test_a_redirect_keeps_its_reference(house: SimpleNamespace, resolver: str) -> None:
    found = explain(house, REDIRECT, "--resolver", resolver).json
    assert (found["blocked"], found["order"]) == (True, house.orders[REDIRECT])
    assert BLOCK_PAGE in found["why"]


@pytest.mark.debian
@pytest.mark.parametrize("name", [OTHER, f"www.{REDIRECT}", "com.cn", "bücher.example"])
def test_what_is_not_blocked(house: SimpleNamespace, resolver: str, free: str, name: str) -> None:
    said = explain(house, name, "--resolver", resolver, "--control", free)
    assert (said.code, said.json["blocked"], said.json["order"]) == (0, False, None)
    assert said.json["name"].isascii()


def test_an_order_that_a_resolver_does_not_apply(house: SimpleNamespace, free: str) -> None:
    found = explain(house, NODATA, "--resolver", free).json
    assert (found["blocked"], found["order"]) == (False, house.orders[NODATA])
    assert "not applied here" in found["why"]


def test_the_record_alone(house: SimpleNamespace) -> None:
    found = explain(house, f"www.{NODATA}").json
    assert (found["blocked"], found["order"], found["source"]) == (True, house.orders[NODATA], "store")
    nothing = explain(house, OTHER)
    assert (nothing.code, nothing.json["blocked"], nothing.json["order"]) == (0, None, None)
    assert explain(house, f"www.{REDIRECT}").json["order"] is None


def test_the_walk_back_to_what_was_found(house: SimpleNamespace) -> None:
    walk = explain(house, NODATA).json["walk"]
    targets = {item["target"]: item["current"] for item in walk["artefacts"]}
    assert targets == {"rpz": True, "feed": True}
    assert walk["assessment"].startswith("assessment:") and walk["case"]
    elements = {item["element"]: item["state"] for item in walk["findings"]}
    assert elements["journalism"] == "not_met" and "serves_residents" in elements
    text = run("explain", NODATA, "--store", house.store).out
    for words in ("How it got there", "artefact artefact:", "in the list", "made out", "✔ met", "appeal:"):
        assert words in text


def silent(query: dns.message.Message, answer: dns.message.Message) -> None:
    time.sleep(0.1)
    answer.id = query.id ^ 1


def refusing(query: dns.message.Message, answer: dns.message.Message) -> None:
    answer.set_rcode(dns.rcode.REFUSED)


def nothing(query: dns.message.Message, answer: dns.message.Message) -> None:
    pass


def nowhere(query: dns.message.Message, answer: dns.message.Message) -> None:
    kind, address = ("A", "0.0.0.0") if query.question[0].rdtype == dns.rdatatype.A else ("AAAA", "::")
    answer.answer.append(dns.rrset.from_text(query.question[0].name, 5, "IN", kind, address))


def censored(query: dns.message.Message, answer: dns.message.Message) -> None:
    answer.set_rcode(dns.rcode.NXDOMAIN)
    answer.use_edns(0, options=[dns.edns.EDEOption(16, "order of \x1b[2Ja court")])


def policy_zone(query: dns.message.Message, answer: dns.message.Message) -> None:
    answer.set_rcode(dns.rcode.NXDOMAIN)
    soa = "localhost. hostmaster.localhost. 1 3600 600 86400 60"
    answer.additional.append(dns.rrset.from_text("rpz.provider.example.", 5, "IN", "SOA", soa))


def saying(text: str) -> Answering:
    def fill(query: dns.message.Message, answer: dns.message.Message) -> None:
        if query.question[0].rdtype == dns.rdatatype.TXT:
            rrset = dns.rrset.from_text(query.question[0].name, 5, "IN", "TXT", text)
            answer.answer.append(rrset)

    return fill


def asked(house: SimpleNamespace, name: str, fill: Answering) -> Any:
    with answering(fill) as address:
        return explain(house, name, "--resolver", address)


def test_another_order_s_reference_is_not_believed(house: SimpleNamespace) -> None:
    stolen = asked(house, OTHER, saying(f'"order={house.orders[NODATA]}"'))
    assert (stolen.code, stolen.json["blocked"], stolen.json["order"]) == (1, True, None)
    assert "names an order that does not cover this name" in stolen.json["why"]
    below = asked(house, f"www.{REDIRECT}", saying(f'"order={house.orders[REDIRECT]}"'))
    assert below.json["order"] is None and "does not cover" in below.json["why"]
    swapped = asked(house, NODATA, saying(f'"order={house.orders[NXDOMAIN]}"'))
    assert swapped.json["order"] == house.orders[NODATA] and "does not cover" in swapped.json["why"]
    unknown = asked(house, OTHER, saying('"order=RF-0000-0000-0000"'))
    assert unknown.code == 1 and "which nobody here knows" in unknown.json["why"]
    with answering(saying(f'"order={house.orders[NODATA]}"')) as address:
        assert "does not cover" in by_feed(house, OTHER, "--resolver", address).json["why"]


@pytest.mark.parametrize(
    "text",
    [
        '"order=RF-AAAA\\010\\027[31mRED"', '"order=\\226\\128\\174evil"', '"order="', '"order=a b"',
        '"\\255\\254order=RF"', '"order=RF-AAAA-AAAA-AAAA" "x"', '" order=RF-1"',
    ],
)  # fmt: skip
def test_a_text_that_is_no_reference(house: SimpleNamespace, text: str) -> None:
    with answering(saying(text)) as address:
        said = run("explain", OTHER, "--resolver", address, "--store", house.store)
        found = explain(house, OTHER, "--resolver", address).json
    assert found["order"] is None and found["claim"] is None and found["blocked"] is None
    assert all(sign.isprintable() or sign == "\n" for sign in said.out)


def test_an_owner_s_own_text_is_no_block(house: SimpleNamespace) -> None:
    def fill(query: dns.message.Message, answer: dns.message.Message) -> None:
        (
            world
            if query.question[0].rdtype != dns.rdatatype.TXT
            else saying(f'"order={house.orders[NODATA]}"')
        )(query, answer)

    found = asked(house, OTHER, fill)
    assert (found.code, found.json["blocked"], found.json["order"]) == (0, False, None)


def test_signs_that_resolvers_give(house: SimpleNamespace) -> None:
    marked = asked(house, OTHER, censored)
    assert marked.code == 1 and marked.json["blocked"] is True
    assert "Censored (EDE 16): order of [2Ja court" in marked.json["why"]
    zone = asked(house, NODATA, policy_zone)
    assert zone.code == 0 and "policy zone rpz.provider.example" in zone.json["why"]
    assert zone.json["order"] == house.orders[NODATA]
    dead = asked(house, OTHER, nowhere)
    assert dead.json["blocked"] is True and "leads nowhere" in dead.json["why"]


def test_unknown_is_a_value(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = asked(house, NODATA, refusing)
    assert (refused.code, refused.json["blocked"]) == (0, None) and "REFUSED" in refused.json["why"]
    empty = asked(house, OTHER, nothing)
    assert empty.json["blocked"] is None and "--control" in empty.json["why"]
    with answering(nothing) as one, answering(nothing) as other:
        both = explain(house, OTHER, "--resolver", one, "--control", other).json
    assert both["blocked"] is False and "so does" in both["why"]
    monkeypatch.setattr("ringfence.interfaces.explain.ask.TIMEOUT", 0.2)
    monkeypatch.setattr("ringfence.interfaces.explain.ask.ask.__defaults__", (0.2,))
    quiet = asked(house, NODATA, silent)
    assert (quiet.code, quiet.json["blocked"]) == (0, None) and "gave no answer" in quiet.json["why"]
    assert quiet.json["order"] == house.orders[NODATA]


def test_an_order_that_nothing_published_carries(tmp_path: Path) -> None:
    people(tmp_path / "s")
    order = active(tmp_path / "s", NODATA)
    before = run("explain", NODATA, "--store", tmp_path / "s", "--json")
    assert (before.code, before.json["blocked"], before.json["order"]) == (0, None, order)
    assert "nothing published carries it" in before.json["why"]
    run("publish", "--target", "hosts", "--out", tmp_path / "hosts", "--store", tmp_path / "s")
    assert run("explain", NODATA, "--store", tmp_path / "s", "--json").json["blocked"] is True


def test_an_order_that_ended_is_no_order(tmp_path: Path) -> None:
    people(tmp_path / "s")
    order = active(tmp_path / "s", NODATA)
    run("orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", tmp_path / "s")
    with answering(saying(f'"order={order}"')) as address:
        said = run("explain", NODATA, "--resolver", address, "--store", tmp_path / "s", "--json")
    assert (said.code, said.json["order"], said.json["state"]) == (1, order, "revoked")
    assert "nobody may act on it" in said.json["why"]


def test_usage(house: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("explain", NODATA).code == 2  # neither store nor feed nor resolver
    assert run("explain", NODATA, "--feed", house.web).code == 2
    assert run("explain", NODATA, "--feed", house.web, "--key", "x+y+z").code == 2
    assert explain(house, NODATA, "--control", "127.0.0.1").code == 2
    assert explain(house, "192.0.2.1").code == 2
    assert explain(house, NODATA, "--resolver", "resolver").code == 2
    wrong = run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k2")
    assert wrong.code == 0
    refused = run("explain", NODATA, "--feed", house.web, "--key", tmp_path / "k2.pub")
    assert refused.code == 2 and "not signed by the key" in refused.err and refused.out == ""


def test_a_recipient_explains_from_what_it_applied(house: SimpleNamespace, tmp_path: Path) -> None:
    key = f"{house.folder}/k.pub"
    run("feed", "apply", house.web, "--to", tmp_path / "state", "--key", key)
    found = run("explain", f"www.{NODATA}", "--feed", tmp_path / "state", "--json").json
    assert (found["blocked"], found["order"]) == (True, house.orders[NODATA])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)), ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("192.0.2.1@5353", ("192.0.2.1", 5353)), ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)), ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("2001:db8::1@5353", ("2001:db8::1", 5353)), ("::1", ("::1", 53)),
    ],
)  # fmt: skip
def test_how_a_resolver_is_written(text: str, expected: tuple[str, int]) -> None:
    assert read_resolver(text) == expected


@pytest.mark.parametrize(
    "text", ["", "name", "192.0.2.1:0", "192.0.2.1:99999", "192.0.2.1:x", "[::1", "1.2.3"]
)
def test_what_is_no_resolver(text: str) -> None:
    with pytest.raises(InputError):
        read_resolver(text)
