"""A strict push service on loopback, and phones that read what it was given; nothing of the portal's is used here.

It refuses what Google, Mozilla and Apple refuse: a missing TTL, a signature by another key, for another origin or for
too long, a contact nobody can write to, a topic or an urgency of another form, too long a body. Phones open messages by
RFC 8291 and RFC 8188 written out with primitives.
"""

import base64
import datetime as dt
import json
import re
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

HOSTS = GOOGLE, MOZILLA, APPLE = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com")
CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Phone:
    """A browser with its secrets."""

    name: str
    host: str = HOSTS[0]
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"0123456789abcdef"

    @property
    def endpoint(self) -> str:
        return f"https://{self.host}/push/{self.name}"

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": b64(self.point), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def open(self, body: bytes) -> bytes:
        """Open an aes128gcm message of one record."""
        salt, record, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert length == 65
        assert len(sealed) <= record
        secret = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        keying = _mac(_mac(self.auth, secret), b"WebPush: info\0" + self.point + sender + b"\x01")
        pseudo = _mac(salt, keying)
        content_key = _mac(pseudo, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _mac(pseudo, b"Content-Encoding: nonce\0\x01")[:12]
        padded = AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded.endswith(b"\x02"), "the last record ends with 2"
        return padded[:-1]


def _mac(key: bytes, text: bytes) -> bytes:
    code = hmac.HMAC(key, hashes.SHA256())
    code.update(text)
    return code.finalize()


@dataclass
class Received:
    """A message as the phone got it."""

    text: bytes
    ttl: int
    urgency: str
    topic: str | None


@dataclass
class Behaviour:
    """How a phone's address, or a whole host, answers instead of taking a message."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None


class PushService:
    """Every host of `HOSTS` at one port of loopback. `now` says what time it is there."""

    def __init__(self, folder: Path, *, public_key: str, now: Callable[[], dt.datetime]) -> None:
        self.public_key = public_key
        self.now = now
        self.phones: dict[str, Phone] = {}
        self.behaviours: dict[str, Behaviour] = {}
        self.received: dict[str, list[Received]] = defaultdict(list)
        self.refused: list[str] = []
        self.connections = 0
        certificate, key = make_certificate(folder)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        self.trust = ssl.create_default_context(cafile=str(certificate))
        service = self

        class Handler(_Handler):
            push = service

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.tls = tls
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def phone(self, name: str, *, host: str = HOSTS[0]) -> Phone:
        return self.phones.setdefault(f"{host}/{name}", Phone(name, host))

    def behave(self, name: str, status: int = 201, *, before: Callable[[], object] = lambda: None, **headers: str):
        told = {key.replace("_", "-"): value for key, value in headers.items()}
        self.behaviours[name] = Behaviour(status, told, before)

    def resolve(self, host: str) -> tuple[str, int]:
        assert host in HOSTS
        return "127.0.0.1", self.port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    tls: ssl.SSLContext

    def get_request(self):
        connection, address = super().get_request()
        return self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_told: object) -> None:
        """Clients that hang up are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    push: PushService

    def setup(self) -> None:
        super().setup()
        self.push.connections += 1

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        host, name = self.headers["Host"], self.path.removeprefix("/push/")
        behaviour = self.push.behaviours.get(name) or self.push.behaviours.get(host) or Behaviour()
        behaviour.before()
        if behaviour.status != 201:
            return self._answer(behaviour.status, **behaviour.headers)
        phone = self.push.phones.get(f"{host}/{name}")
        if phone is None:
            return self._answer(404)
        if wrong := self._wrong(body, origin=f"https://{host}"):
            self.push.refused.append(wrong)
            return self._answer(wrong.partition(" ")[0])
        topic = self.headers.get("Topic")
        letter = Received(phone.open(body), int(self.headers["TTL"]), self.headers.get("Urgency", "normal"), topic)
        self.push.received[name].append(letter)
        return self._answer(201, Location=f"https://{host}/message/1")

    def _answer(self, status: int | str, **headers: str) -> None:
        self.send_response(int(status))
        for key, value in {"Content-Length": "0", **headers}.items():
            self.send_header(key, value)
        self.end_headers()

    def _wrong(self, body: bytes, *, origin: str) -> str | None:
        """Return what a push service would not take, beginning with its status."""
        if not re.fullmatch(r"\d{1,9}", self.headers.get("TTL", "")):
            return "400 TTL"
        if self.headers.get("Urgency", "normal") not in {"very-low", "low", "normal", "high"}:
            return "400 Urgency"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", self.headers.get("Topic", "t")):
            return "400 Topic"
        if self.headers.get("Content-Encoding") != "aes128gcm":
            return "400 Content-Encoding"
        if len(body) > 4096:
            return "413 body"
        return wrong_signature(
            self.headers.get("Authorization", ""), public_key=self.push.public_key, origin=origin, now=self.push.now()
        )


def wrong_signature(header: str, *, public_key: str, origin: str, now: dt.datetime) -> str | None:
    """Judge a VAPID header by RFC 8292 and what Apple asks besides."""
    found = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", header)
    if not found:
        return "401 form"
    head, claims, signature, key = found.groups()
    if key != public_key:
        return "403 another key"
    raw = unb64(signature)
    signed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(key)).verify(
            signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return "403 signature"
    told = json.loads(unb64(claims))
    wrong = {
        "403 algorithm": json.loads(unb64(head))["alg"] != "ES256",
        "403 audience": told["aud"] != origin,
        "403 expiry": not 0 < told["exp"] - now.timestamp() <= 86400,
        "403 contact": not re.fullmatch(r"(mailto:[^@\s]+@|https://)[\w.-]+\.[a-z]{2,}.*", told["sub"]),
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), None)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key, name = ec.generate_private_key(CURVE), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "push.pem", folder / "push.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
