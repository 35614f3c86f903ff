"""Static files: under an address that changes with their content, for ever cacheable, compressed ahead.

The hash is one for the whole tree and stands in the path, so that stylesheets and modules reach each other by relative
addresses; it is also the build's name for the service worker. `build` is run before the server starts; without it the
files are served from the source folder, uncompressed.
"""

import contextlib
import gzip
import hashlib
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers
from wsgiref.types import WSGIApplication

import brotli
from whitenoise import WhiteNoise

from portal.config import ROOT, VAR

SOURCE = ROOT / "static"
BUILT = VAR / "static"
PREFIX = "/static/"
SHELL_VERSION = 1  # raised when pages that are open cannot live with the new worker: they then ask to be refreshed
WORTH_COMPRESSING = {".css", ".js", ".mjs", ".svg", ".json", ".txt", ".wasm", ".webmanifest", ".html"}
BUILDS_KEPT = 3  # pages of the last releases may still be open


@cache
def build_name() -> str:
    """Return the hash of all static files."""
    digest = hashlib.sha256()
    for path in _files(SOURCE):
        digest.update(f"{path.relative_to(SOURCE).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file, as `static_url("css/base.css")`. Raises `FileNotFoundError`."""
    if not (SOURCE / name).is_file():
        raise FileNotFoundError(f"static/{name}")
    return f"{PREFIX}{build_name()}/{name}"


def build() -> Path:
    """Copy and compress the static files into `var/static/<hash>`, once for each content."""
    target = BUILT / build_name()
    if not target.is_dir():
        fresh = BUILT / f".{target.name}.{os.getpid()}"  # two that start at once do not meet
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(SOURCE, fresh)
        for path in _files(fresh):
            if path.suffix in WORTH_COMPRESSING:
                _compress(path)
        fresh.touch()  # a copy has the age of its original; ours counts from the build
        with contextlib.suppress(OSError):  # the other was faster
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    _forget_old_builds()
    return target


def serve(app: WSGIApplication, *, headers: Mapping[str, str]) -> WSGIApplication:
    """Return an application that answers for static files, with these headers, and passes the rest on."""

    def add(told: Headers, _path: str, _url: str) -> None:
        for name, value in headers.items():
            told[name] = value

    files = WhiteNoise(app, allow_all_origins=False, immutable_file_test=r"", add_headers_function=add)
    files.add_files(SOURCE, prefix=f"{PREFIX}{build_name()}")
    for folder in sorted(BUILT.glob("[!.]*")):
        files.add_files(folder, prefix=PREFIX + folder.name)
    return files


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _compress(path: Path) -> None:
    plain = path.read_bytes()
    for suffix, packed in ((".br", brotli.compress(plain)), (".gz", gzip.compress(plain, mtime=0))):
        if len(packed) < len(plain) * 0.95:
            path.with_name(path.name + suffix).write_bytes(packed)


def _forget_old_builds() -> None:
    builds = sorted(BUILT.glob("[!.]*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in builds[BUILDS_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
