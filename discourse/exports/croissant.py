"""The Croissant 1.0 description of the dataset: files with their hashes, and a record set for each table.

Specification: docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html; checked with mlcroissant in the tests.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from discourse import __version__
from discourse.exports.card import Facts
from discourse.table import SCHEMA, THREAD_SCHEMA

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context of the specification's appendix 1, as mlcroissant writes it."""


def croissant(facts: Facts, folder: Path) -> str:
    """Return croissant.json for the Parquet files under `folder`."""
    files = sorted(folder.rglob("*.parquet"))
    objects = [_file(file, folder) for file in files]
    data = [one["@id"] for one in objects if one["@id"].startswith("data/")]
    threads = [one["@id"] for one in objects if one["@id"].startswith("threads/")]
    document: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.name,
        "description": f"{facts.rows.total()} comments of {len(facts.threads)} threads with reply trees, labeled with "
        f"stance, reply stance and argument type by discourse {__version__}",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **({"license": facts.options.license} if facts.options.license else {}),
        "inLanguage": [code for code, _ in facts.languages.most_common() if code != "und"],
        "keywords": ["stance detection", "argument mining", "comment threads"],
        "distribution": objects,
        "recordSet": [
            *(_records(name, SCHEMA) for name in data),
            *(_records(name, THREAD_SCHEMA) for name in threads),
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _file(path: Path, folder: Path) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": digest,
    }


def _records(file: str, schema: pa.Schema) -> dict[str, Any]:
    name = file.partition("-")[0]  # data/train, threads/train
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [_field(name, file, column) for column in schema if not _nested(column.type)],
    }


def _nested(kind: pa.DataType) -> bool:
    """Tell whether a column (`quotes`) holds lists of records, which Croissant 1.0 readers cannot take from Parquet."""
    return bool(pa.types.is_list(kind) and pa.types.is_struct(kind.value_type))


def _field(records: str, file: str, column: pa.Field) -> dict[str, Any]:
    kind = column.type
    repeated = pa.types.is_list(kind)
    described = {
        "@type": "cr:Field",
        "@id": f"{records}/{column.name}",
        "name": column.name,
        "dataType": _data_type(kind.value_type if repeated else kind),
        "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
    }
    return {**described, "repeated": True} if repeated else described


def _data_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:DateTime" if pa.types.is_timestamp(kind) else "sc:Text"
