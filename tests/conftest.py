"""Fixtures every test may ask for; each lives in the module of what it starts."""

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.supabase",
    "tests.fixtures.auth",
    "tests.fixtures.people",
]
