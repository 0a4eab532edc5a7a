"""The languages of a site and how its addresses read in each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from ringfence.lab.designs.reporting._html import Link
from ringfence.lab.designs.reporting._words import Words, is_chinese, native
from ringfence.lab.site import Brief


class Tongues:
    """Languages by path prefix (/zh-CN/…) or by query (?lang=zh-CN); the first has plain addresses."""

    def __init__(
        self,
        rng: random.Random,
        brief: Brief,
        style: str = "",
        limit: int = 4,
        languages: tuple[str, ...] = (),
    ) -> None:
        self.languages = tuple(dict.fromkeys(languages or brief.languages or ("en",)))[:limit]
        self.style = style or rng.choice(("prefix", "query", "prefix"))
        self.seed = rng.randrange(1 << 30)

    def each(self) -> Iterator[tuple[Words, Callable[[str], str]]]:
        """Words and an address function for each language."""
        for language in self.languages:
            yield Words(self.seed, language), self.address_in(language)

    def address_in(self, language: str) -> Callable[[str], str]:
        """How a path reads in a language."""
        if language == self.languages[0]:
            return lambda path: path
        if self.style == "prefix":
            return lambda path: f"/{language}{path}"
        return lambda path: f"{path}?lang={language}"

    def menu(self) -> list[Link]:
        """The language menu."""
        return [(native(t), self.address_in(t)("/")) for t in self.languages]

    @property
    def alternates(self) -> list[Link]:
        """Tags and addresses for hreflang, where there is more than one language."""
        return [(t, self.address_in(t)("/")) for t in self.languages] if len(self.languages) > 1 else []


def chinese_first(brief: Brief) -> tuple[str, ...]:
    """The site's languages, a Chinese one first if it has any (for designs of Chinese origin)."""
    return tuple(sorted(brief.languages or ("en",), key=lambda t: not is_chinese(t)))
