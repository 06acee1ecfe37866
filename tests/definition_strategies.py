"""Random questionnaires, modules and frameworks, as hypothesis strategies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from app.definitions.framework_writing import indicator
from app.definitions.questionnaire_writing import line, text
from app.definitions.yaml_text import to_yaml
from app.domain import conditions as c
from app.domain import frameworks as f
from app.domain.answer_files import Medium
from app.domain.breakdowns import Breakdown, BrokenDownBy, Group
from app.domain.counting import UNITS
from app.domain.frameworks import (
    Component,
    Evidence,
    Framework,
    Gap,
    Indicator,
    Leaf,
    Node,
    Part,
    Scale,
    Series,
    Share,
    ShareOfItems,
    Target,
)
from app.domain.lists import list_pages
from app.domain.method_choices import Methods, Normalisation, Weighting
from app.domain.questionnaire import (
    Audience,
    Comparison,
    Kind,
    Limits,
    Module,
    Option,
    Page,
    Proxy,
    Question,
    Questionnaire,
    Required,
    Row,
    Section,
    Slot,
    WayOut,
    Why,
)
from app.domain.text import NO_TEXT, Text

LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\ufeff"
)
WORDS = st.text(LETTERS | st.just("\n"), min_size=1, max_size=12).map(str.strip).filter(bool)
TEXTS = st.builds(lambda fr, en: Text.of(fr=fr, en=en), WORDS, WORDS)
MAYBE = st.just(NO_TEXT) | TEXTS
BOTH = st.tuples(MAYBE, st.just(NO_TEXT)) | st.tuples(TEXTS, TEXTS)  # the other for a proxy
CODES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}", fullmatch=True)
OPTION_CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_]{0,6}", fullmatch=True)
SCORES = st.none() | st.integers(-9, 9).map(float) | st.sampled_from([0.5, 2.25])
LINES = st.just("") | WORDS
SOURCES = LINES.map(Text.written) | TEXTS
LANGUAGES = ("fr", "en")

OPTIONS = st.lists(
    st.builds(
        Option,
        OPTION_CODES,
        TEXTS,
        SCORES,
        exclusive=st.booleans(),
        specify=st.booleans(),
        closed=st.booleans(),
        proxy_text=MAYBE,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda option: option.code,
).map(tuple)

OPERATORS = ["=", "!=", "<", "<=", ">", ">="]
AMOUNTS = st.integers(-3, 120).map(str)
ATOMS = st.one_of(
    st.builds(c.Compare, CODES, st.sampled_from(OPERATORS), OPTION_CODES),
    st.builds(c.OneOf, CODES, st.lists(OPTION_CODES, min_size=1, max_size=3).map(tuple)),
    st.builds(
        c.Includes, CODES, st.lists(OPTION_CODES, min_size=1, max_size=3).map(tuple), st.booleans()
    ),
    st.builds(c.Counted, CODES, st.sampled_from(UNITS), st.sampled_from(OPERATORS), AMOUNTS),
    st.builds(c.Answered, CODES),
)


def _wider(inner: st.SearchStrategy[c.Condition]) -> st.SearchStrategy[c.Condition]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.builds(c.All, several) | st.builds(c.Any, several) | st.builds(c.Not, inner)


CONDITIONS: st.SearchStrategy[c.Condition] = st.recursive(ATOMS, _wider, max_leaves=6)
PROXIES = st.sampled_from([Proxy.ALLOWED, Proxy.NOT_ASKED, Proxy.REWORDED])
COMPARISONS = st.lists(
    st.builds(Comparison, st.sampled_from(["<", "<=", "!=", "="]), CODES), max_size=2
).map(tuple)


@st.composite
def _limits(draw: st.DrawFn, kind: Kind) -> Limits:
    if kind is Kind.CHOICES:
        return draw(st.builds(Limits, min_choices=st.none() | st.integers(1, 3)))
    if kind is Kind.NUMBER:
        low = st.none() | st.integers(-50, 0).map(float)
        high = st.none() | st.sampled_from([0.5, 7.0, 99.0])
        decimals = st.integers(0, 3)
        return draw(st.builds(Limits, low, high, decimals=decimals, compare=COMPARISONS))
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        return draw(
            st.builds(
                Limits,
                min_length=st.none() | st.integers(0, 5),
                max_length=st.none() | st.integers(5, 900),
                pattern=st.sampled_from([None, "[0-9]{5}", r"a|b\.c"]),
                pattern_text=MAYBE,
            )
        )
    if kind is Kind.DATE:
        return draw(st.builds(Limits, st.none() | st.just("1900-01-01"), compare=COMPARISONS))
    if kind is Kind.TIME:
        return draw(st.builds(Limits, st.none() | st.just("08:00"), compare=COMPARISONS))
    return Limits()


def _rating_options(draw: st.DrawFn) -> tuple[Option, ...]:
    low = draw(st.integers(-3, 3))
    high = low + draw(st.integers(1, 6))
    return tuple(
        Option(
            str(n),
            draw(st.just(Text.of(fr=str(n), en=str(n))) | TEXTS),
            float(n),
            proxy_text=draw(MAYBE),
        )
        for n in range(low, high + 1)
    )


@st.composite
def questions(
    draw: st.DrawFn, codes: Any, *, in_page: bool = False, kind: Kind | None = None
) -> Question:
    alone = {Kind.LIST, Kind.FILE}  # on pages of their own
    kinds = [one for one in Kind if not (in_page and one in alone)]
    kind = kind or draw(st.sampled_from(kinds))
    proxy = draw(PROXIES)
    more: dict[str, Any] = {}
    if kind is Kind.RATING:
        more["options"] = _rating_options(draw)
    elif kind in (Kind.CHOICE, Kind.CHOICES, Kind.BATTERY):
        more["options"] = draw(OPTIONS)
    if kind is Kind.LIST:
        kinds = [one for one in Kind if one not in (Kind.LIST, Kind.BATTERY)]
        more |= {"name": draw(TEXTS), "entry": draw(TEXTS), "most": draw(st.integers(1, 3))}
        inner = st.sampled_from(kinds).flatmap(lambda one: questions(codes, kind=one))
        more["each"] = tuple(draw(st.lists(inner, min_size=1, max_size=2)))
    if kind is Kind.FILE:
        media = st.lists(st.sampled_from(Medium), min_size=1, unique=True)
        more["accepts"] = tuple(draw(media))
    if kind is Kind.BATTERY:
        more["rows"] = tuple(draw(_rows(next(codes))) for _ in range(draw(st.integers(1, 3))))
        more["layout"] = "list" if in_page else draw(st.sampled_from(["list", "one_by_one"]))
    if kind is not Kind.INFORMATION:
        more["required"] = draw(st.sampled_from(Required))
        more["sensitive"] = draw(st.booleans())
        whys = st.sampled_from([Why.DONT_KNOW, Why.PREFER_NOT, Why.NOT_CONCERNED])
        way = st.builds(WayOut, whys, MAYBE) | st.builds(WayOut, whys, TEXTS, TEXTS)
        ways = st.lists(way, max_size=3, unique_by=lambda way: way.why)
        more["ways_out"] = tuple(draw(ways))
        more["scan"] = kind is Kind.TEXT and draw(st.booleans())
        more["limits"] = draw(_limits(kind))
    hint, reason = draw(BOTH), draw(BOTH)
    return Question(
        next(codes),
        kind,
        draw(TEXTS),
        hint=hint[0],
        why_we_ask=reason[0],
        interviewer_note=draw(MAYBE),
        unit=draw(MAYBE) if kind is Kind.NUMBER else NO_TEXT,
        shown_when=draw(st.none() | CONDITIONS),
        proxy=proxy,
        proxy_text=draw(TEXTS) if proxy is Proxy.REWORDED else NO_TEXT,
        proxy_hint=hint[1],
        proxy_why_we_ask=reason[1],
        status=draw(st.sampled_from(["draft", "tested"])),
        source=draw(SOURCES),
        **more,
    )


@st.composite
def _rows(draw: st.DrawFn, code: str) -> Row:
    proxy = draw(PROXIES)
    words = draw(TEXTS) if proxy is Proxy.REWORDED else NO_TEXT
    return Row(code, draw(TEXTS), draw(st.none() | CONDITIONS), proxy, words)


def _pages_of(question: Question) -> list[Page]:
    if question.kind is Kind.BATTERY and question.layout == "one_by_one":
        return [Page(row.code, (replace(question, rows=(row,)),)) for row in question.rows]
    if question.kind is Kind.LIST:
        return list(list_pages(question))
    return [Page(question.code, (question,))]


@st.composite
def _entries(draw: st.DrawFn, codes: Any, *, slots: bool) -> tuple[Page | Slot, ...]:
    found: list[Page | Slot] = []
    for _ in range(draw(st.integers(1, 3))):
        form = draw(st.sampled_from(["question", "question", "page", "slot"]))
        if form == "slot" and slots:
            found.append(Slot(next(codes), draw(st.sampled_from([0.0, 1.0, 2.5]))))
        elif form == "page":
            inner = [draw(questions(codes, in_page=True)) for _ in range(draw(st.integers(1, 2)))]
            found.append(Page(next(codes), tuple(inner), *draw(BOTH)))
        else:
            found.extend(_pages_of(draw(questions(codes))))
    return tuple(found)


def _numbered(prefix: str) -> Any:
    return (f"{prefix}{number}" for number in range(1, 10_000))


OPTION_LISTS = st.lists(st.tuples(CODES, OPTIONS), max_size=2, unique_by=lambda pair: pair[0])


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    codes = _numbered("Q")
    sections = tuple(
        Section(f"S{n}", draw(TEXTS), draw(_entries(codes, slots=True)), draw(MAYBE))
        for n in range(draw(st.integers(1, 2)))
    )
    introduction, other = draw(BOTH)
    return Questionnaire(
        draw(CODES),
        draw(st.sampled_from(Audience)),
        draw(TEXTS),
        LANGUAGES,
        sections,
        fallback=draw(st.sampled_from(LANGUAGES)),
        introduction=introduction,
        proxy_introduction=other,
        minutes=draw(st.none() | st.sampled_from([5.0, 12.5])),
        source=draw(SOURCES),
        licence=draw(LINES),
        option_lists=tuple(draw(OPTION_LISTS)),
    )


@st.composite
def modules(draw: st.DrawFn) -> Module:
    codes = _numbered("M")
    slots = draw(st.lists(CODES, min_size=1, max_size=2, unique=True))
    pages = {slot: draw(_entries(codes, slots=False)) for slot in slots}
    return Module(
        draw(CODES),
        draw(st.sampled_from(Audience)),
        draw(CODES),
        draw(CODES),
        draw(st.none() | st.integers(1, 9)),
        draw(TEXTS),
        LANGUAGES,
        pages_by_slot=pages,  # type: ignore[arg-type]
        source=draw(SOURCES),
        option_lists=tuple(draw(OPTION_LISTS)),
    )


COUNTING = st.sampled_from(["no", "out"])
BASES = st.none() | ATOMS
SHARES = st.builds(Share, CONDITIONS, BASES, COUNTING, COUNTING, COUNTING)
SCALES = st.builds(
    Scale,
    st.lists(CODES, min_size=1, max_size=3).map(tuple),
    st.lists(CODES, max_size=2).map(tuple),
    BASES,
    st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(1)]),
)
PARTS = st.lists(st.builds(Part, ATOMS, BASES), min_size=1, max_size=3).map(tuple)
SHARES_OF_ITEMS = st.builds(ShareOfItems, PARTS, BASES, COUNTING, COUNTING, COUNTING)
PERSONAL = SHARES | SCALES | SHARES_OF_ITEMS
MEASURES = (
    PERSONAL
    | st.builds(Gap, PERSONAL, ATOMS)
    | st.builds(Series, CODES, st.sampled_from([1, 100, 1000]))
)


@st.composite
def _components(draw: st.DrawFn) -> tuple[Component, ...]:
    audiences = draw(st.lists(st.sampled_from(Audience), min_size=1, max_size=3, unique=True))
    weights = [draw(st.integers(1, 5)) for _ in audiences]
    return tuple(
        Component(audience, draw(MEASURES), Fraction(weight, sum(weights)))
        for audience, weight in zip(audiences, weights, strict=True)
    )


@st.composite
def indicators(draw: st.DrawFn, code: str, *, scored: bool = True) -> Indicator:
    return Indicator(
        code,
        draw(TEXTS),
        draw(_components()),
        unit=draw(st.sampled_from(["%", "points"])),
        higher_is_better=draw(st.booleans()),
        goalposts=draw(st.sampled_from([(0.0, 100.0), (1.0, 5.5)])),
        scored=scored,
        target=draw(st.none() | st.builds(Target, st.just(60.0), SOURCES, st.just("2026-01-01"))),
        note=draw(MAYBE),
        evidence=draw(st.none() | st.sampled_from(Evidence)),
        source=draw(SOURCES),
    )


@st.composite
def nationals(draw: st.DrawFn) -> Framework:
    codes = _numbered("I")
    weights = st.integers(1, 40).map(Fraction)

    def value(code: str) -> Node:
        found = [
            Leaf(draw(indicators(next(codes))), draw(weights))
            for _ in range(draw(st.integers(1, 2)))
        ]
        return Node(code, draw(TEXTS), tuple(found), description=draw(MAYBE))

    dimensions = tuple(
        Node(
            f"D{n}",
            draw(TEXTS),
            tuple(value(f"V{n}_{k}") for k in range(draw(st.integers(1, 2)))),
            draw(weights),
            draw(MAYBE),
        )
        for n in range(draw(st.integers(1, 3)))
    )
    return Framework(
        "NAT",
        draw(TEXTS),
        dimensions,
        description=draw(MAYBE),
        aggregation=draw(st.sampled_from(["arithmetic", "geometric"])),
        availability=draw(st.sampled_from([Fraction(3, 5), Fraction(1, 3), Fraction(1)])),
        margin=draw(st.none() | st.sampled_from([1.0, 2.5])),
        ledger=tuple(
            draw(indicators(next(codes), scored=False)) for _ in range(draw(st.integers(0, 1)))
        ),
        source=draw(SOURCES),
        methods=draw(st.none() | methods([each.code for each in dimensions])),
        breakdowns=tuple(draw(breakdowns(f"B{n}")) for n in range(draw(st.integers(0, 2)))),
    )


@st.composite
def breakdowns(draw: st.DrawFn, code: str) -> Breakdown:
    """Groups of options of a question, or who answered."""
    by = draw(st.sampled_from(BrokenDownBy))
    asked = by is BrokenDownBy.QUESTION
    names = [f"g{n}" for n in range(draw(st.integers(2, 4)))] if asked else ["self", "proxy"]
    return Breakdown(
        code,
        draw(TEXTS),
        draw(st.sampled_from(Audience)),
        by,
        tuple(Group(name, draw(TEXTS), (f"{k}",) if asked else ()) for k, name in enumerate(names)),
        "Q1" if asked else None,
        draw(st.none() | st.sampled_from(Evidence)),
        draw(SOURCES),
    )


def methods(dimensions: list[str]) -> st.SearchStrategy[Methods]:
    """Any admissible choices; some give judges without listing them, which reading allows."""

    def some(*choices: object) -> st.SearchStrategy[tuple[object, ...]]:
        return st.lists(st.sampled_from(choices), max_size=3, unique=True).map(tuple)

    points = st.integers(0, 50).map(Fraction)
    judge = st.tuples(*(st.tuples(st.just(code), points) for code in dimensions))
    return st.builds(
        Methods,
        aggregation=some("arithmetic", "geometric"),
        normalisation=some(*Normalisation),
        weights=some(*Weighting),
        judges=st.lists(judge, max_size=2).map(tuple),
        missing=some(Fraction(1, 2), Fraction(4, 5)),
        dont_know=some("as_defined", "out", "no"),
        respondents=some("all", "self_only"),
    )


@st.composite
def own_files(draw: st.DrawFn, national: Framework) -> str:
    """The YAML of a territory's own framework for this national one."""

    codes = _numbered("T")

    def said() -> dict[str, Any]:
        evidence = draw(st.sampled_from(Evidence))
        return {
            "reason": text(draw(TEXTS)),
            "evidence": evidence.value,
            "source": line(draw(SOURCES)),
        }

    firsts = {next(f.leaves(dimension)).indicator.code for dimension in national.dimensions}
    changes = []
    for found in f.indicators(national):
        relations = ["kept", "unsaid", "reweighted", "adapted", "dropped"]
        relation = draw(st.sampled_from(relations[:4] if found.code in firsts else relations))
        if relation == "unsaid":
            continue
        change = {"indicator": found.code, "relation": relation, **said()}
        if relation == "reweighted":
            change["factor"] = draw(st.sampled_from(["2", "1/3", "0.5"]))
        if relation == "adapted":
            change["as"] = indicator(draw(indicators(next(codes))))
        changes.append(change)
    added = [
        {
            "dimension": draw(st.sampled_from([d.code for d in national.dimensions])),
            "value": text(draw(TEXTS)),
            **said(),
            "indicator": indicator(draw(indicators(next(codes)))),
        }
        for _ in range(draw(st.integers(0, 3)))
    ]
    return to_yaml(
        {
            "format": "covalue/framework/1",
            "code": "BDX",
            "territory": "BDX",
            "extends": {"code": "NAT", "number": 1},
            "title": text(draw(TEXTS)),
            "weights": {d.code: draw(st.integers(1, 50)) for d in national.dimensions},
            "added_share": draw(st.sampled_from(["20", "12.5", "1/3"])),
            "changes": changes,
            "added": added,
            "ledger": [indicator(draw(indicators(next(codes))))],
        }
    )
