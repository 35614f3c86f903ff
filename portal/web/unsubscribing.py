"""The way out of news by e-mail, for whoever holds the letter: a signed address, without a sign-in (RFC 8058)."""

from itsdangerous import BadSignature, URLSafeSerializer

PATH = "/unsubscribe/"


def unsubscribe_address(member_id: str, *, origin: str, secret: str) -> str:
    """Return the address for a letter to a member; it works for as long as the shop keeps its secret."""
    return f"{origin}{PATH}{_signer(secret).dumps(member_id)}"


def read_unsubscribe(token: str, *, secret: str) -> str | None:
    """Return the member of a token we signed, or None."""
    try:
        return str(_signer(secret).loads(token))
    except BadSignature:
        return None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="news by e-mail")
