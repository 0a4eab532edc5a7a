"""The mark that everything made in the laboratory carries."""

from __future__ import annotations

TEXT = "Ringfence laboratory: invented site"
HEADER = ("X-Ringfence-Laboratory", "true")
# ASCII only, so that it can be put into a page of any encoding the laboratory uses.
_LINE = f'<p style="text-align:center;font-size:12px;color:#777">{TEXT}</p>'.encode()


def marked(html: bytes) -> bytes:
    """An encoded HTML page with the visible line before its ``</body>``, or at its end."""
    at = html.lower().rfind(b"</body>")
    return html + _LINE if at < 0 else html[:at] + _LINE + html[at:]
