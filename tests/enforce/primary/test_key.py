"""The key: read from its owner's file, and shown nowhere."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from debian import require
from resolvers.daemons import PUBLISHER, key_file
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.primary.key import read_key


@pytest.mark.debian
@pytest.mark.parametrize(
    ("package", "command"),
    [
        ("bind9", ["tsig-keygen", "-a", "hmac-sha512", "ringfence.example"]),
        ("knot", ["keymgr", "-t", "ringfence.example", "hmac-sha512"]),
    ],
)
def test_what_the_servers_tools_write_is_read(tmp_path: Path, package: str, command: list[str]) -> None:
    require(package, command[0])
    path = tmp_path / "key"
    path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    path.chmod(0o600)
    key = read_key(path)
    assert (key.name.to_text(), key.algorithm) == ("ringfence.example.", "hmac-sha512")
    assert len(key.tsig.secret) == 64


# 33 bytes whose base64 starts, goes on and ends with two slashes, and has a plus.
SLASHES = base64.b64encode(b"\xff\xff\xff\xfb" + b"\xff" * 29).decode()


@pytest.mark.parametrize(
    "text",
    [
        f'key "r" {{ algorithm hmac-sha256; secret "{SLASHES}"; }};',
        f"key r {{\n\talgorithm hmac-sha256;\n\tsecret a{SLASHES[1:]};\n}};",
        f'key "r"// mine\n{{ algorithm hmac-sha256; secret "{SLASHES}"# its\n; }};',
        f'// mine\nkey "r" {{ # one\n algorithm hmac-sha256; /* a\nnote */ secret "{SLASHES}"; // its\n}};',
        f"# hmac-sha256:r:{SLASHES}\nkey:\n- id: r\n  algorithm: hmac-sha256\n  secret: a{SLASHES[1:]}\n",
        f'key:\r\n- id: r # its name\r\n  algorithm: hmac-sha256\r\n  secret: "{SLASHES}"\r\n',
    ],
)
def test_slashes_of_a_secret_start_no_comment(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, newline="")
    path.chmod(0o600)
    key = read_key(path)
    assert (key.name.to_text(), len(key.tsig.secret)) == ("r.", 33)


@pytest.mark.debian
def test_every_secret_that_a_tool_makes_is_read(tmp_path: Path) -> None:
    require("bind9", "tsig-keygen")
    path = tmp_path / "key"
    path.touch(0o600)
    for _ in range(100):
        made = subprocess.run(["tsig-keygen", "r"], capture_output=True, check=True).stdout
        path.write_bytes(made)
        assert base64.b64encode(read_key(path).tsig.secret) in made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path)
    path.chmod(mode)
    with pytest.raises(RefusedError, match="others") as caught:
        read_key(path)
    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key ringfence { };",
        'key "r" { algorithm hmac-md5; secret "c2VjcmV0LW9mLTE2LW9jdGV0cyE="; };',
        'key "r" { algorithm hmac-sha256; secret "SECRET*"; };',
        'key "r" { algorithm hmac-sha256; secret "U0VDUkVU"; };',
        f'key "{"r" * 64}" {{ algorithm hmac-sha256; secret "{PUBLISHER}"; }};',
        f'key "a" {{ algorithm hmac-sha256; secret "{PUBLISHER}"; }};' * 2,
        f'# key "a" {{ algorithm hmac-sha256; secret "{PUBLISHER}"; }};',
        "\x00\xff" * 5000,
    ],
)
def test_what_is_no_key_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InputError) as caught:
        read_key(path)
    assert PUBLISHER not in str(caught.value) and "SECRET" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError):
            read_key(path)


def test_the_secret_shows_nowhere(tmp_path: Path) -> None:
    key = read_key(key_file(tmp_path))
    assert PUBLISHER not in f"{key!r} {key} {[key]}"
    assert repr(key) == "Key(ringfence., hmac-sha256)"
