"""The house keeps itself in order: what no reader should have to check by hand."""

import ast
import hashlib
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR
OURS = ["initiatives", "innovguide"]


@cache
def project_files():
    """Every file that belongs to the project: what git would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    made = {".venv", "var", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & {*path.relative_to(ROOT).parts}]


def text_files():
    for path in project_files():
        if "vendor" not in path.parts:
            try:
                yield path.relative_to(ROOT), path.read_text()
            except UnicodeDecodeError:
                continue


def test_imports_only_go_down():
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.django_db
def test_the_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_dependency_is_pinned_and_has_its_reason(name):
    for line in (ROOT / name).read_text().splitlines():
        if not line.startswith(("#", "-r")):
            assert re.fullmatch(r"[A-Za-z0-9._-]+(\[\w+\])?==[\w.]+  # .{10,}", line), line


def test_the_site_imports_nothing_that_its_requirements_do_not_bring():
    brought = {_canonical("innovguide"), _canonical("initiatives")} | _requirements("requirements.txt")
    distributions = packages_distributions()

    for path in project_files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in OURS:
            for module in _imported_modules(path):
                names = {_canonical(name) for name in distributions.get(module, [module])}
                assert module in sys.stdlib_module_names or names & brought, f"{path} imports {module}"


def test_each_requirement_is_used():
    # Never imported: the driver that Django loads by itself.
    brought_for_others = {"psycopg"}
    text = "\n".join(content for path, content in text_files() if path.parts[0] in OURS and path.suffix == ".py")
    modules = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(_canonical(name), []).append(module)

    for name in _requirements("requirements.txt", deep=False) - brought_for_others:
        assert any(re.search(rf"\b{module}\b", text) for module in modules[name]), f"nothing uses {name}"


def test_no_path_of_someones_machine_is_written_anywhere():
    someones = re.compile(r"(?<![\w.}])/(?:home|Users|root|work)/[\w.-]+")

    for path, text in text_files():
        assert not someones.search(text), f"{path}: {someones.search(text)}"
        assert str(ROOT) not in text, path


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")

    for path, text in text_files():
        if path.suffix in (".py", ".html", ".css", ".js", ".md", ".sh"):
            assert not later.search(text), path


def test_each_vendored_file_is_listed_with_its_fingerprint():
    vendored = [path for path in project_files() if "vendor" in path.parts]

    assert vendored
    for path in vendored:
        if path.name != "VERSIONS.md":
            folder = Path(*path.parts[: len(path.parts) - path.parts[::-1].index("vendor")])
            line = next((row for row in _rows(folder / "VERSIONS.md") if path.name in row), None)
            assert line, f"{path} is not listed"
            if not path.name.startswith("LICENSE"):
                assert hashlib.sha256(path.read_bytes()).hexdigest() in line, path


def _rows(path):
    return path.read_text().splitlines()


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(name, deep=True):
    """The distributions that a requirements file names, and with `deep` those that they need themselves."""
    found = {_canonical(re.split(r"[\[=]", line)[0]) for line in _rows(ROOT / name) if line and line[0] not in "#-"}
    if deep:
        for distribution in list(found):
            for need in requires(distribution) or []:
                found.add(_canonical(re.match(r"[\w.-]+", need)[0]))
    return found


def _imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]
