"""Pages of published releases as they are shown to everybody: bytes under an address.

They are all that the public surface may read of results: no release, no figure, no framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKey, LargeBinary, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import PROGRAMME, Base, Database
from app.storage.prepared import Prepared
from app.storage.territories import ProgrammeRow


class PublicPage(Base):
    """One page or file. ``title`` of a release's first page only, to list it by."""

    __tablename__ = "public_page"
    __table_args__ = ({"schema": PROGRAMME},)

    address: Mapped[str] = mapped_column(primary_key=True)  # PROGRAMME/RELEASE/language/page
    # named by its words: the public surface reads this table and loads no release
    release_id: Mapped[int] = mapped_column(ForeignKey(f"{PROGRAMME}.release.id"), index=True)
    programme: Mapped[str]
    type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str]
    title: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page before it is kept."""

    address: str
    type: str
    body: bytes
    etag: str
    title: str | None = None


def replace_pages(session: Session, release_id: int, programme: str, pages: Iterable[Shown]) -> int:
    """Keep these pages of a release and no other; how many."""
    remove_pages(session, release_id)
    rows = [
        {
            "address": each.address,
            "release_id": release_id,
            "programme": programme,
            "type": each.type,
            "body": each.body,
            "etag": each.etag,
            "title": each.title,
        }
        for each in pages
    ]
    if rows:
        session.execute(insert(PublicPage), rows)
    return len(rows)


def remove_pages(session: Session, release_id: int) -> None:
    """Show nothing of a release any more."""
    session.execute(delete(PublicPage).where(PublicPage.release_id == release_id))


_UNDER = Prepared(
    select(PublicPage.type, PublicPage.body, PublicPage.etag).where(
        PublicPage.address == bindparam("address")
    )
)


def public_page(database: Database, *addresses: str) -> tuple[str, bytes, str] | None:
    """Type, bytes and etag of the page under the first of these addresses that has one."""
    with database.at_once() as driver:
        for address in addresses:
            found = _UNDER.row(driver, {"address": address})
            if found is not None:
                kind, body, etag = found
                return kind, body, etag
    return None


def first_pages(session: Session, programme: str, language: str) -> Sequence[tuple[str, str]]:
    """Address and title of the first page of each release in a language, newest first."""
    found = session.execute(
        select(PublicPage.address, PublicPage.title)
        .where(PublicPage.programme == programme, PublicPage.title.is_not(None))
        .where(PublicPage.address.endswith(f"/{language}"))
        .order_by(PublicPage.release_id.desc())
    )
    return [(address, title or "") for address, title in found]


def is_public(session: Session, programme_id: int) -> bool:
    """Whether the programme shows its published releases to everybody."""
    return bool(session.get_one(ProgrammeRow, programme_id).public_results)
