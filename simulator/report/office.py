"""The libraries that documents are written with; they come with an extra, and are imported when they are used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final

from simulator.errors import StaggerError

PACKAGES: Final = {"jinja2": "jinja2", "docx": "python-docx", "xlsxwriter": "xlsxwriter"}
"""What a library is imported as, and what it is installed as."""


def library(name: str) -> ModuleType:
    """A library of the extra `office`, by the name it is imported as.

    Raises:
        StaggerError: it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        raise StaggerError(
            f"a report needs {PACKAGES[error.name]}, which is not installed. Install all that reports need: "
            f"pip install {' '.join(PACKAGES.values())}"
        ) from None
