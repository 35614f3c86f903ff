"""A bare Flask on the portal's server: the limit of anything that answers over HTTP here."""

import contextlib
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import shop

BARE = """
from flask import Flask
app = Flask("bare")
@app.get("/")
def hello():
    return "hello"
"""


@contextlib.contextmanager
def serving(app: str = BARE, *, beside: bytes = b"") -> Iterator[str]:
    """Serve it by the same server with as many processes, each at one request at a time as ours; give its address.

    Another app may read what is `beside` it, in a file of this name.
    """
    port = shop.free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bare.py").write_text(app)
        Path(folder, "beside").write_bytes(beside)
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
        server = subprocess.Popen([*command, "--port", str(port), "--no-access-log", "bare:app"], cwd=folder)
        try:
            _wait(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError("the bare server does not answer")
