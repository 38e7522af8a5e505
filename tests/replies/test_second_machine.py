"""The mail alone is enough: on a machine that cannot reach the first one it is answered, and the replies are read back in."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from coverage_kit.reporting.deliver.replies import ReplyState, read_answers, reply_files
from coverage_kit.store.entities import Commitment
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items

MACHINE = Path(__file__).with_name("answering_machine.py")
#: A network of its own, without any other computer in it.
ALONE = ["unshare", "--map-root-user", "--net"]
WORDS = {
    "team": [("Accept", "2026-12-11"), ("Hand on", "Boss"), ("Not possible", "The plant is being moved")],
    "korean": [("맡겠습니다", "12월 11일"), ("다른 분께", "Boss 팀장"), ("어렵습니다", "공장을 옮기는 중입니다")],
}


def can_be_alone() -> bool:
    return shutil.which("unshare") is not None and subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_be_alone(), reason="this system gives no network namespaces (unshare --net)")
@pytest.mark.parametrize("lang", WORDS)
def test_a_mail_is_answered_where_the_first_machine_cannot_be_reached(lang: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:  # fmt: skip
    team: TeamDay = request.getfixturevalue(lang)
    for n, role in enumerate(("cfo", "ceo", "cio")):
        ask(team, "chief", role=role, due_on=team.day + timedelta(days=n + 1))
    mail_items(team, tmp_path)
    # All that reaches the second machine: one program, and one mail.
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(MACHINE, second)
    shutil.copy(tmp_path / "mail" / "chief+items.eml", second / "mail.eml")
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = str(first.getsockname()[1])
        command = [sys.executable, "-I", "answering_machine.py", "mail.eml", ".", json.dumps(WORDS[lang]), port]
        near = subprocess.run(command, cwd=second, capture_output=True, text=True, check=True)
        far = subprocess.run([*ALONE, *command], cwd=second, capture_output=True, text=True, check=True)
    # Without the namespace the first machine is in reach: the control.
    assert json.loads(near.stdout)["reached"]
    assert json.loads(far.stdout) == {"loads": [], "others": [], "reached": False}
    (second / "mail.eml").unlink()
    result = read_answers(team.ws, reply_files([second]))
    assert [each.state for each in result.replies] == [ReplyState.WRITTEN] * 3, result
    rows = {row.role: row for row in team.ws.ledger.as_of(Commitment)}
    assert (rows["cfo"].answer, rows["cfo"].due_on) == ("accepted", "2026-12-11")
    assert rows["ceo"].owner_id == "boss"
    assert (rows["cio"].answer, rows["cio"].outcome) == ("declined", "withdrawn")
    assert [len(team.ws.coaching.answers.of(row.id)) for row in rows.values()] == [1, 1, 1]
