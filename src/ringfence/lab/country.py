"""The country: its resolvers, its doors, its border, and the files through which others steer it."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import random
import ssl
from pathlib import Path

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError, OutsideError
from ringfence.lab import addresses, dns, families, hostile, http2
from ringfence.lab.answers import Answer, Answers, Request
from ringfence.lab.authority import Authority
from ringfence.lab.border import Door, Ports, State
from ringfence.lab.files import LabFiles, write_atomically
from ringfence.lab.http import HTTPProtocol, block_page
from ringfence.lab.interference import Interference
from ringfence.lab.population import Population
from ringfence.lab.rpz import Policy

POLL_SECONDS = 0.05
TIMEOUT_MS = 2000
_PORT_RANGE = (18_000, 31_000)  # below the range that the kernel gives to clients


class Status(msgspec.Struct, frozen=True):
    """What is in force.

    ``serial`` is that of the loaded policy zone and ``zone`` the digest of its file (both None
    without one), ``revision`` is that of the interference; ``error`` says why a changed file
    was not taken over, and is empty otherwise.
    """

    ready: bool
    serial: int | None
    zone: str | None
    revision: int
    error: str
    ports: Ports
    resolver_port: int
    laboratory: bool = True


class Country:
    """A running country. `start` it in an event loop, `poll` it now and then, `close` it."""

    def __init__(self, population: Population, files: LabFiles) -> None:
        self._population = population
        self._files = files
        self._answers = Answers(population)
        self._hostile = hostile.sites()
        self._authority = Authority()
        self._interference = population.interference
        self._policy: Policy | None = None
        self._zone: str | None = None
        self._stamps: dict[str, tuple[int, int, int] | None] = {}
        self._errors: dict[str, str] = {}
        self._inside_doors: dict[str, list[Door]] = {}
        self._outside_doors: list[Door] = []
        self._servers: list[asyncio.BaseTransport | asyncio.Server] = []
        self._names = self._world_names()
        ports = random.SystemRandom().sample(range(*_PORT_RANGE), 5)
        self._ports = Ports(*ports[:4])
        self._resolver_port = ports[4]

    async def start(self) -> None:
        """Writes the files, opens everything, and says so in the status file."""
        self._write_files()
        for attempt in range(20):
            try:
                await self._open()
                break
            except OSError as error:
                await self.close()
                if attempt == 19:
                    raise OutsideError(
                        f"the laboratory found no free ports: {error}", hint="end other laboratories first"
                    ) from error
                ports = random.SystemRandom().sample(range(*_PORT_RANGE), 5)
                self._ports, self._resolver_port = Ports(*ports[:4]), ports[4]
        self._write_vantages()
        self._apply_doors()
        self._stamps = {"interference": _stamp(self._files.interference), "rpz": None}
        self.poll()
        self._write_status()

    def poll(self) -> None:
        """Takes over what changed in the steering files."""
        changed = False
        for what, path, load in (
            ("interference", self._files.interference, self._load_interference),
            ("rpz", self._files.rpz, self._load_policy),
        ):
            stamp = _stamp(path)
            if stamp == self._stamps.get(what):
                continue
            self._stamps[what] = stamp
            changed = True
            try:
                load(path.read_bytes() if stamp else b"")
                self._errors.pop(what, None)
            except (InputError, OSError) as error:
                self._errors[what] = str(error)  # what was in force stays in force
        if changed:
            self._write_status()

    async def close(self) -> None:
        """Closes every door and resolver."""
        for door in (
            *self._outside_doors,
            *(door for doors in self._inside_doors.values() for door in doors),
        ):
            door.close()
        self._outside_doors.clear()
        self._inside_doors.clear()
        for server in self._servers:
            server.close()
        self._servers.clear()

    def _world_names(self) -> dict[str, dns.Name]:
        names: dict[str, dns.Name] = {}
        for site in self._population.sites:
            if site.down == "nxdomain":
                continue
            here = dns.Name(addresses=(site.address,), fails=site.down == "servfail")
            if site.alias:
                names[site.alias] = here
                names[f"www.{site.host}"] = dns.Name(alias=site.alias)
            else:
                names[f"www.{site.host}"] = here
            names[site.host] = here
        names.update(hostile.names())
        names.update(families.names())
        return names

    async def _open(self) -> None:
        honest = dns.Resolver(self._names)
        filtering = dns.Resolver(
            self._names, policy=lambda: self._policy, modes=lambda host: self._interference.modes(host)
        )
        for resolver, address in (
            (honest, addresses.OUTSIDE_RESOLVER),
            (filtering, addresses.INSIDE_RESOLVER),
        ):
            self._servers += await dns.serve(resolver, address, self._resolver_port)
        used = {site.address for site in self._population.sites} | {hostile.ADDRESS, addresses.BLOCK_PAGE}
        used |= families.addresses()
        for address in sorted(used - {addresses.NOBODY}):
            self._open_address(address)

    def _open_address(self, address: str) -> None:
        ports = self._ports
        tls = self._context(address)

        def answer(request: Request) -> Answer:
            return self._answers.answer(request, address)

        serve = _block_page if address == addresses.BLOCK_PAGE else answer
        serve = families.answer if address in families.addresses() else serve
        for port, secure, inside in (
            (ports.outside_http, False, False),
            (ports.outside_https, True, False),
            (ports.inside_http, False, True),
            (ports.inside_https, True, True),
        ):
            modes = (lambda host: self._interference.modes(host, address)) if inside else None

            def protocol(secure: bool = secure, inside: bool = inside) -> asyncio.BaseProtocol:
                if address == hostile.ADDRESS:
                    return hostile.HostileProtocol(self._hostile, secure=secure)
                return HTTPProtocol(
                    serve,
                    secure=secure,
                    inside=inside,
                    modes=(lambda host: self._interference.modes(host, address)) if inside else _none,
                )

            door = Door(address, port, protocol=protocol, tls=tls if secure else None, modes=modes)
            door.set("open")
            if inside:
                self._inside_doors.setdefault(address, []).append(door)
            else:
                self._outside_doors.append(door)

    def _context(self, address: str) -> ssl.SSLContext:
        """A context that becomes the site's own once the client has named it.

        An address proves itself for its own sites only: a forged answer must not verify.
        """
        if address == addresses.BLOCK_PAGE:
            return self._authority.context("block-page.lab.example", "self-signed")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # One ticket rather than none: sending it acknowledges the client's Finished at once, where a
        # client with Nagle's algorithm would otherwise wait for a delayed acknowledgement.
        context.num_tickets = 1

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
            host = (name or "").lower()
            site = self._answers.site(host)
            if site is not None and site.address == address:
                fault = site.down if site.down in {"expired", "self-signed"} else ""
                connection.context = self._authority.context(site.host, fault, http2.alpn(site.host))
                return None
            if host in families.names() and address in families.addresses():
                connection.context = self._authority.context(host)
                return None
            if host in self._hostile and address == hostile.ADDRESS:
                connection.context = self._authority.context(host, self._hostile[host].fault)
                return None
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

        context.sni_callback = choose
        return context

    def _load_interference(self, data: bytes) -> None:
        self._interference = Interference.from_json(data) if data else Interference()
        self._apply_doors()

    def _load_policy(self, data: bytes) -> None:
        self._policy = Policy.from_text(data) if data else None
        self._zone = digest(data) if data else None

    def _apply_doors(self) -> None:
        """TCP interference shuts or blocks the inside doors of the addresses it hits."""
        wanted: dict[str, State] = {}
        hit = {address: set(modes) for address, modes in self._interference.addresses.items()}
        for host, modes in self._interference.hosts.items():
            for address in self._addresses_of(host):
                hit.setdefault(address, set()).update(modes)
        for address, found in hit.items():
            if "tcp.timeout" in found:
                wanted[address] = "full"
            elif "tcp.refused" in found:
                wanted[address] = "shut"
        for address, doors in self._inside_doors.items():
            for door in doors:
                try:
                    door.set(wanted.get(address, "open"))
                except OSError as error:
                    self._errors["doors"] = str(error)

    def _addresses_of(self, host: str) -> tuple[str, ...]:
        record = self._names.get(host)
        return record.addresses if record else ()

    def _write_files(self) -> None:
        files, population = self._files, self._population
        files.directory.mkdir(parents=True, exist_ok=True)
        files.rpz.unlink(missing_ok=True)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("name", "host", "countries", "volume_rank"))
        for row in population.listing:
            writer.writerow((row.name, row.host, ";".join(row.countries), row.volume_rank or ""))
        write_atomically(files.register, text.getvalue().encode())
        truth = {"seed": population.seed, "designs": population.designs, "sites": population.truth()}
        write_atomically(files.truth, msgspec.json.encode(truth))
        write_atomically(files.countries, addresses.ranges().encode())
        write_atomically(files.ca, self._authority.pem)
        population.interference.save(files.interference)

    def _write_vantages(self) -> None:
        text = "# The laboratory's two vantages.\n"
        allow = ["127.0.0.0/8", f"{families.ADDRESS6}/128"] if families.available() else ["127.0.0.0/8"]
        for name, role, country, source, resolver, http, https in (
            ("lab-inside", "inside", addresses.HOME, addresses.INSIDE_CLIENT, addresses.INSIDE_RESOLVER,
             self._ports.inside_http, self._ports.inside_https),
            ("lab-outside", "outside", "SG", addresses.OUTSIDE_CLIENT, addresses.OUTSIDE_RESOLVER,
             self._ports.outside_http, self._ports.outside_https),
        ):  # fmt: skip
            text += (
                f'\n[vantage.{name}]\nrole = "{role}"\ncountry = "{country}"\n'
                f'resolver = "{resolver}:{self._resolver_port}"\nsource = "{source}"\n'
                f'ports = {{ "80" = {http}, "443" = {https} }}\nallow = {json.dumps(allow)}\n'
                f'ca_file = "{self._files.ca.absolute()}"\ntimeout_ms = {TIMEOUT_MS}\nlaboratory = true\n'
            )
        write_atomically(self._files.vantages, text.encode())

    def _write_status(self) -> None:
        status = Status(
            ready=True,
            serial=self._policy.serial if self._policy else None,
            zone=self._zone,
            revision=self._interference.revision,
            error="; ".join(self._errors.values()),
            ports=self._ports,
            resolver_port=self._resolver_port,
        )
        write_atomically(self._files.status, msgspec.json.encode(status))


def _block_page(_: Request) -> Answer:
    return block_page()


def _none(_: str) -> frozenset[str]:
    return frozenset()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(OSError):
        stat = path.stat()
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
    return None
