"""Letters leave by real SMTP and HTTP, to servers of the test on loopback."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from portal.outbox.job import GiveUp, TryLater
from portal.outbox.message import Letter
from portal.outbox.outbound import guarded_session, session_for
from portal.outbox.senders import SmsSender, SmtpSender

ADA = Letter(recipient="ada@example.org", subject="123456 – ваш код", text="Ваш код: 123456", html="<p>123456</p>")


class MailServer(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP; keeps the letters, and refuses whom the test says."""

    letters: list[str]
    refused: dict[str, int]

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper().split(":")[0].split()[0]
            if verb == "DATA":
                self.say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.letters.append(text.decode())
                self.say("250 kept")
            elif verb == "RCPT":
                self.say(next((f"{code} no" for who, code in self.refused.items() if who in line), "250 ok"))
            else:
                self.say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mail_server() -> Iterator[tuple[SmtpSender, type[MailServer]]]:
    handler = type("Handler", (MailServer,), {"letters": [], "refused": {}})
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)) as port:
        yield SmtpSender(f"smtp://127.0.0.1:{port}/?from=shop@example.org"), handler


def test_a_letter_arrives_by_smtp(mail_server: tuple[SmtpSender, type[MailServer]]):
    sender, server = mail_server
    sender.send(ADA)
    [letter] = server.letters
    assert "From: shop@example.org" in letter
    assert "To: ada@example.org" in letter
    assert "multipart/alternative" in letter
    assert "List-Unsubscribe" not in letter


def test_news_can_be_ended_by_the_mail_program_itself(mail_server: tuple[SmtpSender, type[MailServer]]):
    sender, server = mail_server
    sender.send(replace(ADA, unsubscribe="https://shop.test/unsubscribe/abc"))
    [letter] = server.letters
    assert "List-Unsubscribe: <https://shop.test/unsubscribe/abc>" in letter
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in letter


def test_a_mailbox_that_does_not_exist_is_given_up(mail_server: tuple[SmtpSender, type[MailServer]]):
    sender, server = mail_server
    server.refused["ada@"] = 550
    with pytest.raises(GiveUp):
        sender.send(ADA)


def test_a_full_mailbox_is_tried_again(mail_server: tuple[SmtpSender, type[MailServer]]):
    sender, server = mail_server
    server.refused["ada@"] = 452
    with pytest.raises(OSError, match="452"):
        sender.send(ADA)


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[tuple[str, str, str]], Callable[..., None]]]:
    seen: list[tuple[str, str, str]] = []
    answer = {"status": 200, "headers": {}}

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            seen.append((self.command, self.path, self.rfile.read(length).decode()))
            self.send_response(answer["status"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            pass

    def answers(status: int, **headers: str) -> None:
        answer.update(status=status, headers=headers)

    with serving(HTTPServer(("127.0.0.1", 0), Gateway)) as port:
        yield f"http://127.0.0.1:{port}", seen, answers


SMS = Letter(recipient="+79161234567", subject="", text="Код 123456 & больше", html=None)


def test_a_gateway_with_slots_is_called_by_get(gateway):
    url, seen, _ = gateway
    SmsSender(url + "/send?key=k&to={to}&text={text}").send(SMS)
    [(verb, path, _body)] = seen
    assert verb == "GET"
    assert "to=%2B79161234567&text=%D0%9A%D0%BE%D0%B4%20123456%20%26" in path


def test_a_gateway_without_slots_is_sent_json(gateway):
    url, seen, _ = gateway
    SmsSender(url + "/messages").send(SMS)
    [(verb, path, body)] = seen
    assert (verb, path, json.loads(body)) == ("POST", "/messages", {"to": SMS.recipient, "text": SMS.text})


def test_a_busy_gateway_says_when_to_come_again(gateway):
    url, _, answers = gateway
    answers(429, **{"Retry-After": "90"})
    with pytest.raises(TryLater) as told:
        SmsSender(url).send(SMS)
    assert told.value.after.total_seconds() == 90


def test_a_refused_number_is_given_up_and_a_broken_gateway_is_tried_again(gateway):
    url, _, answers = gateway
    answers(400)
    with pytest.raises(GiveUp):
        SmsSender(url).send(SMS)
    answers(502)
    with pytest.raises(requests.HTTPError):
        SmsSender(url).send(SMS)


def test_a_redirect_is_not_followed(gateway):
    url, seen, answers = gateway
    answers(302, Location=url + "/elsewhere")
    with pytest.raises(GiveUp):
        SmsSender(url).send(SMS)
    assert len(seen) == 1


PRIVATE = [
    "127.0.0.1", "127.1", "2130706433", "0x7f.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "[fe80::1]", "localhost", "224.0.0.1", "[::]",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_never_touched(host: str):
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0.05)
        with pytest.raises(requests.RequestException):
            guarded_session().get(f"http://{host}:{canary.getsockname()[1]}/", timeout=2)
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(requests.ConnectionError, match="private"):
        guarded_session().get("http://rebound.example/", timeout=2)


@pytest.mark.parametrize(("host", "guarded"), [("sms.example", True), ("10.0.0.5", False), ("localhost", False)])
def test_only_a_private_address_the_operator_wrote_himself_is_called(host: str, *, guarded: bool):
    adapter = session_for(host).get_adapter("https://")
    assert (type(adapter).__name__ == "_GuardedAdapter") is guarded
