"""JSON Schema of the messages, for those who write them in another language.

``python -m schemas.json_schema`` writes the files in ``schemas/json``. Everything is read off the code: types and
limits off the annotations, descriptions and units off the docstring of `Reading`.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from schemas.columns import ReadingColumns
from schemas.reading import COLUMNS, REQUIRED_COLUMNS, Reading

FOLDER = Path(__file__).parent / "json"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TIMES = ("test_time_second", "unix_time_second")
_NULL = {"type": "null"}

Node = dict[str, Any]


def reading_schema() -> Node:
    """Of a message with one reading."""
    return _schema(Reading, _object(Reading)["properties"])


def reading_columns_schema() -> Node:
    """Of a message with readings as columns; valid when every reading in it is.

    That all lists must have one length is not said: JSON Schema cannot.
    """
    numbers = {name: _number(node) for name, node in _object(Reading)["properties"].items() if name in COLUMNS}
    properties = _object(ReadingColumns)["properties"]
    for name, number in numbers.items():
        properties[name] = _limited(properties[name], number, nullable=name not in REQUIRED_COLUMNS)
    return _schema(ReadingColumns, properties)


def files() -> dict[Path, str]:
    """Content of each file of the folder."""
    schemas = {"reading": reading_schema(), "reading_columns": reading_columns_schema()}
    return {FOLDER / f"{name}.schema.json": json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}


def descriptions() -> dict[str, str]:
    """What each field of a reading means, as its docstring says."""
    text = inspect.getdoc(Reading) or ""
    attributes = inspect.cleandoc(text.split("Attributes:", 1)[1])
    return {
        name: " ".join(meaning.split()) for name, meaning in re.findall(r"(?ms)^(\w+): (.*?)(?=^\w|\Z)", attributes)
    }


def _object(record: type[msgspec.Struct]) -> Node:
    found: Node = msgspec.json.schema(record)["$defs"][record.__name__]
    return found


def _schema(record: type[msgspec.Struct], properties: dict[str, Node]) -> Node:
    meanings = descriptions()
    return {
        "$schema": _DIALECT,
        "title": record.__name__,
        "description": inspect.cleandoc((inspect.getdoc(record) or "").split("Attributes:", 1)[0]),
        "type": "object",
        "properties": {name: _described(meanings[name]) | node for name, node in properties.items()},
        "required": _object(record)["required"],
        "anyOf": [
            {"required": [name], "properties": {name: {"not": _NULL}}}
            for name in _TIMES  # a reading has at least one of them
        ],
    }


def _described(meaning: str) -> Node:
    unit = re.search(r"\[(\w+)\]", meaning)
    return {"description": meaning, "unit": unit[1]} if unit else {"description": meaning}


def _number(node: Node) -> Node:
    """The limits of a number that may be null."""
    found: Node = next(kind for kind in node.get("anyOf", [node]) if kind != _NULL)
    return found


def _limited(node: Node, number: Node, *, nullable: bool) -> Node:
    """The node with ``number`` in place of any number."""
    if node.get("type") == "number":
        return number
    if "items" in node:
        return node | {"items": _limited(node["items"], number, nullable=nullable)}
    if "anyOf" in node:
        kinds = [kind for kind in node["anyOf"] if nullable or kind != _NULL]
        limited = [_limited(kind, number, nullable=nullable) for kind in kinds]
        return node | {"anyOf": limited} if len(limited) > 1 else limited[0]
    return node


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for path, content in files().items():
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
