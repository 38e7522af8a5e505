"""The weekly run: which reports are made again, and that the fast engine shows what plain papermill shows."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines

from coverage_kit import open_workspace
from coverage_kit.config import CONFIG_NAME
from coverage_kit.engine import WarmForkEngine
from coverage_kit.reporting.run import report_week
from coverage_kit.sample import fill_workspace
from coverage_kit.store.entities import Account
from coverage_kit.workspace import init_workspace

pytestmark = pytest.mark.slow

TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "reports").glob("*.ipynb"))
WITHOUT_CHARTS = {"agreement", "deal_review", "minutes"}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the small sample, standing in the middle of the week after its last one."""
    ws = tmp_path_factory.mktemp("team") / "ws"
    init_workspace(ws, lang="ko").close()
    with open_workspace(ws) as opened:
        fill_workspace(opened, size="small")
    return ws


def later(ws: Path, moment: str) -> None:
    config = ws / CONFIG_NAME
    config.write_text(re.sub(r"clock: .*", f'clock: "{moment}"', config.read_text()))


def stems(paths: list[str]) -> list[str]:
    return [Path(path).stem for path in paths]


def shown(nb: Any) -> list[Any]:
    return [(c.source, c.get("execution_count"), [dict(o) for o in c.get("outputs", [])]) for c in nb.cells]


@pytest.mark.skipif(sys.platform != "linux", reason="forking needs Linux")
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_gives_the_notebook_that_plain_papermill_gives(
    team: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERAGE_KIT_WORKSPACE", str(team))
    papermill_engines.register("warmfork", WarmForkEngine)
    made = []
    for engine in (None, "warmfork"):
        out = tmp_path / f"{engine}.ipynb"
        papermill.execute_notebook(str(template), str(out), engine_name=engine, progress_bar=False)
        made.append(nbformat.read(out, 4))
    plain, ours = made
    assert shown(ours) == shown(plain)
    n_charts = sum("image/svg+xml" in str(o) for c in ours.cells for o in c.get("outputs", []))
    assert n_charts >= (0 if template.stem in WITHOUT_CHARTS else 3)
    assert ours.metadata.language_info == plain.metadata.language_info
    for key in ("tags", "papermill"):
        assert [set(c.metadata.get(key, ())) for c in ours.cells] == [set(c.metadata.get(key, ())) for c in plain.cells]


def test_only_what_changed_is_made_again(team: Path) -> None:
    later(team, "2026-11-25T10:00:00.000+09:00")
    with open_workspace(team) as ws:
        first = report_week(ws, week="2026-W48", n_workers=2)
        assert len(first.made) == 4
        assert first.failed == []
        owner = {row.id: row.owner_id for row in ws.ledger.as_of(Account)}
    later(team, "2026-11-25T18:00:00.000+09:00")
    with open_workspace(team) as ws:
        assert report_week(ws, week="2026-W48").made == []
        account = next(key for key, rep in owner.items() if rep == "jihye.kim")
        ws.edit_slot(account, "ceo", holder="Nobody Else Has This Name")
        again = report_week(ws, week="2026-W48")
        assert stems(again.made) == ["jihye.kim", "team"]
        kept = json.loads(Path(again.manifest).read_text())["reports"]
        assert kept["minsoo.park"]["as_of"] < kept["jihye.kim"]["as_of"]
    # The next day a verification is a day older: every page may differ.
    later(team, "2026-11-26T10:00:00.000+09:00")
    with open_workspace(team) as ws:
        assert len(report_week(ws, week="2026-W48", dry_run=True).made) == 4


def test_no_report_and_no_kept_notebook_holds_a_path_of_this_machine(team: Path) -> None:
    with open_workspace(team) as ws:
        result = report_week(ws)
    folder = Path(result.index).parent
    texts = [path.read_text() for path in folder.rglob("*") if path.suffix in (".ipynb", ".html")]
    assert len(texts) >= 9
    for word in (str(team), str(Path.home()) + "/", str(folder)):
        assert not any(word in text for text in texts)


def test_a_report_can_be_made_by_plain_papermill_in_the_same_batch(team: Path, tmp_path: Path) -> None:
    config = team / CONFIG_NAME
    config.write_text(config.read_text().replace('engine: "warmfork"', 'engine: "plain"'))
    try:
        with open_workspace(team) as ws:
            plain = report_week(ws, reps=["jihye.kim"], out=tmp_path)
            forked = report_week(ws, reps=["jihye.kim"])
    finally:
        config.write_text(config.read_text().replace('engine: "plain"', 'engine: "warmfork"'))
    assert plain.failed == []
    page = Path((plain.made + plain.skipped)[0]).read_bytes()
    assert page == Path((forked.made + forked.skipped)[0]).read_bytes()
