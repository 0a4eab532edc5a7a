"""Roles: who may do what. The database reads the same table (`guards`), so no interface can be kinder.

An auditor reads and does nothing else; an administrator manages people and takes no part in decisions:
neither holds another role at the same time. What *ringfence* does is the house's own clockwork (opening a
case on an assessment, ending an order whose time is up), never a decision to act.
"""

from __future__ import annotations

ROLES = ("analyst", "approver", "appeals_officer", "publisher", "auditor", "administrator")
# Held alone: with no other role at the same time.
ALONE = ("auditor", "administrator")
HOUSE = "ringfence"

_DESK = ("analyst", "approver")
# The event of each act, and the roles one of which its actor holds at that time.
ACTS: dict[str, tuple[str, ...]] = {
    "opened": _DESK,
    "assessed": _DESK,
    "found": _DESK,
    "closed": _DESK,
    "proposed": _DESK,
    "approved": ("approver",),
    "withdrawn": ("approver",),
    "decided": ("approver",),
    "noticed": _DESK,
    "addressed": _DESK,
    "sending": (),
    "unsent": (),
    "delivered": _DESK,
    "deferred": ("approver",),
    "replied": (*_DESK, "appeals_officer"),
    "considered": ("approver",),
    "activated": ("approver",),
    "suspended": ("approver", "appeals_officer"),
    "resumed": ("approver", "appeals_officer"),
    "revoked": (*_DESK, "appeals_officer"),
    "expired": (),
    "appealed": (*_DESK, "appeals_officer"),
    "ruled": ("appeals_officer",),
    "published": ("publisher",),
    # Identifiers of accounts were put into a report instead of pseudonyms.
    "revealed": _DESK,
}
# What the house's clockwork may do by itself.
AUTOMATIC = (
    "opened", "assessed", "noticed", "sending", "unsent", "delivered", "suspended", "expired", "published",
)  # fmt: skip
# Changes of the list of people; the table of roles has its own rules for them.
PEOPLE = ("added", "granted", "ended")
