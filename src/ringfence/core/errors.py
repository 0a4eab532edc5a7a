"""One root error. Every error a person may cause carries a hint for the person at the keyboard."""

from __future__ import annotations


class RingfenceError(Exception):
    """Something Ringfence refuses or cannot do; ``hint`` says what to do about it."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(RingfenceError):
    """Input that cannot be processed at all (bad items among good ones are reported, not raised)."""


class StoreError(RingfenceError):
    """The store cannot be opened, is in use, is full or is of another version."""


class RefusedError(RingfenceError):
    """The house rules, the guard or the database refuse this act."""


class OutsideError(RingfenceError):
    """A service outside this process failed."""

    exit_code = 3
