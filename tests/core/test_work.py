"""Work that is cut goes on where it was cut, does nothing twice, and is one process's at a time."""

import os
import signal
import subprocess
import sys
import time

import pytest

from ringfence.core.bulk import map_batches, workers
from ringfence.core.database import Database
from ringfence.core.errors import StoreError
from ringfence.core.work import Run, alone


@pytest.fixture
def database(place):
    made = Database(place)
    yield made
    made.close()


def do(database, run, item, position=0):
    with database.begin() as connection:
        run.done(connection, item, position, item.encode())


def test_a_run_that_was_cut_goes_on_with_what_it_has_done(database):
    first = Run.begin(database, "screen", {"law": "cn"})
    assert not first.resumed
    do(database, first, "a")
    again = Run.begin(database, "screen", {"law": "cn"})
    assert again.resumed and again.id == first.id
    assert again.result("a") == b"a" and again.result("b") is None


def test_a_run_that_has_ended_is_not_gone_on_with(database):
    first = Run.begin(database, "screen", {"law": "cn"})
    first.end()
    second = Run.begin(database, "screen", {"law": "cn"})
    assert not second.resumed and second.id != first.id


def test_other_parameters_or_another_kind_are_another_run(database):
    ids = {Run.begin(database, kind, {"law": law}).id for kind in ("screen", "watch") for law in ("cn", "eu")}
    assert len(ids) == 4


def test_an_item_is_done_once_and_with_its_records_or_not_at_all(database):
    run = Run.begin(database, "screen", {})
    do(database, run, "a")
    with pytest.raises(Exception, match=r"(?i)unique"):
        do(database, run, "a")
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        run.done(connection, "b", 1, b"")
        raise ZeroDivisionError
    assert run.result("b") is None


HOLD = """
import sys, time
from pathlib import Path
from ringfence.core.work import alone
with alone(Path(sys.argv[1]), 'screen'):
    print('held', flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_told_who_is_at_work_and_kill_9_frees_the_place(tmp_path):
    owner = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match=f"\\({owner.pid}\\)") as refusal, alone(tmp_path, "screen"):
            pass
        assert "wait" in refusal.value.hint
        with alone(tmp_path, "another task"):
            pass
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    with alone(tmp_path, "screen"):
        assert (tmp_path / "screen.lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_held_is_a_clear_error(tmp_path):
    with pytest.raises(StoreError) as refusal, alone(tmp_path / "nowhere", "screen"):
        pass
    assert refusal.value.hint


def nothing():
    pass


def double(value):
    return 2 * value


def test_batches_come_back_in_the_order_in_which_they_were_given():
    with workers(nothing, (), most=2) as pool:
        assert list(map_batches(pool, double, iter(range(20)))) == [2 * n for n in range(20)]


PARENT = """
import os, sys, time
from ringfence.core.bulk import workers
if __name__ == "__main__":
    with workers(print, (), most=2) as pool:
        print(*{future.result() for future in [pool.submit(os.getpid) for _ in range(50)]}, flush=True)
        time.sleep(60)
"""


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_do_not_outlive_a_parent_killed_with_9(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE)
    line = b"\n"
    while not line.strip():  # the workers' own preparation prints an empty line
        line = parent.stdout.readline()
    children = [int(pid) for pid in line.split()]
    assert children and all(map(alive, children))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, children))


STARTING = """
import os, signal, sys, time
from ringfence.core.bulk import workers
if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: None)
    with workers(print, (), most=2) as pool:
        future = pool.submit(os.getpid)
        print("starting", flush=True)
        future.result()
        print("done", flush=True)
"""


def test_ctrl_c_says_nothing_in_workers_even_while_they_start(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(STARTING)
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout.readline() == b"starting\n"
    while parent.poll() is None:
        os.killpg(parent.pid, signal.SIGINT)
        time.sleep(0.02)
    out, err = parent.communicate()
    assert err == b"" and out.endswith(b"done\n")
