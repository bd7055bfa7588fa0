"""The shape of the code: which way imports run, how long things are, what appears nowhere."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "pipelines", "simulator", "dashboard")
OUR_FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
ALL_FILES = sorted([*OUR_FILES, *(ROOT / "tests").rglob("*.py"), ROOT / "setup.py"])
TEXT_FILES = sorted(
    [*ALL_FILES, *(f for p in ("*.md", "*.toml", ".*.yaml", ".ci/*", "Makefile") for f in ROOT.glob(p))]
)

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

MAY_IMPORT = {
    "schemas": set(),
    "pipelines.analytics": {"schemas"},
    "pipelines.passwords": set(),
    "pipelines.whole_file": set(),
    "pipelines.sources": {"schemas", "pipelines.passwords", "pipelines.whole_file"},
    "pipelines.decoding": {"schemas"},
    "pipelines.dead_letters": {"schemas", "pipelines.sources", "pipelines.decoding"},
    "pipelines.storage": {"schemas", "pipelines.passwords"},
    "pipelines.servers": set(),
    "pipelines.options": {"schemas", "pipelines.analytics"},
    "pipelines.transforms": {
        *("schemas", "pipelines.analytics", "pipelines.sources", "pipelines.decoding", "pipelines.storage"),
        *("pipelines.dead_letters", "pipelines.options"),
    },
    "pipelines.graph": {"schemas", "pipelines.options", "pipelines.transforms"},
    "pipelines.runners": {
        *("schemas", "pipelines.sources", "pipelines.storage", "pipelines.options", "pipelines.transforms"),
        *("pipelines.graph", "pipelines.servers"),
    },
    "pipelines.cli": {"schemas", "pipelines", "simulator", "dashboard"},
    "simulator": {"schemas"},
    "dashboard": {"schemas", "pipelines.storage"},
}
"""A part may import itself and these; `pipelines` alone stands for all of its parts."""

MAY_IMPORT_BEAM = ("pipelines.transforms", "pipelines.graph", "pipelines.runners")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path) -> Iterator[str]:
    """Full names of all that a file imports, also inside of functions; relative imports have none and are refused."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            # What is imported may be a module itself: `from pipelines import graph`.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, parts: set[str] | tuple[str, ...]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def part_of(module: str) -> str | None:
    return next((part for part in MAY_IMPORT if within(module, (part,))), None)


def forbidden(module: str, imports: Iterator[str] | list[str]) -> list[str]:
    """Those of the imports that ``module`` may not have."""
    part = part_of(module)
    assert part is not None, f"{module} belongs to no part that MAY_IMPORT names"
    return [name for name in imports if within(name, PACKAGES) and not within(name, {part, *MAY_IMPORT[part]})]


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))


def calls_of(file: Path, name: str) -> list[int]:
    tree = ast.parse(file.read_text("utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return [call.lineno for call in calls if call.func.id == name]


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code: no blanks, comments or docstrings."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, node.end_lineno + 1))
    return lines


def long_functions(source: str) -> list[tuple[str, int]]:
    lines = code_lines(source)
    functions = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    sizes = ((f.name, len(lines.intersection(range(f.lineno, f.end_lineno + 1)))) for f in functions)
    return [(name, size) for name, size in sizes if size > MAX_FUNCTION_LINES]


@pytest.mark.parametrize("file", OUR_FILES, ids=relative)
def test_imports_run_one_way(file):
    if file != ROOT / "pipelines" / "__init__.py":
        assert forbidden(module_of(file), imports_of(file)) == []


@pytest.mark.parametrize("file", OUR_FILES, ids=relative)
def test_only_transforms_graph_and_runners_know_beam(file):
    if not within(module_of(file), MAY_IMPORT_BEAM):
        assert [name for name in imports_of(file) if within(name, ("apache_beam",))] == []


@pytest.mark.parametrize("file", OUR_FILES, ids=relative)
def test_nothing_is_pickled(file):
    assert [name for name in imports_of(file) if within(name, ("pickle", "cloudpickle", "dill", "marshal"))] == []


@pytest.mark.parametrize("file", OUR_FILES, ids=relative)
def test_only_the_command_line_prints(file):
    if not within(module_of(file), ("pipelines.cli",)):
        assert calls_of(file, "print") == []


@pytest.mark.parametrize("file", ALL_FILES, ids=relative)
def test_no_file_is_too_long(file):
    assert len(file.read_text("utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("file", ALL_FILES, ids=relative)
def test_no_function_is_too_long(file):
    assert long_functions(file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", TEXT_FILES, ids=relative)
def test_no_file_names_a_path_of_a_machine(file):
    homes = "|".join(("work", "home", "root", "Users"))
    assert re.findall(rf"(?<![\w.:/-])/(?:{homes})/\w*", file.read_text("utf-8")) == []


def test_a_page_that_computes_and_a_core_that_reads_files_are_found():
    assert forbidden("dashboard.feed", ["numpy", "schemas.CycleRow", "pipelines.storage.open_reader"]) == []
    assert forbidden("dashboard.feed", ["pipelines.analytics.track"]) == ["pipelines.analytics.track"]
    assert forbidden("pipelines.analytics.steps", ["pipelines.sources"]) == ["pipelines.sources"]
    assert forbidden("schemas.rows", ["pipelines"]) == ["pipelines"]


def test_a_function_of_41_lines_of_code_is_found_and_its_docstring_is_not_counted():
    body = "".join(f"    x{k} = {k}\n" for k in range(39))
    docstring = '    """Says\n    something\n    long."""\n\n    # a comment\n'
    assert long_functions("def f():\n" + docstring + body) == []
    assert long_functions("def f():\n" + docstring + body + "    y = 1\n") == [("f", 41)]
