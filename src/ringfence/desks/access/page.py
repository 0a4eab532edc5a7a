"""Page: what a response says in words, and whether two responses are the same page. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from ringfence.desks.access.sides import Answer

ALIKE: Final = 500  # thousandths of shared word shingles above which two pages count as alike
PROPORTION: Final = 700  # thousandths of the longer body that the shorter one must have; as OONI takes it
WITHHELD: Final = frozenset((403, 451))
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_READ: Final = 200_000  # octets of a body that are read for words

# Fields that every server sends, and the one that everything in the laboratory does: they tell no two
# servers apart.
_COMMON: Final = frozenset(
    """accept-ranges age allow cache-control connection content-encoding content-language content-length
    content-type date etag expires keep-alive last-modified location pragma retry-after server set-cookie
    transfer-encoding upgrade vary via x-ringfence-laboratory""".split()
)
_ANYBODY: Final = frozenset(("nginx", "apache", "openresty", "microsoft-iis", "lighttpd", "caddy", "gws"))
# A service that keeps visitors of a place out says where they are, or whom it does not serve.
_REFUSES: Final = re.compile(
    r"not (?:available|offered|provided|supported|accessible) (?:in|to|for|from) "
    r"(?:your|residents|users|persons|this)"
    r"|(?:your|this) (?:country|region|location|jurisdiction)[^.]{0,60}(?:not|restrict|unavailable|prohibit)"
    r"|(?:restricted|prohibited|unsupported) (?:country|region|location|jurisdiction|territor)"
    r"|(?:do not|don't|does not|cannot|can't|unable to) (?:serve|offer|provide|support)[^.]{0,60}"
    r"(?:country|region|location|jurisdiction|residents)"
    r"|unavailable (?:for|due to) legal reasons|所在(?:的)?(?:国家|地区)"
    r"|暂不(?:支持|提供|向)|不(?:支持|向)[^。]{0,12}(?:地区|国家|用户)",
    re.IGNORECASE,
)
# A page that stands in for another says that access was taken away, and often by whom.
_DENIES: Final = re.compile(
    r"access(?: to (?:this|the)[^.]{0,60})? (?:is |has been |was )?"
    r"(?:denied|blocked|restricted|forbidden|prohibited)"
    r"|(?:web ?)?(?:site|page|domain|url|resource|content)[^.]{0,40} (?:is |has been |was )"
    r"(?:blocked|restricted|banned|censored|prohibited|suspended|seized)"
    r"|blocked (?:by|under|pursuant|in accordance|due to|following|on the order)"
    r"|(?:by|under|pursuant to|in compliance with)[^.]{0,40}order[^.]{0,60}(?:block|access)"
    r"|cannot be served in your jurisdiction"
    r"|доступ (?:к [^.]{0,60})?(?:ограничен|заблокирован|закрыт|запрещ[её]н)"
    r"|(?:禁止|限制|拒绝|阻断)(?:访问|瀏覽|浏览)|(?:网站|網站|网页|網頁)[^。]{0,20}被(?:关闭|封|屏蔽|阻断|拦截|攔截)"
    r"|acc[eè]s (?:[àa] [^.]{0,40})?(?:est )?(?:bloqu[ée]|interdit|refus[ée])"
    r"|acceso (?:a [^.]{0,40})?(?:ha sido |est[áa] )?(?:bloqueado|denegado|restringido|prohibido)"
    r"|(?:sito|accesso)[^.]{0,40}(?:bloccato|oscurato|inibito|sequestro|negato)"
    r"|(?:engelli|engellenmi[şs]tir|eri[şs]im engel)|zugriff[^.]{0,40}(?:gesperrt|verweigert|blockiert)"
    r"|(?:situs|akses)[^.]{0,40}(?:diblokir|terlarang)|(?:internet positif|trust ?positif)"
    r"|دسترسی[^.]{0,40}(?:مسدود|امکان ?پذیر)|(?:تم حجب|محجوب|الموقع محظور)"
    r"|(?:접속|접근)[^.]{0,30}(?:차단|불법)|불법[· ]?유해",
    re.IGNORECASE,
)
# Content networks ask for a proof of being human: neither the page nor a block.
_CHALLENGE_HEADERS: Final = re.compile(
    r"^(?:cf-mitigated: challenge|x-amzn-waf-action: (?:challenge|captcha)|x-datadome\b|"
    r"server: ddos-guard|x-sucuri-block)",
    re.IGNORECASE | re.MULTILINE,
)
_CHALLENGE: Final = re.compile(
    r"captcha|cf-chl|challenge-platform|challenge-form|_cf_chl|just a moment\.\.\.|checking your browser"
    r"|verify (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)"
    r"|prove (?:that )?you(?:'re| are) (?:a )?human|attention required! \| cloudflare"
    r"|ddos protection by|ddos-guard|enable javascript and cookies to continue"
    r"|_incapsula_resource|px-captcha|distil_r_|datadome|unusual traffic|automated (?:requests|queries)"
    r"|人机验证|安全验证|正在检查您的浏览器|请完成验证",
    re.IGNORECASE,
)
_CHALLENGING: Final = frozenset((202, 401, 403, 405, 406, 429, 503))


def head(answer: Answer) -> str:
    """The header fields as text, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in answer.headers)


def words(answer: Answer) -> str:
    """The visible text of a page."""
    return _words(answer.body[:_READ])


def title(answer: Answer) -> str:
    """The title of a page, or the one that the control noted."""
    return answer.title if answer.title is not None else _title(answer.body[:_READ])


def source(answer: Answer) -> str:
    """The response as fingerprints read it: head and body."""
    return head(answer) + "\n\n" + answer.body[:_READ].decode("utf-8", "replace")


def is_challenge(answer: Answer) -> bool:
    """A page that asks to prove a human: by its head, or by its words under a status that withholds."""
    if _CHALLENGE_HEADERS.search(head(answer)):
        return True
    if not _CHALLENGE.search(answer.body[:_READ].decode("utf-8", "replace")):
        return False
    # A log-in form may carry a captcha too: under 200 only a page of nearly nothing else counts.
    return answer.status in _CHALLENGING or len(words(answer)) < 400


def refuses(answer: Answer) -> bool:
    """A page that says of itself that it does not serve this place."""
    return bool(_REFUSES.search(words(answer)[:4000]))


def denies(answer: Answer) -> bool:
    """A page that says that access was taken away."""
    return bool(_DENIES.search(words(answer)[:4000]))


def withheld(answer: Answer) -> bool:
    """By status or by words, an answer that keeps something back."""
    return answer.status in WITHHELD or refuses(answer) or denies(answer)


def same_page(ours: Answer, theirs: Answer) -> bool:
    """Whether two responses are the same page: the same status, and alike in words, or where the words of
    one side are not kept, alike in title, length or kind."""
    if ours.status != theirs.status:
        return False
    if ours.body and theirs.body:
        return alike(words(ours), words(theirs))
    left, right = title(ours), title(theirs)
    if left and right:
        # One long word in common, as OONI compares titles: short ones are everywhere.
        shared = {w.lower() for w in left.split() if len(w) > 4} & {
            w.lower() for w in right.split() if len(w) > 4
        }
        if shared or left == right:
            return True
    if ours.length is None or theirs.length is None:
        return False
    longer, shorter = max(ours.length, theirs.length), min(ours.length, theirs.length)
    return shorter * 1000 >= PROPORTION * longer


def same_server(ours: Answer, theirs: Answer) -> bool:
    """Whether two heads have the marks of one server: uncommon fields in common, or a product that names
    itself closely. Half the world says "nginx": that is no mark."""
    left, right = _fields(ours), _fields(theirs)
    if (left.keys() & right.keys()) - _COMMON:
        return True
    server = left.get("server", "")
    return server == right.get("server") and bool(server) and server.lower() not in _ANYBODY


def foreign_head(ours: Answer, theirs: Answer) -> bool:
    """Whether a head has none of the marks that the service's has: an answer written on the way. A
    service without marks is told by the fields that every server sends and this answer does not."""
    left, right = _fields(ours), _fields(theirs)
    marks = {name for name in right if name not in _COMMON or name == "server"}
    if marks:
        return not any(name in left and (name != "server" or left[name] == right[name]) for name in marks)
    return "date" in right and "date" not in left


def alike(left: str, right: str) -> bool:
    """Whether two texts share half of their word shingles."""
    one, other = _shingles(left), _shingles(right)
    return len(one & other) * 1000 >= ALIKE * max(len(one | other), 1)


def _fields(answer: Answer) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers}


def _shingles(text: str) -> set[str]:
    split = text.split()
    if len(split) < 3:  # also languages written without spaces
        return {text[i : i + 4] for i in range(max(len(text) - 3, 1))}
    return {" ".join(split[i : i + 3]) for i in range(len(split) - 2)}


@lru_cache(maxsize=64)
def _words(body: bytes) -> str:
    return LexborHTMLParser(body).text(separator=" ", strip=True) if body else ""


@lru_cache(maxsize=64)
def _title(body: bytes) -> str:
    node = LexborHTMLParser(body).css_first("title") if body else None
    return node.text(strip=True) if node is not None else ""
