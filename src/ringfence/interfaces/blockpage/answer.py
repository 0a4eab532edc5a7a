"""Answer: from a request to a page, by whoever knows orders. Looks up a name once until orders change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

import h11

from ringfence.core.errors import RingfenceError
from ringfence.core.time import now, stamp
from ringfence.enforce.reasons.reason import Reason, Reasons
from ringfence.interfaces.blockpage.negotiate import Language
from ringfence.interfaces.blockpage.page import Page, Provider, blocked, other
from ringfence.interfaces.blockpage.request import asked

REMEMBERED = 4096  # names; what visitors invent cannot fill the memory


class Answers:
    """Pages for requests. ``laboratory`` says which kind of orders this page is for: never both."""

    def __init__(
        self,
        reasons: Reasons,
        *,
        provider: Provider | None = None,
        default: Language = "en",
        laboratory: bool = False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.reasons = reasons
        self.provider = provider or Provider()
        self.default: Language = default
        self.laboratory = laboratory
        self.clock = clock
        self._known: OrderedDict[str, list[Reason]] = OrderedDict()
        self._version = ""

    def to(self, request: h11.Request) -> Page:
        """The page for a request."""
        want = asked(request, self.default)
        # TRACE would send the request back, CONNECT asks for a tunnel: neither is a page.
        if request.method in (b"TRACE", b"CONNECT"):
            return other(405, want.language, want.form)
        try:
            reason = self._reason(want.name) if want.name else None
        except RingfenceError:
            return other(503, want.language, want.form)
        if reason is None:
            return other(421, want.language, want.form)
        return blocked(want.name, reason, self.provider, want.language, want.form)

    def _reason(self, name: str) -> Reason | None:
        version = self.reasons.version()
        if version != self._version:
            self._known.clear()
            self._version = version
        found = self._known.get(name)
        if found is None:
            found = [reason for reason in self.reasons.covering(name) if reason.laboratory == self.laboratory]
            self._known[name] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(name)
        moment = stamp(self.clock())
        return next((reason for reason in found if reason.until > moment), None)
