"""The way in for `python app.py`, `flask` and any WSGI server."""

from portal.config import load_settings
from portal.factory import create_app

app = create_app(load_settings())
