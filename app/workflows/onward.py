"""Where somebody goes when a page is done: the next page, or a stop on the way there.

Two stops: the end of a part, where one may rest, and the numbers to call after questions that can
hurt. Both are computed from the answers, like the path, so that a reload or a bookmark is harmless.
"""

from __future__ import annotations

from app.domain.parts import Part, PartState
from app.domain.questionnaire import Kind
from app.domain.routing import ShownPage
from app.workflows.standing import Standing

PART = "part "  # then the code of the section that is done
SUPPORT = "support "  # then the code of the page after which numbers are offered


def stop_after(found: Standing, code: str) -> str:
    """The stop behind this page, or the page, the check or the receipt that follows."""
    return SUPPORT + code if eases(found, code) else beyond(found, code)


def eases(found: Standing, code: str) -> bool:
    """Whether the page ends a run of sensitive questions, and the next one gives no numbers."""
    page, following = found.path.page(code), found.path.after(code)
    if page is None or not _sensitive(page):
        return False
    return following is None or not (_sensitive(following) or _gives_numbers(following))


def _sensitive(page: ShownPage) -> bool:
    return any(shown.question.sensitive for shown in page.questions)


def _gives_numbers(page: ShownPage) -> bool:
    """Whether the questionnaire itself says there whom to call: numbers twice help nobody."""
    told = [one.question for one in page.questions if one.question.kind is Kind.INFORMATION]
    return any("](tel:" in wording for one in told for _tag, wording in one.text.wordings)


def beyond(found: Standing, code: str) -> str:
    """As ``stop_after``, when the numbers have been seen."""
    to = found.after(code)
    done = part_with(found, code)
    following = found.path.page(to)
    if done is None or following is None or done.state is not PartState.DONE:
        return to
    return to if following in done.pages else PART + done.section.code


def parts(found: Standing) -> tuple[Part, ...]:
    """The parts of what is asked, as they stand."""
    answered = found.answers.keys()
    return tuple(stretch.part(answered) for stretch in found.stretches)


def part_with(found: Standing, code: str) -> Part | None:
    """The part that this page belongs to."""
    for stretch in found.stretches:
        if any(page.code == code for page in stretch.pages):
            return stretch.part(found.answers.keys())
    return None
