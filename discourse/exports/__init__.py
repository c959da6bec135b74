"""Labeled threads as datasets that other tools read, and back.

export(run_folder_or_labeled, to, out, options) -> Exported
read_export(folder) -> Iterator[LabeledThread]
"""

from discourse.exports.exporting import FORMATS, ExportFormat, export, read_export
from discourse.exports.options import Exported, ExportOptions

__all__ = ["FORMATS", "ExportFormat", "ExportOptions", "Exported", "export", "read_export"]
