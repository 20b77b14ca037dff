"""How the secret of a key or a link is stored."""

import hashlib


def digest(secret: str) -> str:
    """A fast hash is right: the secret is 256 random bits, so it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
