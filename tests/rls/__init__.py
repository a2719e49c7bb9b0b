"""Who may do what, asked of the database itself."""

import pytest

from tests.fixtures.postgres import MAJORS

both_majors = pytest.mark.parametrize(
    "server", MAJORS, ids=[f"pg{major}" for major in MAJORS], indirect=True
)
"""For a module whose tests each ask a server of every major version."""
