"""The commands of a fresh machine; needs nothing but Python 3.11 or newer.

    python3 dev.py demo [--port N]     a shop's portal with its cast on http://127.0.0.1:8000/
    python3 dev.py test [pytest …]     every test, on all processors; `test tests/ledger -x` hands arguments to pytest
    python3 dev.py check               format, lint, types, imports, templates, dependencies, dead code, docs
    python3 dev.py screens             pictures of every page into docs/screens/ (needs a Chromium)
    python3 dev.py portal …            the portal's own command line

The first call makes .venv and installs the locked requirements, with uv where there is one, else with pip; later calls
start at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARK = VENV / ".lock"
PROCESSORS = min(os.cpu_count() or 1, 8)
ALL_TESTS = ("-n", str(PROCESSORS), "--dist", "worksteal")
CHECKS = {
    "format": "ruff format --check .",
    "lint": "ruff check .",
    "types": "pyrefly check",
    "imports": "-c from importlinter.cli import lint_imports_command; lint_imports_command()",
    "templates": "djlint templates --lint --quiet",
    "dependencies": "deptry .",
    "dead code": "vulture",
    "house and docs": "pytest tests/house -q",
}


def main(arguments: list[str]) -> int:
    """Run one of the commands and return its exit code."""
    commands = {"demo": demo, "test": test, "check": check, "screens": screens, "portal": portal}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    return commands[arguments[0]](arguments[1:])


def demo(arguments: list[str]) -> int:
    """Fill an empty database with the demo shop, print its sign-in links and serve until stopped."""
    os.environ["PORTAL_DEMO"] = "1"
    if arguments[:1] == ["--port"] and len(arguments) == 2:
        os.environ["PORTAL_PORT"] = arguments[1]
    elif arguments:
        print(__doc__)
        return 2
    return portal(["migrate"]) or portal(["demo"]) or portal(["serve"])


def test(arguments: list[str]) -> int:
    """Run all tests, shared out among processes, or those that the arguments name, in one."""
    install("dev")
    return run("-m", "pytest", *(arguments or ALL_TESTS))


def check(_arguments: list[str]) -> int:
    """Run every check, on all processors; one line each, and what the failed ones said."""
    install("dev")
    failed = 0
    with ThreadPoolExecutor(PROCESSORS) as pool:
        for name, (done, seconds) in zip(CHECKS, pool.map(timed, CHECKS.values()), strict=True):
            print(f"{name} … {'failed' if done.returncode else 'ok'} ({seconds:.1f} s)", flush=True)
            if done.returncode:
                failed += 1
                print(done.stdout + done.stderr)
    return min(failed, 1)


def timed(command: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run a tool of the environment to its end; return what it said and its seconds."""
    started = time.monotonic()
    done = subprocess.run([*tool(command)], cwd=ROOT, capture_output=True, text=True, check=False)
    return done, time.monotonic() - started


def screens(arguments: list[str]) -> int:
    """Draw every page of the demo shop, or what is named: icons, screens (of the manifest), pages."""
    install("dev")
    return run("-m", "tests.pictures", *arguments)


def portal(arguments: list[str]) -> int:
    """Run the portal's own command line."""
    install("run")
    return run("-m", "portal.cli", *arguments)


def run(*arguments: str) -> int:
    """Run Python of the environment until it ends, handing on SIGTERM; Ctrl-C reaches it by itself."""
    process = subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()


def install(kind: str) -> None:
    """Make the environment hold the locked `run` or `dev` requirements; dev holds run."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is here to say so
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    wanted = {name: f"{name} {fingerprint(lock(name))}" for name in ("run", "dev")}
    installed = MARK.read_text(encoding="utf-8") if MARK.exists() else ""
    if installed in {wanted[kind], wanted["dev"]}:
        return
    uv = shutil.which("uv")
    if not PYTHON.exists():
        make_environment(uv)
    print(f"Installing the locked {kind} requirements into .venv …", flush=True)
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    subprocess.run([*installer, "--quiet", "--require-hashes", "-r", str(lock(kind))], cwd=ROOT, check=True)
    packages = subprocess.check_output(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(packages.strip(), "regulars.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    MARK.write_text(wanted[kind], encoding="utf-8")


def make_environment(uv: str | None) -> None:
    if uv:
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships it apart
    except ImportError:
        sys.exit("Python's venv module is incomplete; on Debian and Ubuntu: apt install python3-venv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def lock(kind: str) -> Path:
    return ROOT / "requirements" / f"{kind}.txt"


def fingerprint(path: Path) -> str:
    """Return the hash of a lock, the same whatever line ends the checkout has."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def tool(command: str) -> list[str]:
    """Return the command line of a tool of the environment: a module's, or a sentence of Python after `-c`."""
    if command.startswith("-c "):
        return [str(PYTHON), *command.split(" ", 1)]
    return [str(PYTHON), "-m", *command.split()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
