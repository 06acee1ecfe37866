"""The files of a release: made once for both languages, kept, and handed out as they were made."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from app.interchange.figures_csv import write_csv
from app.interchange.figures_json import write_json
from app.interchange.figures_xlsx import write_xlsx
from app.interchange.summary import Summary
from app.storage.extract import sync_folder
from app.storage.published import Published
from app.workflows.summaries import summary

LANGUAGES = ("fr", "en")
FORMATS: dict[str, Callable[[Summary], bytes]] = {
    "xlsx": write_xlsx,
    "csv": lambda each: write_csv(each.tidy),
    "excel.csv": lambda each: write_csv(each.tidy, french_excel=True),
    "json": write_json,
}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "excel.csv": "text/csv",
    "json": "application/json",
}


def written(seen: Published, form: str, language: str) -> tuple[str, bytes]:
    """Name and content of one file, as far as ``seen`` reaches."""
    found = summary(seen, language)
    return f"{found.name}-{language}.{form}", FORMATS[form](found)


def all_files(seen: Published) -> dict[str, bytes]:
    """Every file of the whole release by its name."""
    return dict(written(seen, form, language) for language in LANGUAGES for form in FORMATS)


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
