"""The one registry that the modules of this door declare their operations in."""

from flask import Blueprint

from portal.api.registry import Api

PREFIX = "/api/v1"

api = Api(Blueprint("api", __name__, url_prefix=PREFIX))
