"""Fixtures for the parts of the local Supabase."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.postgres import Server
from tests.local.auth_project import Project, auth_project


@pytest.fixture
async def auth(postgres18: Server, tmp_path: Path) -> AsyncIterator[Project]:
    """Auth alone, with quick passwords and anonymous sign-in."""
    async with auth_project(postgres18, tmp_path) as project:
        yield project
