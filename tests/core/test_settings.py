"""Settings are read once from the environment; what cannot be honoured is refused, not ignored."""

from pathlib import Path

import pytest

from ringfence.core.errors import InputError
from ringfence.core.settings import Settings


def test_without_anything_set():
    assert Settings.read({}) == Settings(store=Path("store"), vantages=None)


def test_what_is_set_is_taken():
    read = Settings.read({"RINGFENCE_STORE": "/srv/perimeter", "RINGFENCE_VANTAGES": "/etc/vantages.toml"})
    assert read.store == Path("/srv/perimeter") and read.vantages == Path("/etc/vantages.toml")


def test_an_empty_value_is_as_none():
    assert Settings.read({"RINGFENCE_STORE": "", "RINGFENCE_DATABASE": ""}) == Settings()


def test_a_database_that_cannot_be_used_yet_is_refused():
    with pytest.raises(InputError) as refusal:
        Settings.read({"RINGFENCE_DATABASE": "postgresql://db/ringfence"})
    assert "unset" in refusal.value.hint
    assert "postgresql://db" not in refusal.value.message, "an address may hold a password"
