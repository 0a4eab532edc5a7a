"""An address is published only where an export shows that it serves the subject alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cases.examples import Desk
from ringfence.cases.order import Scope
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.enforce.cohosts import Cohosts, read_cohosts
from ringfence.enforce.guard import Context, judge
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import nftables, rpz

ADDRESS = "45.155.205.233"
TODAY = date(2018, 8, 24)
OWN = [f"{ADDRESS},huobi.pro,alpha,2018-08-20", f"{ADDRESS},www.huobi.pro,beta,2018-08-21"]


def export(folder: Path, *lines: str) -> Cohosts:
    path = folder / "cohosts.csv"
    path.write_text("\n".join(["address,name,source,seen", *lines]) + "\n", "utf-8")
    return read_cohosts(path)


def reasons(cohosts: Cohosts | None, rule: str = ADDRESS, **more: object) -> tuple[str, ...]:
    context = Context(cohosts=cohosts, on=TODAY, **more)  # type: ignore[arg-type]
    return judge(rule, context, subject="site:huobi.pro").reasons


def test_what_two_fresh_sources_show_to_be_the_subjects_alone_passes(tmp_path: Path) -> None:
    assert reasons(export(tmp_path, *OWN)) == ()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "address.shared_or_unproven"),
        (["45.155.205.234,huobi.pro,alpha,2018-08-20"], "address.shared_or_unproven"),
        ([*OWN, f"{ADDRESS},bakery.example.org,alpha,2011-01-01"], "address.other_names"),
        ([*OWN, f"{ADDRESS},nothuobi.pro,alpha,2018-08-20"], "address.other_names"),
        (OWN[:1], "address.one_source_only"),
        ([line.replace("2018-08", "2018-06") for line in OWN], "address.proof_too_old"),
        ([*OWN, f"{ADDRESS},huobi.pro,alpha,2018-08-25"], "address.proof_from_the_future"),
    ],
)
def test_anything_less_is_refused(tmp_path: Path, lines: list[str], reason: str) -> None:
    assert reason in reasons(export(tmp_path, *lines))


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (f"{ADDRESS}/31", "address.range"),
        ("104.21.16.1", "address.network_of_many.cloudflare"),
        ("185.199.108.153", "address.network_of_many.github"),
        ("1.1.1.1", "protected.resolver"),
        ("10.0.0.1", "address.special_use"),
        ("2002:2d9b:cde9::1", "address.special_use"),
    ],
)
def test_no_export_makes_up_for_where_an_address_lies(tmp_path: Path, rule: str, reason: str) -> None:
    address = rule.partition("/")[0]
    shown = export(tmp_path, *(line.replace(ADDRESS, address) for line in OWN))
    assert reason in reasons(shown, rule)


def test_our_own_observations_count_against_an_address(tmp_path: Path) -> None:
    shown = export(tmp_path, *OWN)
    seen = {"www.huobi.pro": frozenset({ADDRESS}), "bakery.xyz": frozenset({ADDRESS})}
    assert reasons(shown, seen=seen) == ("address.seen_serving_others",)
    assert reasons(shown, seen={"www.huobi.pro": frozenset({ADDRESS})}) == ()


def test_without_a_subject_nothing_shows_whose_an_address_is(tmp_path: Path) -> None:
    context = Context(cohosts=export(tmp_path, *OWN), on=TODAY)
    assert judge(ADDRESS, context).reasons == ("address.shared_or_unproven",)
    assert judge(ADDRESS, context, subject="firm:huobi").reasons == ("address.shared_or_unproven",)


@pytest.mark.parametrize(
    "line",
    ["none,huobi.pro,a,2018-08-20", f"{ADDRESS},,a,2018-08-20", f"{ADDRESS},huobi.pro,,2018-08-20",
     f"{ADDRESS},huobi.pro,a,20 August", f"{ADDRESS},*.huobi.pro,a,2018-08-20",
     f"{ADDRESS}/24,huobi.pro,a,2018-08-20",
     f"{ADDRESS}", f'{ADDRESS},"huobi.pro,a,2018-08-20'],
)  # fmt: skip
def test_a_line_that_cannot_be_read_spoils_the_export(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError):
        export(tmp_path, *OWN, line)


def test_an_export_without_its_columns_is_none(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("ip,host\n1.2.3.4,a.com\n")
    with pytest.raises(InputError, match="no co-hosting export"):
        read_cohosts(tmp_path / "c.csv")


def test_an_address_goes_where_addresses_go_and_its_proof_is_named(desk: Desk, tmp_path: Path) -> None:
    order = desk.active("huobi.pro", scope=Scope("huobi.pro", True, ("104.21.16.1", ADDRESS)))
    publisher = Publisher(desk.database, desk.sealed, desk.clock)
    shown = export(tmp_path, *OWN, *(line.replace(ADDRESS, "104.21.16.1") for line in OWN))
    made = publisher.publish(nftables.target(), Context(cohosts=shown, on=TODAY))
    (entry,) = nftables.parse(publisher.content(made.artefact))
    assert (entry.address, entry.order, entry.name) == (ADDRESS, order.id, "huobi.pro")
    assert [(item.rule, item.reasons) for item in made.refused] == [
        ("104.21.16.1", ("address.network_of_many.cloudflare",))
    ]
    assert made.artefact.basis == {"cohosts": digest((tmp_path / "cohosts.csv").read_bytes())}
    names = publisher.publish(rpz.target(), Context(cohosts=shown, on=TODAY))
    assert [entry.rule for entry in rpz.parse(publisher.content(names.artefact))] == [
        "huobi.pro",
        "*.huobi.pro",
    ]
    assert names.artefact.basis == {}
    nothing = publisher.publish(nftables.target(), Context())
    assert (nothing.artefact.entries, len(nothing.refused)) == (0, 2)


@pytest.mark.parametrize("addresses", [("45.155.205.0/24",), ("2.2.2.2", "1.9.9.9"), ("::0001",), ("x",)])
def test_a_scope_holds_single_addresses_sorted_and_in_one_spelling(
    desk: Desk, addresses: tuple[str, ...]
) -> None:
    with pytest.raises(InputError):
        desk.propose("huobi.pro", scope=Scope("huobi.pro", True, addresses))
