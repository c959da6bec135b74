"""Readers: one module per forum family, and `read`, which finds, sniffs and joins their dumps."""

from discourse.readers.accounts import FileReport
from discourse.readers.reading import Reading, read

__all__ = ["FileReport", "Reading", "read"]
