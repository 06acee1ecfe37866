"""The chain over the audit log: each entry sealed with all before it, and what breaks it.

A link's hash is HMAC-SHA-256(key, hash before, position, entry). Whoever has the database and not
the key cannot make it again. A head (the last hash of a day) is signed with Ed25519, so that others
can check it without that key; so is the header of a segment whose entries were pruned.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GENESIS = bytes(32)
SKEW = timedelta(minutes=15)  # an entry says when its act began; it is sealed when it is committed
Kind = Literal["altered", "missing", "inserted", "reordered", "truncated", "re-keyed"]


@dataclass(frozen=True, slots=True)
class Link:
    """One position of the chain, with the entry that it seals; None: there is none."""

    position: int
    hash: bytes
    payload: bytes | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Head:
    """What was published of the chain at the end of a day."""

    day: str
    position: int
    hash: bytes
    signature: bytes = b""

    def words(self) -> bytes:
        """What is signed."""
        return f"covalue audit head {self.day} {self.position} {self.hash.hex()}".encode()


@dataclass(frozen=True, slots=True)
class Segment:
    """What is left of positions whose entries were pruned."""

    first: int
    last: int
    before: bytes
    after: bytes
    digest: bytes  # SHA-256 over the entries
    signature: bytes = b""

    def words(self) -> bytes:
        """What is signed."""
        hashes = " ".join(each.hex() for each in (self.before, self.after, self.digest))
        return f"covalue audit segment {self.first} {self.last} {hashes}".encode()


@dataclass(frozen=True, slots=True)
class Copied:
    """A position as the second copy has it."""

    hash: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """The first position that is not as it was sealed, and what was done to it."""

    position: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; ``anchors``: heads that agree, of all there are.

    ``events``: entries gone through. ``head``: the last hash that stands, at ``position``.
    """

    events: int
    position: int
    head: bytes
    anchors: tuple[int, int]
    failure: Failure | None = None


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The one way to write an entry: sorted keys, no spaces, composed characters."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def chained(key: bytes, before: bytes, position: int, payload: bytes) -> bytes:
    """The hash of the link at ``position``."""
    return hmac.digest(key, before + position.to_bytes(8, "big") + payload, "sha256")


def sign(seed: bytes, words: bytes) -> bytes:
    """An Ed25519 signature with the key of this seed (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(words)


def public_key(seed: bytes) -> bytes:
    """The 32 bytes with which others check the signatures."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_pem(seed: bytes) -> str:
    """The same key as programs such as openssl take it."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().strip()


def head_line(head: Head) -> str:
    """A head as it is published: day, position, hash, signature."""
    return f"{head.day} {head.position} {head.hash.hex()} {head.signature.hex()}"


def head_in(line: str) -> Head:
    """The head that a line publishes. Raises ValueError where it is none."""
    day, position, hash_, signature = line.split()
    return Head(day, int(position), bytes.fromhex(hash_), bytes.fromhex(signature))


def signed(public: bytes, words: bytes, signature: bytes) -> bool:
    """Whether the signature is of these words."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, words)
    except InvalidSignature:
        return False
    return True


def digest_of(payloads: Sequence[bytes]) -> bytes:
    """What a segment's header keeps of the entries that it stands for."""
    found = hashlib.sha256()
    for payload in payloads:
        found.update(len(payload).to_bytes(8, "big") + payload)
    return found.digest()


@dataclass
class Verification:
    """The chain, the published heads, the pruned segments and the second copy, held together.

    ``mark``: up to where it was verified before; the first link is then the one it names, heads
    and copies are those from there on.
    """

    key: bytes
    public: bytes
    links: Sequence[Link]
    heads: Sequence[Head] = ()
    segments: Sequence[Segment] = ()
    copies: Mapping[int, Copied] = field(default_factory=dict)
    mark: Head | None = None

    def __post_init__(self) -> None:
        begin = 0 if self.mark is None else self.mark.position - 1
        self._position, self._before, self._events = begin, GENESIS, 0
        self._at: datetime | None = None
        self._seen: dict[int, bytes] = {}
        self._headers = {segment.first: segment for segment in self.segments}

    def verdict(self) -> Verdict:
        """Go through the chain, then hold it against what others keep."""
        failure = self._chain() or self._against_heads() or self._against_copy()
        good = sum(self._agrees(head) for head in self.heads)
        anchors = (good, len(self.heads))
        return Verdict(self._events, self._position, self._before, anchors, failure)

    def _chain(self) -> Failure | None:
        for index, link in enumerate(self.links):
            self._skip_pruned()
            if link.position != self._position + 1 or link.payload is None:
                return Failure(self._position + 1, "missing")
            if self._hash_at(link.position, link.payload) != link.hash:
                return Failure(link.position, self._kind(index))
            if self._at and link.at and link.at < self._at - SKEW:
                return Failure(link.position, "inserted")
            self._at = max(filter(None, (self._at, link.at)), default=None)
            self._position, self._before = link.position, link.hash
            self._seen[link.position] = link.hash
            self._events += 1
        self._skip_pruned()
        return None

    def _hash_at(self, position: int, payload: bytes) -> bytes:
        if self.mark is not None and position == self.mark.position:
            return self.mark.hash
        return chained(self.key, self._before, position, payload)

    def _skip_pruned(self) -> None:
        while (segment := self._headers.get(self._position + 1)) is not None:
            good = signed(self.public, segment.words(), segment.signature)
            if not good or segment.before != self._before:
                return
            self._events += segment.last - segment.first + 1
            self._position, self._before = segment.last, segment.after
            self._seen[segment.last] = segment.after

    def _kind(self, index: int) -> Kind:
        """What was done to a link whose hash is not that of its entry."""
        link = self.links[index]
        copied = self.copies.get(link.position)
        if copied is not None:
            return self._against(link, copied, index)
        if self.copies and link.position > max(self.copies):
            return "inserted"
        if any(self._fits(link, other) for other in self.links if other is not link):
            return "reordered"
        after = self.links[index + 1 : index + 4]
        whole = any(self._follows(*pair) for pair in pairwise((link, *after)))
        return "altered" if whole or not after else "re-keyed"

    def _fits(self, link: Link, other: Link) -> bool:
        payload = other.payload
        return payload is not None and (
            chained(self.key, self._before, link.position, payload) == link.hash
        )

    def _follows(self, before: Link, link: Link) -> bool:
        payload = link.payload
        return payload is not None and (
            chained(self.key, before.hash, link.position, payload) == link.hash
        )

    def _against(self, link: Link, copied: Copied, index: int) -> Kind:
        before, after = (self.copies.get(link.position + step) for step in (-1, 1))
        following = self.links[index + 1] if index + 1 < len(self.links) else None
        if after is not None and (after.hash, after.payload) == (link.hash, link.payload):
            return "missing"  # what came after has been moved up
        if following is not None and (following.hash, following.payload) == (
            copied.hash,
            copied.payload,
        ):
            return "inserted"  # what was here has been moved down
        if link.payload == copied.payload:
            moved = following is not None and following.hash != (after.hash if after else b"")
            return "re-keyed" if moved else "altered"
        elsewhere = any(link.payload == each.payload for each in self.copies.values())
        return "reordered" if elsewhere and before != copied else "altered"

    def _agrees(self, head: Head) -> bool:
        good = signed(self.public, head.words(), head.signature)
        return good and self._seen.get(head.position, self._pruned(head)) == head.hash

    def _pruned(self, head: Head) -> bytes:
        """A head inside a pruned segment can be checked by its signature only."""
        inside = any(each.first <= head.position < each.last for each in self.segments)
        return head.hash if inside else b""

    def _against_heads(self) -> Failure | None:
        marks = () if self.mark is None else (self.mark,)
        for head in sorted((*self.heads, *marks), key=lambda each: each.position):
            if head.position > self._position:
                return Failure(self._position + 1, "truncated")
            if not self._agrees(head):
                return Failure(head.position, "re-keyed")
        return None

    def _against_copy(self) -> Failure | None:
        last = max(self.copies, default=0)
        if last > self._position:
            return Failure(self._position + 1, "truncated")
        for position, kept in sorted(self._seen.items()):
            copied = self.copies.get(position)
            if copied is None and position < last and min(self.copies) < position:
                return Failure(position, "inserted")
            if copied is not None and copied.hash != kept:
                return Failure(position, "re-keyed")
        return None
