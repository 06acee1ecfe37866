"""Which versions a wave is to be opened with, where somebody chose: the latest everywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.territories import NATION

LATEST = ""  # what holds without a choice; in a territory, the choice made for everywhere
NONE = "none"  # the core without its module, or no framework of its own
NOT_ASKED = "not_asked"
EXCHANGED = ("10", "20", "30", "50")  # % of other samples that are asked a territory's own

Place = tuple[str, str]  # territory, audience


@dataclass(frozen=True)
class Plan:
    """What was chosen: a number, ``NONE`` or ``NOT_ASKED``; nothing is kept for the latest.

    ``cores`` under FR holds for every territory that has no choice of its own.
    """

    cores: Mapping[Place, str] = field(default_factory=dict)
    modules: Mapping[Place, str] = field(default_factory=dict)
    frameworks: Mapping[str, str] = field(default_factory=dict)  # by territory, FR: national
    exchange: Mapping[Place, str] = field(default_factory=dict)  # % of the others' samples

    def core(self, place: Place) -> str:
        """What was chosen for this audience of this territory, or else everywhere."""
        return self.cores.get(place) or self.cores.get((NATION, place[1]), LATEST)

    def module(self, place: Place) -> str:
        """What was chosen for the module of this audience of this territory."""
        return self.modules.get(place, LATEST)

    def framework(self, territory: str) -> str:
        """What was chosen for the framework of this territory, FR: the national one."""
        return self.frameworks.get(territory, LATEST)

    def __bool__(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.cores or self.modules or self.frameworks or self.exchange)

    def exchanged(self, place: Place) -> int:
        """The share, in percent, of every other territory's sample that is asked what only this
        audience of this territory is asked; 0: nobody."""
        return int(self.exchange.get(place) or 0)

    def as_fields(self) -> dict[str, str]:
        """Every choice by its name, as forms, commands and the stored plan have it."""
        found = {f"core.{'.'.join(place)}": said for place, said in self.cores.items()}
        found |= {f"module.{'.'.join(place)}": said for place, said in self.modules.items()}
        found |= {f"exchange.{'.'.join(place)}": said for place, said in self.exchange.items()}
        return found | {f"framework.{code}": said for code, said in self.frameworks.items()}

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Plan:
        """The plan with these choices: ``core.MAY.elderly``, ``module.…``, ``exchange.…``,
        ``framework.MAY``.

        What has another name, and what is empty, is no choice.
        """
        cores: dict[Place, str] = {}
        modules: dict[Place, str] = {}
        frameworks: dict[str, str] = {}
        exchange: dict[Place, str] = {}
        for name, said in fields.items():
            match name.split("."):
                case ["core", territory, audience] if said:
                    cores[territory, audience] = said
                case ["module", territory, audience] if said:
                    modules[territory, audience] = said
                case ["exchange", territory, audience] if said:
                    exchange[territory, audience] = said
                case ["framework", territory] if said:
                    frameworks[territory] = said
        return cls(cores, modules, frameworks, exchange)
