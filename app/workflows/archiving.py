"""The log of PostgreSQL's writes, kept encrypted beside copies of the whole cluster: with both, the
database comes back as it was at any moment.

The server hands each finished segment over into a folder of its machine (``archive_command``); from
there it is sealed for a key that is kept elsewhere. What opens answers stands in segments and
copies alike, so both are kept no longer than the files of keys of backups.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shlex
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.protection.sealed_files import CannotOpen, identity, open_file, seal_file
from app.storage import backup as copies
from app.storage.database import now
from app.workflows.acting import House
from app.workflows.backup_pair import BadBackup, durably

LOG = "wal"  # folder beside the copies
SEGMENT = re.compile(r"[0-9A-F]{24}")
# What the server hands over: segments, the last of a timeline, marks of copies, histories.
NAME = re.compile(r"[0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")
STAMP, BASE, SEALED, DIGEST = "%Y%m%dT%H%M%S", ".base", ".wal", ".sha256"
BEGINS = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


def take_in(spool: Path, target: Path, recipients: Sequence[str]) -> int:
    """Seal what the server has handed over, durably, and remove it there; how many files.

    A file of the same name that was sealed before is the same one, or ``BadBackup``.
    """
    log = target / LOG
    log.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = [path for path in sorted(spool.iterdir()) if NAME.fullmatch(path.name)]
    for path in taken:
        sealed, digest = log / f"{path.name}{SEALED}", log / f"{path.name}{DIGEST}"
        said = _digest(path)
        if sealed.exists() and digest.exists():
            if digest.read_text("ascii") != said:
                raise BadBackup("other_segment", path.name)
        else:
            _seal(path, sealed, digest, said, recipients)
        path.unlink()
    return len(taken)


def _seal(path: Path, sealed: Path, digest: Path, said: str, recipients: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(dir=sealed.parent, prefix=".sealing-") as name:
        work = Path(name)
        with path.open("rb") as reader, gzip.open(work / "gz", "wb", compresslevel=3) as writer:
            shutil.copyfileobj(reader, writer)
        seal_file(work / "gz", work / "sealed", recipients)
        (work / "digest").write_text(said, "ascii")
        for made, place in ((work / "digest", digest), (work / "sealed", sealed)):
            durably(made)
            os.replace(made, place)
    durably(sealed.parent)


def copy_cluster(house: House, target: Path, recipients: Sequence[str]) -> Path:
    """A sealed copy of the whole cluster, which the log goes on from. Raises ``ProgramFailed``,
    and ``BadBackup`` of SQLite, whose file is backed up as often as is wanted."""
    if house.database.url.get_backend_name() == "sqlite":
        raise BadBackup("other_engine")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = target / f"covalue-{now():{STAMP}}Z{BASE}"
    with tempfile.TemporaryDirectory(dir=target, prefix=".making-") as name:
        work = Path(name)
        copies.copy_cluster(house.database.url, work / "cluster")
        seal_file(work / "cluster" / copies.CLUSTER, work / "sealed", recipients)
        durably(work / "sealed")
        os.replace(work / "sealed", made)
    durably(target)
    return made


def forget(target: Path, older: timedelta) -> tuple[int, int]:
    """Remove copies and segments that were made longer ago; how many of each.

    A copy holds what was written while it was made, so that older segments are of no use to it.
    """
    before = now() - older
    bases = [path for path in target.glob(f"covalue-*{BASE}") if _made(path) < before]
    log = [
        path
        for path in (target / LOG).glob(f"*{SEALED}")
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    ]
    for path in (*bases, *log, *(path.with_suffix(DIGEST) for path in log)):
        path.unlink(missing_ok=True)
    return len(bases), len(log)


@dataclass(frozen=True, slots=True)
class Brought:
    """What stands ready for a server: how many segments, and the last of them."""

    segments: int
    last: str


def bring_back(
    base: Path, log: Path, keys: Sequence[Path], place: Path, until: datetime | None
) -> Brought:
    """Lay a copy into an empty folder, the log beside it (``<folder>-wal``), and tell the server
    that is started there to go on to ``until``, or to the end of the log.

    Raises ``BadBackup``: a folder that is not empty, a key that does not open, a segment that is
    missing in between, a moment before the copy.
    """
    beside = place.with_name(f"{place.name}-{LOG}")
    if any(path.exists() and (path.is_file() or any(path.iterdir())) for path in (place, beside)):
        raise BadBackup("not_empty")
    if until is not None and until <= _made(base):
        raise BadBackup("before_copy")
    for path in (place, beside):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    _opened(base, beside / "base", keys)
    try:
        with tarfile.open(beside / "base", "r:gz") as tar:
            tar.extractall(place, filter="data")
        begins = BEGINS.search((place / "backup_label").read_text("utf-8"))
    except (OSError, tarfile.TarError, EOFError) as error:
        raise BadBackup("unreadable") from error
    finally:
        (beside / "base").unlink(missing_ok=True)
    if begins is None:
        raise BadBackup("unreadable")
    for sealed in sorted(log.glob(f"*{SEALED}")):
        if sealed.stem >= begins[1] or not SEGMENT.fullmatch(sealed.stem):
            _segment(sealed, beside, keys)
    own = [path for path in (place / "pg_wal").iterdir() if SEGMENT.fullmatch(path.name)]
    known = {path.name for path in (*own, *beside.iterdir()) if SEGMENT.fullmatch(path.name)}
    last = _end(begins[1], known, own[0].stat().st_size if own else 1 << 24)
    with (place / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{line}\n" for line in _settings(beside, until))
    (place / "recovery.signal").touch(mode=0o600)
    return Brought(len(known), last)


def _settings(beside: Path, until: datetime | None) -> Iterator[str]:
    source = shlex.quote(str(beside)).replace("%", "%%").replace("'", "''")
    yield f"restore_command = 'cp {source}/%f \"%p\"'"
    if until is not None:
        yield f"recovery_target_time = '{until.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
    yield "recovery_target_action = 'promote'"


def _segment(sealed: Path, beside: Path, keys: Sequence[Path]) -> None:
    packed, target = beside / "gz", beside / sealed.stem
    _opened(sealed, packed, keys)
    try:
        with gzip.open(packed, "rb") as reader, target.open("wb") as writer:
            shutil.copyfileobj(reader, writer)
    except (OSError, EOFError) as error:
        raise BadBackup("unreadable", sealed.stem) from error
    packed.unlink()
    digest = sealed.with_suffix(DIGEST)
    if not digest.exists() or digest.read_text("ascii") != _digest(target):
        raise BadBackup("digest", sealed.stem)


def _end(first: str, known: Iterable[str], size: int) -> str:
    """The last segment. Raises ``BadBackup`` where one is missing before it."""
    each_log = (1 << 32) // size
    by_place = {int(name[8:16], 16) * each_log + int(name[16:], 16): name for name in sorted(known)}
    begin = int(first[8:16], 16) * each_log + int(first[16:], 16)
    for place in range(begin, max(by_place, default=begin) + 1):
        if place not in by_place:
            missing = f"{place // each_log:08X}{place % each_log:08X}"
            raise BadBackup("gap", f"{first[:8]}{missing}")
    return by_place[max(by_place)]


def _opened(source: Path, target: Path, keys: Sequence[Path]) -> None:
    try:
        open_file(source, target, [identity(key) for key in keys])
    except (CannotOpen, ValueError) as error:
        raise BadBackup("cannot_open", source.name) from error


def _made(base: Path) -> datetime:
    try:
        return datetime.strptime(base.stem, f"covalue-{STAMP}%z")
    except ValueError as error:
        raise BadBackup("unreadable", base.name) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
