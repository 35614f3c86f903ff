"""How many heaps a process has, as its C library tells it."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="no GNU C library"
)

PROGRAM = """
import ctypes, sys, threading
from portal.cli.heap import share_one_heap

path, wanted = sys.argv[1:]
if wanted == "one":
    share_one_heap()
barrier = threading.Barrier(4)

def work():
    kept = [bytearray(2000) for _ in range(10)]
    barrier.wait()

threads = [threading.Thread(target=work) for _ in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(library.fopen(path.encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


def heaps(folder: Path, *, wanted: str) -> int:
    told = folder / "told.xml"
    subprocess.run([sys.executable, "-c", PROGRAM, str(told), wanted], check=True, timeout=60)
    return told.read_text().count("<heap ")


def test_threads_share_one_heap(tmp_path: Path) -> None:
    assert heaps(tmp_path, wanted="one") == 1
    assert heaps(tmp_path, wanted="as many as threads") > 1
