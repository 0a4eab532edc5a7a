"""The demonstration: the main job end to end over the laboratory country.

Register → look from both sides → findings → assessment → case → decision by several people →
block list → resolver inside → verification → replay. The designs are those that no rule was
tuned on; labels are read once, at the end, by `score`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec

from ringfence.cases.docket import Cases
from ringfence.cases.order import Order, Scope
from ringfence.cases.people import People
from ringfence.cases.triage import Features, priority, ranked
from ringfence.core.errors import OutsideError
from ringfence.core.time import now
from ringfence.enforce.guard import Context, judge
from ringfence.enforce.publish import Publication, Publisher
from ringfence.enforce.targets import hosts, rpz
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage, load_vantages
from ringfence.lab import people
from ringfence.lab.population import RegisterRow, Truth
from ringfence.lab.process import LabHandle, running
from ringfence.lab.watch import peak_memory
from ringfence.pipeline import Plan, Screened, Target, Verified, looks, screen, verify
from ringfence.register.bundled import bundled
from ringfence.register.csvfile import read_csv
from ringfence.register.store import Register
from ringfence.register.subject import Subject
from ringfence.rulebook.records import load_assessment

AS_OF: Final = date(2018, 8, 25)  # the day after the risk notice of the five authorities
ORDER_DAYS: Final = 180
NEIGHBOURS: Final = 4

Step = Callable[[str], None]
"""Told what begins."""


class Figures(msgspec.Struct, frozen=True):
    """What the README promises, as measured in this run. ``innocents`` are the sites for which, in truth,
    the provision is not made out; ``seconds`` count from the command's start."""

    seed: int
    designs: str
    subjects: int
    innocents: int
    seconds: float
    peak_rss_mb: float
    true_positives: int
    false_positives: int
    false_negatives: int
    recall: float
    precision: float
    already_unreachable: int
    orders_proposed: int
    orders_active: int
    orders_verified: int
    innocents_blocked: int
    collateral: int
    collateral_probes: int
    replay_identical: bool
    log_entries: int
    log_root: str
    seconds_to_block_median: float | None
    seconds_to_block_max: float | None
    laboratory: bool = True


def demonstrate(
    folder: Path, work: Path, seed: int, designs: str, began: float, step: Step, tick: Callable[[int], None]
) -> Figures:
    """Run the whole job with a store in ``folder`` and the laboratory's files in ``work``.

    ``began`` is the `time.time` of the command's start. Raises `OutsideError` if the laboratory
    does not start or the replay cannot be run.
    """
    rows = register_rows()
    with peak_memory() as peak:
        house = Store(folder)
        try:
            with running(work, seed, designs, rows) as country:
                vantages = load_vantages(country.files.vantages)
                step("import the register")
                sites = import_register(house, country)
                step(f"look at {len(sites)} sites from outside and inside, find, assess")
                screened = asyncio.run(_screen(house, sites, vantages, country, tick))
                step("decide")
                context = guard_context(sites)
                orders = decide(house, screened, context)
                step("publish")
                publication = publish(house, country, context)
                step("verify every order and its neighbours")
                verified = asyncio.run(verify(house, orders, tuple(vantages.values()), each=NEIGHBOURS))
                step("look at every innocent again")
                truth = read_truth(country)
                hit = asyncio.run(_innocents_hit(house, screened, truth, vantages))
            step("replay with the network closed")
            identical = replay_apart(folder)
            with house.database.begin() as connection:
                size, root = log.head(connection)
        finally:
            house.close()
    if publication.refused:
        raise OutsideError(f"the guard refused what had been ordered: {publication.refused[0]}")
    figures = score(screened, truth, verified, orders, hit)
    return msgspec.structs.replace(
        figures,
        seed=seed,
        designs=designs,
        seconds=round(time.time() - began, 1),
        peak_rss_mb=round(peak.bytes / 1e6, 1),
        orders_proposed=len(orders) + 1,
        replay_identical=identical,
        log_entries=size,
        log_root=root,
    )


def register_rows() -> list[RegisterRow]:
    """The hosts of the bundled register of July 2018, as the laboratory takes them."""
    return [
        RegisterRow(name=subject.name, host=subject.host, countries=subject.countries)
        for subject in bundled("2018-07")
        if subject.host
    ]


def import_register(house: Store, country: LabHandle) -> list[Subject]:
    """Import the laboratory's register, which has no labels; returns its sites in file order."""
    items = read_csv(country.files.register, source="laboratory", laboratory=True)
    sites = [item for item in items if isinstance(item, Subject)]
    Register(house.database).add(sites)
    return sites


async def _screen(
    house: Store,
    sites: Sequence[Subject],
    vantages: dict[str, Vantage],
    country: LabHandle,
    tick: Callable[[int], None],
) -> list[Screened]:
    sides = {vantage.role: vantage for vantage in vantages.values()}
    plan = Plan("cn", AS_OF, AS_OF, sides["outside"], sides["inside"], country.files.countries)
    targets = [Target(site.id, site.host or "", site.name) for site in sites]
    results = []
    async for result in screen(house, targets, plan):
        results.append(result)
        tick(1)
    return results


def guard_context(sites: Sequence[Subject]) -> Context:
    """What the guard knows: the register, and whose each host is."""
    owners = {host: site.id for site in sites for host in site.hosts}
    return Context(registered=frozenset(owners), known_hosts=owners)


def decide(house: Store, screened: Sequence[Screened], context: Context) -> list[Order]:
    """Triage what is made out, propose, and have two people approve; returns the active orders.

    The scope takes in the names below only where the guard sees nobody else there. What is
    already unreachable gets no order: a block would gain nothing. The last in the order of triage
    is proposed and left waiting, as on any working day. Each order takes effect with its notice, whose
    delivery is tried.
    """
    staff = People(house.database, log.seal)
    founder = people.ADMINISTRATOR
    staff.add(*founder)
    for person in (people.ANALYST, *people.APPROVERS, people.PUBLISHER, people.OFFICER):
        staff.add(*person, actor=founder[0])
    cases = Cases(house.database, log.seal)
    queue = []
    for one in screened:
        if one.case is None or one.assessment_id is None:
            continue
        with house.database.begin() as connection:
            assessment = load_assessment(connection, one.assessment_id)
        urgency = priority(assessment, Features(reachable=one.inside))  # type: ignore[arg-type]
        allowed = judge(one.host, context, subject=one.subject).allowed
        if not urgency.monitor and allowed and people.objection(assessment) is None:
            queue.append((urgency, (one, assessment)))
    expires = now() + timedelta(days=ORDER_DAYS)
    proposed = []
    for _, (one, assessment) in ranked(queue):
        below = judge(f"*.{one.host}", context, subject=one.subject).allowed
        proposed.append(
            cases.propose(
                one.case or "",
                assessment,
                "block_access",
                people.ANALYST[0],
                Scope(one.host, subdomains=below),
                f"{assessment.title}: {assessment.reason}",
                expires,
                why_not_smaller=people.WHY_NOT_SMALLER,
            )
        )
    active = []
    for order in proposed[:-1]:
        signed = [cases.approve(order.id, approver[0]) for approver in people.APPROVERS]
        active.append(signed[-1])
        for notice in cases.notices(order.id):
            cases.deliver(notice.id, people.ANALYST[0], "failed", channel="letter", why=people.NOT_DELIVERED)
    return active


def publish(house: Store, country: LabHandle, context: Context) -> Publication:
    """Publish to the resolver inside, and render the hosts file beside it."""
    publisher = Publisher(house.database, log.seal)
    publisher.publish(hosts.target(), context, laboratory=True)
    publication = publisher.publish(rpz.target(), context, laboratory=True)
    country.publish(publisher.content(publication.artefact))
    return publication


def read_truth(country: LabHandle) -> dict[str, Truth]:
    """The labels, by host."""
    file = msgspec.json.decode(country.files.truth.read_bytes())
    return {site.host: site for site in msgspec.convert(file["sites"], list[Truth])}


async def _innocents_hit(
    house: Store, screened: Sequence[Screened], truth: dict[str, Truth], vantages: dict[str, Vantage]
) -> int:
    """How many innocents that answered inside before the block do not any more."""
    before = [one.host for one in screened if not truth[one.host].positive and one.inside != "blocked"]
    seen = await looks(house, {host: host for host in before}, tuple(vantages.values()))
    inside = next(vantage.name for vantage in vantages.values() if vantage.role == "inside")
    return sum(look.verdict == "blocked" for look in seen if look.vantage == inside)


def replay_apart(folder: Path) -> bool:
    """Replay the store in a fresh process with the network closed."""
    command = [
        sys.executable,
        "-m",
        "ringfence.interfaces.cli.main",
        "replay",
        "--store",
        str(folder),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (our own module)
    if done.returncode not in (0, 1):
        raise OutsideError(f"the replay failed: {done.stderr.decode('utf-8', 'replace').strip()[-500:]}")
    return bool(msgspec.json.decode(done.stdout)["identical"])


def score(
    screened: Sequence[Screened],
    truth: dict[str, Truth],
    verified: Verified,
    orders: Sequence[Order],
    innocents_hit: int,
) -> Figures:
    """Compare what was said with what is true. A positive is a site for which the provision is made out."""
    said = {one.host: one.assessment == "made_out" for one in screened}
    positives = {host for host, site in truth.items() if site.positive}
    true_positives = sum(said[host] for host in positives)
    false_positives = sum(made for host, made in said.items() if host not in positives)
    by_order: dict[str, list[bool]] = {}
    collateral: list[bool | None] = []
    to_block = []
    for expectation, check in zip(verified.expectations, verified.checks, strict=True):
        if expectation.collateral:
            collateral.append(check.met)
        else:
            by_order.setdefault(check.order, []).append(check.met is True)
        if expectation.purpose == "name" and check.seconds is not None:
            to_block.append(check.seconds)
    to_block.sort()
    return Figures(
        seed=0,
        designs="",
        subjects=len(screened),
        innocents=len(truth) - len(positives),
        seconds=0.0,
        peak_rss_mb=0.0,
        true_positives=true_positives,
        false_positives=false_positives,
        false_negatives=len(positives) - true_positives,
        recall=round(true_positives / max(len(positives), 1), 4),
        precision=round(true_positives / max(true_positives + false_positives, 1), 4),
        already_unreachable=sum(one.already_unreachable and said[one.host] for one in screened),
        orders_proposed=0,
        orders_active=len(orders),
        orders_verified=sum(all(by_order.get(order.id, [False])) for order in orders),
        innocents_blocked=innocents_hit,
        collateral=sum(met is False for met in collateral),
        collateral_probes=len(collateral),
        replay_identical=False,
        log_entries=0,
        log_root="",
        seconds_to_block_median=to_block[len(to_block) // 2] if to_block else None,
        seconds_to_block_max=to_block[-1] if to_block else None,
    )
