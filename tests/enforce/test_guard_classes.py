"""The guard over whole classes of names, with the subjects of the bundled registers known as in the product.

`dangerous.txt` and `safe.txt` were written by the project beside the lists: they show that nothing is lost,
not how good the guard is on names that nobody has told it of (docs/method/guard.md).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.enforce.guard import judge
from ringfence.enforce.manynames import ManyNames
from ringfence.enforce.protected import CLOUD, LONG, SHARED, protected
from ringfence.enforce.suffixes import suffixes
from ringfence.interfaces.cli.known import shipped_context

HERE = Path(__file__).parent
DANGEROUS = (HERE / "dangerous.txt").read_text("utf-8").split()
SAFE = (HERE / "safe.txt").read_text("utf-8").split()
CONTEXT = shipped_context()
POPULAR_NAMES = protected().popular
LONG_NAMES = [*protected().long, *list(POPULAR_NAMES)[::50]]


def test_nothing_dangerous_passes_nor_does_its_wildcard() -> None:
    rules = [rule for name in DANGEROUS for rule in (name, f"*.{name.removeprefix('*.')}")]
    assert [rule for rule in rules if judge(rule, CONTEXT).allowed] == []


def test_what_is_safe_passes() -> None:
    assert [rule for rule in SAFE if not judge(rule, CONTEXT).allowed] == []


def test_every_host_of_the_bundled_registers_may_be_ordered_except_a_price_publisher() -> None:
    rules = [rule for host in CONTEXT.registered for rule in (host, f"*.{host}", f"m.{host}")]
    refused = {rule for rule in rules if not judge(rule, CONTEXT).allowed}
    assert refused == {f"{start}coinmarketcap.com" for start in ("", "*.", "m.")}


@given(st.sampled_from(LONG_NAMES), st.sampled_from(["", "*.", "www.", "*.www."]))
def test_long_lists_protect_the_name_and_below_it_except_a_tenant(name: str, start: str) -> None:
    verdict = judge(start + name, CONTEXT)
    klass = protected().klass(name)
    tenant = start.endswith("www.") and (klass == SHARED or suffixes().is_suffix(name))
    own = name in CONTEXT.own or any(name.endswith("." + host) for host in CONTEXT.own)
    assert not verdict.allowed or tenant or own


@pytest.mark.parametrize("klass", LONG)
def test_each_long_list_is_there_and_holds_names_only(klass: str) -> None:
    names = [name for name, found in protected().long.items() if found == klass]
    assert len(names) > 1000
    assert all(name == name.lower() and name.isascii() and "." in name for name in names)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("home.barclays", "protected.brand_top_level"),
        ("any.bank", "protected.bank"),
        ("school.k12.ca.us", "protected.government_or_education"),
        ("tribunal.jus.br", "protected.government_or_education"),
        ("user.githubusercontent.com", "protected.technology"),
        ("a248.e.akamai.net", "protected.cdn"),
        ("*.s3.amazonaws.com", "suffix.public"),
        ("8.8.8.8.in-addr.arpa", "name.special_use"),
    ],
)
def test_structure_alone_says_it(rule: str, reason: str) -> None:
    verdict = judge(rule, CONTEXT)
    assert reason in verdict.reasons


@pytest.mark.parametrize("name", ["shop.sc.us", "venue.lg.ua", "coin.re.it", "my.tec.ve", "x.sbs", "go.io"])
def test_what_only_looks_like_a_state_is_not(name: str) -> None:
    assert "protected.government_or_education" not in judge(name, CONTEXT).reasons


def test_a_tenant_of_a_cloud_is_one_party_and_the_cloud_is_not() -> None:
    for tenant in ("x.s3.amazonaws.com", "x.blob.core.windows.net", "x.oss-cn-hangzhou.aliyuncs.com"):
        assert judge(tenant, CONTEXT).allowed and judge(f"*.{tenant}", CONTEXT).allowed
    for cloud in ("amazonaws.com", "core.windows.net", "windows.net", "aliyuncs.com", "console.aliyuncs.com"):
        assert not judge(cloud, CONTEXT).allowed
    assert SHARED in CLOUD


def test_a_bank_does_not_give_way_but_the_venue_below_it_does() -> None:
    assert judge("revolut.com", CONTEXT).reasons == ("protected.bank",)
    assert judge("exchange.revolut.com", CONTEXT).allowed
    assert not judge("*.revolut.com", CONTEXT).allowed


def test_many_names_are_a_set() -> None:
    few = ManyNames("ab.com\nabc.com\nabcd.com\nb.co\n")
    assert [*few] == ["ab.com", "abc.com", "abcd.com", "b.co"] and len(few) == 4
    assert all(name in few for name in few)
    assert [name for name in ("", "a", "abc", "bc.com", "abc.co", "c.com", None) if name in few] == []
    assert len(POPULAR_NAMES) > 500_000 and "" not in ManyNames("")
