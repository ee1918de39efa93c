"""What is on disk: folders of results, the outcomes in them, and what made them."""

from simulator.store.folder import (
    MANIFEST,
    OUTCOMES,
    SUMMARY,
    Folder,
    as_json,
    checked,
    folder_names,
    read_manifest,
    read_summary,
    versions,
    whole_manifest,
)
from simulator.store.outcomes import ROWS, Columns, OutcomeWriter

__all__ = [
    "MANIFEST",
    "OUTCOMES",
    "ROWS",
    "SUMMARY",
    "Columns",
    "Folder",
    "OutcomeWriter",
    "as_json",
    "checked",
    "folder_names",
    "read_manifest",
    "read_summary",
    "versions",
    "whole_manifest",
]
