"""The way in for `python app.py`, `flask` and any WSGI server."""

from portal.cli import main
from portal.factory import start

app = start()
if __name__ == "__main__":
    main(["serve"])
