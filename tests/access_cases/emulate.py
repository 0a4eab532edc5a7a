"""Emulate one run of a Web Connectivity 0.5 probe and of its test helper in an invented world.

Written from the public data formats (OONI df-001, -002, -005 to -008, ts-017) and from what such files
contain. A world says what servers are; a view says what one vantage point sees of it, with the interference
on its path.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ipaddress
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import idna
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

Json = dict[str, Any]
Events = list[Json]

BODY_LIMIT = 1 << 19  # what a 0.5 probe keeps of a body
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36"
)
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LANGUAGE = "en-US,en;q=0.9"
DAY = "Tue, 14 Jul 2026 09:{:02d}:{:02d} GMT"

# Clouds and delivery networks are real (their ranges are public); access networks are invented, with AS
# numbers reserved for documentation but addresses that are global: judges rightly call others bogons.
NETWORKS = {
    "104.21.": (13335, "Cloudflare, Inc."), "172.67.": (13335, "Cloudflare, Inc."),
    "2606:4700:": (13335, "Cloudflare, Inc."), "151.101.": (54113, "Fastly, Inc."),
    "199.232.": (54113, "Fastly, Inc."), "2a04:4e42:": (54113, "Fastly, Inc."),
    "52.": (16509, "Amazon.com, Inc."), "13.": (16509, "Amazon.com, Inc."),
    "2600:9000:": (16509, "Amazon.com, Inc."), "23.": (20940, "Akamai International B.V."),
    "95.100.": (20940, "Akamai International B.V."), "88.198.": (24940, "Hetzner Online GmbH"),
    "2a01:4f8:": (24940, "Hetzner Online GmbH"), "51.75.": (16276, "OVH SAS"),
    "159.89.": (14061, "DigitalOcean, LLC"), "47.": (45102, "Alibaba US Technology Co., Ltd."),
    "157.240.": (32934, "Facebook, Inc."), "31.13.": (32934, "Facebook, Inc."),
    "212.58.": (64496, "Northwind Telecom"), "195.46.": (64497, "Halden Broadband"),
    "202.61.": (64498, "Kestrel Mobile"), "41.78.": (64499, "Acacia Net"),
}  # fmt: skip


def network(ip: str) -> tuple[int, str] | None:
    for prefix, owner in NETWORKS.items():
        if ip.startswith(prefix):
            return owner
    return None


def bogon(ip: str) -> bool:
    return not ipaddress.ip_address(ip).is_global


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def endpoint(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


# --- certificates: real ones, the same for the same words ---


def _key(words: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(words.encode()).digest())


@cache
def certificates(host: str, issuer: str, days: int) -> tuple[str, ...]:
    """A leaf for `host` and its issuer, base64 DER; `days` (may be negative) until the leaf expires."""
    now = dt.datetime(2026, 7, 14, tzinfo=dt.UTC)
    root_key, leaf_key = _key(issuer), _key(f"{issuer}/{host}")
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)])
    leaf_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    alt: x509.GeneralName = (
        x509.IPAddress(ipaddress.ip_address(host)) if is_address(host) else x509.DNSName(host)
    )

    def build(subject: x509.Name, key: Ed25519PrivateKey, end: dt.datetime) -> x509.CertificateBuilder:
        serial = int.from_bytes(hashlib.sha256(str(subject).encode()).digest()[:8], "big") + 1
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(root_name).serial_number(serial)
        begin = end - dt.timedelta(days=90)
        return builder.not_valid_before(begin).not_valid_after(end).public_key(key.public_key())

    leaf = build(leaf_name, leaf_key, now + dt.timedelta(days=days))
    leaf = leaf.add_extension(x509.SubjectAlternativeName([alt]), critical=False)
    root = build(root_name, root_key, now + dt.timedelta(days=80))
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    chain = (leaf.sign(root_key, None), root.sign(root_key, None))
    return tuple(base64.b64encode(c.public_bytes(Encoding.DER)).decode() for c in chain)


# --- the world ---


@dataclass(frozen=True)
class Reply:
    """What a transaction brings: a response, a failure, or (throttling) a head, a part, then a failure."""

    code: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    failure: str | None = None
    received: int | None = None  # bytes of the body that came, if not all
    seconds: float = 0.4

    @property
    def location(self) -> str | None:
        return next((v for k, v in self.headers if k.lower() == "location"), None)


Page = (
    Reply | Callable[[str, dict[str, str]], Reply]
)  # a dynamic page sees the vantage ("probe", "control") and cookies


@dataclass
class Site:
    addrs: list[str]
    pages: dict[str, Page]  # by path; "*" for every other
    ports: tuple[int, ...] = (80, 443)
    cname: str | None = None
    tls: str | None = None  # what a verifying client makes of its certificate


@dataclass
class View:
    """The path of one vantage point. Keys may hold None for "any"; the more exact key wins."""

    dns: dict[tuple[str | None, str], str | list[str]] = field(default_factory=dict)  # (engine, host)
    tcp: dict[tuple[str | None, int | None], str | None] = field(default_factory=dict)  # (address, port)
    tls: dict[tuple[str | None, str | None], str | None] = field(default_factory=dict)  # (address, name)
    http: dict[tuple[str | None, str | None], Reply] = field(default_factory=dict)  # (address, URL)
    forged: dict[tuple[str | None, str | None], tuple[str, str]] = field(default_factory=dict)  # (CN, issuer)
    no_ipv6: str | None = None


@dataclass
class World:
    sites: dict[str, Site]
    probe: View = field(default_factory=View)
    control: View = field(default_factory=View)
    control_failure: str | None = None  # the test helper itself cannot be reached
    isp: tuple[str, int, str, str] = ("DE", 64496, "Northwind Telecom", "212.58.40.2")
    engine: str = "getaddrinfo"
    doh: bool = True
    http2: bool = True


def _find(table: dict[Any, Any], first: Any, second: Any) -> tuple[bool, Any]:
    for key in ((first, second), (first, None), (None, second), (None, None)):
        if key in table:
            return True, table[key]
    return False, None


class Eyes:
    """One vantage point looking at the world."""

    def __init__(self, world: World, who: str) -> None:
        self.world, self.who = world, who
        self.view = world.probe if who == "probe" else world.control

    def resolve(self, engine: str, host: str) -> str | list[str]:
        hit, answer = _find(self.view.dns, engine, host)
        if hit:
            return answer  # type: ignore[no-any-return]
        site = self.world.sites.get(host)
        return list(site.addrs) if site else "dns_nxdomain_error"

    def _server(self, ip: str) -> list[tuple[str, Site]]:
        return [(h, s) for h, s in self.world.sites.items() if ip in s.addrs]

    def connect(self, ip: str, port: int) -> str | None:
        if self.view.no_ipv6 and ":" in ip:
            return self.view.no_ipv6
        hit, failure = _find(self.view.tcp, ip, port)
        if hit:
            return failure  # type: ignore[no-any-return]
        here = self._server(ip)
        if not here:
            return "generic_timeout_error"
        return None if any(port in s.ports for _, s in here) else "connection_refused"

    def handshake(self, ip: str, name: str) -> tuple[str | None, tuple[str, ...]]:
        forged, paper = _find(self.view.forged, ip, name)
        hit, failure = _find(self.view.tls, ip, name)
        here = dict(self._server(ip))
        site = here.get(name)
        if not hit:
            failure = site.tls if site else "ssl_invalid_hostname"
        if failure and not failure.startswith("ssl_"):
            return failure, ()
        if forged:
            return failure, certificates(paper[0], paper[1], 60)
        shown = (
            name
            if (site or failure is None) and failure != "ssl_invalid_hostname"
            else next(iter(here), "localhost.localdomain")
        )
        if shown == name and failure == "ssl_invalid_hostname":
            shown = f"default.{name}"
        issuer = shown if failure == "ssl_unknown_authority" else "Meridian Trust Services CA 4"
        return failure, certificates(shown, issuer, -9 if failure == "ssl_invalid_certificate" else 61)

    def fetch(self, ip: str, url: str, cookies: dict[str, str]) -> Reply:
        hit, reply = _find(self.view.http, ip, url)
        if hit:
            return reply  # type: ignore[no-any-return]
        parts = urlsplit(url)
        site = self.world.sites.get(parts.hostname or "")
        if site is None:
            return Reply(404, b"<html><head><title>404 Not Found</title></head><body>not here</body></html>")
        page = site.pages.get(parts.path or "/") or site.pages["*"]
        return page if isinstance(page, Reply) else page(self.who, cookies)


# --- the records ---


def text_or_binary(data: bytes) -> str | Json:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"format": "base64", "data": base64.b64encode(data).decode()}


def title_of(body: bytes) -> str:
    found = re.search(rb"(?is)<title[^>]*>(.*?)</title>", body)
    return found.group(1).decode(errors="replace").strip() if found else ""


def full_headers(reply: Reply, rng: random.Random) -> list[list[str]]:
    out = [["Date", DAY.format(rng.randrange(60), rng.randrange(60))]]
    out += [[k, v] for k, v in reply.headers]
    names = {k.lower() for k, _ in reply.headers}
    if "content-type" not in names and reply.body:
        out.append(["Content-Type", "text/html; charset=utf-8"])
    if "content-length" not in names:
        out.append(["Content-Length", str(len(reply.body))])
    return sorted(out)


def as_map(headers: list[list[str]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for k, v in headers:
        out.setdefault(k, v)
    return out


def ascii_host(host: str) -> str:
    return host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()


def normal(url: str) -> SplitResult:
    parts = urlsplit(url)
    host = ascii_host(parts.hostname or "")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port:
        netloc += f":{parts.port}"
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="")


def usable(location: str) -> bool:
    try:
        parts = urlsplit(location)
        return bool(parts.scheme not in ("http", "https") or parts.hostname)
    except ValueError:
        return False


class Probe:
    """The measuring side: fills `test_keys` step by step, redirect by redirect."""

    def __init__(self, world: World, url: str, rng: random.Random) -> None:
        self.world, self.url, self.rng = world, url, rng
        self.eyes, self.helper = Eyes(world, "probe"), Eyes(world, "control")
        self.clock = 0.02
        self.queries: Events = []
        self.tcp: Events = []
        self.tls: Events = []
        self.requests: Events = []
        self.events: Events = []
        self.ids = {"sys": 10000, "udp": 20000, "doh": 30000, "80": 40000, "443": 50000}
        self.asked: list[str] = []  # every address the probe's resolvers gave at depth 0
        self.classic: list[str] = []
        self.failure: str | None = None
        self.dns_failure: str | None = None
        self.last: Reply | None = None

    def tick(self, seconds: float) -> tuple[float, float]:
        began = self.clock
        self.clock = round(began + seconds, 6)
        return began, self.clock

    def took(self, failure: str | None, usual: float, limit: float) -> float:
        return limit if failure == "generic_timeout_error" else round(usual * self.rng.uniform(0.6, 1.6), 6)

    def next_id(self, kind: str) -> int:
        self.ids[kind] += 1
        return self.ids[kind]

    def event(self, operation: str, tid: int, tags: list[str], t0: float, t: float, **more: Any) -> None:
        base: Json = {
            "failure": None,
            "operation": operation,
            "t0": t0,
            "t": t,
            "transaction_id": tid,
            "tags": tags,
        }
        self.events.append({**base, **more})

    # DNS

    def query(
        self, engine: str, kind: str, host: str, qtype: str, depth: int, tid: int, answer: str | list[str]
    ) -> None:
        failure = answer if isinstance(answer, str) else None
        ips = [] if isinstance(answer, str) else answer
        if qtype != "ANY":
            ips = [ip for ip in ips if (":" in ip) == (qtype == "AAAA")]
        if failure is None and not ips:
            failure = "dns_no_answer"
        answers: list[Json] = []
        for ip in ips:
            asn, org = network(ip) or (None, None)
            six = ":" in ip
            item: Json = {} if asn is None else {"asn": asn, "as_org_name": org}
            item |= {"answer_type": "AAAA" if six else "A", "ipv6" if six else "ipv4": ip, "ttl": None}
            answers.append(item)
        site = self.world.sites.get(host)
        if answers and site and site.cname:
            answers.append({"answer_type": "CNAME", "hostname": site.cname, "ttl": None})
        resolver = {"udp": "8.8.8.8:53", "doh": "https://dns.google/dns-query"}.get(kind, "")
        t0, t = self.tick(self.took(failure, 0.035, 4.0))
        item = {
            "answers": answers or None,
            "engine": engine,
            "failure": failure,
            "hostname": host,
            "query_type": qtype,
        }
        item |= {
            "resolver_hostname": None,
            "resolver_port": None,
            "resolver_address": resolver,
            "t0": t0,
            "t": t,
        }
        codes = {
            "dns_nxdomain_error": 3,
            "dns_refused_error": 5,
            "dns_server_misbehaving": 2,
            "dns_servfail_error": 2,
        }
        if kind != "sys" and failure in codes:
            item["rcode"] = codes[failure]
        item |= {"tags": (["classic"] if kind == "sys" else []) + [f"depth={depth}"], "transaction_id": tid}
        self.queries.append(item)

    def lookups(self, host: str, depth: int) -> tuple[list[str], list[str]]:
        """Ask every resolver. Returns the system resolver's addresses and those only others gave."""
        system = self.eyes.resolve("system", host)
        self.query(self.world.engine, "sys", host, "ANY", depth, self.next_id("sys"), system)
        extra: list[str] = []
        kinds = ["udp"] + (["doh"] if self.world.doh and depth == 0 else [])
        for kind in kinds:
            answer, tid = self.eyes.resolve(kind, host), self.next_id(kind)
            for qtype in ("A", "AAAA"):
                self.query(kind, kind, host, qtype, depth, tid, answer)
            extra += answer if isinstance(answer, list) else []
        if isinstance(system, str) or not system:
            self.failure = system if isinstance(system, str) else "dns_no_answer"
            if depth == 0:
                self.dns_failure = self.failure
            system = []
        if depth == 0:
            self.asked = list(dict.fromkeys([*system, *extra]))
        if depth == 0 and not self.world.control_failure:
            told = self.helper.resolve("helper", host)
            extra += told if isinstance(told, list) else []
        return list(system), [ip for ip in dict.fromkeys(extra) if ip not in system]

    # one connection

    def connection(self, ip: str, port: int, secure: bool, name: str, tags: list[str]) -> tuple[int, bool]:
        tid = self.next_id("443" if secure else "80")
        failure = self.eyes.connect(ip, port)
        t0, t = self.tick(self.took(failure, 0.05, 10.0))
        status = {"failure": failure, "success": failure is None}
        self.tcp.append(
            {"ip": ip, "port": port, "status": status, "t0": t0, "t": t, "tags": tags, "transaction_id": tid}
        )
        address = endpoint(ip, port)
        self.event("connect", tid, tags, t0, t, address=address, proto="tcp", failure=failure)
        if failure or not secure:
            self.failure = self.failure or failure
            return tid, failure is None
        failure, chain = self.eyes.handshake(ip, name)
        t0, t = self.tick(self.took(failure, 0.08, 10.0))
        good = failure is None
        told = good or bool(failure and failure.startswith("ssl_"))
        item: Json = {
            "network": "tcp",
            "address": address,
            "cipher_suite": "TLS_AES_128_GCM_SHA256" if good else "",
        }
        item |= {
            "failure": failure,
            "negotiated_protocol": ("h2" if self.world.http2 else "http/1.1") if good else "",
        }
        item |= {
            "no_tls_verify": False,
            "peer_certificates": [{"data": c, "format": "base64"} for c in chain] or None,
        }
        item |= {
            "server_name": name,
            "t0": t0,
            "t": t,
            "tags": tags,
            "tls_version": "TLSv1.3" if good else "",
        }
        self.tls.append({**item, "transaction_id": tid})
        wire = {"address": address, "proto": "tcp"}
        self.event("tls_handshake_start", tid, tags, t0, t0)
        self.event("write", tid, tags, t0, t0 + 0.001, num_bytes=self.rng.randrange(280, 560), **wire)
        if told:
            self.event("read", tid, tags, t0 + 0.002, t, num_bytes=self.rng.randrange(2400, 4400), **wire)
        else:
            self.event("read", tid, tags, t0 + 0.002, t, failure=failure, **wire)
        self.event("tls_handshake_done", tid, tags, t, t, failure=failure)
        if failure:
            self.failure = self.failure or failure
        return tid, good

    # one transaction

    def transaction(
        self,
        ip: str,
        port: int,
        url: str,
        tid: int,
        tags: list[str],
        jar: dict[str, str],
        referer: str,
        depth: int,
    ) -> Reply:
        parts = urlsplit(url)
        reply = self.eyes.fetch(ip, url, jar)
        address, secure = endpoint(ip, port), parts.scheme == "https"
        whole = reply.body[: BODY_LIMIT if reply.received is None else reply.received]
        failure = reply.failure
        if failure is None and reply.code in REDIRECTS and reply.location is not None:
            if not usable(reply.location):
                failure = "http_invalid_redirect_location_host"
            elif depth >= 10:
                failure = "unknown_failure: stopped after too many redirects"
        silent = failure is not None and reply.received is None and not reply.code
        began, done = self.tick(10.0 if failure == "generic_timeout_error" else reply.seconds)
        wire = {"address": address, "proto": "tcp"}
        self.event("http_transaction_start", tid, tags, began, began, **wire)
        self.event("write", tid, tags, began, began + 0.001, num_bytes=self.rng.randrange(340, 520), **wire)
        count = 0 if silent else 380 + len(whole)
        pieces = max(1, min(48, count // (4096 if reply.failure is None else 400))) if count else 0
        arrived: list[tuple[float, int]] = []
        for i in range(pieces):
            at = round(began + 0.06 + (done - began - 0.06) * (i + 1) / (pieces + 1), 6)
            size = count // pieces + (count % pieces if i == pieces - 1 else 0)
            arrived.append((at, size))
            self.event("read", tid, tags, round(at - 0.01, 6), at, num_bytes=size, **wire)
        if reply.failure:
            self.event("read", tid, tags, round(done - 0.01, 6), done, failure=reply.failure, **wire)
        for i in range(1, int((done - began) / 0.25) + 1):
            at = round(began + i * 0.25, 6)
            so_far = sum(size for when, size in arrived if when <= at)
            self.event("bytes_received_cumulative", tid, tags, at, at, num_bytes=so_far, **wire)
        self.event("http_transaction_done", tid, tags, done, done, **wire)
        sent = {
            "Accept": ACCEPT,
            "Accept-Language": LANGUAGE,
            "Host": parts.netloc,
            "Referer": referer,
            "User-Agent": AGENT,
        }
        if jar:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in jar.items())
        got = [] if silent else full_headers(reply, self.rng)
        request: Json = {
            "body": "",
            "body_is_truncated": False,
            "headers_list": [[k, v] for k, v in sorted(sent.items())],
        }
        request |= {"headers": dict(sorted(sent.items())), "method": "GET", "x_transport": "tcp", "url": url}
        request["tor"] = {"exit_ip": None, "exit_name": None, "is_tor": False}
        response: Json = {
            "body": "" if silent else text_or_binary(whole),
            "body_is_truncated": len(whole) >= BODY_LIMIT,
        }
        response |= {"code": 0 if silent else reply.code, "headers_list": got, "headers": as_map(got)}
        item: Json = {"network": "tcp", "address": address}
        if secure:
            item["alpn"] = "h2" if self.world.http2 else "http/1.1"
        item |= {
            "failure": failure,
            "request": request,
            "response": response,
            "t0": began,
            "t": done,
            "tags": tags,
        }
        self.requests.insert(0, {**item, "transaction_id": tid})
        self.failure = failure
        self.last = None if failure else reply
        for k, v in reply.headers:
            if k.lower() == "set-cookie":
                key, _, value = v.split(";")[0].partition("=")
                jar[key] = value
        return Reply(reply.code, b"", reply.headers, failure)

    def run(self) -> None:
        url, referer, jar = normal(self.url).geturl(), "", dict[str, str]()
        for depth in range(11):
            parts = urlsplit(url)
            host, secure = parts.hostname or "", parts.scheme == "https"
            port = parts.port or (443 if secure else 80)
            self.failure = None
            system, extra = ([host], []) if is_address(host) else self.lookups(host, depth)
            if depth == 0:
                self.classic, self.asked = system, self.asked or system
            chosen: tuple[str, int, list[str]] | None = None
            for ip in [*system, *extra]:
                if ipaddress.ip_address(ip).is_loopback:
                    continue
                tags = (["classic"] if ip in system else []) + (["tcptls_experiment"] if depth == 0 else [])
                tags.append(f"depth={depth}")
                main = [*tags, "fetch_body=true"]
                tid, good = self.connection(ip, port, secure, host, main)
                if good and chosen is None:
                    chosen = (ip, tid, main)
                if not secure and parts.port is None:
                    kept, self.failure = self.failure, None
                    self.connection(ip, 443, True, host, [*tags, "fetch_body=false"])
                    self.failure = kept
            if chosen is None:
                return
            reply = self.transaction(chosen[0], port, url, chosen[1], chosen[2], jar, referer, depth)
            if reply.failure or reply.code not in REDIRECTS or not reply.location:
                return
            self.last = None  # not the last page, whatever comes
            referer, url = url, normal(urljoin(url, reply.location)).geturl()


class Helper:
    """The test helper: the same steps from an untouched network, with its own words for errors."""

    def __init__(self, world: World, url: str, asked: list[str], rng: random.Random) -> None:
        self.eyes, self.url, self.asked, self.rng = Eyes(world, "control"), url, asked, rng
        self.page: Reply | None = None

    def lookup(self, host: str) -> tuple[str | None, list[str]]:
        answer = self.eyes.resolve("helper", host)
        if isinstance(answer, list):
            return None, answer
        known = {"dns_nxdomain_error": "dns_name_error", "dns_no_answer": None}
        broken = (
            "dns_refused_error",
            "dns_server_misbehaving",
            "dns_non_recoverable_failure",
            "dns_temporary_failure",
        )
        return known.get(answer, "dns_server_failure" if answer in broken else "unknown_error"), []

    def fetch(self) -> tuple[str | None, Reply | None]:
        url, jar = normal(self.url).geturl(), dict[str, str]()
        for _ in range(11):
            parts = urlsplit(url)
            host, secure = parts.hostname or "", parts.scheme == "https"
            answer = [host] if is_address(host) else self.eyes.resolve("helper", host)
            if isinstance(answer, str) or not answer:
                return "dns_lookup_error", None
            failure: str | None = None
            live = None
            for ip in answer:
                if ipaddress.ip_address(ip).is_loopback:
                    return "unknown_error", None
                failure = self.eyes.connect(ip, parts.port or (443 if secure else 80))
                if failure is None and secure:
                    failure = self.eyes.handshake(ip, host)[0]
                if failure is None:
                    live = ip
                    break
            if live is None:
                words = {
                    "connection_refused": "connection_refused_error",
                    "generic_timeout_error": "generic_timeout_error",
                }
                return words.get(failure or "", "unknown_error"), None
            reply = self.eyes.fetch(live, url, jar)
            if reply.failure:
                failure = (
                    "generic_timeout_error" if reply.failure == "generic_timeout_error" else "unknown_error"
                )
                return failure, (reply if reply.received is not None else None)
            for k, v in reply.headers:
                if k.lower() == "set-cookie":
                    key, _, value = v.split(";")[0].partition("=")
                    jar[key] = value
            if reply.code not in REDIRECTS or not reply.location:
                return None, reply
            if not usable(reply.location):
                return "unknown_error", None
            url = normal(urljoin(url, reply.location)).geturl()
        return "unknown_error", None

    def run(self) -> Json:
        parts = normal(self.url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        dns_failure, addrs = (None, []) if is_address(host) else self.lookup(host)
        ports = [parts.port] if parts.port else ([443] if secure else [443, 80])
        tcp: Json = {}
        tls: Json = {}
        info: Json = {}
        for ip in dict.fromkeys([*self.asked, *addrs]):
            flags = (1 if ip in self.asked else 0) | (2 if ip in addrs else 0) | (4 if bogon(ip) else 0)
            for port in [] if bogon(ip) else ports:
                failure = self.eyes.connect(ip, port)
                words = {
                    "connection_refused": "connection_refused_error",
                    "generic_timeout_error": "generic_timeout_error",
                }
                word = None if failure is None else words.get(failure, "connect_error")
                tcp[endpoint(ip, port)] = {"status": failure is None, "failure": word}
                if failure is None and (port == 443 or secure):
                    bad = self.eyes.handshake(ip, host)[0]
                    tls[endpoint(ip, port)] = {"server_name": host, "status": bad is None, "failure": bad}
                    flags |= 0 if bad else 8
            asn = network(ip)
            info[ip] = {"asn": asn[0] if asn else 0, "flags": flags}
        failure, page = self.fetch()
        self.page = page if failure is None else None
        http: Json = {
            "body_length": -1,
            "discovered_h3_endpoint": "",
            "failure": failure,
            "title": "",
            "headers": {},
            "status_code": -1,
        }
        if page is not None:
            heads = as_map(full_headers(page, self.rng))
            body = b"" if failure else page.body
            http |= {
                "body_length": len(body),
                "title": title_of(body),
                "headers": heads,
                "status_code": page.code,
            }
        out: Json = {"tcp_connect": tcp} | ({"tls_handshake": tls} if tls else {})
        out |= {"quic_handshake": {}, "http_request": http, "http3_request": None}
        return out | {"dns": {"failure": dns_failure, "addrs": addrs}} | ({"ip_info": info} if info else {})


def conclusions(probe: Probe, control: Json | None, helper: Helper) -> Json:
    """What such a probe would conclude from its own run: roughly, and sometimes wrongly, as probes do."""
    keys: Json = {"x_dns_flags": 0, "dns_experiment_failure": probe.dns_failure, "dns_consistency": None}
    keys |= {
        "http_experiment_failure": probe.failure or probe.dns_failure,
        "x_blocking_flags": 0,
        "x_null_null_flags": 0,
    }
    keys |= {
        "body_proportion": 0,
        "body_length_match": None,
        "headers_match": None,
        "status_code_match": None,
    }
    keys |= {"title_match": None, "blocking": None, "accessible": None}
    if control is None:
        if probe.last is not None and any(h["failure"] is None for h in probe.tls):
            keys |= {"blocking": False, "accessible": True, "x_blocking_flags": 32, "x_null_null_flags": 8}
        return keys
    theirs = control["dns"]["addrs"]
    ours = probe.classic
    same = bool(set(ours) & set(theirs)) or bool(
        {network(i) for i in ours} & {network(i) for i in theirs} - {None}
    )
    proven = any(
        h["failure"] is None and "classic" in h["tags"] and "depth=0" in h["tags"] for h in probe.tls
    )
    gone = not ours and not theirs
    keys["dns_consistency"] = (
        "consistent" if same or gone or is_address(normal(probe.url).hostname or "") else "inconsistent"
    )
    dns_bad = keys["dns_consistency"] == "inconsistent" and not proven
    keys["x_dns_flags"] = 4 if keys["dns_consistency"] == "inconsistent" else 0
    last, page = probe.last, helper.page
    if probe.requests and "classic" not in probe.requests[0]["tags"]:
        last = None  # fetched from an address that only another resolver gave: beside the point for the probe
    if last is not None and page is not None:
        sizes = sorted((len(last.body), len(page.body)))
        keys["body_proportion"] = sizes[0] / sizes[1] if sizes[1] else 1.0
        keys["body_length_match"] = keys["body_proportion"] > 0.7
        keys["status_code_match"] = last.code == page.code
        keys["title_match"] = title_of(last.body) == title_of(page.body)
        keys["headers_match"] = {k.lower() for k, _ in last.headers} == {k.lower() for k, _ in page.headers}
        fine = keys["status_code_match"] and (
            keys["body_length_match"] or keys["headers_match"] or keys["title_match"]
        )
        fine = fine or (bool(probe.requests) and probe.requests[0]["request"]["url"].startswith("https:"))
        keys |= {"accessible": fine, "blocking": False if fine else ("dns" if dns_bad else "http-diff")}
    elif page is None:
        keys |= {"blocking": "dns" if dns_bad and not theirs else False, "accessible": False}
    else:
        connected = any(t["status"]["success"] for t in probe.tcp)
        keys |= {
            "accessible": False,
            "blocking": "dns" if dns_bad else ("http-failure" if connected else "tcp_ip"),
        }
    marks = {
        "dns": 1,
        "tcp_ip": 2,
        "http-failure": 8,
        "http-diff": 16,
        False: 32 if keys["accessible"] else 0,
    }
    keys["x_blocking_flags"] = marks.get(keys["blocking"], 0)
    return keys


def measure(world: World, url: str, rng: random.Random) -> Json:
    probe = Probe(world, url, rng)
    probe.run()
    helper = Helper(world, url, probe.asked, rng)
    control = None if world.control_failure else helper.run()
    parts = normal(url)
    ports = [parts.port] if parts.port else [443, 80]
    asked = sorted(endpoint(ip, port) for ip in probe.asked for port in ports)
    cc, asn, org, resolver = world.isp
    extra = {"agent": "redirect", "client_resolver": resolver, "retries": None, "socksproxy": None}
    keys: Json = dict(extra)
    keys["network_events"] = sorted(probe.events, key=lambda e: (e["t"], e["transaction_id"]))
    keys |= {"x_dns_whoami": None, "x_doh": None, "x_do53": None, "x_dns_duplicate_responses": None}
    keys |= {
        "queries": probe.queries or None,
        "requests": probe.requests or None,
        "tcp_connect": probe.tcp or None,
    }
    keys["tls_handshakes"] = probe.tls or None
    wanted = {"Accept": [ACCEPT], "Accept-Language": [LANGUAGE], "User-Agent": [AGENT]}
    keys["x_control_request"] = {
        "http_request": url,
        "http_request_headers": wanted,
        "tcp_connect": asked or None,
        "x_quic_enabled": False,
    }
    keys |= {"control": control, "x_conn_priority_log": None, "control_failure": world.control_failure}
    keys |= conclusions(probe, control, helper)
    when = f"2026-07-14 09:{rng.randrange(60):02d}:{rng.randrange(60):02d}"
    extensions = dict.fromkeys(("dnst", "httpt", "netevents", "tcpconnect", "tlshandshake", "tunnel"), 0)
    out: Json = {
        "data_format_version": "0.2.0",
        "extensions": extensions,
        "input": url,
        "measurement_start_time": when,
    }
    out |= {
        "probe_asn": f"AS{asn}",
        "probe_cc": cc,
        "probe_ip": "127.0.0.1",
        "probe_network_name": org,
        "report_id": "",
    }
    out |= {"resolver_asn": f"AS{asn}", "resolver_ip": resolver, "resolver_network_name": org}
    out |= {"software_name": "ooniprobe", "software_version": "3.22.0", "test_name": "web_connectivity"}
    out["test_helpers"] = {"backend": {"address": "https://0.th.ooni.org/", "type": "https"}}
    return out | {
        "test_keys": keys,
        "test_runtime": round(probe.clock, 6),
        "test_start_time": when,
        "test_version": "0.5.28",
    }


CONCLUSIONS = (
    "blocking accessible dns_consistency x_dns_flags x_blocking_flags x_null_null_flags body_proportion "
    "body_length_match headers_match status_code_match title_match "
    "dns_experiment_failure http_experiment_failure"
).split()


def strip(measurement: Json) -> Json:
    """The same observations without what the probe concluded from them."""
    out = dict(measurement)
    keys = out.get("test_keys")
    if isinstance(keys, dict):
        out["test_keys"] = {k: v for k, v in keys.items() if k not in CONCLUSIONS}
    return out
