"""The files of a release: made once for both languages, kept, and handed out as they were made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.interchange.figures_csv import write_csv
from app.interchange.figures_json import write_json
from app.interchange.figures_parquet import write_parquet
from app.interchange.figures_xlsx import write_xlsx
from app.interchange.sdmx import SdmxContent
from app.interchange.sdmx_csv import write_sdmx_csv
from app.interchange.sdmx_ml import write_sdmx_data, write_sdmx_structure
from app.interchange.summary import Summary
from app.storage.extract import sync_folder
from app.storage.published import Published
from app.workflows.choosing import WHOLE, Choice, chosen
from app.workflows.chosen_summary import summary_of
from app.workflows.sdmx_content import sdmx_of

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Content:
    """What is to be written: the figures that were chosen of a release, in one language."""

    seen: Published
    choice: Choice
    language: str

    @cached_property
    def summary(self) -> Summary:
        """The figures as tables with words."""
        return summary_of(self.seen, self.choice, self.language)

    @cached_property
    def sdmx(self) -> SdmxContent:
        """The figures as SDMX has them."""
        return sdmx_of(chosen(self.seen, self.choice))

    def name(self, form: str) -> str:
        """The name of the file."""
        return f"{self.summary.name}-{self.language}.{form}"


FORMATS: dict[str, Callable[[Content], bytes]] = {
    "xlsx": lambda each: write_xlsx(each.summary),
    "csv": lambda each: write_csv(each.summary.tidy),
    "excel.csv": lambda each: write_csv(each.summary.tidy, french_excel=True),
    "json": lambda each: write_json(each.summary),
    "parquet": lambda each: write_parquet(each.summary),
    "sdmx.csv": lambda each: write_sdmx_csv(each.sdmx),
    "sdmx.xml": lambda each: write_sdmx_data(each.sdmx),
    "structure.xml": lambda each: write_sdmx_structure(each.sdmx),
}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "excel.csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "sdmx.csv": "application/vnd.sdmx.data+csv",
    "sdmx.xml": "application/vnd.sdmx.structurespecificdata+xml",
    "structure.xml": "application/vnd.sdmx.structure+xml",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "yaml": "application/yaml",
}


def all_files(seen: Published) -> dict[str, bytes]:
    """Every file of the whole release by its name."""
    found: dict[str, bytes] = {}
    for language in LANGUAGES:
        content = Content(seen, WHOLE, language)
        found |= {content.name(form): write(content) for form, write in FORMATS.items()}
    return found


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def folder_of(house_folder: Path, checksum: str) -> Path:
    """Where the files of the release with this checksum are kept."""
    return house_folder / "releases" / checksum[:32]


def keep_files(house_folder: Path, checksum: str, files: Mapping[str, bytes]) -> None:
    """Write the files durably; they can always be made again from the release's table."""
    folder = folder_of(house_folder, checksum)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        temporary = folder / f"{name}.part"
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / name)
    sync_folder(folder)


def kept_file(house_folder: Path, checksum: str, name: str, sha256: str) -> bytes | None:
    """The file as it was made, or None where it is not there or is not the same any more."""
    path = folder_of(house_folder, checksum) / name
    if not path.exists():
        return None
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
