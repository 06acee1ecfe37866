"""Core and module make the instrument that a person answers, or a refusal that says why not."""

from __future__ import annotations

from app.domain.checks import Level
from app.domain.composition import plugged
from app.domain.composition_checks import check_fit
from app.domain.errors import BadDefinition
from app.domain.questionnaire import Module, Questionnaire


def compose(core: Questionnaire, module: Module | None = None) -> Questionnaire:
    """The core with the module's pages in its slots and no slots left; BadDefinition else."""
    if module is not None:
        findings = [f for f in check_fit(core, module) if f.level is Level.ERROR]
        if findings:
            raise BadDefinition(findings)
    return plugged(core, module)
