"""CSV from somebody else: bad rows are named, the rest is kept."""

import io

import pytest

from ringfence.core.errors import InputError
from ringfence.register.bundled import bundled, bundled_problems
from ringfence.register.csvfile import read_csv, write_csv
from ringfence.register.csvtext import Problem
from ringfence.register.merge import merge
from ringfence.register.subject import Subject, make_site


def read(tmp_path, content, **options):
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    items = list(read_csv(path, **options))
    return [i for i in items if isinstance(i, Subject)], [i for i in items if isinstance(i, Problem)]


def test_malformed_rows_are_reported_with_their_line_and_the_rest_imported(tmp_path):
    rows = [
        "name,host",
        "Good,good.example",
        "Address,127.0.0.1",
        "No host,",
        '"Never closed,x.example',
        "Also good,also.example",
        "Too,many,cells",
        "Bomb,xn--" + "9" * 70 + ".example",
        "",
        "Nul,\0.example",
        "H" * 70_000 + ",huge.example",
        "N" * 400 + ",long-name.example",
        'Quoted,"a.example;b.example"',
        'Broken "quote" here,c.example',
        "Last,last.example",
    ]
    sites, problems = read(tmp_path, "\r\n".join(rows))
    names = [site.id for site in sites]
    assert names[:2] == ["site:good.example", "site:also.example"]
    assert names[2:4] == ["site:a.example", "site:b.example"]
    assert names[-1] == "site:last.example"
    assert [problem.line for problem in problems] == [3, 4, 5, 7, 8, 10, 11, 12]
    assert all(problem.hint or problem.problem for problem in problems)


def test_an_unclosed_quote_costs_one_line_even_before_thousands(tmp_path):
    body = '"open,x.example\n' + "".join(f"S{n},s{n}.example\n" for n in range(3000))
    sites, problems = read(tmp_path, "name,host\n" + body)
    assert len(sites) == 3000
    assert [problem.line for problem in problems] == [2]


def test_cells_over_several_lines_keep_the_count(tmp_path):
    sites, problems = read(
        tmp_path, 'name,host\n"Two\nlines",a.example\nNext,127.0.0.1\nB,"b.example\nc.example"\n'
    )
    assert [problem.line for problem in problems] == [2, 4]
    assert [site.id for site in sites] == ["site:b.example", "site:c.example"]


@pytest.mark.parametrize(
    "header",
    [
        "Name;Website\n{};{}",
        "\ufeffname,host\n{},{}",
        "名称,网址\n{},{}",
        "exchange\tdomain\n{}\t{}",
        "\n\nTITLE,URL\n{},{}",
    ],
)
def test_usual_headers_and_separators(tmp_path, header):
    sites, problems = read(tmp_path, header.format("火币", "https://www.huobi.example/zh"))
    assert problems == []
    assert (sites[0].id, sites[0].name) == ("site:huobi.example", "火币")


@pytest.mark.parametrize("content", ["", "\n\n", "a,b\n1,2\n", "name\nx\n", "host\nx.example\n"])
def test_a_file_without_a_usable_header_is_refused(tmp_path, content):
    with pytest.raises(InputError, match="no header"):
        read(tmp_path, content)


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_other_encodings_must_be_declared_and_nothing_is_imported_before(tmp_path, encoding):
    content = ("name,host\n" + "Fill,fill.example\n" * 3 + "幣安,bi.example\n").encode(encoding)
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert "byte" in str(caught.value)
    assert encoding in caught.value.hint
    sites, problems = read(tmp_path, content, encoding=encoding)
    assert (sites[-1].name, problems) == ("幣安", [])


def test_unknown_encodings_and_missing_files_are_input_errors(tmp_path):
    with pytest.raises(InputError, match="no such encoding"):
        read(tmp_path, "name,host\n", encoding="klingon")
    with pytest.raises(InputError, match="cannot read"):
        list(read_csv(tmp_path / "none.csv"))


def test_utf16_by_its_mark(tmp_path):
    sites, _ = read(tmp_path, "name,host\n火币,huobi.example\n".encode("utf-16"))
    assert sites[0].name == "火币"


def test_formulas_are_disarmed_and_come_back(tmp_path):
    names = ["=HYPERLINK(1)", "+1", "-x", "@sum", "'=quoted", "'plain", 'say "hi", twice']
    sites = [make_site(f"s{n}.example", name, "list") for n, name in enumerate(names)]
    stream = io.StringIO(newline="")
    assert write_csv(sites, stream) == len(names)
    for line in stream.getvalue().splitlines()[1:]:
        assert line.lstrip('"')[0] not in "=+-@\t\r"
    again, problems = read(tmp_path, stream.getvalue())
    assert problems == []
    assert [site.name for site in again] == names


def test_export_and_import_of_the_bundled_register(tmp_path):
    stream = io.StringIO(newline="")
    write_csv(bundled("2018-07"), stream)
    again, problems = read(tmp_path, stream.getvalue())
    assert problems == []
    merged = {}
    for site in again:
        merged[site.id] = merge(merged[site.id], site) if site.id in merged else site
    for before in bundled("2018-07"):
        after = merged[before.id]
        assert (after.name, set(after.names), after.countries) == (
            before.name,
            set(before.names),
            before.countries,
        )
        assert set(before.urls) <= set(after.urls)


def test_the_bundled_registers():
    sites = {site.id: site for site in bundled("2018-07")}
    assert len(sites) == 126
    ids = [item.value for site in sites.values() for item in site.identifiers if item.kind == "ccxt"]
    assert len(set(ids)) == 127
    assert bundled_problems("2018-07") == ()
    assert sites["site:huobi.com"].names == ("Huobi", "Huobi CNY")
    assert sites["site:coinmarketcap.com"].tags == ("price_publisher",)
    assert sites["site:trade.chbtc.com"].urls == ("https://trade.chbtc.com/api",)
    assert sites["site:dsx.uk"].countries == ("GB",)
    assert sites["site:bl3p.eu"].relations[0].target == "site:bitonic.nl"
    assert sum("CN" in site.countries for site in sites.values()) == 21
    assert not any(site.laboratory for site in sites.values())
    assert len(bundled("2026-10")) == 99
    assert [problem.line for problem in bundled_problems("2026-10")] == [9, 11, 27, 59]
    with pytest.raises(InputError):
        bundled("2020-01")
