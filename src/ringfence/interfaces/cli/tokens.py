"""`ringfence tokens`: what a contract can do to holders of its token, shown by calls anybody can repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.attest import attest
from ringfence.interfaces.cli.common import DATE, FILE, emit, note, opened, store_option, today
from ringfence.interfaces.cli.output import written
from ringfence.interfaces.cli.tokens_watch import watch

if TYPE_CHECKING:
    from ringfence.core.parquet import Engine
    from ringfence.desks.tokens.screen import Depth

FEW = 8  # files that are not worth another process
Found = dict[str, Any] | InputError  # what a contract has, or why it was not screened
MAX_FILE = 2 << 20  # bytes of a file of code in hexadecimal


@click.group(name="tokens")
def command() -> None:
    """The tokens desk: what contracts can do to holders. It says what code does, never what it is for."""


class InOrder(click.Command):
    """Remembers what was written: files are taken in that order, whichever stood after an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Click's own, after the words are kept."""
        ctx.meta[InOrder.__name__] = tuple(args)
        return super().parse_args(ctx, args)


@command.command(cls=InOrder)
@click.option("--runtime", "runtimes", multiple=True, metavar="FILE", help="Runtime code in hexadecimal.")
@click.option("--creation", "creations", multiple=True, metavar="FILE", help="Creation code in hexadecimal.")
@click.option("--rpc", metavar="URL", help="A node (JSON-RPC over HTTP); then name ADDRESSes.")
@click.option("--second", metavar="URL", help="Another node, which must say the same.")
@click.option("--chain", metavar="eip155:N", help="The node's chain (CAIP-2).")
@click.option("--block", default="latest", show_default=True, help="Number, hash, latest, safe or finalized.")
@click.option("--pair", metavar="ADDRESS", help="The pool to trade in, with --rpc; else it is looked for.")
@click.option("--bundle", "bundles", multiple=True, metavar="FILE", help="What an earlier screening read.")
@click.option(
    "--save", type=click.Path(file_okay=False, path_type=Path), help="Write bundles to this folder."
)
@click.option("--creator", is_flag=True, help="Look for who made it (a node that keeps old states).")
@click.option("--parquet", type=FILE, help="Many codes in a Parquet file; then --out.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the answers go.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True,
              help="Where a Parquet file is worked on.")  # fmt: skip
@click.option("--depth", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.option(
    "--jurisdiction", default="cn", show_default=True, help="With --store: the pack to assess under."
)
@click.option(
    "--as-of", type=DATE, help="With --store: the date of conduct and of decision (default: today)."
)
@click.argument("more", nargs=-1, metavar="[FILE|ADDRESS...]")
@store_option
def screen(
    runtimes: tuple[str, ...], creations: tuple[str, ...], rpc: str | None, second: str | None,
    chain: str | None, block: str, pair: str | None, bundles: tuple[str, ...], save: Path | None,
    creator: bool, parquet: Path | None, out: Path | None, engine: Engine, depth: Depth,
    jurisdiction: str, as_of: date | None, more: tuple[str, ...], store: Path | None,
) -> int:  # fmt: skip
    """Screen contracts: capabilities with the calls that show them, and whether the token trades. From code
    alone, from a node at one block, or from a bundle, which needs no network and gives the same answer. JSON
    lines in the order given; further FILEs are of the kind named first.

    Present is true, false or null (with why): what cannot be told is never taken for safe. With --store what
    a node said is kept and sealed, and what it shows of an offering is found and assessed under the pack of
    --jurisdiction; else no store is opened. Exit 2 if nothing could be screened, 3 if a node failed.

    \b
    Examples:
      ringfence tokens screen --runtime token.hex --depth deep
      ringfence tokens screen --rpc http://127.0.0.1:8545 --chain eip155:1 0xdac1…1ec7 --save bundles
      ringfence tokens screen --bundle bundles/0xdac1….json
      ringfence tokens screen --parquet codes.parquet --out answers.parquet
    """
    if sum(map(bool, (runtimes, creations, rpc, bundles, parquet))) != 1:
        raise click.UsageError(
            "give one of --runtime FILE…, --creation FILE…, --rpc URL, --bundle FILE…, --parquet FILE"
        )
    if pair and (not rpc or len(more) != 1):
        raise click.UsageError("--pair ADDRESS goes with --rpc URL and one ADDRESS")
    if bool(parquet) != bool(out) or (parquet and more):
        raise click.UsageError("--parquet FILE and --out FILE go together, with no other file")
    if parquet and out:
        from ringfence.interfaces.cli.tokens_bulk import bulk

        return bulk(parquet, out, engine, depth)
    if rpc:
        if not chain or not more:
            raise click.UsageError("--rpc needs --chain eip155:N and ADDRESS…")
        found = _at_node(
            more, rpc, second, chain, block, pair, creator, depth, save, store, jurisdiction, as_of
        )
        names = more
    elif bundles:
        names = _as_written((*bundles, *more))
        found = ((name, _from_bundle(name, depth)) for name in names)
    else:
        names = _as_written((*runtimes, *creations, *more))
        found = _screened(names, bool(creations), depth)
    done = 0
    for name, one in found:
        if isinstance(one, InputError):
            note(f"{name}: {one}" + (f" ({one.hint})" if one.hint else ""))
            continue
        # A bundle says the same as the node did, to the byte, wherever it lies.
        emit({"subject": None, "file": None if rpc or bundles else name, **one})
        done += 1
    if done < len(names):
        note(f"{len(names) - done} of {len(names)} could not be screened")
    return 0 if done else 2


@command.command()
@click.argument("transaction", type=FILE)
@click.option("--rpc", metavar="URL", help="A node (JSON-RPC over HTTP).")
@click.option("--second", metavar="URL", help="Another node, which must say the same.")
@click.option("--bundle", type=FILE, help="What an earlier simulation read.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the bundle here.")
@store_option
def simulate(
    transaction: Path, rpc: str | None, second: str | None, bundle: Path | None, save: Path | None,
    store: Path | None,
) -> int:  # fmt: skip
    """Say what an unsigned TRANSACTION (JSON: from, to, value, data, chain, block) would change: assets in
    and out by address, approvals, capabilities used, subjects of the register met, and why it would fail.

    From a node at one block, or from a bundle, without a network and to the same bytes. With --store the
    register's addresses are known, and what the node said is kept and sealed.

    \b
    Example:
      ringfence tokens simulate tx.json --rpc http://127.0.0.1:8545 --save tx.bundle
    """
    from ringfence.desks.tokens.bundle import Bundle
    from ringfence.desks.tokens.observe import keep, observe
    from ringfence.desks.tokens.simulate import simulate as simulated
    from ringfence.desks.tokens.transaction import Transaction

    if bool(rpc) == bool(bundle):
        raise click.UsageError("give --rpc URL or --bundle FILE")
    try:
        asked = Transaction.from_json(msgspec.json.decode(transaction.read_bytes()))
    except msgspec.DecodeError as error:
        raise InputError(f"{transaction} is no JSON: {error}", hint="an object: from, to, value …") from error
    if bundle is not None:
        emit(simulated(asked, Bundle.from_bytes(bundle.read_bytes()).state()))
        return 0
    if asked.chain is None:
        raise InputError("the transaction names no chain", hint='write "chain": "eip155:1"')
    seen = observe(
        f"account:0x{asked.sender:040x}", rpc or "", asked.chain, lambda state: simulated(asked, state),
        block=asked.block or "latest", second=second,
    )  # fmt: skip
    if save is not None:
        with written(save) as stream:
            stream.write(seen.sealed.capture)
    if store is not None:
        with opened(store) as house:
            keep(house, seen.sealed)
    emit(seen.result)
    return 0


def _at_node(
    addresses: tuple[str, ...], url: str, second: str | None, chain: str, block: str, pair: str | None,
    creator: bool, depth: Depth, save: Path | None, store: Path | None,
    jurisdiction: str, on: date | None,
) -> Iterator[tuple[str, Found]]:  # fmt: skip
    from ringfence.desks.tokens.block import block_of, chain_id
    from ringfence.desks.tokens.observe import observe
    from ringfence.desks.tokens.onchain import about_of, address_of, screen_at, subject_of
    from ringfence.pipeline.token import Under, keep_token

    under = Under(jurisdiction, on or today(), on or today())
    number = chain_id(chain)
    pool = address_of(pair) if pair else None
    at = block_of(block)
    if save is not None:
        save.mkdir(parents=True, exist_ok=True)
    for name in addresses:
        try:
            who = address_of(name)
        except InputError as error:
            yield name, error
            continue
        seen = observe(
            subject_of(number, who), url, chain,
            partial(screen_at, address=who, depth=depth, pair=pool, creator=creator),
            block=at, second=second, about=about_of(number, who, pool),
        )  # fmt: skip
        if save is not None:
            with written(save / f"{name.lower()}.json") as stream:
                stream.write(seen.sealed.capture)
        said = {**seen.result, "evidence": seen.sealed.observation.capture}
        if store is not None:
            with opened(store) as house:
                said |= keep_token(house, seen.sealed, seen.result, under)
        yield name, said


def _from_bundle(name: str, depth: Depth) -> Found:
    from ringfence.core.canonical import digest
    from ringfence.desks.tokens.bundle import Bundle
    from ringfence.desks.tokens.onchain import asked_of, screen_at

    try:
        data = Path(name).read_bytes()
        made = Bundle.from_bytes(data)
        address, pair = asked_of(made.about)
        return {**screen_at(made.state(), address, depth, pair), "evidence": digest(data)}
    except OSError as error:
        return InputError(error.strerror or "cannot be read", hint="check the path")
    except InputError as error:
        return error


def _as_written(names: Sequence[str]) -> tuple[str, ...]:
    """The names in the order of the command line, where some stand after an option and some alone."""
    left = Counter(names)
    made = []
    for word in click.get_current_context().meta[InOrder.__name__]:
        for name in (word, word.partition("=")[2]):
            if left[name]:
                left[name] -= 1
                made.append(name)
                break
    return tuple(made)


def _screened(names: tuple[str, ...], creation: bool, depth: Depth) -> Iterator[tuple[str, Found]]:
    """Each file with what was found, in order; many in several processes."""
    one = partial(_one, creation=creation, depth=depth)
    if len(names) < FEW:
        yield from ((name, one(name)) for name in names)
        return
    from ringfence.core.bulk import map_batches, workers

    with workers(_nothing, ()) as pool:
        yield from zip(names, map_batches(pool, one, names, ahead=16), strict=True)


def _one(name: str, *, creation: bool, depth: Depth) -> Found:
    from ringfence.desks.tokens.creation import NoRuntimeError, runtime_of
    from ringfence.desks.tokens.screen import screen as screened
    from ringfence.desks.tokens.screen import unread

    try:
        code = _code(Path(name))
        return screened(runtime_of(code) if creation else code, depth).to_dict()
    except NoRuntimeError as error:  # it was read and run: that it leaves nothing is an answer
        return unread(f"{error} ({error.hint})", depth).to_dict()
    except InputError as error:
        return error


def _nothing() -> None:
    """The processes need nothing beforehand."""


def _code(path: Path) -> bytes:
    """Code from a file of hexadecimal digits, with or without 0x and white space. Raises `InputError`."""
    from ringfence.desks.tokens.bytecode import from_text

    try:
        if path.stat().st_size > MAX_FILE:
            raise InputError("too large for code", hint=f"at most {MAX_FILE} bytes")
        text = path.read_text("ascii")
    except UnicodeDecodeError as error:
        raise InputError("no hexadecimal text", hint="binary code? write it with xxd -p") from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", hint="check the path") from error
    return from_text(text)


command.add_command(attest)
command.add_command(watch)
