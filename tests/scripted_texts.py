"""Five hundred texts that would run as script where a page let them, and a search for what would.

Vectors times the places that they would break out of times ways of writing them; made, not copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import islice, product
from urllib.parse import quote

from bs4 import BeautifulSoup

VECTORS = (
    "<script>p()</script>",
    "<SCRIPT SRC=//h.invalid/p.js></SCRIPT>",
    "<img src=x onerror=p()>",
    "<svg onload=p()>",
    "<svg><script>p()</script></svg>",
    "<body onload=p()>",
    "<iframe srcdoc='<script>p()</script>'></iframe>",
    "<a href='javascript:p()'>x</a>",
    "[x](javascript:p())",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '![x](x" onerror="p())',
    "<form action=javascript:p()><button>x</button></form>",
    "<object data=javascript:p()></object>",
    "<math><mtext><img src=x onerror=p()></mtext></math>",
    "<style>@import '//h.invalid/p.css'</style>",
    "<meta http-equiv=refresh content='0;url=javascript:p()'>",
    "<base href=//h.invalid/>",
    "<details open ontoggle=p()>x</details>",
    "{{ ''.__class__ }}<b onclick=p()>",
    "{% include 'x' %}<input autofocus onfocus=p()>",
)
BEFORE = ("", '">', "'>", "-->", "</textarea>", "</title>", "]]>")
WRITTEN = (
    str,
    str.upper,
    escape,
    quote,
    lambda text: text.replace("<", "<\x0c"),
    lambda text: text.replace("script", "scr\u200bipt"),
)
PARTS = (WRITTEN, BEFORE, VECTORS)
NO_ADDRESS = re.compile(r"^\s*(javascript|data|vbscript)\s*:", re.I)
KEPT_OUT = {"iframe", "object", "embed", "base", "math"}


def payloads(count: int = 500) -> Iterator[str]:
    """So many different ones, at most about 800."""
    made = (before + written(vector) for written, before, vector in product(*PARTS))
    yield from islice(dict.fromkeys(made), count)


def active(html: str) -> list[str]:
    """What in a page would run, load or send elsewhere; our own style and script files aside."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        if tag.name == "link" and tag.get("href") == "data:,":  # our empty icon
            continue
        own = str(tag.get("src", "")).startswith("/static/") and not tag.string
        if tag.name in KEPT_OUT or (tag.name == "script" and not own):
            found.append(f"<{tag.name}>")
        if tag.name in ("style", "meta") and (tag.name == "style" or tag.get("http-equiv")):
            found.append(f"<{tag.name}>")
        for name, value in tag.attrs.items():
            words = " ".join(value) if isinstance(value, list) else str(value)
            if name.lower().startswith("on") or name == "srcdoc":
                found.append(f"<{tag.name} {name}>")
            elif name in ("href", "src", "action", "formaction", "data") and (
                NO_ADDRESS.match(words) or words.startswith("//")
            ):
                found.append(f"<{tag.name} {name}={words[:40]}>")
    return found
