"""Tiles: the paths and contents that tlog-tiles prescribes, in one spelling."""

import pytest

from ringfence.core.errors import InputError
from ringfence.evidence.builder import Builder
from ringfence.evidence.tile import ENTRIES, Tile, edge_of, from_bytes, tiles_of, to_bytes
from ringfence.evidence.tree import inclusion, leaf_hash, root_hash, root_of_path


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(ENTRIES, 1000, 7), "tile/entries/x001/000.p/7"),
        (Tile(2, 999, 255), "tile/2/999.p/255"),
    ],
)
def test_a_path_is_read_as_it_is_written(tile, path):
    assert tile.path == path
    assert Tile.from_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/0000", "tile/00/000", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/07", "tile/data/000", "tile/0/001/000", "tile/0/000.p", "tile/0/000 ", "tile/-1/000",
    ],
)  # fmt: skip
def test_no_other_spelling_is_a_path(path):
    with pytest.raises(InputError):
        Tile.from_path(path)


# The sizes of the specification's own trap: a full tile begins the level above.
@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
        (256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]),
        (257, ["tile/entries/000", "tile/entries/001.p/1", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]),
    ],
)
def test_which_tiles_a_log_consists_of(size, paths):
    assert [tile.path for tile in tiles_of(size)] == paths
    assert {tile.path for tile in edge_of(size)} == {path for path in paths if ".p/" in path}


def test_seventy_thousand_entries():
    paths = [tile.path for tile in tiles_of(70_000)]
    assert sum(path.startswith("tile/0/") for path in paths) == 274
    assert [path for path in paths if path.startswith("tile/1/")] == ["tile/1/000", "tile/1/001.p/17"]
    assert paths[-1] == "tile/2/000.p/1"


def test_a_bundle_is_read_as_it_is_written_and_nothing_else_is():
    entries = [b"one", b"", b"x" * 1024]
    data = to_bytes(ENTRIES, entries)
    assert data[:5] == b"\x00\x03one"
    assert from_bytes(Tile(ENTRIES, 0, 3), data) == entries
    for bad in (data[:-1], data + b"\x00", data + b"\x00\x00", b""):
        with pytest.raises(InputError):
            from_bytes(Tile(ENTRIES, 0, 3), bad)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537])
def test_the_builder_makes_the_root_and_every_tile(size):
    entries = [b"%d" % number for number in range(size)]
    hashes = [leaf_hash(entry) for entry in entries]
    made = {}
    sizes = {0, min(1, size), size // 3, size // 2, max(size - 1, 0), size}
    builder = Builder(lambda level, number, items: made.update({(level, number): list(items)}), sizes)
    for at in range(0, size, 256):
        builder.add(hashes[at : at + 256], entries[at : at + 256])
    assert builder.end() == root_hash(hashes)
    assert builder.roots == {one: root_hash(hashes[:one]) for one in sizes}
    assert {Tile(level, number, len(items)) for (level, number), items in made.items()} == set(tiles_of(size))
    for (level, number), items in made.items():
        if level > 0:
            below = 256**level
            first = number * 256
            assert items == [
                root_hash(hashes[one * below : (one + 1) * below]) for one in range(first, first + len(items))
            ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 64, 65, 100])
def test_every_inclusion_path_leads_to_the_root_and_to_no_other(size):
    hashes = [leaf_hash(b"%d" % number) for number in range(size)]
    root = root_hash(hashes)
    for index in range(size):
        path = inclusion(index, size, lambda low, high: root_hash(hashes[low:high]))
        assert root_of_path(hashes[index], index, size, path) == root
        assert root_of_path(leaf_hash(b"other"), index, size, path) != root
        assert root_of_path(hashes[index], index, size, [*path, root]) is None
        assert not path or root_of_path(hashes[index], index, size, path[:-1]) != root
        for other in {index ^ 1, index + 1, size} - {index}:
            assert root_of_path(hashes[index], other, size, path) != root
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(size, size, lambda low, high: b"")
