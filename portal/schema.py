"""Every table of the portal in one metadata, for the migrations and the tests."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import portal
from portal.db import Base

for package in iter_modules(portal.__path__, "portal."):
    if package.ispkg and find_spec(f"{package.name}.tables"):
        import_module(f"{package.name}.tables")

metadata = Base.metadata
