"""A small store with something of everything: blobs, observations, decisions, artefacts, checks, checkpoints
(two, the first cosigned and stamped), and tiles."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import msgspec

from cases.examples import SMALLER, assessment
from evidence.test_store import an_observation
from interfaces.command import people, run
from interfaces.test_cli_publish import active
from ringfence.cases.docket import Cases
from ringfence.cases.keeping import Keeping
from ringfence.cases.order import Scope
from ringfence.cases.people import People
from ringfence.cases.reading import order_by
from ringfence.core.note import SecretKey
from ringfence.core.time import now
from ringfence.evidence import log, timestamp, witness
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.export import export
from ringfence.evidence.publish import checkpoint
from ringfence.evidence.store import Store, keep
from ringfence.evidence.vantage import Vantage
from ringfence.interfaces.cli.common import opened
from ringfence.verify.check import check
from ringfence.verify.expectation import expectations
from ringfence.verify.seen import Seen
from ringfence.verify.verification import Verification

WITNESS = SecretKey("witness.example/w1", bytes(range(32)))
NAME = "perimeter.example/log"
# The authority signs with a certificate of its own, and sends that one certificate.
_CNF = """[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:false
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
"""


def authority(folder: Path) -> Path:
    """A time-stamping authority under ``folder``: root.pem and what `stamp` needs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cnf").write_text(_CNF.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for name, subject in (("root", "/CN=Root of the tests"), ("signer", "/CN=Time stamps of the tests")):
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config",
                folder / "cnf", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr",
                "-subj", subject)  # fmt: skip
    openssl("x509", "-req", "-in", folder / "root.csr", "-signkey", folder / "root.key", "-days", "30",
            "-extfile", folder / "cnf", "-extensions", "root", "-out", folder / "root.pem")  # fmt: skip
    openssl("x509", "-req", "-in", folder / "signer.csr", "-CA", folder / "root.pem", "-CAkey",
            folder / "root.key", "-CAcreateserial", "-days", "30", "-extfile", folder / "cnf",
            "-extensions", "signer", "-out", folder / "signer.pem")  # fmt: skip
    return folder


def stamp(folder: Path, query: Path) -> Path:
    """The authority's reply to a query."""
    reply = query.with_suffix(".tsr")
    openssl("ts", "-reply", "-config", folder / "cnf", "-queryfile", query, "-out", reply)
    return reply


def openssl(*arguments: object) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(folder: Path) -> None:
    """Make the store."""
    people(folder)
    orders = [active(folder, host) for host in ("large-venue.com", "other-venue.com")]
    ended = run("orders", "revoke", orders[1], "--by", "wang", "--reasons", "it left", "--store", folder)
    assert ended.code == 0, ended.err
    for target in ("rpz", "hosts"):
        assert run("publish", "--target", target, "--store", folder).code == 0
    hear(folder, orders[0])
    with opened(folder) as house:
        keep_observations(house, 3)
        room = Verification(house.database, log.seal)
        with house.database.read() as connection:
            order = order_by(connection, orders[0])
        planned = expectations(order, (Vantage("home", "inside"), Vantage("abroad", "outside")), at=now())
        room.plan(planned)
        look = Seen("home", planned[0].host, "blocked", planned[0].since, "sha256:1")
        room.record([check(planned[0], [look])])
        first = checkpoint(house, name=NAME)
        beside = folder.with_name("beside")
        export(house, beside / "export")
        log_key = SecretKey.from_text((folder / "log.key").read_text()).public
        note = witness.witness(beside / "export", WITNESS, beside / "state", 1_790_000_000, log_key)
        assert witness.accept(house, note, Cosigner.of(WITNESS)) == first.number
        ca = authority(beside / "tsa")
        query = beside / "query.tsq"
        query.write_bytes(timestamp.request(first.checkpoint.to_text()))
        timestamp.accept(house, first.number, stamp(ca, query).read_bytes(), (ca / "root.pem").read_bytes())
        keep_observations(house, 260, start=3)
        checkpoint(house)
        keep_observations(house, 2, start=300)  # not under a checkpoint yet


def hear(folder: Path, order: str) -> None:
    """A notice that was sent, one that is deferred, an appeal with its ruling, a hold, a retention order."""
    with opened(folder) as house:
        people = People(house.database, log.seal)
        people.add("sun", "Sun", "appeals_officer")
        people.add("root", "Root", "administrator")
        cases = Cases(house.database, log.seal)
        cases.deliver(cases.notices(order)[0].id, "li", "sent", channel="letter")
        cases.rule(
            cases.appeal(order, "the operator", "it is wrong", "li").id, "sun", "dismissed", "it is not"
        )
        found = assessment("third-venue.com", grant={"notice": "deferred", "notice_basis": "Act Y"})
        later = cases.propose(
            cases.open(found).id, found, "block_access", "li", Scope("third-venue.com", True), "a book",
            now() + timedelta(days=90), why_not_smaller=SMALLER,
        )  # fmt: skip
        for person in ("wang", "chen"):
            cases.approve(later.id, person)
        cases.defer(later.id, "chen", "Act Y", "a report is open", now() + timedelta(days=9))
        keeping = Keeping(house)
        keeping.order(
            pack="cn", period="cn-capture-seen", person="root", reasons="our rule", until=date(2040, 1, 1)
        )
        keeping.hold(later.case, "root", "a court may ask", "letter 7")


def keep_observations(house: Store, count: int, start: int = 0) -> None:
    """Observations, every tenth with a capture of its own."""
    captures = {n: house.blobs.put(b"capture %d" % (n // 10 * 10)) for n in range(start, start + count)}
    with house.database.begin() as connection:
        for number, capture in captures.items():
            keep(connection, msgspec.structs.replace(an_observation(took=number), capture=capture))
