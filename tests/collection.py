"""A collection for tests: a wave planned or opened in the small programme, with a sample."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import programme

from app.domain.permissions import Verb
from app.domain.text import Text
from app.interchange.sample_csv import SampleFile, read_sample
from app.storage.database import now
from app.workflows import accounts
from app.workflows.acting import Actor, House
from app.workflows.dossiers import load_dossier
from app.workflows.sample_import import import_sample
from app.workflows.waves import NewWave, create_wave, open_wave

DOSSIER = (Path(__file__).parents[1] / "config" / "dossier.yaml").read_text("utf-8")
HEADER = "reference;territory;audience;case;weight;language;name;address1;address2"
SAMPLE = f"""\
{HEADER}
A-1;MAY;elderly;C-1;1,5;fr;Mme Élise Durand;1 rue de l’Exemple;53000 LAVAL
A-2;MAY;elderly;C-2;2;en;Mr #strong[Smith] $x$;;53000 LAVAL
B-1;BDX;elderly;;;;;;
"""


def new_wave(**changes: Any) -> NewWave:
    """A wave that is open at this moment once it is opened."""
    values: dict[str, Any] = {
        "code": "W1",
        "title": Text.of(fr="Première vague", en="First wave"),
        "frame": "all_75",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 6, 30),
        "opens_at": now() - timedelta(days=1),
        "closes_at": now() + timedelta(days=30),
    }
    return NewWave(**(values | changes))


def planned(house: House, root: Path, files: dict[str, str] | None = None, **changes: Any) -> int:
    """Load the programme and plan a wave with its dossier; its id."""
    programme.loaded(house, root / "files", files)
    wave_id = create_wave(house, operator(house), new_wave(**changes))
    with_dossier(house, operator(house), wave_id)
    return wave_id


def with_dossier(house: House, actor: Actor, wave_id: int) -> None:
    """The shipped dossier and notices, approved: nothing of them keeps the wave closed."""
    load_dossier(house, actor, wave_id, DOSSIER, approve=True)


def opened(house: House, root: Path, files: dict[str, str] | None = None, **changes: Any) -> int:
    """Load the programme, plan a wave and open it; its id."""
    wave_id = planned(house, root, files, **changes)
    open_wave(house, operator(house), wave_id)
    return wave_id


def operator(house: House) -> Actor:
    """Every right in the programme."""
    return accounts.operator(house, "DEMO")


def read(actor: Actor, text: str | bytes) -> SampleFile:
    """A sample file as this actor may import it."""
    content = text.encode() if isinstance(text, str) else text
    return read_sample(io.BytesIO(content), actor.territories, actor.scope(Verb.SAMPLE_IMPORT))


def with_sample(house: House, wave_id: int, text: str = SAMPLE) -> None:
    """Put the sample into the wave."""
    actor = operator(house)
    found = read(actor, text)
    assert not found.faults
    import_sample(house, actor, wave_id, found.rows)
