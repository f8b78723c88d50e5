"""Tools of the host that a few tests look through: left out with a reason where they are not, a failure where CI says so."""

import os
import shutil

import pytest


def needs(tool: str) -> str:
    """The path of `tool`; without it the test is left out, and under CI=true it fails."""
    found = shutil.which(tool)
    if found is None:
        reason = f"{tool} is not on this host"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return str(found)
