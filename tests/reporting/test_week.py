"""Which reports a week has: whose, of which week, from which template."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from coverage_kit import BadInput, Week, init_workspace, open_workspace, report
from coverage_kit.assets.paths import folder
from coverage_kit.config import CONFIG_NAME, ReportTemplate, read_config, write_config
from tests.commands import run
from tests.domain.test_words import HOSTILE

pytestmark = pytest.mark.slow


@pytest.fixture
def own(team: Path, tmp_path: Path) -> Path:
    """A copy of the sample's workspace without its reports."""
    return Path(shutil.copytree(team, tmp_path / "own", ignore=shutil.ignore_patterns("reports")))


def use_template(ws: Path, text: str, digest: str | None = None) -> Path:
    """Make a template of the workspace's own the one that its config trusts."""
    path = ws / "templates" / "own" / "rep_weekly.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    entry = ReportTemplate(
        path="templates/own/rep_weekly.ipynb", sha256=digest or hashlib.sha256(text.encode()).hexdigest()
    )
    config = read_config(ws / CONFIG_NAME)
    write_config(ws / CONFIG_NAME, config.model_copy(update={"templates": [entry]}))
    return path


def test_a_rep_named_twice_gets_one_report(own: Path) -> None:
    result = json.loads(run("-w", own, "report", "--rep", "jihye.kim", "--rep", "jihye.kim", "--json"))
    assert [Path(path).name for path in result["made"]] == ["jihye.kim.html"]


def test_a_template_of_ones_own_is_run_when_the_config_names_its_hash(own: Path) -> None:
    text = (folder("templates") / "reports" / "rep_weekly.ipynb").read_text(encoding="utf-8")
    cells = json.loads(text)
    cells["cells"].insert(
        2,
        {
            "cell_type": "code",
            "id": "own",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "from IPython.display import HTML\nHTML('<section><h2>our own part</h2></section>')",
        },
    )
    path = use_template(own, json.dumps(cells))
    result = json.loads(run("-w", own, "report", "--rep", "jihye.kim", "--json"))
    assert "our own part" in Path(result["made"][0]).read_text(encoding="utf-8")
    path.write_text(json.dumps(cells) + " ")
    assert "rep_weekly.ipynb" in run("-w", own, "report", "--rep", "jihye.kim", "--force", code=2)
    path.unlink()
    assert "rep_weekly.ipynb" in run("-w", own, "report", "--rep", "jihye.kim", "--force", code=2)


def test_a_handed_over_account_is_its_old_reps_until_that_week_and_the_new_ones_after(own: Path) -> None:
    with open_workspace(own) as ws:
        before, after = (
            ws.slots(as_of=week).set_index("account")["rep"].groupby(level=0, observed=True).first()
            for week in ("2026-W44", "2026-W47")
        )
        names = ws.slots().groupby("account", observed=True)["account_name"].first()
        people = {
            account: set(ws.people(account)["name"]) for account in after.index[before.reindex(after.index) != after]
        }
    assert people
    for rep, week in (("minsoo.park", "2026-W44"), ("minsoo.park", "2026-W47"), ("sarah.lee", "2026-W47")):
        run("-w", own, "report", "--rep", rep, "--week", week)
        text = (own / "reports" / week / f"{rep}.ipynb").read_text(encoding="utf-8")
        with open_workspace(own) as ws:
            listed = set(ws.slots(rep=rep, as_of=week)["account"])
        for account in people:
            assert (account in listed) == ((before if week == "2026-W44" else after)[account] == rep)
            if account not in listed:
                assert names[account] not in text


def test_a_team_of_today_gets_the_running_week_marked_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,name\nA,Alpha\n")
    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        with pytest.raises(BadInput, match="assign"):
            report(ws)
        ws.import_file("accounts", tmp_path / "a.csv")
        ws.assign(["A"], "kim")
        result = report(ws)
        assert result.week == str(Week.containing(ws.now(), ws.zone))
    assert "week not over yet" in Path(result.made[0]).read_text(encoding="utf-8")


def test_before_anything_was_written_there_is_nothing_rather_than_an_error(own: Path) -> None:
    assert json.loads(run("-w", own, "status", "--as-of", "1999-12-31", "--json"))["team"]["required"] == 0
    assert "더 뒤의 주" in run("-w", own, "report", "--week", "2001-W01", code=2)


def test_a_folders_name_is_never_taken_for_a_format(team: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(team, tmp_path / "{rep.__class__} 한글", ignore=shutil.ignore_patterns("reports")))
    result = json.loads(run("-w", own, "report", "--rep", "jihye.kim", "--json"))
    assert Path(result["made"][0]).is_relative_to(own / "reports" / "2026-W47")


def test_whatever_reps_are_called_their_reports_stay_inside_the_weeks_folder(tmp_path: Path) -> None:
    keys = [*HOSTILE, *(f"rep {n}" for n in range(10, 3000))]
    lines = ["key,function,name", *(f'"{key}",rep,x' for key in keys)]
    (tmp_path / "staff.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "a.csv").write_text("key,name\nA,Alpha\n")
    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        assert ws.import_file("staff", tmp_path / "staff.csv").counts["added"] == len(keys)
        ws.import_file("accounts", tmp_path / "a.csv")
        ws.assign(["A"], keys[0])
    result = json.loads(run("-w", tmp_path / "ws", "report", "--dry-run", "--json"))
    folder = tmp_path / "ws" / "reports" / result["week"]
    pages = [Path(path) for path in result["made"]]
    assert {path.parent for path in pages} == {folder}
    assert len({path.name.casefold() for path in pages}) == len(keys) + 1
    assert not folder.exists()
