"""The bad sites are as bad as they are meant to be."""

import gzip
import ssl

import pytest

from ringfence.lab import hostile


def name(label):
    return f"{label}.{hostile.SUFFIX}"


def test_every_bad_site_has_a_name(outside):
    for host in hostile.sites():
        assert outside.texts(host) == [hostile.ADDRESS]


def test_a_small_download_that_unpacks_to_much(outside):
    body = outside.get(name("gzip-bomb"), unpack=False).body
    assert len(body) < 2_000_000
    one = gzip.decompress(body[: len(body) // (hostile.BOMB_BYTES // 1_000_000)])
    assert len(one) > 1_000_000


def test_redirects_without_end_and_in_a_circle(outside):
    assert outside.get(name("endless-redirects"), "/7").headers["location"] == "/8"
    assert outside.get(name("redirect-loop"), "/a").headers["location"] == "/b"
    assert outside.get(name("redirect-loop"), "/b").headers["location"] == "/a"


def test_redirects_into_private_networks(outside):
    assert outside.get(name("to-private")).headers["location"] == "http://10.0.0.1/"
    assert "169.254.169.254" in outside.get(name("to-metadata")).headers["location"]


def test_a_ten_megabyte_page(outside):
    answer = outside.get(name("big-page"), timeout=5)
    assert len(answer.body) == hostile.BIG_BYTES


def test_one_byte_and_then_silence(outside):
    with pytest.raises(TimeoutError):
        outside.get(name("stall"), timeout=0.4)


def test_a_body_that_ends_too_soon(outside):
    assert not outside.get(name("closes-mid-body")).complete


@pytest.mark.parametrize("label", ["lying-certificate", "expired-certificate", "self-signed"])
def test_certificates_that_do_not_hold(outside, label):
    with pytest.raises(ssl.SSLCertVerificationError):
        outside.get(name(label))


def test_encodings_that_are_not_what_they_say(outside):
    with pytest.raises(UnicodeDecodeError):
        outside.get(name("misdeclared-gbk")).body.decode("utf-8")


def test_two_megabytes_of_headers(outside):
    assert len(outside.get(name("huge-headers")).headers) > 1500
