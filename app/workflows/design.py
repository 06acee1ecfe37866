"""Design: drafts of questionnaires, modules and frameworks, and their publication."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.definitions.plain_source import as_yaml
from app.domain.checks import Finding, Level
from app.domain.differences import Severity
from app.domain.errors import BadDefinition, Conflict, NotAllowed, NotFound
from app.domain.territories import NATION
from app.domain.text import Text
from app.storage import surveys
from app.storage.database import now
from app.storage.reviews import approved
from app.storage.territories import lock_programme
from app.storage.trials import remove_trials
from app.workflows.acting import Actor, House, act, require
from app.workflows.comparing import Comparison, compare
from app.workflows.examining import Examined, blocks, examine
from app.workflows.reach import VERBS, Family, version
from app.workflows.surroundings import surroundings
from app.workflows.versions import Version, fill_version, latest_of, new_version, same_draft


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person had before their eyes: the draft's content, and what it was held against."""

    checksum: str
    latest: int | None = None


@dataclass(frozen=True, slots=True)
class DraftResult:
    """What became of a file: the draft, or None where nothing could be stored, and why."""

    draft_id: int | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A draft with everything that is to be known before publishing it."""

    row: Version
    examined: Examined | None  # None: what surrounds it changed so that it is readable no more
    findings: tuple[Finding, ...]
    comparison: Comparison
    agreed: bool = False  # of a module: the nation approved it as it is now

    @property
    def publishable(self) -> bool:
        """Whether nothing in the draft itself forbids publishing."""
        return not self.comparison.same and not blocks(self.findings)

    @property
    def shown(self) -> Shown:
        """What a page with this draft shows: publishing must name it."""
        checksum = self.examined.checksum if self.examined else self.row.checksum
        return Shown(checksum, self.comparison.latest)


def draft(session: Session, actor: Actor, family: Family, draft_id: int) -> Draft:
    """A draft, checked and compared as things stand now. NotFound for a published version."""
    row = version(session, actor, family, draft_id)
    if row.number is not None:
        raise NotFound
    around = surroundings(session, actor.programme_id, actor.territories)
    try:
        examined = examine(row.source, around)
    except BadDefinition as error:
        return Draft(row, None, error.findings, Comparison(None))
    comparison = compare(session, actor, examined, around)
    agreed = family == "questionnaire" and approved(session, row.id, row.checksum)
    return Draft(row, examined, (*comparison.refusals, *examined.findings), comparison, agreed)


def save_draft(
    house: House,
    actor: Actor,
    source: str,
    *,
    family: Family | None = None,
    replaces: tuple[int, Shown] | None = None,
) -> DraftResult:
    """Store a definition file as a draft; what kind it is the file itself says.

    A file that cannot be read, or is of another ``family``, is refused with findings and nothing
    is stored. One that reads but has errors is stored and cannot be published. ``replaces``: the
    draft to write over and its content as shown. Raises NotAllowed, NotFound, Conflict.
    """
    with house.database.read() as session:
        if replaces is not None and family is not None:
            version(session, actor, family, replaces[0])  # out of reach: not found
        around = surroundings(session, actor.programme_id, actor.territories)
    try:
        examined = examine(source, around)
    except BadDefinition as error:
        return DraftResult(None, error.findings)
    found = family_of(examined)
    if family is not None and found != family:
        return DraftResult(None, (_OTHER_FAMILY,))
    if examined.territory not in actor.territories:
        return DraftResult(None, examined.findings)
    with act(house, actor, VERBS[found].draft, examined.territory) as acted:
        latest = latest_of(acted.session, actor.programme_id, examined.audience, examined.territory)
        if latest is not None and latest.checksum == examined.checksum:
            acted.thing = f"{found}:{latest.id}"
            acted.details = {"did": "nothing"}
            return DraftResult(None, (_SAME,))
        if replaces is None:
            row = same_draft(acted.session, actor.programme_id, examined) or new_version(
                acted.session, actor.programme_id, examined, source, actor.account_id
            )
        else:
            row = _replaced(acted.session, actor, found, examined, replaces)
            row.created_by = actor.account_id  # the author is who wrote last
            fill_version(acted.session, row, examined, source)
        acted.session.flush()
        acted.thing = f"{found}:{row.id}"
        acted.details = {"did": "save", "checksum": examined.checksum[:12]}
        return DraftResult(row.id, examined.findings)


def _replaced(
    session: Session,
    actor: Actor,
    family: Family,
    examined: Examined,
    replaces: tuple[int, Shown],
) -> Version:
    row = version(session, actor, family, replaces[0])
    audience = row.audience if isinstance(row, surveys.QuestionnaireVersion) else ""
    same_thing = (audience, row.territory) == (examined.audience, examined.territory)
    if row.number is not None or not same_thing or row.checksum != replaces[1].checksum:
        raise Conflict(_CHANGED)
    return row


def family_of(examined: Examined) -> Family:
    """The family that the file belongs to."""
    return "framework" if examined.kind == "framework" else "questionnaire"


def discard_draft(house: House, actor: Actor, family: Family, draft_id: int) -> None:
    """Throw a draft away. Raises NotFound, also for a published version."""
    with house.database.read() as session:
        row = version(session, actor, family, draft_id)
    with act(house, actor, VERBS[family].draft, row.territory, f"{family}:{draft_id}") as acted:
        current = version(acted.session, actor, family, draft_id)
        if current.number is not None:
            raise NotFound
        acted.session.delete(current)
        if family == "questionnaire":
            remove_trials(acted.session, draft_id)
        acted.details = {"did": "discard"}


def publish(
    house: House, actor: Actor, family: Family, draft_id: int, shown: Shown, note: str
) -> int:
    """Freeze a draft as the next version; its number.

    Raises NotFound, NotAllowed (no right here, or a breaking change without an approver),
    BadDefinition (errors, or codes that would change their meaning) and Conflict (the draft, or
    the version that it was held against, is no longer what was shown).
    """
    with house.database.read() as session:
        current = draft(session, actor, family, draft_id)
    territory = current.row.territory
    require(house, actor, VERBS[family].publish, territory)
    _refuse(actor, family, current, shown)
    examined = current.examined
    assert examined is not None  # a draft that cannot be read has findings that block
    with act(house, actor, VERBS[family].publish, territory, f"{family}:{draft_id}") as acted:
        lock_programme(acted.session, actor.programme_id)
        row = version(acted.session, actor, family, draft_id)
        latest = latest_of(acted.session, actor.programme_id, examined.audience, row.territory)
        number = latest.number if latest else None
        if (row.number, row.checksum, number) != (None, current.row.checksum, shown.latest):
            raise Conflict(_CHANGED)
        created = row.created_at
        fill_version(acted.session, row, examined, as_yaml(row.source))
        row.created_at = created
        row.number = (number or 0) + 1
        row.published_at = now()
        row.published_by = actor.account_id
        row.note = note.strip()
        severity = current.comparison.severity
        acted.details = {
            "did": "publish",
            "number": row.number,
            "checksum": row.checksum[:12],
            "change": severity.name.lower() if severity else "first",
        }
        return row.number


def _refuse(actor: Actor, family: Family, current: Draft, shown: Shown) -> None:
    if current.shown != shown:
        raise Conflict(_CHANGED)
    errors = [finding for finding in current.findings if finding.level is Level.ERROR]
    if errors:
        raise BadDefinition(errors)
    if current.comparison.same:
        raise BadDefinition([_SAME])
    refusal = approval_missing(actor, family, current)
    if refusal is not None:
        raise NotAllowed(refusal)


def approval_missing(actor: Actor, family: Family, current: Draft) -> Text | None:
    """Why this actor may not publish this change alone; None where it may.

    Breaking changes make figures before and after incomparable: a national owner who is not the
    draft's author publishes them. A module needs the nation's approval of what it says now.
    """
    agreed = family != "questionnaire" or current.agreed or actor.may(VERBS[family].publish)
    if current.comparison.severity is not Severity.BREAKING:
        return None if agreed else _TO_AGREE
    if not actor.may(VERBS[family].publish, NATION):
        return Text.of(
            fr="Ce changement casse la comparaison avec les versions précédentes : "
            "un responsable national doit le publier.",
            en="This change breaks the comparison with earlier versions: "
            "a national owner has to publish it.",
        )
    if actor.account_id is not None and actor.account_id == current.row.created_by:
        return Text.of(
            fr="Ce changement casse la comparaison avec les versions précédentes : "
            "un autre responsable national que l’auteur du brouillon doit le publier.",
            en="This change breaks the comparison with earlier versions: "
            "a national owner other than the draft’s author has to publish it.",
        )
    return None


_TO_AGREE = Text.of(
    fr="Le niveau national approuve d’abord ce module : soumettez-le.",
    en="The national level approves this module first: submit it.",
)
_CHANGED = Text.of(
    fr="Le brouillon ou la version publiée a changé depuis que vous l’avez ouvert.",
    en="The draft or the published version changed since you opened it.",
)
_SAME = Finding(
    "nothing_changed",
    Level.ERROR,
    "-",
    Text.of(
        fr="Ce fichier dit la même chose que la version publiée.",
        en="This file says the same as the published version.",
    ),
    Text.of(fr="Il n’y a rien à faire.", en="There is nothing to do."),
)
_OTHER_FAMILY = Finding(
    "other_family",
    Level.ERROR,
    "format",
    Text.of(
        fr="Ce fichier est d’une autre sorte que ceux de cette page.",
        en="This file is of another kind than those of this page.",
    ),
    Text.of(
        fr="Déposez les questionnaires et modules sous « Questionnaires », les cadres sous "
        "« Cadres d’évaluation ».",
        en="Upload questionnaires and modules under “Questionnaires”, frameworks under "
        "“Frameworks”.",
    ),
)
