"""How much of the forms in a folder comes in: ``make forms FORMS=folder``, a table as Markdown.

Each form is read as an import reads it, by a process with limits. Nothing of it is kept.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.interchange.import_report import WHOLE, ForeignFault, Said
from app.workflows.foreign_forms import Format, ImportedForm, format_of, read_form

SUFFIXES = frozenset({".xlsx", ".xls", ".lss", ".json"})
NOT_OURS = frozenset({"unreadable", "not_questionnaire"})  # a file of another sort


def losses(lines: tuple[Said, ...]) -> Counter[str]:
    """The rules for which questions are not whole, by how many questions each holds for."""
    asked = {line.place for line in lines if line.fate == "in"}
    found = {
        (line.place, line.rule)
        for line in lines
        if line.rule == "not_taken"
        or (line.fate != "in" and line.about in WHOLE and line.place in asked)
    }
    return Counter(rule for _, rule in found)


def read_all(folder: Path) -> Iterator[tuple[Path, Format | None, ImportedForm | ForeignFault]]:
    """Every form in the folder and below, with its format and what became of it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() in SUFFIXES and path.is_file():
            form: Format | None = None
            try:
                content = path.read_bytes()
                form = format_of(content)
                yield path, form, read_form(content, form)
            except ForeignFault as fault:
                yield path, form, fault


def table(folder: Path) -> Iterator[str]:
    """The lines of the table: each form, then the sums of each format."""
    yield "| form | questions | whole | in, not quite | not in | what keeps the rest |"
    yield "|---|---|---|---|---|---|"
    sums: dict[str, Counter[str]] = {}
    for path, form, found in read_all(folder):
        name = path.relative_to(folder)
        if isinstance(found, ForeignFault):
            if found.said.rule not in NOT_OURS:
                yield f"| {name} | | | | | refused: {found.said.rule} |"
                sums.setdefault(str(form), Counter())["refused"] += 1
            continue
        tally = found.tally
        lost = losses(found.lines)
        why = ", ".join(f"{count} {rule}" for rule, count in lost.most_common(5))
        yield (
            f"| {name} | {tally.questions} | {tally.whole} | {tally.approximated} | "
            f"{tally.missing} | {why} |"
        )
        counted = {"forms": 1, "questions": tally.questions, "whole": tally.whole}
        sums.setdefault(str(form), Counter()).update({**counted, **lost})
    for form_name, added in sorted(sums.items()):
        share = 100 * added["whole"] / added["questions"] if added["questions"] else 0.0
        rest = ", ".join(f"{n} {rule}" for rule, n in added.most_common() if rule not in _COUNTS)
        yield (
            f"| **{form_name}**: {added['forms']} forms, {added['refused']} refused | "
            f"{added['questions']} | {added['whole']} ({share:.0f} %) | | | {rest} |"
        )


_COUNTS = frozenset({"forms", "questions", "whole", "refused"})

if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table(Path(sys.argv[1])))
