"""JSON that says by itself whether it is as it was written: its last entry is the checksum of all before it."""

from __future__ import annotations

import hashlib


def sealed(document: bytes, end: bytes, seal: bytes) -> bytes:
    """A document whose ``end`` is replaced by its seal, in which ``%s`` stands for the checksum."""
    said = document.removesuffix(end)
    return said + seal % _checksum(said)


def is_sealed(content: bytes, seal: bytes) -> bool:
    """Whether a document is as it was sealed, to the byte."""
    said = content[: max(0, len(content) - len(seal % _checksum(b"")))]
    return content == said + seal % _checksum(said)


def _checksum(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest().encode()
