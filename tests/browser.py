"""A client that behaves like a browser without script, and checks every page that it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from pages import faults
from werkzeug.test import TestResponse

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A page that came: its address, status, headers and what stands on it."""

    address: str
    status: int
    headers: Mapping[str, str]
    html: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, taken apart."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def heading(self) -> str:
        """The words of its one heading of the first level."""
        if self.soup.h1 is None:
            return ""
        heading = copy(self.soup.h1)
        for part in heading.select(".whole"):  # it only keeps a word on one line
            part.unwrap()
        heading.smooth()
        return " ".join(heading.get_text(" ").split())

    @property
    def words(self) -> str:
        """Everything that can be read in the body, with single spaces."""
        return " ".join(self.soup.body.get_text(" ").split()) if self.soup.body else ""

    def form(self, action: str = "") -> Tag:
        """The only form, or the only one whose address ends so; a form of the footer aside."""
        forms = [f for f in self.soup.select("form") if str(f.get("action", "")).endswith(action)]
        if not action and len(forms) > 1:
            forms = [form for form in forms if not form.find_parent("footer")]
        assert len(forms) == 1, f"{len(forms)} forms for {action!r} on {self.address}"
        return forms[0]

    def link(self, words: str) -> str:
        """The address behind the link with these words."""
        found = {str(a["href"]) for a in self.soup.select("a[href]") if words in a.get_text(" ")}
        assert len(found) == 1, f"{len(found)} links {words!r} on {self.address}"
        return found.pop()


class Browser:
    """Follows links and sends forms as they stand on the page, token and hidden fields included."""

    def __init__(self, client: FlaskClient, language: str = "fr") -> None:
        self.client = client
        self.language = language
        self.page: Page | None = None

    def get(self, address: str, *, status: int = 200) -> Page:
        """Open an address; redirections are followed."""
        return self._arrive(self.client.get(address, headers=self._headers), address, status)

    def click(self, words: str, *, status: int = 200) -> Page:
        """Follow the link with these words on the present page."""
        assert self.page
        return self.get(urljoin(self.page.address, self.page.link(words)), status=status)

    def submit(
        self, fields: Fields | None = None, *, form: str = "", button: str = "", status: int = 200
    ) -> Page:
        """Fill in and send a form of the present page.

        ``form``: end of its address, where there are several; ``button``: words on the button
        pressed. A value that is a list sends a field several times; a file is a tuple of bytes
        stream and name. A field that the form has not cannot be filled in.
        """
        assert self.page, "no page to send from"
        found = self.page.form(form)
        data = _as_it_stands(found)
        for name, value in (fields or {}).items():
            assert found.select_one(f'[name="{name}"]'), f"no field {name} on {self.page.address}"
            data[name] = value
        pressed = _button(found, button)
        if pressed is not None and pressed.get("name"):
            data[str(pressed["name"])] = str(pressed.get("value", ""))
        target = str((pressed and pressed.get("formaction")) or found.get("action") or "")
        address = urljoin(self.page.address, target)
        if str(found.get("method", "get")).lower() == "get":
            answer = self.client.get(address, query_string=data, headers=self._headers)
        else:
            answer = self.client.post(
                address,
                data=data,
                headers=self._headers | {"Referer": f"http://localhost{self.page.address}"},
                content_type=found.get("enctype"),
            )
            assert answer.status_code not in (301, 302, 307, 308), "after a POST: 303"
        return self._arrive(answer, address, status)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language}

    def _arrive(self, answer: TestResponse, address: str, status: int) -> Page:
        for _ in range(5):
            if answer.status_code not in (301, 302, 303, 307, 308):
                break
            parts = urlsplit(urljoin(address, answer.headers["Location"]))
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = self.client.get(address, headers=self._headers)
        html = answer.get_data(as_text=True)
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{html[:2000]}"
        assert answer.mimetype == "text/html", f"{address} is no page: {answer.mimetype}"
        found = faults(html)
        assert not found, f"{address}: " + "; ".join(found)
        headers = dict(answer.headers)
        self.page = Page(address, status, headers, html)
        return self.page


def _as_it_stands(form: Tag) -> dict[str, Any]:
    """What the form would send if nothing were touched, except its buttons."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type")
        if field.has_attr("disabled") or kind in ("submit", "button", "file"):
            continue
        if kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        data.setdefault(name, []).extend(_values(field))
    return data


def _values(field: Tag) -> Sequence[str]:
    if field.name == "textarea":
        return [field.get_text().removeprefix("\n")]
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    return [str(field.get("value", "on" if field.get("type") == "checkbox" else ""))]


def _button(form: Tag, words: str) -> Tag | None:
    buttons = form.select("button:not([type=button]), input[type=submit]")
    if not words:
        return buttons[0] if buttons else None
    for button in buttons:
        if words in button.get_text(" ") or words == button.get("value"):
            return button
    raise AssertionError(f"no button {words!r}")
