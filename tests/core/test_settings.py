"""Settings are read once from the environment; what cannot be honoured is refused, not ignored."""

from pathlib import Path

from ringfence.core.settings import Settings


def test_without_anything_set():
    assert Settings.read({}) == Settings(store=Path("store"), vantages=None)


def test_what_is_set_is_taken():
    read = Settings.read({"RINGFENCE_STORE": "/srv/perimeter", "RINGFENCE_VANTAGES": "/etc/vantages.toml"})
    assert read.store == Path("/srv/perimeter") and read.vantages == Path("/etc/vantages.toml")


def test_an_empty_value_is_as_none():
    assert Settings.read({"RINGFENCE_STORE": "", "RINGFENCE_DATABASE": ""}) == Settings()


def test_a_database_is_taken_as_it_is():
    address = "postgresql+psycopg://db/ringfence"
    assert Settings.read({"RINGFENCE_DATABASE": address}).database == address
