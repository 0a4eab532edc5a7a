"""Tests with real Debian programs: installed when run as root, otherwise named with how to get them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

LOCK = Path(tempfile.gettempdir()) / "ringfence-tests-apt.lock"
UPDATED = Path(tempfile.gettempdir()) / "ringfence-tests-apt.updated"
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"}
# Packages that start a service on installation must not: the tests start their own on high ports.
POLICY = Path("/usr/sbin/policy-rc.d")


def find(command: str) -> str | None:
    """The path of a command, also where only root looks."""
    return shutil.which(command) or shutil.which(command, path=ENVIRONMENT["PATH"])


def require(package: str, command: str) -> str:
    """The path of ``command``, installing its Debian ``package`` when run as root.

    Fails the test when root cannot install it; skips it, naming what is missing and how to get it,
    for everybody else. One process installs at a time.
    """
    path = find(command)
    if path:
        return path
    advice = f"{command} is missing: apt-get install {package}"
    if os.geteuid() != 0 or find("apt-get") is None:
        pytest.skip(advice)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if find(command) is None:
            _install(package)
    path = find(command)
    if path is None:
        pytest.fail(f"{advice} (tried, without success)")
    return path


def require_file(package: str, file: Path) -> Path:
    """As `require`, for a package that brings a file and no command."""
    if file.exists():
        return file
    advice = f"{file} is missing: apt-get install {package}"
    if os.geteuid() != 0 or find("apt-get") is None:
        pytest.skip(advice)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _install(package)
    if not file.exists():
        pytest.fail(f"{advice} (tried, without success)")
    return file


def _install(package: str) -> None:
    keep_stopped = not POLICY.exists()
    if keep_stopped:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        if not UPDATED.exists():
            _apt("update", "-qq")
            UPDATED.touch()
        _apt("install", "-y", "-qq", "--no-install-recommends", package)
    finally:
        if keep_stopped:
            POLICY.unlink(missing_ok=True)


def _apt(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        pytest.fail(f"apt-get {' '.join(arguments)} failed: {done.stderr.strip()[-500:]}")
