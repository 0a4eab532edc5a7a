"""What a suffix alone says about everybody below it: states, schools, courts, banks, single brands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ringfence.enforce.suffixes import Suffixes

# Second levels that registries keep for the state, the military, schools, universities, courts, health
# and the police. They count only where the Public Suffix List has them, so that a private name such as
# go.io is not taken for a government. The states of the US have theirs one level further down.
_STATE = re.compile(
    r"(gov|gob|gouv|gouvernement|gub|guv|govt|government|go|gc|gv|govern|rep|admin|mun|muni|municipality|council"
    r"|lg|desa|parliament|assembly|leg|jus|judiciary|court|mp|def|mod|mil|mi|police|pol|ambulance|nhs|health|hosp"
    r"|edu|ac|uni|univ|sch|school|schools|k12|ed|eun|sc|hs|ms|es|kg|cc|pvt\.k12|tec|lib|isa|nsn|fed|state|dst"
    r"|iwi|cri|mosreg|re)\.(([a-z]{2}\.)?[a-z]{2}|scot|wales|cymru|taipei|london)"
    r"|gov|mil|int|edu|museum|post"
)
# Elsewhere these are regions or anybody's: sc.us is South Carolina, lg.ua Luhansk, re.it Reggio Emilia.
_ONLY_IN: dict[str, frozenset[str]] = {
    label: frozenset(countries.split())
    for label, countries in {
        "hs": "kr", "ms": "kr", "es": "kr", "kg": "kr", "sc": "kr ug", "re": "kr", "lg": "jp", "mp": "br",
        "def": "br", "cc": "us", "state": "us", "rep": "kp", "mi": "th", "ed": "jp cr ao pw ci",
        "tec": "us br", "lib": "us ee", "pol": "ht dz tr", "health": "nz vn",
    }.items()
}  # fmt: skip
# Only banks and insurers that a registry has checked may register here.
_FINANCE = frozenset({"bank", "insurance", "creditunion"})
# One firm holds the whole top level (ICANN Specification 13), so each name below is that firm's.
_BRANDS = frozenset(
    """\
    aaa abb abbott abbvie abc able accenture aeg aetna airbus akdn alibaba alipay allstate ally alstom
    amazon americanexpress amex amica android anz aol apple aquarelle aramco audi audible aws axa azure
    baidu barclaycard barclays basketball bbc bbt bbva bcg beats bentley bing bloomberg bms bmw
    bnpparibas boehringer bofa booking bosch bostik bradesco bridgestone brother calvinklein canon
    capitalone caravan cartier cba cern cfa chanel chase chintai chrome cipriani cisco citi citic
    clinique comcast commbank cookingchannel crown crs dabur datsun dbs dclk dell deloitte delta dhl
    discover dnp dunlop dupont dvag edeka emerck epson ericsson erni eurovision extraspace fage
    fairwinds farmers fedex ferrari ferrero fidelity firestone firmdale flickr flir ford fox fresenius
    frogans fujitsu gallo gallup gap gbiz genting ggee gle globo gmail gmx godaddy goldpoint goo
    goodyear goog google grainger guardian hbo hdfc hdfcbank hermes hisamitsu hitachi hkt homedepot
    honda hotmail hsbc hughes hyatt hyundai ibm icbc ieee ifm ikano imdb infiniti ipiranga itau itv
    jaguar java jcb jll jmp jnj jpmorgan juniper kddi kerryhotels kerryproperties kfh kia kindle komatsu
    kosher kpmg kpn kuokgroup lamborghini lancaster landrover lanxess lasalle latrobe lds leclerc lefrak
    lego lexus lidl lilly lincoln linde lipsy lpl lplfinancial lundbeck macys maif man mango marriott
    marshalls mattel mckinsey meo merck merckmsd metlife microsoft mini mit mitsubishi mlb mls moto mtn
    mtr nab natura nba nec netbank netflix neustar nexus nfl nhk nico nike nikon nissan nissay nokia
    norton nowruz ntt obi office olayan ollo omega oracle orange origins otsuka panasonic pfizer philips
    pictet ping pioneer playstation pnc pohl pramerica praxi prime pru prudential pwc quest redstone
    reliance rexroth ricoh rmit rogers rwe safety sakura samsclub samsung sandvik sandvikcoromant sanofi
    sap saxo sbi sca scb schaeffler schmidt schwarz scotiabank seat sener ses seven sew sfr shangrila
    sharp shell shia silk sina sky skype sling smart sncf softbank sohu sony spotify stada staples
    statebank statefarm stcgroup suzuki swatch swiftcover symantec tab taobao target tatamotors tdk teva
    tiaa tiffany tjmaxx tjx tkmaxx tmall toray toshiba total toyota travelers travelersinsurance trv tui
    tvs ubank ubs unicom uol ups vanguard verisign vig viking virgin visa vistaprint vivo volkswagen
    volvo walmart walter weatherchannel weber weir williamhill windows wme wolterskluwer woodside xbox
    xerox xfinity yahoo yamaxun yandex yodobashi youtube zappos zara zippo""".split()
)


def by_suffix(chain: Iterable[str], public: Suffixes) -> Iterator[str]:
    """The reasons that the suffixes of a name give, ``chain`` being the name and its parents."""
    top, name = "", ""
    for parent in chain:
        top, name = parent, name or parent
        if public.is_suffix(parent) and _is_state(parent):
            yield "protected.government_or_education"
    if top in _FINANCE:
        yield "protected.bank"
    # Below a suffix of its own (translate.goog) each name is another party again.
    if top in _BRANDS and public.suffix(name) == top:
        yield "protected.brand_top_level"


def _is_state(suffix: str) -> bool:
    if not _STATE.fullmatch(suffix):
        return False
    first, _, country = suffix.partition(".")
    allowed = _ONLY_IN.get(first)
    return allowed is None or country.rpartition(".")[2] in allowed
