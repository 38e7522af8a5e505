"""The files that a new workspace gets: notebooks without their outputs, and templates."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from coverage_kit.assets.paths import folder
from coverage_kit.assets.private import FILE_MODE, make_folder

FOLDERS = ("notebooks", "templates")
#: Pages that came after version 0.1.0, and to which other pages link.
NEW_PAGES = (
    "notebooks/start.ipynb",
    "notebooks/role_lists.ipynb",
    "notebooks/contacts.ipynb",
    "notebooks/duplicates.ipynb",
    "notebooks/contact_audit.ipynb",
)


def shipped_files() -> dict[str, bytes]:
    """Content of each file by its name in the workspace, such as ``notebooks/first_look.ipynb``."""
    return {
        f"{name}/{path.relative_to(folder(name)).as_posix()}": _content(path)
        for name in FOLDERS
        for path in sorted(folder(name).rglob("*"))
        if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(folder(name)).parts)
    }


def write_shipped_files(home: Path) -> None:
    """Put them into a workspace's folder, for its owner alone whatever the umask."""
    for name, content in shipped_files().items():
        make_folder((home / name).parent)
        (home / name).write_bytes(content)
        (home / name).chmod(FILE_MODE)


def write_new_pages(home: Path) -> None:
    """Add the pages that a workspace of version 0.1.0 does not have; other files stay as they are."""
    for name, content in shipped_files().items():
        path = home / name
        if name in NEW_PAGES and not path.exists():
            with suppress(OSError):
                path.write_bytes(content)
                path.chmod(FILE_MODE)


def without_outputs(notebook: str) -> str:
    """A notebook's text without outputs and counts, so that no figures of the sample stand in somebody's workspace."""
    document = json.loads(notebook)
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            # A cell whose output is compared with the sample's would fail in a workspace with other data.
            tags = cell["metadata"].get("tags", [])
            if "nbval-check-output" in tags:
                cell["metadata"]["tags"] = [tag for tag in tags if tag != "nbval-check-output"]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _content(path: Path) -> bytes:
    if path.suffix != ".ipynb":
        return path.read_bytes()
    return without_outputs(path.read_text(encoding="utf-8")).encode()
