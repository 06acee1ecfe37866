"""Five hundred texts that would run as script where a page let them, and a search for what would.

Vectors times the places that they would break out of times ways of writing them; made, not copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import islice, product
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag

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
LEADING = ("href", "src", "action", "formaction", "data")
LEADS_OUT = re.compile(r"//|\s*(javascript|data|vbscript)\s*:", re.I)
DRAWN = "data:image/svg+xml;charset=utf-8,"  # the square of a second factor
PREVIEW = "/office/preview/"  # a page as participants see it, within a page of staff
KEPT_OUT = {"script", "iframe", "object", "embed", "base", "math"}


def payloads(count: int = 500) -> Iterator[str]:
    """So many different ones, at most about 800."""
    made = (before + written(vector) for written, before, vector in product(*PARTS))
    yield from islice(dict.fromkeys(made), count)


def _ours(tag: Tag) -> bool:
    source = str(tag.get("src", ""))
    if tag.name == "iframe":
        return source.startswith(PREVIEW) and set(tag.attrs) <= {"src", "id", "name", "title"}
    return tag.name == "script" and source.startswith("/static/") and not tag.string


def active(html: str) -> list[str]:
    """What in a page would run, load or send elsewhere; our own style and script files aside."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        if tag.name == "link" and tag.get("href") == "data:,":  # our empty icon
            continue
        if tag.name in KEPT_OUT and not _ours(tag):
            found.append(f"<{tag.name}>")
        if tag.name in ("style", "meta") and (tag.name == "style" or tag.get("http-equiv")):
            found.append(f"<{tag.name}>")
        found += [f"<{tag.name} {told}>" for told in _reached(tag)]
    return found


def _reached(tag: Tag) -> Iterator[str]:
    """Attributes that would run, or lead to what would."""
    for name, value in tag.attrs.items():
        words = " ".join(value) if isinstance(value, list) else str(value)
        drawn = tag.name == "img" and words.startswith(DRAWN)
        if name.lower().startswith("on") or name == "srcdoc":
            yield name
        elif name in LEADING and not drawn and LEADS_OUT.match(words):
            yield f"{name}={words[:40]}"
