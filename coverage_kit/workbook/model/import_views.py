"""What the import page shows of a file and of its plan, as plain messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from coverage_kit.errors import CoverageKitError
from coverage_kit.exchange import ImportPlan, Problem
from coverage_kit.exchange.plan.import_plan import WhoQuestion
from coverage_kit.exchange.problems import Effect
from coverage_kit.i18n import LANGUAGES, N_, texts
from coverage_kit.workbook.model.import_draft import ImportModel, Preview
from coverage_kit.workbook.model.import_words import FIELDS
from coverage_kit.workbook.model.messages import in_all_languages
from coverage_kit.workbook.model.responses import Bilingual, OwnerQuestion, PersonQuestion, PlanView, PreviewView

#: Lines of a table that the page shows; all are counted.
LISTED = 200
#: Questions that the page asks at once.
ASKED = 20
#: What the page says where the command line would name one of its options.
_ON_PAGE = {
    "import.column_missing": N_("No column is {lacking} yet. Choose below which one it is."),
    "import.other_list": N_("This looks like another list than the one chosen above: it has {columns}."),
    "import.other_kind": N_("This is a file of {layout}, and not the list chosen above."),
    "import.header_twice": N_(
        "{n} columns are called {column}, and they differ: {cells}. Choose below which one is read; set the others to not read."
    ),
    "import.sheet": N_("This workbook has several sheets. Choose the one to bring in."),
    "import.encoding": N_("Line {line} of {file} is not {encoding}. Choose another encoding."),
    "import.encoding_unclear": N_("The bytes of {file} do not show its encoding. Choose one."),
    "contact.key_unknown": N_(
        "{name} is here under the key {other}, not {key}; decide above whether it is the same account"
    ),
    "contact.several": N_("several people of this name are at this account; choose above which one it is"),
    "contact.in_brackets": N_(
        "this may be somebody at this account whose name is written with or without the part in brackets; choose above who it is"
    ),
    "owner.several": N_("several colleagues have this name; choose the right one above"),
    "owner.to_confirm": N_("no colleague has this name yet; added as one to be confirmed"),
}
#: Problems that a decision about accounts settles: their key and their name disagree.
_UNCLEAR = {"account.key_near", "contact.key_unknown", "contact.key_two_names", "contact.key_name"}


def explained(exc: CoverageKitError) -> Bilingual:
    """An error by language; where the command line would name an option, in words of the page."""
    said = _ON_PAGE.get(exc.code)
    if said is None:
        return in_all_languages(exc)
    lacking = exc.values.get("lacking")
    named = lacking if isinstance(lacking, list) else []
    return {
        lang: texts(lang)(said, **{**exc.values, "lacking": [texts(lang)(FIELDS[ours]) for ours in named]})
        for lang in LANGUAGES
    }


def preview_view(preview: Preview) -> PreviewView:
    """A file before anything is done with it."""
    return {
        "columns": [
            {"theirs": each.theirs, "ours": each.ours, "samples": each.samples, "guess": each.guess}
            for each in preview.columns
        ],
        "layout": preview.layout,
        "encoding": preview.encoding,
        "is_guess": preview.is_guess,
        "n_rows": preview.n_rows,
        "sheets": preview.sheets,
        "lacking": explained(preview.lacking) if preview.lacking else None,
        "holds": preview.holds,
    }


def plan_view(model: ImportModel, plan: ImportPlan, accounts: Mapping[str, str], staff: Mapping[str, str]) -> PlanView:
    """What a trial or an import came to: the counts, and the first lines of each table.

    Parameters
    ----------
    model : ImportModel
    plan : ImportPlan
    accounts, staff : mapping
        Names by id.
    """
    counted = ("rows", "added", "changed", "unchanged", "rejected", "missing", "accounts_added", "marked_gone")
    rejects = plan.counts.get("rejects_file")
    problems = sorted(plan.problems, key=lambda problem: (problem.effect is Effect.NOTICE, problem.row))
    return {
        "counts": {name: plan.counts.get(name, 0) for name in counted},
        "accounts_added": _accounts_added(plan) if plan.counts["accounts_added"] else [],
        "unread": plan.unread,
        "n_left_out": len(plan.left_out),
        "left_out": [{"row": one.row, "why": one.why, "text": one.text} for one in plan.left_out[:LISTED]],
        "left_out_by": Counter(one.why for one in plan.left_out),
        "unclear": model.unclear.value,
        "n_unclear": len({problem.row for problem in problems if problem.code in _UNCLEAR}),
        "owners": _owner_questions(model, problems, staff),
        "n_who": len(plan.asked),
        "who": [_person_question(one, accounts) for one in plan.asked[:ASKED]],
        "people_columns": plan.people_columns,
        "may_be_owner": len(plan.people_columns) == 1 and "owner" not in plan.counts["columns"].values(),
        "rejects": Path(rejects).name if rejects else "",
        "n_problems": len(problems),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "effect": problem.effect.value,
                "text": {lang: _problem_text(problem, lang) for lang in LANGUAGES},
            }
            for problem in problems[:LISTED]
        ],
        "n_differences": len(plan.differences),
        "differences": [
            {"row": each.row, "what": each.what, "field": each.field, "before": each.before or "", "after": each.after}
            for each in plan.differences[:LISTED]
        ],
        "n_missing": len(plan.missing),
        "missing": [
            {"name": row["name"], "account": accounts.get(row["account"], row["account"])}
            for row in plan.missing[:LISTED]
        ],
    }


def _accounts_added(plan: ImportPlan) -> list[str]:
    return [fields["name"] for entity, _, fields, is_new in plan.changes if entity == "account" and is_new][:LISTED]


def _person_question(one: WhoQuestion, accounts: Mapping[str, str]) -> PersonQuestion:
    return {
        "row": one.row,
        "name": one.name,
        "account": accounts.get(one.account, one.account),
        "people": [{"id": key, "name": shown} for key, shown in one.people.items()],
        "chosen": one.chosen,
        "in_brackets": one.in_brackets,
    }


def _problem_text(problem: Problem, lang: str) -> str:
    said = _ON_PAGE.get(problem.code)
    return problem.text(lang) if said is None else texts(lang)(said, **problem.values)


def _owner_questions(model: ImportModel, problems: list[Problem], staff: Mapping[str, str]) -> list[OwnerQuestion]:
    """The names of owners that several colleagues have: those that wait for a decision, then those decided."""
    waiting = Counter(problem.value for problem in problems if problem.code == "owner.several")
    keys: dict[str, list[str]] = {}
    for problem in problems:
        found = problem.values.get("keys")
        if problem.code == "owner.several" and isinstance(found, list):
            keys[problem.value] = found
    keys |= {name: [key] for name, key in model.owners.items() if name not in keys}
    return [
        {
            "name": name,
            "n": waiting[name],
            "colleagues": [{"id": key, "name": staff.get(key) or key} for key in found],
            "chosen": model.owners.get(name, ""),
        }
        for name, found in keys.items()
    ]
