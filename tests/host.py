"""Tools of the host that a few tests look through: left out with a reason where they are not, a failure where CI says so."""

import os
import shutil
from typing import NoReturn

import pytest


def needs(tool: str) -> str:
    """The path of `tool`; without it the test is left out, and under CI=true it fails."""
    return shutil.which(tool) or left_out(f"{tool} is not on this host")


def left_out(reason: str) -> NoReturn:
    """The test is left out with its reason; under CI=true it fails."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
