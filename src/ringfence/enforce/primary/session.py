"""Session: one TCP connection to a primary; everything sent is signed, and every answer must be."""

from __future__ import annotations

import socket
from types import TracebackType

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.update

from ringfence.core.errors import OutsideError
from ringfence.enforce.primary.change import Change, owner_name, probe_of, update_of
from ringfence.enforce.primary.held import NOTHING, TYPES, Held, by_type, held
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.stream import exchange

TIMEOUT = 10.0  # seconds for one exchange; an update of a large zone is written to a journal first

_UNMET = {dns.rcode.YXDOMAIN, dns.rcode.YXRRSET, dns.rcode.NXRRSET, dns.rcode.NXDOMAIN}
_HINTS = {
    dns.rcode.REFUSED: "let this key update, query and transfer the zone (docs/guide/internet-provider.md)",
    dns.rcode.NOTAUTH: "the server is no primary of this zone, or the key is not its own: check both",
    dns.rcode.SERVFAIL: "look into the server's log: it cannot write its journal, or the zone is not loaded",
    dns.rcode.NOTZONE: "check --zone",
    dns.rcode.NOTIMP: "this server takes no updates (RFC 2136); Knot DNS and BIND do",
}
_TSIG_HINT = "the key's name, algorithm and secret must be the server's own, and both clocks within 300 s"


class Session:
    """``with Session(place, key) as session:``. Every method raises `OutsideError`, with a hint, where
    the primary cannot be reached, refuses, fails, or answers with something that cannot be trusted."""

    def __init__(self, place: Place, key: Key, timeout: float = TIMEOUT) -> None:
        self.place = place
        self.key = key
        self.timeout = timeout
        self.apex = dns.name.from_text(place.zone)
        try:
            self._socket = socket.create_connection((place.address, place.port), timeout)
        except OSError as error:
            raise self._failed(f"cannot be reached: {error.strerror or error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def serial(self) -> int:
        """The zone's serial."""
        answer = self.query(self.apex, "SOA")
        for rrset in answer.answer:
            if rrset.rdtype == dns.rdatatype.SOA and rrset.name == self.apex:
                return int(rrset[0].serial)
        raise self._failed("does not serve the zone", _HINTS[dns.rcode.NOTAUTH])

    def apex_texts(self) -> Held:
        """The TXT records at the zone's apex, where the laboratory leaves its mark."""
        return self._texts(self.apex, ("TXT",))

    def update(self, changes: tuple[Change, ...]) -> bool:
        """Make the changes, all of them or none. False where a prerequisite does not hold."""
        return self._holds(update_of(changes, self.place, self.key))

    def at(self, rule: str) -> Held:
        """What stands at an owner itself.

        A plain query cannot say that nothing does: a wildcard further up would answer it. A
        prerequisite looks at the owner alone, so that is what asks first.
        """
        owner = owner_name(rule, self.place)
        probe = probe_of(self.place, self.key)
        probe.absent(owner)
        if self._holds(probe):
            return NOTHING
        found = self._texts(owner, TYPES)
        if found:
            return found
        raise self._failed(f"holds records at {owner} that it does not show")

    def serves(self, change: Change) -> bool:
        """Whether the zone's answers show a change that was accepted."""
        if not change.now:
            return self.at(change.rule) == NOTHING
        return self._texts(owner_name(change.rule, self.place), tuple(by_type(change.now))) == change.now

    def query(self, owner: dns.name.Name, kind: str) -> dns.message.Message:
        """A signed, authoritative answer."""
        question = dns.message.make_query(owner, kind, flags=0)
        question.use_tsig(self.key.tsig)
        answer = self._exchange(question)
        if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise self._refused(answer)
        if not answer.flags & dns.flags.AA:
            raise self._failed("does not answer for the zone with authority", _HINTS[dns.rcode.NOTAUTH])
        return answer

    def _texts(self, owner: dns.name.Name, kinds: tuple[str, ...]) -> Held:
        found: list[dns.rdataset.Rdataset] = []
        for kind in kinds:
            wanted = dns.rdatatype.from_text(kind)
            answer = self.query(owner, kind).answer
            found += [rrset for rrset in answer if rrset.name == owner and rrset.rdtype == wanted]
        return held(found)

    def _holds(self, message: dns.update.UpdateMessage) -> bool:
        answer = self._exchange(message)
        if answer.rcode() in _UNMET:
            return False
        if answer.rcode() != dns.rcode.NOERROR:
            raise self._refused(answer)
        return True

    def _exchange(self, message: dns.message.Message) -> dns.message.Message:
        try:
            wire = exchange(self._socket, message.to_wire(), self.timeout)
        except TimeoutError as error:
            raise self._failed(f"does not answer within {self.timeout:g} s") from error
        except (EOFError, OSError) as error:
            raise self._failed(f"closed the connection ({error or 'no answer'})") from error
        answer = self._read(wire, message)
        if not message.is_response(answer):
            raise self._failed("answered another question")
        if answer.flags & dns.flags.TC:
            raise self._failed("sent a truncated answer")
        return answer

    def _read(self, wire: bytes, message: dns.message.Message) -> dns.message.Message:
        try:
            # Who does not know the key cannot sign the refusal: it is read, and says no more than "no".
            plain = dns.message.from_wire(wire, keyring=False)
            if not plain.had_tsig:
                if plain.id == message.id and plain.rcode() != dns.rcode.NOERROR:
                    raise self._refused(plain)
                raise self._failed("answered without a signature", _TSIG_HINT)
            return dns.message.from_wire(wire, keyring=message.keyring, request_mac=message.mac)
        except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.tsig.BadTime, dns.tsig.BadKey) as error:
            raise self._failed(f"TSIG failed: {error}", _TSIG_HINT) from error
        except (dns.exception.DNSException, ValueError) as error:
            raise self._failed(f"sent what is no answer ({type(error).__name__})") from error

    def _refused(self, answer: dns.message.Message) -> OutsideError:
        code = answer.rcode()
        hint = _TSIG_HINT if code == dns.rcode.NOTAUTH and not answer.had_tsig else _HINTS.get(code, "")
        return self._failed(f"answers {dns.rcode.to_text(code)}", hint)

    def _failed(self, what: str, hint: str = "") -> OutsideError:
        return OutsideError(
            f"the primary of {self.place}: {what}",
            hint=hint or "is it running? What it confirmed is recorded; the next run goes on from there",
        )
