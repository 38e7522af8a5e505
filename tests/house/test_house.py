"""The house stands as the architecture says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from packaging.requirements import Requirement

import coverage_kit
from coverage_kit.i18n import N_n, texts

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "coverage_kit"
LAYERS = ["cli", "operations", "workbook", "reporting", "engine", "sample", "opening", "links", "workspace", "acts", "role_list_acts", "merge_acts", "overview", "transfer", "coaching", "rules", "charts", "measures", "config", "exchange", "role_lists", "store", "assets", "domain", "errors", "i18n"]  # fmt: skip
FORBIDDEN = {"measures": {"store", "exchange"}, "charts": {"store", "exchange"}, "exchange": {"store"}}
ONLY_HERE = {
    "sqlalchemy": {"store", "reporting"},
    "alembic": {"store"},
    "papermill": {"reporting", "engine"},
    "nbclient": {"engine"},
    "ipykernel": {"engine"},
    "matplotlib": {"charts"},
    "anywidget": {"workbook"},
    "ipywidgets": {"workbook"},
}


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py" and path != PACKAGE / "__init__.py"]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down_only(path: Path) -> None:
    own = layer(path)
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == "coverage_kit" and rest:
            other = rest.split(".")[0]
            allowed = LAYERS.index(other) >= LAYERS.index(own)
            assert allowed, f"{own} imports {other}"
            assert other not in FORBIDDEN.get(own, set())
        if top in ONLY_HERE:
            assert own in ONLY_HERE[top], f"{own} imports {top}"


def test_what_differs_between_databases_stands_with_the_databases() -> None:
    """A comparison with one database's name treats every other one as the second."""
    store = PACKAGE / "store"
    asked = [path for path in modules() if path != store / "dialects.py" and store / "migrations" not in path.parents]
    sources = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in asked}
    assert "store/sqlite.py" in sources
    named = re.compile(r"\.dialect\.name\b|get_backend_name|(?:==|!=|\bin|case) \(?\"(?:sqlite|postgresql)\"")
    assert [path for path, source in sources.items() if named.search(source)] == []
    assert named.search('engine.dialect.name != "sqlite"')


def test_the_engine_can_be_lifted_out() -> None:
    for path in (PACKAGE / "engine").glob("*.py"):
        assert not any(name.startswith("coverage_kit") for name in imported(path)), path.name


def test_conda_users_get_the_same_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {Requirement(text).name: str(Requirement(text).specifier) for text in project["dependencies"]}
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    listed = [entry for entry in entries if isinstance(entry, str)]
    # What conda may not have comes by pip, in pip's spelling.
    by_pip = [
        Requirement(line) for entry in entries if isinstance(entry, dict) for line in entry["pip"] if line[0] != "-"
    ]
    listed += [f"{each.name} {each.specifier}" for each in by_pip]
    found = {
        name.replace("matplotlib-base", "matplotlib"): spec
        for name, _, spec in (entry.partition(" ") for entry in listed)
    }
    assert found.pop("python") == project["requires-python"]
    found.pop("pip")

    def parts(spec: str) -> set[str]:
        return set(spec.split(","))

    assert {name: parts(spec) for name, spec in found.items()} == {name: parts(spec) for name, spec in wanted.items()}


def test_constraints_name_versions_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().split()
    assert len(lines) > 50
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!]+", line) for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["-c", "import coverage_kit"], ["-m", "coverage_kit", "--help"]])
def test_asking_for_help_does_not_load_pandas(arguments: list[str]) -> None:
    told = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True)
    loaded = {line.split("|")[-1].strip() for line in told.stderr.splitlines() if "|" in line}
    assert "coverage_kit" in loaded
    assert not loaded & {"pandas", "sqlalchemy", "matplotlib", "papermill"}


@pytest.mark.slow
def test_every_text_is_translated_with_the_same_placeholders() -> None:
    with (PACKAGE / "i18n/locale/ko/LC_MESSAGES/coverage_kit.po").open("rb") as file:
        catalogue = {each: korean for message in read_po(file) for each, korean in each_text(message)}
    fields = re.compile(r"\{\w+\}")
    marked = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="N_"), args=[ast.Constant(value=str(text))]):
                    marked.add(text)
                case ast.Call(
                    func=ast.Name(id="N_n"), args=[ast.Constant(value=str(one)), ast.Constant(value=str(more))]
                ):
                    marked |= {one, more}
    for path in (PACKAGE / "reporting/pages/html").glob("*.j2"):
        marked |= {a or b for a, b in re.findall(r"_\((?:\"([^\"]+)\"|'([^']+)')", path.read_text(encoding="utf-8"))}
    assert len(marked) > 100
    assert sorted(marked - catalogue.keys()) == []
    for english, korean in catalogue.items():
        assert korean, english
        assert sorted(fields.findall(english)) == sorted(fields.findall(korean)), english


def each_text(message: Message) -> list[tuple[str, str]]:
    """The texts of an entry of the catalogue, each with its Korean; of what is counted there are two."""
    if not message.id:
        return []
    return (
        [(each, message.string[0]) for each in message.id] if message.pluralizable else [(message.id, message.string)]
    )


def test_the_compiled_catalogue_is_fresh() -> None:
    with (PACKAGE / "i18n/locale/ko/LC_MESSAGES/coverage_kit.po").open("rb") as file:
        for message in read_po(file):
            if message.id and message.pluralizable:
                one, more = message.id
                assert texts("ko").counted(N_n(one, more), 1) == message.string[0]
            elif message.id:
                assert texts("ko")(message.id) == message.string


def test_what_is_counted_reads_well_of_one_and_of_many() -> None:
    ago = N_n("{n} day ago", "{n} days ago")
    assert [texts("en")(ago, n=n) for n in (0, 1, "1", 2, "1,001")] == [
        "0 days ago", "1 day ago", "1 day ago", "2 days ago", "1,001 days ago"
    ]  # fmt: skip
    assert [texts("ko")(ago, n=n) for n in (1, 2)] == ["1일 전", "2일 전"]


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("templates/reports/*.ipynb")]), ids=lambda p: p.name
)
def test_notebooks_are_thin(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    tags = [tag for cell in cells for tag in cell["metadata"].get("tags", [])]
    assert tags.count("nbval-check-output") >= 1
    assert tags.count("parameters") == (1 if path.parent.name == "reports" else tags.count("parameters"))
    for cell in cells:
        source = "".join(cell["source"])
        lines = [line for line in source.splitlines() if line.strip()]
        assert len(lines) <= 5
        assert not any(
            isinstance(n, ast.FunctionDef | ast.ClassDef | ast.For | ast.While) for n in ast.walk(ast.parse(source))
        )
        assert not re.search(r"\b(SELECT|INSERT|UPDATE|DELETE)\b", source)
        if "nbval-check-output" in cell["metadata"].get("tags", []):
            assert cell["outputs"]
        else:
            assert cell["outputs"] == []


def sources() -> list[Path]:
    return [path for kind in ("py", "js", "css") for path in PACKAGE.rglob(f"*.{kind}") if "vendor" not in path.parts]


def test_a_long_file_says_why() -> None:
    long = [path for path in sources() if path.read_text(encoding="utf-8").count("\n") > 400]
    assert long
    assert [
        path.name for path in long if "Long because" not in " ".join(path.read_text(encoding="utf-8")[:1000].split())
    ] == []


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {coverage_kit.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_wheel_carries_all_it_needs_and_makes_a_report_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True, capture_output=True)
    # What the wheel depends on is taken from this environment; the package itself is not.
    here = next(p for p in sys.path if p.endswith("site-packages"))
    target = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    (target / "dependencies.pth").write_text(here + "\n")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    told = subprocess.run([python, "-c", "import coverage_kit; print(coverage_kit.__file__)"], cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip
    assert str(target) in told.stdout
    ws = tmp_path / "ws"
    run = [python, "-m", "coverage_kit"]
    subprocess.run([*run, "init", ws, "--lang", "ko"], cwd=tmp_path, check=True, capture_output=True)
    assert (ws / "templates/roles/general.yml").is_file()
    assert (ws / "notebooks/first_look.ipynb").is_file()
    subprocess.run([*run, "-w", ws, "sample"], cwd=tmp_path, check=True, capture_output=True)
    made = subprocess.run([*run, "-w", ws, "report", "--rep", "jihye.kim", "--json"], cwd=tmp_path, capture_output=True, text=True, check=True)  # fmt: skip
    page = Path(json.loads(made.stdout)["made"][0]).read_text(encoding="utf-8")
    assert "고객 파악률" in page
    assert "font/ttf;base64," in page
