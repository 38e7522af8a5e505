"""The page on which a file is brought in: stock widgets that show the model and hand it what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w
import pandas as pd

from coverage_kit.errors import CoverageKitError
from coverage_kit.i18n import N_, texts
from coverage_kit.workbook.import_model import KINDS, ImportModel, Preview
from coverage_kit.workspace import Workspace

_ENCODINGS = ("cp949", "utf-8", "utf-16", "cp1252")
_KIND_LABELS = {"accounts": N_("Accounts"), "contacts": N_("Contacts"), "staff": N_("Our people")}
_FIELD_LABELS = {
    "key": N_("key"),
    "name": N_("name"),
    "industry": N_("industry"),
    "segment": N_("segment"),
    "region": N_("region"),
    "value": N_("value"),
    "owner": N_("our owner"),
    "deleted": N_("deleted mark"),
    "modified_on": N_("day of last change"),
    "record": N_("contact's id"),
    "account_key": N_("account's key"),
    "account": N_("account"),
    "first_name": N_("first name"),
    "last_name": N_("family name"),
    "title": N_("title"),
    "department": N_("department"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "function": N_("function"),
    "manager": N_("manager"),
}
_LISTED = 200
_STYLE = """<style>
.ck-import table {border-collapse: collapse; font-size: 13px; margin: 4px 0 12px}
.ck-import th {background: #f2f4f7; text-align: left; font-weight: 600}
.ck-import th, .ck-import td {border: 1px solid #d5d9e0; padding: 4px 10px; max-width: 26em; overflow-wrap: anywhere}
.ck-import h3 {margin: 18px 0 4px; font-size: 16px}
.ck-import .ck-told {padding: 8px 12px; border-left: 4px solid #3b6fb6; background: #f2f6fc; max-width: 72em}
.ck-import .ck-mend {border-left-color: #b7791f; background: #fdf7ea}
.ck-import .ck-done {border-left-color: #2f855a; background: #effaf3}
.ck-import .ck-wide {overflow-x: auto}
.ck-import .widget-label {min-width: 9em}
</style>"""


def open_import(ws: Workspace) -> ImportView:
    """The page on which a coach brings in a file: choose, look, map, try out, import.

    Parameters
    ----------
    ws : Workspace
    """
    return ImportView(ImportModel(ws))


class ImportView(w.VBox):  # type: ignore[misc]
    """Mirrors an ``ImportModel``; its controls are attributes, so that a test can use them as a person does.

    Parameters
    ----------
    model : ImportModel
    """

    def __init__(self, model: ImportModel) -> None:
        self.model = model
        self._t = t = texts(model.ws.lang)
        self.kind = w.ToggleButtons(
            options=[(t(_KIND_LABELS[kind]), kind) for kind in KINDS],
            value=model.kind,
            description=t(N_("What is in it")),
        )
        self.upload = w.FileUpload(
            multiple=False,
            accept=".csv,.tsv,.txt,.xlsx,.xls",
            description=t(N_("Choose a file")),
            layout={"width": "220px"},
        )
        self.encoding = w.Dropdown(
            options=[(t(N_("as the file seems")), None), *((name, name) for name in _ENCODINGS)],
            description=t(N_("Encoding")),
        )
        self.sheet = w.Dropdown(options=[("–", None)], description=t(N_("Sheet")), layout={"display": "none"})
        self.columns = w.GridBox(layout={"grid_template_columns": "repeat(auto-fill, minmax(320px, 1fr))"})
        self.try_out = w.Button(description=t(N_("Try out")), disabled=True)
        self.run = w.Button(description=t(N_("Import")), button_style="primary", disabled=True)
        self.progress = w.IntProgress(min=0, max=1, layout={"display": "none", "width": "320px"})
        self.shown, self.told, self.tables = w.HTML(), w.HTML(), w.HTML()
        self.fields: dict[str, Any] = {}
        super().__init__(
            [
                w.HTML(_STYLE),
                self.kind,
                w.HBox([self.upload, self.encoding, self.sheet]),
                self.shown,
                self.columns,
                w.HBox([self.try_out, self.run, self.progress]),
                self.told,
                self.tables,
            ]
        )
        self.add_class("ck-import")
        self.upload.observe(self._on_upload, "value")
        self.kind.observe(self._on_kind, "value")
        self.encoding.observe(self._on_encoding, "value")
        self.sheet.observe(self._on_sheet, "value")
        self.try_out.on_click(lambda _: self._import(model.try_out))
        self.run.on_click(lambda _: self._import(model.run))
        self._tell(t(N_("Choose a CSV or Excel file; nothing is written before you press Import.")))

    def take(self, name: str, content: bytes) -> None:
        """Show a file."""
        self._show(lambda: self.model.take(name, content), is_new=True)

    # What the user does ----------------------------------------------------------------------------------------------

    def _on_upload(self, change: Any) -> None:
        if change["new"]:
            file = change["new"][0]
            self.take(file["name"], bytes(file["content"]))

    def _on_kind(self, change: Any) -> None:
        self.model.kind = change["new"]
        self.model.mapping = {}
        self._again()

    def _on_encoding(self, change: Any) -> None:
        self.model.encoding = change["new"]
        self._again()

    def _on_sheet(self, change: Any) -> None:
        self.model.sheet = change["new"]
        self._again()

    def _on_column(self, theirs: str, ours: str) -> None:
        self.model.mapping[theirs] = ours
        self._again()

    def _again(self) -> None:
        if self.model.has_file:
            self._show(self.model.preview)

    def _import(self, act: Callable[..., Any]) -> None:
        self.progress.layout.display = ""
        try:
            act(self._on_progress)
        except CoverageKitError as exc:
            self._tell(exc.text(self.model.ws.lang), "mend")
        else:
            self._show_plan()
        finally:
            self.progress.layout.display = "none"

    def _on_progress(self, step: str, done: int, total: int) -> None:
        self.progress.description = self._t(step)
        self.progress.max, self.progress.value = max(total, 1), done

    # What is shown ---------------------------------------------------------------------------------------------------

    def _show(self, look: Callable[[], Preview], *, is_new: bool = False) -> None:
        self.tables.value = ""
        try:
            preview = look()
        except CoverageKitError as exc:
            self.shown.value, self.columns.children, self.fields = "", (), {}
            self.try_out.disabled = self.run.disabled = True
            self._tell(exc.text(self.model.ws.lang), "mend")
            return
        if is_new:
            self._reset_choices()
        if preview.sheets:
            self.sheet.options = [("–", None), *((name, name) for name in preview.sheets)]
            self.sheet.layout.display = ""
        self._show_preview(preview)
        self._show_columns(preview)
        self.try_out.disabled = self.run.disabled = bool(preview.lacking)

    def _reset_choices(self) -> None:
        # Setting them back is not a choice of the user's.
        self.encoding.unobserve(self._on_encoding, "value")
        self.sheet.unobserve(self._on_sheet, "value")
        self.encoding.value, self.sheet.options, self.sheet.layout.display = None, [("–", None)], "none"
        self.encoding.observe(self._on_encoding, "value")
        self.sheet.observe(self._on_sheet, "value")

    def _show_preview(self, preview: Preview) -> None:
        t = self._t
        if preview.lacking:
            self._tell(preview.lacking, "mend")
        elif preview.is_guess:
            self._tell(
                t(N_("The encoding is a guess: {encoding}. If the rows above read wrong, choose another."), encoding=preview.encoding),
                "mend",
            )  # fmt: skip
        else:
            self._tell(t(N_("Look whether each column is what it should be, then try it out.")))
        title = t(
            N_("{n} rows, {layout}, {encoding}"), n=f"{preview.n_rows:,}", layout=preview.layout or "–", encoding=preview.encoding
        )  # fmt: skip
        rows = [cells[: len(preview.header)] for cells in preview.rows]
        self.shown.value = f"<h3>{escape(title)}</h3>{_table(preview.header, rows)}" if preview.header else ""

    def _show_columns(self, preview: Preview) -> None:
        t = self._t
        options = [(t(N_("(not read)")), ""), *((t(_FIELD_LABELS[ours]), ours) for ours in self.model.choices())]
        self.fields = {}
        for theirs in dict.fromkeys(filter(None, preview.header)):
            field = w.Dropdown(options=options, value=preview.columns.get(theirs, ""), description=theirs)
            field.style.description_width = "140px"
            field.observe(lambda change, theirs=theirs: self._on_column(theirs, change["new"]), "value")
            self.fields[theirs] = field
        title = t(N_("Which column is which"))
        heading = w.HTML(f"<h3>{escape(title)}</h3>", layout={"grid_column": "1 / -1"})
        self.columns.children = (heading, *self.fields.values()) if self.fields else ()

    def _show_plan(self) -> None:
        t, plan = self._t, self.model.plan
        assert plan is not None
        numbers = t(
            N_("{rows} rows: {added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected."),
            **{key: f"{plan.counts[key]:,}" for key in ("rows", "added", "changed", "unchanged", "rejected")},
        )
        if self.model.is_done:
            lines = [t(N_("Imported.")), numbers]
            if plan.counts["rejects_file"]:
                lines.append(t(N_("Rejected rows, to mend and import again: {path}"), path=plan.counts["rejects_file"]))
            self._tell(" ".join(lines), "done")
        else:
            self._tell(t(N_("Nothing is written yet; this is what would happen.")) + " " + numbers)
        parts = [
            (t(N_("To look at")), self._named(self.model.problems().drop(columns="effect"))),
            (t(N_("What changes in what is here")), self._named(self.model.differences())),
            (
                t(N_("In the last export and not in this one; nothing is deleted")),
                self._named(
                    pd.DataFrame(plan.missing, columns=["ext_id", "id", "name", "account"])[["name", "account"]]
                ),
            ),
        ]
        self.tables.value = "".join(
            f"<h3>{escape(title)} ({len(frame):,})</h3>{_table(list(frame.columns), frame.head(_LISTED).to_numpy().tolist())}"
            for title, frame in parts
            if len(frame)
        )

    def _named(self, frame: pd.DataFrame) -> pd.DataFrame:
        labels = {
            "row": N_("Row"),
            "column": N_("Column"),
            "value": N_("Cell"),
            "message": N_("What it is, and what to do"),
            "what": N_("Whom or what"),
            "field": N_("Field"),
            "before": N_("Before"),
            "after": N_("After"),
            "name": N_("Name"),
            "account": N_("Account"),
        }
        return frame.rename(columns={name: self._t(label) for name, label in labels.items()})

    def _tell(self, text: str, look: str = "") -> None:
        self.told.value = f'<div role="status" class="ck-told ck-{look or "plain"}">{escape(text)}</div>'


def _table(header: list[str], rows: list[list[Any]]) -> str:
    """A table in which every cell is text."""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="ck-wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
