"""Every kind of question in every state, in a real browser, from the gallery.

All kinds x all states x both languages at 360 and at 1280 px; contrast, which neither language nor
width changes, in French at 360 px. Narrower screens, larger text and wider spacing see every kind
with long texts; the keyboard goes through every kind empty and with an error.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from math import pi
from pathlib import Path
from typing import Any

import pytest
from conftest import SECRET
from matrix import EDGES, PRINTED, SIZES, SPACED, TWICE, Glass, barriers, serving, stops
from sqlalchemy.engine import make_url

from app.factory import create_app
from app.protection.keys import Keys
from app.settings import Settings
from app.web.participants.gallery_states import EMPTY, ERROR, LONG, STATES, gallery, states_of

pytestmark = pytest.mark.journey
PAGES = [page.code for page in gallery().pages]
ASKING = [code for code in PAGES if code != "G7"]
VERY_LARGE = '"larger contrast"'  # as the server writes it: a cookie with a space is quoted
WHOLE = "((one) => one.scrollWidth <= one.clientWidth)(document.querySelector('#code'))"
LOOKS_LARGER = "document.documentElement.matches('.larger.contrast')"
FIRST = ["#content", "/aide"]
# What Tab stops at in the middle of each page, after the help and before the footer.
LAST = ["button", "go=pause"]
FOOT = [
    "set-look=",
    "set-look=large",
    "set-look=larger",
    "set-look= contrast",
    "set-language=en",
]
STOPS = {
    "G1": ["summary", "q-G1=yes"],
    "G2": ["q-G2=family", "q-G2-other"],
    "G3": ["q-G3=home", "q-G3=meals", "q-G3=other", "q-G3-other", "q-G3=none", "q-G3=~dont_know"],
    "G4": ["q-G4=0"],
    "G5a": ["q-G5a=1"],
    "G6": ["q-G6a=1", "q-G6b=1"],
    "G16": ["q-G16", "go=add", "q-G16-out=~not_concerned"],
    "G17_1": ["q-G17_1=yes"],
    "G7": [],
    "G8": ["q-G8", "q-G8-out=~prefer_not"],
    "G9": ["q-G9"],
    "G10": ["q-G10"],
    "G11": ["q-G11-day", "q-G11-month", "q-G11-year", "q-G11-out=~dont_know"],
    "G12": ["q-G12-month", "q-G12-year"],
    "G13": ["q-G13-year"],
    "G18": ["q-G18", "q-G18-out=~dont_know"],
    "G19": ["button", "q-G19", "q-G19-longitude", "q-G19-out=~prefer_not"],
    "G20": ["q-G20"],
    "G21": ["q-G21-file=", "q-G21-out=~prefer_not"],
    "several": ["q-G14=yes", "q-G15"],
}


@pytest.fixture(scope="module")
def address(
    catalogues: None, _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The participants' surface of a demonstration, behind a real socket."""
    folder = tmp_path_factory.mktemp("gallery")
    path = folder / "covalue.sqlite"
    path.write_bytes(_sqlite_template.read_bytes())
    settings = Settings(
        database=str(make_url(f"sqlite:///{path}")),
        folder=folder,
        keys=Keys.derive(SECRET),
        public_url="http://127.0.0.1",
        office_url="http://127.0.0.1",
        hosts=("127.0.0.1",),
        secure_cookies=False,
        demonstration=True,
    )
    app = create_app(settings, "public")
    with serving(app) as found:
        yield found
    app.extensions["covalue"].database.dispose()


@pytest.fixture
def opened(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Makes pages of fresh browsers: ``opened(width=360, locale="fr-FR", …)``."""
    contexts = []

    def make(width: int = 360, height: int = 740, locale: str = "fr-FR", **more: Any) -> Any:
        context = chromium.new_context(
            base_url=address, locale=locale, viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def _all_states() -> list[str]:
    asked = {code: gallery().page(code) for code in PAGES}
    return [
        f"/galerie/{s}/{code}" for code in PAGES if (page := asked[code]) for s in states_of(page)
    ]


def _wrong(page: Any, addresses: list[str], look: Callable[[Any], list[str]]) -> list[str]:
    wrong = []
    for each in addresses:
        page.goto(each)
        wrong += [f"{each} {fault}" for fault in look(page)]
    return wrong


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_every_kind_in_every_state_narrow_and_wide(opened: Callable[..., Any], locale: str) -> None:
    glass = Glass(opened(locale=locale))
    addresses = ["/galerie/", *_all_states()]
    assert {each.split("/")[2] for each in addresses[1:]} == set(STATES)
    wrong: list[str] = []
    for width in (360, 1280):
        glass.page.set_viewport_size({"width": width, "height": 740})
        for each in addresses:
            contrast = width == 360 and locale == "fr-FR"
            found = glass.faults(at=each, contrast=contrast)
            wrong += [f"{width} {each} {fault}" for fault in found]
            assert glass.page.evaluate("document.documentElement.lang") == locale[:2]
    assert wrong == []


@pytest.mark.parametrize("change", ["spacing", "twice", "very large", "wide and low"])
def test_nothing_scrolls_sideways_nor_is_cut_off_when_narrow(
    opened: Callable[..., Any], address: str, change: str
) -> None:
    # twice as large: a window of 640 px, half of what the criterion asks; else 320 px
    page = opened(640 if change == "twice" else 320, 256 if change == "wide and low" else 640)
    if change == "very large":
        page.context.add_cookies([{"name": "look", "value": VERY_LARGE, "url": address}])

    def look(page: Any) -> list[str]:
        assert (change == "very large") == page.evaluate(LOOKS_LARGER)
        if change in ("spacing", "twice"):
            page.evaluate(SPACED if change == "spacing" else TWICE)
        found: list[str] = page.evaluate(SIZES)
        return found

    assert _wrong(page, [f"/galerie/{LONG}/{code}" for code in PAGES], look) == []


@pytest.mark.parametrize("look", ["", VERY_LARGE])
@pytest.mark.parametrize("width", [320, 360, 430, 1280])
def test_a_code_is_seen_whole_while_it_is_compared(
    opened: Callable[..., Any], address: str, width: int, look: str
) -> None:
    page = opened(width)
    page.context.add_cookies([{"name": "look", "value": look, "url": address}])
    for where, code in (("/", "1234 5678 9012"), ("/retrait", "R 1234 5678 9012")):
        page.goto(where)
        page.fill("#code", code)
        assert page.input_value("#code") == code
        assert page.evaluate(WHOLE), f"{where} at {width}"


def test_an_answer_that_goes_with_no_other_stands_alone(opened: Callable[..., Any]) -> None:
    page = opened()
    page.goto("/galerie/vide/G3")
    ticked = (
        "[...document.querySelectorAll('input[type=checkbox]:checked')].map((one) => one.value)"
    )
    for press, left in [
        ("home", ["home"]),
        ("meals", ["home", "meals"]),
        ("none", ["none"]),
        ("~dont_know", ["~dont_know"]),
        ("meals", ["meals"]),
        ("meals", []),
    ]:
        page.locator(f"label:has(input[name=q-G3][value='{press}'])").click()
        assert page.evaluate(ticked) == left, press


def test_room_left_in_a_long_text_is_said_near_its_end(opened: Callable[..., Any]) -> None:
    page = opened()
    page.goto("/galerie/vide/G10")  # which takes 300 signs
    said = page.locator("textarea + [role=status]")
    assert said.inner_text() == ""
    page.locator("#q-G10").fill("é" * 120)
    page.get_by_text("Caractères restants : 180").wait_for()
    page.locator("#q-G10").fill("é" * 305)
    page.get_by_text("Caractères en trop : 5").wait_for()
    assert barriers(page) == []
    page.locator("#q-G10").fill("é" * 99)
    said.and_(page.locator(":empty")).wait_for(state="attached")


def test_edges_and_choices_are_seen_in_forced_colours(opened: Callable[..., Any]) -> None:
    page = opened(forced_colors="active")
    addresses = [f"/galerie/{s}/{code}" for code in ASKING for s in ("repondu", ERROR)]
    assert _wrong(page, addresses, lambda shown: list(shown.evaluate(EDGES))) == []


SEEN = """async ([before, after]) => {
  const pixels = async (sent) => {
    const bytes = Uint8Array.from(atob(sent), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    return canvas.getImageData(0, 0, picture.width, picture.height).data;
  };
  const light = (data, at) => [0.2126, 0.7152, 0.0722].reduce((sum, share, band) => {
    const one = data[at + band] / 255;
    return sum + share * (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  }, 0.05);
  const [was, is] = [await pixels(before), await pixels(after)];
  let apart = 0;
  for (let at = 0; at < was.length; at += 4) {
    const [one, other] = [light(was, at), light(is, at)];
    if (Math.max(one, other) / Math.min(one, other) >= 3) apart += 1;
  }
  return apart;
}"""


@pytest.mark.parametrize("look", ["", VERY_LARGE])
def test_what_has_the_focus_looks_otherwise_all_around(
    opened: Callable[..., Any], address: str, look: str
) -> None:
    page = opened()
    page.context.add_cookies([{"name": "look", "value": look, "url": address}])
    wrong = []
    for code, stop in [
        ("G8", "a[href^=tel], .help a"),
        ("G8", "nav.back a"),
        ("G1", "input[type=radio]"),
        ("G3", "input[type=checkbox]"),
        ("G1", "summary"),
        ("G8", "#q-G8"),
        ("G10", "textarea"),
        ("G1", ".actions button:not(.link)"),
        ("G1", ".actions button.link"),
        ("G1", "footer a >> nth=0"),
    ]:
        page.goto(f"/galerie/vide/{code}")
        assert bool(look) == page.evaluate(LOOKS_LARGER)
        place = page.locator(stop).first
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        room = 10
        clip = {
            "x": max(box["x"] - room, 0),
            "y": max(box["y"] - room, 0),
            "width": box["width"] + 2 * room,
            "height": box["height"] + 2 * room,
        }
        before = page.screenshot(clip=clip)
        page.keyboard.press("Tab")  # so that what comes next counts as reached by the keyboard
        place.focus()
        after = page.screenshot(clip=clip)
        apart = page.evaluate(SEEN, [b64encode(one).decode() for one in (before, after)])
        around = 2 * (box["width"] + box["height"])
        if "radio" in stop:
            around = pi * box["width"]
        if apart < 2 * around:  # two pixels all around
            wrong.append(f"{code} {stop}: {apart} pixels")
    assert wrong == []


def test_who_wants_more_contrast_of_the_system_gets_it(opened: Callable[..., Any]) -> None:
    usual, strong = opened(), opened(contrast="more")
    quiet = "getComputedStyle(document.querySelector('.caption')).color"
    for page in (usual, strong):
        page.goto("/galerie/repondu/G1")
    assert usual.evaluate(quiet) == "rgb(69, 69, 69)"
    assert strong.evaluate(quiet) == "rgb(26, 26, 26)"
    assert barriers(strong) == []


def test_nothing_moves_where_motion_is_not_wanted(opened: Callable[..., Any]) -> None:
    page = opened(reduced_motion="reduce")
    moving = "() => document.getAnimations().map(a => a.playState)"
    addresses = [f"/galerie/{ERROR}/{code}" for code in ASKING]
    assert _wrong(page, addresses, lambda shown: list(shown.evaluate(moving))) == []


def test_paper_shows_the_questions_and_no_control(opened: Callable[..., Any]) -> None:
    page = opened()
    page.emulate_media(media="print")
    addresses = [f"/galerie/repondu/{code}" for code in ASKING]
    assert _wrong(page, addresses, lambda shown: list(shown.evaluate(PRINTED))) == []
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("state", [EMPTY, ERROR])
def test_the_keyboard_stops_where_expected_and_is_seen(
    opened: Callable[..., Any], state: str
) -> None:
    page = opened()
    wrong: list[str] = []
    for code in PAGES if state == EMPTY else ASKING:
        page.goto(f"/galerie/{state}/{code}")
        names, faults = stops(page)
        wrong += [f"{code} {fault}" for fault in faults]
        back = page.eval_on_selector_all("nav.back a", "all => all.map(a => a.pathname)")
        assert back == ([f"/galerie/{state}/{_before(code)}"] if code != "G1" else [])
        links = page.eval_on_selector_all(".problems a", "all => all.map(a => a.hash)")
        assert bool(links) is (state == ERROR)
        first = [] if links else [*FIRST, *back]  # what is to be mended has the focus at once
        expected = [*first, *links, *_fields(page, code, state), *LAST, *FOOT]
        assert names[: len(expected)] == expected, code
    assert wrong == []


def _before(code: str) -> str:
    return PAGES[PAGES.index(code) - 1]


def _fields(page: Any, code: str, state: str) -> list[str]:
    """The stops of a page; a group of radios is entered at the one that is ticked."""
    ticked = page.eval_on_selector_all(
        "input[type=radio]:checked", "all => all.map(e => [e.name, e.value])"
    )
    chosen = dict(ticked)
    found = []
    for stop in STOPS[code]:
        name, given, _value = stop.partition("=")
        found.append(f"{name}={chosen[name]}" if given and name in chosen else stop)
    return found


def test_a_questionnaire_is_answered_with_the_keyboard_alone(opened: Callable[..., Any]) -> None:
    page = opened()
    page.goto(f"/galerie/{EMPTY}/G1")

    def onward(first: str, *keys: str, to: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name || ''") == first:
                break
        for key in keys:
            page.keyboard.type(key) if len(key) > 1 and key.islower() else page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{to}")

    onward("q-G1", "Space", "ArrowDown", to="vide/G2")
    onward("q-G2", "Space", to="vide/G3")
    onward("q-G3", "Space", "Tab", "Space", to="vide/G4")
    onward("q-G4", "Space", "ArrowUp", to="vide/G5a")
    onward("q-G5a", "Space", to="vide/G6")
    onward("q-G6a", "Space", "Tab", "Space", to="vide/G16")
    onward("q-G16", "anne", to="vide/G17_1")
    onward("q-G17_1", "Space", to="vide/G7")
    onward("go", "Shift+Tab", to="vide/G8")
    onward("q-G8", "deux", to="vide/G8")
    page.wait_for_selector(".problems")
    assert page.title().startswith("Erreur")
    assert page.evaluate("document.activeElement.className") == "problems"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash || ''") == "#q-G8"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "q-G8"
    page.keyboard.press("Control+a")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vide/G9")


def test_a_device_fills_in_where_it_is_only_when_asked(opened: Callable[..., Any]) -> None:
    here = {"latitude": 44.8378, "longitude": -0.5792, "accuracy": 12}
    page = opened(geolocation=here, permissions=["geolocation"])
    page.goto("/galerie/vide/G19")
    fields = "['', '-longitude', '-device'].map(e => document.querySelector('#q-G19' + e).value)"
    assert page.evaluate(fields) == ["", "", ""]
    page.get_by_role("button", name="Indiquer l’endroit où je suis").click()
    page.get_by_text("C’est trouvé.").wait_for()
    assert page.evaluate(fields) == ["44.837800", "-0.579200", "0.0 12.0"]
    page.locator("#q-G19").press_sequentially("1")  # another place than the device’s
    assert page.evaluate(fields)[2] == ""
    other = opened(permissions=[])
    other.goto("/galerie/vide/G19")
    other.get_by_role("button", name="Indiquer l’endroit où je suis").click()
    other.get_by_text("ne peut pas dire où vous êtes").wait_for()


def test_a_code_is_read_from_a_picture_where_the_browser_can(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    page = opened()
    page.add_init_script(
        "window.BarcodeDetector = class { async detect(picture) "
        "{ return picture.width === 3 ? [{ rawValue: '3270190119357' }] : []; } };"
    )
    page.goto("/galerie/vide/G20")
    for width, said in ((1, "Aucun code trouvé"), (3, "Le code est lu.")):
        shown = page.evaluate(
            "w => Object.assign(document.createElement('canvas'), { width: w, height: 1 })"
            ".toDataURL('image/png')",
            width,
        )
        picture = tmp_path / "picture.png"
        picture.write_bytes(b64decode(shown.partition(",")[2]))
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Lire le code avec l’appareil photo").click()
        chooser.value.set_files(picture)
        page.get_by_text(said).wait_for()
    assert page.locator("#q-G20").input_value() == "3270190119357"
