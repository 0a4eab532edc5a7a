"""Kill a writer with 9 at a random moment, again and again, and look at what is left.

The writer is forked from a process that has everything imported and no database open. It keeps
observations, proposes, approves, revokes and publishes, holds payments by rules and lets them go, and says
what was acknowledged, one line each, down a pipe. After each kill everything ever acknowledged in that round
must be there, and the whole store must be one that no crash is visible in (`check`).
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import re
import secrets
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlalchemy import select

from cases.accounts import GROUNDS, LADDER, PACK, granting
from cases.examples import SMALLER, assessment
from ringfence.cases.docket import Cases
from ringfence.cases.hearing_tables import notices
from ringfence.cases.hold import HoldRule
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.cases.holding import Holding
from ringfence.cases.order import Order, Scope
from ringfence.cases.people import People
from ringfence.cases.tables import approvals, case_events, orders
from ringfence.core.canonical import digest
from ringfence.core.errors import RefusedError
from ringfence.core.time import now
from ringfence.enforce.artefact import artefact_orders, artefacts, orders_digest
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import hosts, payments
from ringfence.evidence import log
from ringfence.evidence.log import leaf_hash, leaves
from ringfence.evidence.observation import DNSStep, Exchange, Hop, Observation
from ringfence.evidence.store import Store, keep, observations
from ringfence.interfaces.cli.output import written

ACTS = (
    "see", "propose", "propose", "publish", "publish", "revoke", *["approve"] * 5, "rule", *["hold"] * 3,
    "confirm", "release", "expire",
)  # fmt: skip
LISTS = {"hosts": "hosts.txt", "payments": "accounts.jsonl"}  # what enforcement points would read
PARSE = {"hosts": hosts.parse, "payments": payments.parse}
LAW = timedelta(hours=25)  # longer than any hold
_HOLD = re.compile(rb"hold(?:rule|act)?:[0-9a-f]+")


class Crash:
    """One store, written to by one process after another, each killed. ``address`` is PostgreSQL's."""

    def __init__(self, folder: Path, address: str | None, seed: int) -> None:
        self.folder = folder
        self.address = address
        self.random = random.Random(seed)
        self.acknowledged = 0
        self.rounds = 0
        self.seen: dict[str, int] = defaultdict(int)
        house = self.open()
        people = People(house.database, log.seal)
        people.add("li", "Li Analyst", "analyst")
        for person in ("wang", "chen"):
            people.add(person, person.title(), "approver")
        house.close()

    def open(self) -> Store:
        return Store(self.folder, self.address)

    def round(self, kill: Callable[[int], None] | None = None, longest: float | None = None) -> list[str]:
        """One writer, killed after at most ``longest`` seconds of work (by default long enough for
        some acts on the engine); what is wrong afterwards.
        ``kill`` does something else than kill the writer (which then ends by itself)."""
        ours, theirs = os.pipe()
        # Nothing buffered may be written twice.
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(ours)
            try:
                self._write(theirs)
            finally:
                os._exit(1)  # no clean-up of the parent's
        os.close(theirs)
        first = os.read(ours, 1)  # the store is open
        time.sleep(self.random.random() * (longest or (0.6 if self.address else 0.25)))
        if kill is None:
            os.kill(child, signal.SIGKILL)
        else:
            kill(child)
        said = first
        while chunk := os.read(ours, 65536):
            said += chunk
        os.close(ours)
        _, status = os.waitpid(child, 0)
        lines = said.decode().split("\n")[1:-1]  # a line that was cut was not acknowledged
        self.rounds += 1
        self.acknowledged += len(lines)
        for line in lines:
            self.seen[line.split()[0]] += 1
        problems = self.check(lines)
        if kill is None and os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            problems.append(f"the writer ended by itself: {os.waitstatus_to_exitcode(status)}")
        return problems

    def fill(self) -> list[str]:
        """Something of every kind, by hand and without a kill; what was acknowledged."""
        house = self.open()
        cases = Cases(house.database, log.seal)
        said = [f"observation {_see(house, 0)}"]
        for host in ("in-force.com", "proposed.com"):
            said.append(f"order {_propose(cases, host).id} proposed")
        order = said[1].split()[1]
        said += [f"approval {order} {who} {cases.approve(order, who).state}" for who in ("wang", "chen")]
        about = _restrict(cases)
        cases.approve(about.id, "wang")
        said += [
            f"order {about.id} proposed",
            f"approval {about.id} wang {cases.approve(about.id, 'chen').state}",
        ]
        said += _rule(Holding(house.database, log.seal))
        said += (text := _hold(house, said[-1].split()[1]))
        said.append(_deed(house, "confirmed", text[-1].split()[1]))
        for target in (hosts.target(), payments.target(cases.order)):
            made = Publisher(house.database, log.seal).publish(target, Context())
            said.append(f"artefact {made.artefact.id}")
        house.close()
        return said

    # --- the writer ------------------------------------------------------------------------------
    def _write(self, pipe: int) -> None:
        house = self.open()
        cases = Cases(house.database, log.seal)
        publisher = Publisher(house.database, log.seal)
        mine = random.Random(secrets.token_bytes(8))

        def say(text: str) -> None:
            os.write(pipe, f"{text}\n".encode())  # short: in one piece or not at all

        context = Context()  # its lists take longer to read than a round may last
        os.write(pipe, b"\n")
        cases.most = 100
        live = [order for order in cases.orders() if order.state in ("proposed", "active")][-20:]
        holding = Holding(house.database, log.seal)
        ruled = [one.rule.id for one in holding.rules() if one.in_force][-3:]
        held = [one.hold.id for one in holding.held() if one.standing in ("held", "confirmed")][-20:]
        for number in itertools.count():
            act = mine.choice(ACTS)
            if act == "see":
                say(f"observation {_see(house, number)}")
            elif act == "propose":
                about = mine.choice((_restrict, _block))
                live.append(about(cases))
                say(f"order {live[-1].id} proposed")
            elif act == "publish":
                target = mine.choice((hosts.target(), payments.target(cases.order)))
                made = publisher.publish(target, context)
                say(f"artefact {made.artefact.id}")
                with written(self.folder / LISTS[target.name]) as stream:
                    stream.writelines(publisher.pieces(made.artefact))
                say(f"list {made.artefact.digest}")
            elif act == "rule" or (act == "hold" and not ruled):
                for text in _rule(holding):
                    say(text)
                    ruled = [*ruled[-2:], text.split()[1]]
            elif act == "hold":
                for text in _hold(house, mine.choice(ruled)):
                    say(text)
                    held.append(text.split()[1])
            elif act == "expire":
                for one in Holding(house.database, log.seal, lambda: now() + LAW).end_due():
                    say(f"deed {one.hold.id} expired")
                held.clear()
            elif act in ("confirm", "release"):
                if held:
                    one = held.pop(mine.randrange(len(held)))
                    try:
                        say(_deed(house, "confirmed" if act == "confirm" else "released", one))
                    except RefusedError:
                        continue  # confirmed by a writer before this one
            elif live:
                order = mine.choice(live)
                try:
                    if act == "revoke":
                        cases.revoke(order.id, "wang", "enough")
                        live.remove(order)
                        say(f"order {order.id} revoked")
                    else:
                        person = mine.choice(("wang", "chen"))
                        after = cases.approve(order.id, person)
                        say(f"approval {order.id} {person} {after.state}")
                except RefusedError:
                    continue  # a second approval by one person, or one that came too late

    # --- the judge -------------------------------------------------------------------------------
    def check(self, acknowledged: list[str]) -> list[str]:
        """What is wrong with the store: acknowledged records that are not there, half-issued orders,
        artefacts that no active order backs, a log that does not say what the tables say."""
        house = self.open()
        try:
            with house.database.read() as connection:
                leaf = connection.execute(select(leaves).order_by(leaves.c.idx)).all()
                order = {row.id: row for row in connection.execute(select(orders))}
                approved = connection.execute(select(approvals)).all()
                happened = connection.execute(select(case_events).order_by(case_events.c.seq)).all()
                given = connection.execute(select(notices)).all()
                seen = {row.id: row for row in connection.execute(select(observations))}
                made = {row.id: row for row in connection.execute(select(artefacts))}
                backs = connection.execute(select(artefact_orders)).all()
                ruled = {row.id: row for row in connection.execute(select(rules))}
                agreed = connection.execute(select(rule_acts)).all()
                held = {row.id: row for row in connection.execute(select(holds))}
                done = connection.execute(select(hold_acts)).all()
        finally:
            house.close()
        problems = _log(leaf)
        latest = {row.id: row.digest for row in leaf}
        rows = [*order.values(), *approved, *happened, *given, *made.values()]
        rows += [*ruled.values(), *agreed, *held.values(), *done]
        for row in rows:
            if latest.get(row.id) != row.digest or digest(row.record) != row.digest:
                problems.append(f"{row.id}: the row is not what the log says")
        for name, row in seen.items():
            if latest.get(name) != digest(row.record):
                problems.append(f"{name}: the row is not what the log says")
            if not _whole(house, row.capture):
                problems.append(f"{name}: no blob {row.capture}")
        known = {row.id for row in rows} | set(seen)
        problems += [f"a leaf without a record: {row.id}" for row in leaf if row.id not in known]
        problems += _half_issued(order, approved, happened)
        problems += _unheard(order, given)
        problems += _unbacked(made, backs, happened, {*held, *ruled})
        problems += _half_held(ruled, agreed, held, done)
        signed = {(row.order_id, row.approver) for row in approved}
        agreed_by = {(row.rule, row.person) for row in agreed}
        deeds = {(row.hold, row.act) for row in done}
        problems += _lost(acknowledged, order, signed, {*seen, *held}, made)
        for line in acknowledged:
            kind, name, *more = line.split()
            if (kind == "yes" and (name, more[0]) not in agreed_by) or (
                kind == "deed" and (name, more[0]) not in deeds
            ):
                problems.append(f"lost: {line}")
        for target, name in LISTS.items():
            listed = self.folder / name
            if listed.exists():
                content = f"sha256:{hashlib.sha256(listed.read_bytes()).hexdigest()}"
                if content not in {row.content_digest for row in made.values() if row.target == target}:
                    problems.append(f"{name} at the enforcement point is no artefact of ours")
        return problems


def _see(house: Store, number: int) -> str:
    capture = house.blobs.put(secrets.token_bytes(2000))
    step = DNSStep("dns.nxdomain", "127.0.0.1:53", (), (), 1, number, capture)
    hop = Hop("https://venue.example/", "venue.example", 443, step, (), None, None)
    seen = Observation(
        subject="site:venue.example", instrument="access", version="0", vantage="direct", role="outside",
        country=None, started="2018-08-24T00:00:00.000000Z", took_us=number,
        exchanges=(Exchange("https://venue.example/", "landing", (hop,), "dns.nxdomain", "dns"),),
        capture=capture, laboratory=True,
    )  # fmt: skip
    with house.database.begin() as connection:
        return keep(connection, seen)


def _propose(cases: Cases, host: str) -> Order:
    found = assessment(host)
    return cases.propose(
        cases.open(found).id, found, "block_access", "li", Scope(host, True), "an order book in yuan",
        now() + timedelta(days=90), why_not_smaller=SMALLER,
    )  # fmt: skip


def _block(cases: Cases) -> Order:
    return _propose(cases, f"h{secrets.token_hex(6)}.com")


def _restrict(cases: Cases) -> Order:
    found = granting(f"account:{secrets.token_hex(16)}")
    return cases.propose(
        cases.open(found).id, found, "limit_receiving", "li", Scope(), "forty payers",
        now() + timedelta(days=90), why_not_smaller=LADDER,
    )  # fmt: skip


def _rule(holding: Holding) -> list[str]:
    made = holding.propose_rule(
        PACK, "xh-account", "li", "money is about to leave", now() + timedelta(days=90),
        typologies=["exchange_match"], least_score=800,
    )  # fmt: skip
    for person in ("wang", "chen"):
        holding.rule_act(made.id, "approve", person)
    return [f"yes {made.id} wang", f"yes {made.id} chen"]


def _hold(house: Store, rule: str) -> list[str]:
    case = Cases(house.database, log.seal).open(granting(f"account:{secrets.token_hex(16)}")).id
    holding = Holding(house.database, log.seal)
    return [
        f"hold {holding.hold(rule, case, f'payment:{secrets.token_hex(16)}', GROUNDS).id}" for _ in range(2)
    ]


def _deed(house: Store, act: str, hold: str) -> str:
    holding = Holding(house.database, log.seal)
    (holding.confirm if act == "confirmed" else holding.release)(hold, "wang", "I have looked")
    return f"deed {hold} {act}"


def _whole(house: Store, name: str) -> bool:
    path = house.blobs.path(name)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == name.removeprefix("sha256:")


def _log(rows: list) -> list[str]:
    problems = [] if [row.idx for row in rows] == list(range(len(rows))) else ["the leaves have gaps"]
    for row in rows:
        entry = msgspec.json.decode(row.entry)
        if row.hash != leaf_hash(row.entry) or (entry["id"], entry["digest"]) != (row.id, row.digest):
            problems.append(f"leaf {row.idx} contradicts itself")
    return problems


def _half_issued(order: dict, approved: list, happened: list) -> list[str]:
    problems = []
    told = defaultdict(list)
    for event in happened:
        told[event.order_id].append(event.kind)
    signed = defaultdict(set)
    for row in approved:
        signed[row.order_id].add(row.approver)
        if told[row.order_id].count("approved") == 0:
            problems.append(f"{row.id}: an approval without its event")
    ends = {"proposed": [], "active": ["activated"], "revoked": ["revoked"], "expired": ["expired"]}
    for name, row in order.items():
        moves = [kind for kind in told[name] if kind in ("proposed", "activated", "revoked", "expired")]
        wanted = ["proposed", *(["activated"] if row.activated_at else []), *ends[row.state]]
        if moves != list(dict.fromkeys(wanted)):
            problems.append(f"{name}: {row.state}, but its events are {moves}")
        if bool(row.activated_at) != (len(signed[name] - {row.proposer}) >= row.needed):
            problems.append(f"{name}: {row.state} with {len(signed[name])} approvals of {row.needed}")
        if told[name].count("approved") != len(signed[name]):
            problems.append(f"{name}: {len(signed[name])} approvals, {told[name].count('approved')} events")
    return problems + [f"{name}: an order that is not there" for name in told if name and name not in order]


def _unheard(order: dict, given: list) -> list[str]:
    told = {row.order_id for row in given}
    return [
        f"{name}: {row.state} without its notice"
        for name, row in order.items()
        if row.activated_at and name not in told
    ]


def _half_held(ruled: dict, agreed: list, held: dict, done: list) -> list[str]:
    """A payment held without its rule's approvals, or whose end is no end of a hold that is there."""
    problems = []
    for name, row in held.items():
        rule = ruled.get(row.rule)
        yes = {one.person for one in agreed if one.rule == row.rule and one.at <= row.began_at}
        if rule is None or len(yes - {rule.proposer}) < HoldRule.from_record(rule.record).needed:
            problems.append(f"{name}: held with {len(yes)} approvals of its rule")
    ends = defaultdict(list)
    for row in done:
        hold = held.get(row.hold)
        if hold is None or (row.act == "expired") != (row.at >= hold.until_at):
            problems.append(f"{row.id}: {row.act}, and the hold does not say so")
        ends[row.hold].append(row.act)
    return problems + [
        f"{name}: over twice" for name, acts in ends.items() if {"released", "expired"} <= {*acts}
    ]


def _unbacked(made: dict, backs: list, happened: list, known: set) -> list[str]:
    problems = []
    spans: dict[str, list[str]] = defaultdict(lambda: ["~", "~"])
    for event in happened:
        if event.kind in ("activated", "revoked", "expired") and event.order_id:
            spans[event.order_id][event.kind != "activated"] = event.at
    orders_of = defaultdict(set)
    for row in backs:
        orders_of[row.artefact].add(row.order_id)
    for name, row in made.items():
        record = msgspec.json.decode(row.record)
        whole = digest(row.content) == row.content_digest == record["digest"]
        if orders_digest(sorted(orders_of[name])) != record["orders_digest"] or not whole:
            problems.append(f"{name}: the artefact is not whole")
        problems += [
            f"{name}: it names {one}, which is not there"
            for one in map(bytes.decode, _HOLD.findall(row.content)) if one not in known
        ]  # fmt: skip
        # Wildcards stand in no hosts file, and each order has its host there.
        for entry in PARSE[row.target](row.content) if whole else ():
            since, until = spans[entry.order]
            if not since <= row.made_at < until:
                problems.append(f"{name}: nothing backs {entry}")
    return problems


def _lost(lines: list[str], order: dict, signed: set, seen: set, made: dict) -> list[str]:
    contents = {row.content_digest for row in made.values()}
    problems = []
    for line in lines:
        kind, name, *more = line.split()
        there = {
            "observation": lambda name, more: name in seen,
            "hold": lambda name, more: name in seen,
            "yes": lambda name, more: True,
            "deed": lambda name, more: True,
            "artefact": lambda name, more: name in made,
            "list": lambda name, more: name in contents,
            "order": lambda name, more: name in order and (more == ["proposed"] or order[name].state in more),
            "approval": lambda name, more: (
                (name, more[0]) in signed and (more[1] == "proposed" or order[name].activated_at)
            ),
        }[kind](name, more)
        if not there:
            problems.append(f"lost: {line}")
    return problems
