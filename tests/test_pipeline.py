"""The way through over a part of the laboratory: whole, resumable, repeatable, one process at a time."""

import asyncio
import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from desks.small_world import Names, Web, page, vantage
from evidence.small_disk import fill, small_disk
from lab.world import rows as register_rows
from ringfence.cases.keeping import Keeping
from ringfence.cases.people import People
from ringfence.core.canonical import digest
from ringfence.core.errors import StoreError
from ringfence.evidence import log
from ringfence.evidence.log import root_hash
from ringfence.evidence.store import DATABASE_FILE, Store
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.process import running
from ringfence.pipeline import Plan, Target, replay, screen

RINGFENCE = Path(sys.executable).with_name("ringfence")
SOME = 30
FEWER = 14  # where the command is run several times; more than what is kept in one batch of a worker
DAY = date(2018, 8, 24)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    with running(tmp_path_factory.mktemp("pipeline"), 7, "development", register_rows()) as handle:
        yield handle


@pytest.fixture(scope="module")
def register(country, tmp_path_factory):
    """Thirty rows: venues, innocents, and what is down or unreachable."""
    with country.files.register.open(newline="") as file:
        every = list(csv.DictReader(file))
    known = {site["host"]: site for site in json.loads(country.files.truth.read_bytes())["sites"]}
    odd = [row for row in every if known[row["host"]]["down"] or known[row["host"]]["already_unreachable"]]
    path = tmp_path_factory.mktemp("register") / "some.csv"
    chosen = odd[:6] + [row for row in every if row not in odd[:6]][: SOME - 6]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, every[0])
        writer.writeheader()
        writer.writerows(chosen)
    return path


@pytest.fixture(scope="module")
def shorter(register, tmp_path_factory):
    path = tmp_path_factory.mktemp("register") / "fewer.csv"
    path.write_text("".join(register.read_text().splitlines(keepends=True)[: FEWER + 1]))
    return path


def listed(register):
    with register.open(newline="") as file:
        return [row["host"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def hosts(register):
    return listed(register)


@pytest.fixture(scope="module")
def fewer(shorter):
    return listed(shorter)


@pytest.fixture(scope="module")
def impatient(country, tmp_path_factory):
    """The laboratory's vantages with shorter time limits."""
    path = tmp_path_factory.mktemp("vantages") / "vantages.toml"
    path.write_text(country.files.vantages.read_text().replace("timeout_ms = 2000", "timeout_ms = 900"))
    return path


@pytest.fixture(scope="module")
def line(country, impatient):
    """A command line that screens a register into a store."""

    def made(register, store):
        return [
            RINGFENCE, "screen", "--register", register, "--vantages", impatient,
            "--vantage", "lab-inside", "--vantage", "lab-outside", "--countries", country.files.countries,
            "--as-of", DAY.isoformat(), "--json", "--store", store,
        ]  # fmt: skip

    return made


@pytest.fixture(scope="module")
def command(line, shorter):
    """The one that is cut and begun again."""
    return lambda store: line(shorter, store)


@pytest.fixture(scope="module")
def screened(line, register, tmp_path_factory):
    """One uninterrupted screening: its store and what it said."""
    store = tmp_path_factory.mktemp("screened") / "store"
    done = subprocess.run(line(register, store), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return store, [json.loads(line) for line in done.stdout.splitlines()]


def database(store):
    return sqlite3.connect(f"file:{store / DATABASE_FILE}?mode=ro", uri=True)


def whole(store, expected, again=()):
    """Nothing is missing and nothing is there twice, but for hosts that were asked for ``again`` by
    themselves; returns the number of leaves."""
    plain = database(store)
    records = {}
    for table in ("observations", "findings", "assessments"):
        for name, subject, record in plain.execute(f"select id, subject, record from {table}"):
            records[name] = (table, subject, record)
    per_subject = Counter((table, subject) for table, subject, _ in records.values())
    for host in expected:
        times = 1 + (host in again)
        assert per_subject["observations", f"site:{host}"] == 2 * times
        assert per_subject["findings", f"site:{host}"] == 10 * times, host
        assert per_subject["assessments", f"site:{host}"] >= 1
    assert len({subject for _, subject in per_subject}) == len(expected)

    entries = plain.execute("select idx, id, digest, entry, hash from leaves order by idx").fetchall()
    assert [index for index, *_ in entries] == list(range(len(entries)))
    of = Counter(name for _, name, *_ in entries if name in records)
    assert of == dict.fromkeys(records, 1), "every record has one leaf, and one only"
    for _, name, kept, entry, _ in entries:
        if name in records:
            assert kept == digest(records[name][2]) == json.loads(entry)["digest"]
    assert root_hash([entry[4] for entry in entries])

    captures = plain.execute("select capture from observations").fetchall()
    blobs = {path.name: path for path in (store / "blobs").rglob("*") if path.is_file()}
    for (capture,) in captures:
        assert digest(blobs[capture.removeprefix("sha256:")].read_bytes()) == capture
    assert not [name for name in blobs if name.startswith(".")]
    (items,) = plain.execute("select count(*) from run_items").fetchone()
    assert items == len(expected) + len(again)
    assert plain.execute("select count(*) from runs where ended is null").fetchone() == (0,)
    doubled = "select subject, provision from cases where state = 'open' group by 1, 2 having count(*) > 1"
    assert plain.execute(doubled).fetchall() == []
    plain.close()
    return len(entries)


def test_results_come_in_the_order_of_the_input_one_for_each(screened, hosts):
    _, said = screened
    assert [one["host"] for one in said] == hosts
    assert all(one["laboratory"] and one["findings"] for one in said)
    assert {one["inside"] for one in said} >= {"accessible", "blocked"}
    assert any(one["already_unreachable"] for one in said)


def test_every_record_is_in_the_store_with_its_leaf(screened, hosts):
    store, said = screened
    assert whole(store, hosts) > 12 * len(hosts)
    plain = database(store)
    findings = {name for (name,) in plain.execute("select id from findings")}
    assert {finding["id"] for one in said for finding in one["findings"]} == findings
    open_cases = {name for (name,) in plain.execute("select id from cases")}
    assert {one["case"] for one in said if one["case"]} == open_cases
    assert all(bool(one["case"]) == (one["assessment"] == "made_out") for one in said)
    plain.close()


REPLAY = """
import json, sys
from pathlib import Path
from ringfence.core.offline import close_network
from ringfence.evidence.store import Store
from ringfence.pipeline import replay
if __name__ == "__main__":
    close_network()
    house = Store(Path(sys.argv[1]))
    done = replay(house)
    house.close()
    print(json.dumps([done.subjects, done.findings, done.assessments, done.different]))
"""


def test_a_replay_in_a_fresh_process_without_a_network_gives_the_same_bytes(screened, hosts, tmp_path):
    store, _ = screened
    script = tmp_path / "again.py"
    script.write_text(REPLAY)
    environment = os.environ | {"PYTHONHASHSEED": "5"}
    done = subprocess.run([sys.executable, script, store], capture_output=True, check=True, env=environment)
    subjects, findings, assessments, different = json.loads(done.stdout)
    assert different == []
    assert subjects == len(hosts) and findings == 10 * len(hosts) and assessments >= len(hosts)


def test_a_replay_notices_a_finding_that_was_written_otherwise(screened, tmp_path):
    store, _ = screened
    forged = tmp_path / "store"
    subprocess.run(["cp", "-a", store, forged], check=True)
    plain = sqlite3.connect(forged / DATABASE_FILE)
    for (name,) in plain.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        plain.execute(f"drop trigger {name}")  # whoever owns the file can
    (name, record) = plain.execute("select id, record from findings order by id limit 1").fetchone()
    plain.execute(
        "update findings set record = ? where id = ?", (record.replace(b'"score":', b'"score":1'), name)
    )
    plain.commit()
    plain.close()
    house = Store(forged)
    done = replay(house)
    house.close()
    assert done.different == (name,) and not done.identical


def test_a_replay_names_what_was_erased_by_order_and_does_the_rest(screened, hosts, tmp_path):
    store, _ = screened
    copy = tmp_path / "store"
    subprocess.run(["cp", "-a", store, copy], check=True)
    house = Store(copy)
    People(house.database, log.seal).add("ada", "Ada", "administrator")
    with house.database.read() as connection:
        needed = set(connection.execute(text("select subject from cases")).scalars())
        seen = connection.execute(text("select subject, capture from observations order by id")).all()
    subject, capture = next((row.subject, row.capture) for row in seen if row.subject not in needed)
    made = Keeping(house).erase(capture, "ada", "asked for", "letter of 2 May", pack="cn")
    done = replay(house)
    (words,) = done.erased
    assert words.startswith(f"{subject}: the body {capture} was erased by order of ada at ")
    assert made.id in words and words.endswith("letter of 2 May")
    assert done.identical and done.subjects == len(hosts) - 1
    lost = next(row.capture for row in seen if row.subject in needed)
    house.blobs.erase(lost)
    with pytest.raises(StoreError, match=f"no blob {lost}"):  # without an order it is a loss
        replay(house)
    house.close()


def items(store):
    """How many subjects are done, whatever state the store is in."""
    try:
        plain = database(store)
        (count,) = plain.execute("select count(*) from run_items").fetchone()
        plain.close()
    except sqlite3.OperationalError:
        return 0
    return count


def started(command, store, **options):
    return subprocess.Popen(
        command(store), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **options
    )


def stopped_in_the_middle(process, store):
    """Hold it still once some subjects are done and others are not; False where it was too quick for that."""
    deadline = time.monotonic() + 60
    while items(store) < 3 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    if process.poll() is not None:
        return False
    os.killpg(process.pid, signal.SIGSTOP)
    if items(store) < FEWER:
        return True
    os.killpg(process.pid, signal.SIGKILL)
    return False


def cut_in_the_middle(command, folder):
    """A process that is held still in the middle of its work, and its store."""
    for attempt in range(10):
        store = folder / f"store{attempt}"
        process = started(command, store)
        if stopped_in_the_middle(process, store):
            return process, store
        process.communicate()
    pytest.fail("it always ended before it could be cut")


def test_kill_9_in_the_middle_and_again_completes_without_duplicates(command, tmp_path, fewer):
    process, store = cut_in_the_middle(command, tmp_path)
    process.kill()
    os.killpg(process.pid, signal.SIGCONT)  # its workers go on, and see that it is gone
    process.communicate()
    # Meanwhile somebody asks for one of the hosts by itself: that ends no run but its own.
    other = command(store)
    at = other.index("--register")
    other[at : at + 2] = [fewer[0]]
    assert subprocess.run(other, capture_output=True, check=False).returncode == 0
    before = set(database(store).execute("select id from observations"))
    done = subprocess.run(command(store), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["host"] for line in done.stdout.splitlines()] == fewer
    assert before <= set(database(store).execute("select id from observations"))
    whole(store, fewer, again=fewer[:1])


def test_a_second_process_is_refused_and_ctrl_c_leaves_a_state_to_go_on_from(command, tmp_path, fewer):
    first, store = cut_in_the_middle(command, tmp_path)
    second = subprocess.run(command(store), capture_output=True, check=False)
    assert second.returncode == 2
    assert f"another process ({first.pid})".encode() in second.stderr and b"hint:" in second.stderr
    assert b"Traceback" not in second.stderr and second.stdout == b""

    os.killpg(first.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    os.killpg(first.pid, signal.SIGCONT)
    _, said = first.communicate(timeout=30)
    assert first.returncode == 130, said
    assert b"interrupted" in said and b"Traceback" not in said
    assert 0 < items(store) <= FEWER
    before = set(database(store).execute("select id from observations"))
    done = subprocess.run(command(store), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert before <= set(database(store).execute("select id from observations"))
    whole(store, fewer)


def test_a_full_disk_in_the_middle_is_said_and_the_store_can_be_used_afterwards(command, tmp_path, fewer):
    with small_disk(tmp_path / "disk", 20_000) as disk:
        store = disk / "store"
        Store(store).close()
        ballast = fill(disk, leave=500)
        done = subprocess.run(command(store), capture_output=True, check=False)
        assert done.returncode == 2, done.stderr
        assert b"full" in done.stderr and b"free some space" in done.stderr
        assert b"Traceback" not in done.stderr
        said = done.stdout.splitlines()
        assert items(store) < FEWER
        ballast.unlink()
        again = subprocess.run(command(store), capture_output=True, check=False)
        assert again.returncode == 0, again.stderr
        assert again.stdout.splitlines()[: len(said)] == said, "what was acknowledged stays as it was said"
        whole(store, fewer)


def test_a_vantage_whose_proxy_is_down_ends_with_3_and_no_verdicts(country, tmp_path, hosts):
    known = load_vantages(country.files.vantages)["lab-outside"]
    plan = Plan("cn", DAY, DAY, msgspec.structs.replace(known, proxy="socks5://127.0.0.1:9"), None)
    house = Store(tmp_path / "store")

    async def run():
        return [
            one async for one in screen(house, [Target(f"site:{hosts[0]}", hosts[0], "")], plan, few=True)
        ]

    try:
        with pytest.raises(Exception, match="proxy") as refusal:
            asyncio.run(run())
        assert refusal.value.exit_code == 3
        assert items(tmp_path / "store") == 0
    finally:
        house.close()


def test_one_page_that_cannot_be_read_does_not_end_the_screening(tmp_path):
    trap = b'<html><link rel="icon" href="http://[x"><a href="http://[y">BTC/USDT</a>'
    names = Names({f"venue{number}.example": ["127.0.0.1"] for number in range(3)})
    house = Store(tmp_path / "store")

    async def run():
        async with names.serving() as resolver, Web(lambda _: page(trap)).serving("127.0.0.1") as port:
            plan = Plan("cn", DAY, DAY, vantage(resolver, port), None)
            targets = [Target(f"site:{host}", host, host) for host in names.known]
            return [one async for one in screen(house, targets, plan, few=True)]

    try:
        assert [one.host for one in asyncio.run(run())] == list(names.known)
    finally:
        house.close()


MANY = 1000
SOAK = """
import asyncio, resource, sys
from datetime import date
from pathlib import Path
import psutil
from desks.small_world import Names, vantage
from ringfence.evidence.store import Store
from ringfence.pipeline import Plan, Target, screen

async def run(folder, many):
    house, day, me = Store(folder), date(2018, 8, 24), psutil.Process()
    names, sizes, count = Names({}), [], 0
    async with names.serving() as resolver:
        plan = Plan("cn", day, day, vantage(resolver, 9), None)
        targets = (Target(f"site:h{n}.example", f"h{n}.example", "") for n in range(many))
        async for screened in screen(house, targets, plan):
            count += 1
            names.asked.clear(), names.peers.clear()
            assert screened.outside == "down"
            if count % (many // 10) == 0:
                sizes.append(sum(p.memory_info().rss for p in (me, *me.children())) // 1024)
    house.close()
    print(count, *sizes)

if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2])))
"""


def test_memory_stays_flat_however_many_subjects_there_are(tmp_path):
    script = tmp_path / "soak.py"
    script.write_text(SOAK)
    tests = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, script, tmp_path / "store", str(MANY)], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(tests)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    count, *sizes = map(int, done.stdout.split())
    assert count == MANY
    half = len(sizes) // 2
    assert max(sizes[half:]) - max(sizes[:half]) < 25_000, f"kilobytes: {sizes}"
    whole_count = database(tmp_path / "store").execute("select count(distinct subject) from observations")
    assert whole_count.fetchone() == (MANY,)
