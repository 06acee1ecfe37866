"""Pages of results, and the coordinator's page of weights, in a real browser."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from evaluated import COORDINATOR, EVALUATOR, Evaluated
from matrix import barriers, serving
from pypdf import PdfReader
from sqlalchemy import select, update

from app.cli.evaluate_table import table_of
from app.domain.frameworks import indicators
from app.domain.permissions import Grant, Role
from app.evaluation.composites import compose, score
from app.evaluation.quantities import Figure, Quantity, Reason
from app.evaluation.tables import What
from app.factory import create_app
from app.interchange.figure_words import value_in_words
from app.interchange.verdict_words import verdict_sentence
from app.settings import from_environment
from app.storage.accounts import Account
from app.storage.extract_requests import ExtractRequest
from app.storage.published import published
from app.workflows import extract_archive, extracting, jobs
from app.workflows.accounts import operator

pytestmark = pytest.mark.journey

WIDTHS = (1280, 360)
RESULTS = (
    "", "/compare", "/cross", "/cross?framework=MAY", "/robustness", "/indicators",
    "/indicators/OUT1", "/indicators/OUT7", "/indicators/OUT7?group=LIVING.together",
    "/comparability", "/coproduction", "/audiences", "/territories/MAY", "/weights",
    "/methods", "/downloads", "/glance", "/quality", "/state",
)  # fmt: skip
AROUND = ("", "/mine", "/follow", "/extracts", "/forecast/1", "/1/extract")
PAGES = {
    EVALUATOR: (
        *(f"/office/results/1{rest}" for rest in RESULTS),
        *(f"/office/results{rest}" for rest in AROUND),
    ),
    COORDINATOR: ("/office/waves/1/weighting",),
}
# Of each chart that is drawn: words too small, marks that cannot be told from the ground or, by
# their shape alone, from each other.
UNREADABLE = r"""() => {
  const bad = [], light = colour => {
    const [r, g, b, a] = [...colour.matchAll(/[\d.]+/g)].map(Number);
    if (a === 0) return null;
    const line = [r, g, b].map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2];
  };
  const ground = light(getComputedStyle(document.querySelector('figure')).backgroundColor)
    ?? light(getComputedStyle(document.body).backgroundColor) ?? 1;
  const apart = (one, other) =>
    (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  for (const chart of document.querySelectorAll('svg.chart')) {
    const box = chart.getBoundingClientRect();
    if (!box.width) continue;
    const scale = box.width / (chart.viewBox.baseVal.width || box.width);
    for (const text of chart.querySelectorAll('text')) {
      const style = getComputedStyle(text), seen = text.getBoundingClientRect();
      if (parseFloat(style.fontSize) * scale < 10) bad.push('small: ' + text.textContent);
      if (apart(light(style.fill) ?? ground, ground) < 4.5) bad.push('pale: ' + text.textContent);
      if (seen.right > box.right + 1 || seen.left < box.left - 1)
        bad.push('cut: ' + text.textContent);
    }
    const shapes = {};
    for (const mark of chart.querySelectorAll('circle, rect.own, line.interval')) {
      const style = getComputedStyle(mark);
      const inks = [style.fill, style.stroke].map(light).filter(each => each !== null);
      if (!inks.some(each => apart(each, ground) >= 3)) bad.push('unseen: ' + mark.outerHTML);
      for (const name of ['nation', 'own'])
        if (mark.classList.contains(name) && mark.tagName !== 'line')
          (shapes[mark.tagName] ||= new Set()).add(name);
    }
    for (const [shape, names] of Object.entries(shapes))
      if (names.size > 1) bad.push('only colour tells two marks apart: ' + shape);
  }
  return bad;
}"""
MEDIA = ({"forced_colors": "active"}, {"forced_colors": "active", "color_scheme": "dark"},
         {"media": "print"}, {})  # fmt: skip
CHARTS = (
    "", "/compare", "/indicators/OUT1", "/indicators/OUT7", "/territories/MAY", "/audiences",
    "/cross", "/cross?framework=MAY", "/robustness", "/coproduction", "/quality", "/weights",
)  # fmt: skip
SHEET = 1032  # of A4 across, between its margins, at 96 to the inch
CUT_OFF = """() => [...document.querySelectorAll('main table')]
  .filter(table => table.getBoundingClientRect().right > innerWidth + 1)
  .map(table => table.caption?.textContent)"""

CUT_CAPTIONS = """() => [...document.querySelectorAll('main caption')]
  .filter(each => each.checkVisibility())
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.textContent)"""

# What a table says of itself and of its parts, gone when the table is moved to its last column.
LEFT_BEHIND = """() => [...document.querySelectorAll('main .wide')].flatMap(wide => {
  wide.scrollLeft = wide.scrollWidth;
  const left = wide.getBoundingClientRect().left - 1;
  const gone = [...wide.querySelectorAll('caption:not(.hidden), tr.group span')]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().left < left)
    .map(each => each.textContent);
  wide.scrollLeft = 0;
  return gone;
})"""


@pytest.mark.parametrize("who", PAGES)
def test_no_page_keeps_anybody_out(
    who: str, evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    app = create_app(from_environment(there.environment), "both")
    kept = there.browser(who).client._cookies.values()
    context = chromium.new_context(locale="fr-FR")
    context.add_cookies(
        [
            {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"}
            for each in kept
        ]
    )
    page = context.new_page()
    with serving(app) as found:
        address = found.replace("127.0.0.1", "localhost")  # the host that it answers for
        for number, rest in enumerate(PAGES[who]):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(address + rest)
                assert page.url == address + rest
                assert page.locator("h1").count() == 1, rest
                assert barriers(page) == [], (rest, width)
                overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert overflow <= 0, (rest, width)
                assert page.evaluate(CUT_CAPTIONS) == [], (rest, width)
                assert page.evaluate(LEFT_BEHIND) == [], (rest, width)
                page.screenshot(path=tmp_path / f"{number}-{width}.png", full_page=True)
                if rest not in [f"/office/results/1{each}" for each in CHARTS]:
                    continue
                drawn = page.locator("svg.chart:visible").count()
                assert drawn, rest
                for chosen in MEDIA:
                    if "media" in chosen and width < 1000:
                        continue  # a sheet of paper is not as narrow as a telephone
                    usual = {"media": "screen", "forced_colors": "none", "color_scheme": "light"}
                    page.emulate_media(**(usual | chosen))
                    assert page.evaluate(UNREADABLE) == [], (rest, width, chosen)
                    assert page.locator("svg.chart:visible").count() == drawn
                    kind = "-".join(chosen.values())
                    page.screenshot(path=tmp_path / f"{number}-{width}-{kind}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_paper_holds_every_column_and_a_telephone_every_word_of_a_chart(
    language: str, evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    with there.house().database.write() as session:
        session.execute(update(Account).values(language=language))
    app = create_app(from_environment(there.environment), "both")
    kept = there.browser(EVALUATOR, language).client._cookies.values()
    context = chromium.new_context(locale={"fr": "fr-FR", "en": "en-GB"}[language])
    context.add_cookies(
        [
            {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"}
            for each in kept
        ]
    )
    page = context.new_page()
    with serving(app) as found:
        address = found.replace("127.0.0.1", "localhost")
        page.set_viewport_size({"width": SHEET, "height": 800})
        page.emulate_media(media="print")
        for rest in RESULTS:
            page.goto(f"{address}/office/results/1{rest}")
            assert page.locator("html").get_attribute("lang") == language
            assert page.evaluate(CUT_OFF) == [], rest
        page.goto(f"{address}/office/results/1/glance")
        heads = page.locator("main caption, main tr.group th").all_inner_texts()
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        ends = [each.extract_text().strip().splitlines()[-1].strip() for each in printed.pages]
        assert len(ends) > 1
        assert not set(ends) & set(heads)
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(media="screen")
        for rest in CHARTS:
            page.goto(f"{address}/office/results/1{rest}")
            assert page.locator("svg.chart:visible").count(), rest
            assert page.evaluate(UNREADABLE) == [], rest
    context.close()


def test_a_group_is_chosen_by_keyboard_without_script(
    evaluated: Evaluated, chromium: Any, catalogues: None
) -> None:
    seen = evaluated.seen()
    app = create_app(from_environment(evaluated.environment), "both")
    kept = evaluated.browser(EVALUATOR).client._cookies.values()
    context = chromium.new_context(
        locale="fr-FR", java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    context.add_cookies(
        [
            {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"}
            for each in kept
        ]
    )
    page = context.new_page()

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.locator(f"{selector}:focus").count():
                return
        pytest.fail(f"the keyboard does not reach {selector}")

    with serving(app) as found:
        page.goto(found.replace("127.0.0.1", "localhost") + "/office/results/1/indicators/OUT7")
        tab_to("details.narrowing summary")
        page.keyboard.press("Enter")
        tab_to("input[name=group]")
        while not page.locator("input[value='LIVING.together']:checked").count():
            page.keyboard.press("ArrowDown")
        tab_to("details.narrowing button")
        page.keyboard.press("Enter")
        page.wait_for_url("**group=LIVING.together**")
        said = page.locator("main table").first.text_content()
    context.close()
    figures = [
        e for e in seen.table.of(What.GROUP) if (e.code, e.group) == ("OUT7", "LIVING.together")
    ]
    assert any(each.shown for each in figures)
    assert all(value_in_words(each, "fr") in said for each in figures)


def test_a_verdict_in_three_clicks_and_its_figures_from_the_files(
    evaluated: Evaluated, chromium: Any, tmp_path: Path, catalogues: None
) -> None:
    there = evaluated.copied(tmp_path / "own")
    house = there.house()
    seen = published(house.database, 1, there.release_id)
    assert seen is not None
    app = create_app(from_environment(there.environment), "both")
    kept = there.browser(EVALUATOR).client._cookies.values()
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    context.add_cookies(
        [
            {"name": each.key, "value": each.value, "domain": "localhost", "path": "/"}
            for each in kept
        ]
    )
    page = context.new_page()
    with serving(app) as found:
        page.goto(found.replace("127.0.0.1", "localhost") + "/office/")
        page.locator('main a[href="/office/results"]').first.click()
        page.locator('main a[href="/office/results/1"]').first.click()
        page.get_by_role("link", name="Mayenne").first.click()
        (shift,) = seen.table.of(What.STANDING_SHIFT, territory="MAY")
        smallest = seen.table.one("MAY", shift.framework, What.SMALLEST_DETECTABLE)
        said = verdict_sentence(shift, smallest, "fr")
        assert said[1:] in page.locator("main").inner_text()
        page.locator('a[href^="/office/results/1/downloads"]').first.click()
        page.locator('a[href="/office/results/1/extract"]').first.click()
        for box in page.locator("input[type=checkbox]").all():
            box.check()
        page.locator("textarea[name=purpose]").fill("Refaire les scores de la Mayenne.")
        page.locator("main form button").last.click()
        with house.database.read() as session:
            asked = session.scalars(select(ExtractRequest)).one().id
        decider = replace(
            operator(house, "DEMO"), grants=(Grant(Role.DATA_PROTECTION_OFFICER, "FR"),)
        )
        extracting.decide(house, decider, asked, allowed=True)
        assert jobs.KINDS[extracting.KIND] is extract_archive.extract_job
        with house.database.read() as session:
            assert jobs.run(house, session.get_one(ExtractRequest, asked).job_id or 0)
        page.goto(found.replace("127.0.0.1", "localhost") + "/office/results/extracts")
        page.locator('main a[href*="/jobs/"]').first.click()
        with page.expect_download() as fetched:
            page.locator("main form button").first.click()
        archive = zipfile.ZipFile(fetched.value.path())
    context.close()
    archive.extractall(tmp_path / "files")
    (folder,) = (tmp_path / "files").iterdir()
    words = ["--data", "answers.csv", "--design", "design.yaml", "--out", "result.json"]
    for kind in ("framework", "questionnaire"):
        for path in sorted((folder / f"{kind}s").glob("*.yaml")):
            words += [f"--{kind}", str(path)]
    here = Path.cwd()
    os.chdir(folder)
    try:
        ran = CliRunner().invoke(table_of, words)
    finally:
        os.chdir(here)
    assert ran.exit_code == 0, ran.output
    again = {
        each["code"]: each.get("value")
        for each in json.loads((folder / "result.json").read_text())["judgement"]["observations"]
        if each["what"] == "indicator" and each["territory"] == "MAY"
    }
    for framework in (seen.national, seen.own["MAY"]):  # the scores leave out what is withheld
        scores: dict[str, Figure] = {}
        for leaf in indicators(framework):
            shown = seen.table.one("MAY", None, What.INDICATOR, leaf.code)
            assert shown is not None
            figure: Figure = Reason.WITHHELD
            if shown.value is not None:
                assert again[leaf.code] == pytest.approx(shown.value, abs=1e-9), leaf.code
                figure = Quantity(again[leaf.code])
            scores[leaf.code] = score(leaf, figure)
        total = compose(framework, scores)[-1].figure
        told = seen.table.one("MAY", framework.code, What.TOTAL)
        assert told is not None
        if isinstance(total, Reason):
            assert told.reason == total
        else:
            assert total.value == pytest.approx(told.value, abs=1e-9)
