"""The shop's rules: typed data and pure functions, which know no database, no web, no clock and no chance."""
