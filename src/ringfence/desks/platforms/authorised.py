"""Whether a site is in a sealed register of authorised providers, for packs that ask. Pure."""

from __future__ import annotations

from datetime import date

from ringfence.desks.platforms.look import Look, Maker
from ringfence.register.licence import AuthorisedRegister, not_authorised
from ringfence.register.subject import make_site
from ringfence.rulebook.finding import Feature, Finding


def not_in_register(make: Maker, look: Look, register: AuthorisedRegister, on: date) -> Finding:
    """The finding *not authorised* on a day, by the site's host; its evidence is the register's seal.

    Names are not compared here: what a page calls itself is the page's word.
    """
    state, reason, match = not_authorised(make_site(look.host, look.host, "screening"), register, on=on)
    value = match.reason if match is not None else f"no entry of {register.name} as of {register.as_of}"
    feature = Feature(f"register.{match.how if match else 'absent'}", 0, value[:160], register.digest)
    return make("not_authorised", state, reason, (feature,))
