"""What every test may ask for: databases (tests/databases.py) and browsers (tests/browsers.py)."""

pytest_plugins = ["tests.databases", "tests.browsers"]
