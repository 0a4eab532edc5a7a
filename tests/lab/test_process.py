"""The laboratory as a process: ready soon, small, gone when it should be."""

import csv
import subprocess
import sys
import time

import psutil
import pytest

from lab.world import rows
from ringfence.core.errors import OutsideError
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.clienthello import server_name
from ringfence.lab.process import running


def test_its_files_are_there_and_the_register_has_no_labels(lab):
    files = lab.files
    with files.register.open(encoding="utf-8") as lines:
        listed = list(csv.DictReader(lines))
    assert len(listed) == 546
    assert set(listed[0]) == {"name", "host", "countries", "volume_rank"}
    assert files.countries.read_text().startswith("start,end,country\n127.10.0.0,127.10.255.255,CN\n")
    assert b"BEGIN CERTIFICATE" in files.ca.read_bytes()
    assert lab.status().laboratory


def test_its_vantages_are_marked_and_stay_on_loopback(lab):
    vantages = load_vantages(lab.files.vantages)
    assert {vantage.role for vantage in vantages.values()} == {"inside", "outside"}
    for vantage in vantages.values():
        assert vantage.laboratory and set(vantage.allow) <= {"127.0.0.0/8", "::1/128"}
        assert set(vantage.ports) == {"80", "443"}


def test_it_is_small(lab):
    assert psutil.Process(lab.pid).memory_info().rss < 200_000_000


def test_it_ends_with_the_block(tmp_path):
    with running(tmp_path, 2, "development", rows()[:10]) as lab:
        pid = lab.pid
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_it_ends_with_a_parent_that_was_killed(tmp_path):
    script = (
        "import sys, time; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path; from lab.world import rows; from ringfence.lab.process import running\n"
        "with running(Path(sys.argv[1]), 2, 'development', rows()[:10]) as lab:\n"
        "    print(lab.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), *sys.path], stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(pid)


def test_a_start_that_fails_says_why(tmp_path):
    with pytest.raises(OutsideError, match="imaginary"), running(tmp_path, 1, "imaginary", rows()[:3]):
        pass


@pytest.mark.parametrize(
    "junk", [b"\x16\x03\x01\x00\x02\x01\x00", b"GET / HTTP/1.1\r\n\r\n", b"\x93\x5e\x07\xc1" + b"\0" * 9]
)
def test_what_is_no_hello_has_no_name(junk):
    assert not server_name(junk)
