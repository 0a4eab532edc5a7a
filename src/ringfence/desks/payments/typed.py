"""Cells to values: one SQL statement that types a batch of text and names what is wrong with a row."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.desks.payments.decimals import exponent_of
from ringfence.desks.payments.mapping import Mapping

LARGEST: Final = 10**15  # minor units of one payment
CURRENCY: Final = "[A-Z]{3}"  # ISO 4217, whether or not a code is in use
_UNTIL: Final = 7258118400 * 10**6  # µs: the year 2200
SPACE: Final = " \t\n\r\u00a0\u3000"
_ISO: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
    r" ?(Z|[+-]([01][0-9]|2[0-3])(:?[0-9]{2})?)?"
)
# A time that names no offset, with what may stand around it.
NO_OFFSET: Final = r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?\s*"
_NUMBER: Final = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"


def trimmed(table: pa.Table) -> pa.Table:
    """Text cells without the space around them; in SQL that took most of the time of typing."""
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(at, field.name, pc.utf8_trim(table[field.name], characters=SPACE))
    return table


def statement(mapping: Mapping, present: set[str], file: int, place: int, *, trim: bool) -> str:
    """Select from ``batch`` the typed columns file, row, nth, tx_id, ts (µs), seq, payer, payee, amount,
    currency, channel, memo and ``why`` (null for a good row). ``present`` are the columns it has. ``nth`` is
    a row's place in the input, counted on from ``place``; without a ``seq`` it orders what has one time.
    ``trim``: the cells are not `trimmed` yet."""

    def cell(name: str) -> str:
        if name in present:
            return f"coalesce(trim({name}, {_quoted(SPACE)}), '')" if trim else f"coalesce({name}, '')"
        return _quoted(mapping.constants.get(name, "").strip())

    exponent = exponent_of(mapping.scale) or 0
    whole = r"regexp_full_match(seq_text, '[+-]?[0-9]{1,19}(\.0*)?')"
    given = f"case when {whole} then try_cast(split_part(seq_text, '.', 1) as bigint) end"
    nth = "nth" if "nth" in present else f"{place} + row"
    seq = given if "seq" in present else "nth"
    tx_id = cell("tx_id") if "tx_id" in present else f"({nth})::varchar"
    scan = ", ".join(_quoted(word) for word in sorted(mapping.scan))
    return f"""
    with cells as (
        select {"file" if "file" in present else file} as file, row, {nth} as nth,
            {tx_id} as tx_id, {cell("ts")} as ts_text, {cell("seq")} as seq_text,
            {cell("payer")} as payer, {cell("payee")} as payee, {cell("amount_minor")} as amount_text,
            upper({cell("currency")}) as currency, lower({cell("channel")}) as channel_text,
            {"memo" if "memo" in present else "0::tinyint as memo"}
        from batch
    ), parts as (
        select *, regexp_full_match(amount_text, '{_NUMBER}') as is_number,
            starts_with(amount_text, '-') as negative, ltrim(amount_text, '+-') as bare
        from cells
    ), split as (
        select *, ltrim(split_part(bare, '.', 1), '0') as whole, split_part(bare, '.', 2) as fraction
        from parts
    ), scaled as (
        select *,
            case when is_number and length(whole) <= 17 then
                cast('0' || whole || rpad(left(fraction, {exponent}), {exponent}, '0') as hugeint) end
                as floored,
            rtrim(substr(fraction, {exponent + 1}), '0') as rest
        from split
    ), valued as (
        select *, {_time(mapping)} as ts, {seq} as seq,
            floored + case when rest > '5' or (rest = '5' and floored % 2 = 1) then 1 else 0 end as amount,
            case when channel_text = '' then 0 when channel_text in ({scan}) then 1 else 2 end as channel
        from scaled
    )
    select file, row, nth, tx_id, ts, seq, payer, payee,
        try_cast(amount as bigint) as amount, currency, channel::tinyint as channel, memo, case
            when tx_id = '' then 'no_tx_id'
            when ts is null then 'bad_time'
            when ts < 0 or ts >= {_UNTIL} then 'time_out_of_range'
            when seq is null then 'bad_seq'
            when payer = '' then 'no_payer'
            when payee = '' then 'no_payee'
            when not is_number then 'bad_amount'
            when negative or amount = 0 then 'not_positive'
            {"when rest <> '' then 'not_whole'" if mapping.whole else ""}
            when amount is null or amount > {LARGEST} then 'too_large'
            when currency = '' then 'no_currency'
            when not regexp_full_match(currency, '{CURRENCY}') then 'bad_currency'
            when payer = payee then 'self_transfer'
        end as why
    from valued
    """  # noqa: S608 (names and numbers of ours; constants are quoted)


def _time(mapping: Mapping) -> str:
    """Microseconds since 1970, or null. Finer parts are cut off."""
    if mapping.format == "iso":
        text = "replace(ts_text, ',', '.')"
        for sign in "Z+-":  # before which DuckDB knows no space
            text = f"replace({text}, ' {sign}', '{sign}')"
        given = "regexp_matches(ts_text, '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') and length(ts_text) > 16"
        zoned = f"epoch_us(try_cast({text} as timestamptz))"
        if mapping.zone != "UTC":
            local = f"epoch_us(timezone({_quoted(mapping.zone)}, try_cast({text} as timestamp)))"
            zoned = f"case when {given} then {zoned} else {local} end"
        return f"case when regexp_full_match(ts_text, '{_ISO}') then {zoned} end"
    nanos = int(mapping.unit * 1000)  # of a unit: whole for every unit
    whole = f"try_cast(ts_text as hugeint) * {nanos} // 1000"
    # Parts are read to nine places, in integers of 128 bits: 10**(15 + 9) * 8.64 * 10**13 has room there.
    parts = "cast(try_cast(ts_text as decimal(28,9)) * 1000000000::decimal(10,0) as hugeint)"
    parts = f"{parts} * {nanos} // 1000000000000"
    micros = (
        f"case when regexp_full_match(ts_text, '[+-]?[0-9]{{1,19}}') then {whole}"
        f" when regexp_full_match(ts_text, '[+-]?[0-9]{{1,15}}\\.[0-9]*') then {parts} end"
    )
    return f"try_cast(({micros}) + {mapping.origin} as bigint)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
