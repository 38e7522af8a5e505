// What a trial or an import came to: the counts, then what to look at, what changes, and who is no longer in the file.
import { openDialog } from "../core/dialogs.js";
import { button, h } from "../core/dom.js";
import { openAssign } from "./assign.js";

const COUNTS = ["added", "changed", "unchanged", "rejected"];

export function buildResult(app) {
  const { t, response } = app;
  const { plan } = response;
  return [
    h(
      "section",
      { class: "panel outcome", "data-done": String(response.done) },
      h(
        "p",
        { class: "response", role: "status" },
        t(
          response.done
            ? "import_is_done"
            : changesNothing(plan)
              ? "import_nothing"
              : "import_not_yet",
        ),
      ),
      h(
        "dl",
        { class: "tiles" },
        COUNTS.map((name) =>
          h(
            "div",
            { class: name },
            h("dt", {}, t(`import_${name}`)),
            h("dd", {}, plan.counts[name].toLocaleString()),
          ),
        ),
      ),
      h(
        "p",
        { class: "quiet" },
        `${response.file} · ${t("import_of_rows", { n: plan.counts.rows.toLocaleString() })}`,
      ),
      response.done ? toAssign(app) : null,
    ),
    app.progress(),
    h("div", { class: "actions" }, response.done ? afterwards(app) : before(app)),
    problems(app),
    differences(app),
    missing(app),
  ];
}

/** What nobody looks after yet, and the way to change that. */
export function toAssign(app) {
  const { t } = app;
  const n = app.facts["not assigned"];
  return n
    ? h(
        "p",
        { class: "to-assign" },
        h("span", {}, t("import_assign", { n: n.toLocaleString() })),
        button(t("assign_open"), () => openAssign(app), { "data-key": "assign" }),
      )
    : null;
}

function changesNothing(plan) {
  return !plan.counts.added && !plan.counts.changed && !plan.counts.accounts_added;
}

function before(app) {
  const { t } = app;
  return [
    button(t("import_run"), () => app.work("run", t("import_run")), {
      class: "primary",
      "data-key": "run",
    }),
    button(t("import_back"), () => app.ask("back"), { "data-key": "back" }),
    button(t("import_other"), () => app.ask("drop"), { class: "link", "data-key": "other" }),
  ];
}

function afterwards(app) {
  const { t, response } = app;
  return [
    button(t("import_other"), () => app.ask("drop"), { class: "primary", "data-key": "other" }),
    response.plan.rejects
      ? button(t("import_keep_rejects"), () => app.keep("rejects"), { "data-key": "rejects" })
      : null,
    response.plan.rejects ? h("span", { class: "quiet" }, t("import_mend")) : null,
    response.can_undo
      ? button(t("import_undo"), () => app.work("undo", t("import_undo")), {
          class: "link",
          "data-key": "undo-import",
        })
      : null,
  ];
}

/** What was brought in last, by anybody; each can be taken back until somebody has worked with it. */
export function buildRecent(app) {
  const { t, response } = app;
  const rows = response.recent.map((each) => {
    const numbers = Object.fromEntries(
      ["rows", "added", "changed"].map((name) => [name, each[name].toLocaleString()]),
    );
    const what = `${t(`import_kind_${each.kind}`)} · ${t("import_numbers", numbers)}`;
    const back = button(t("import_take_back"), () => askBack(app, each, what), {
      "aria-label": `${t("import_take_back")}: ${each.at} ${what}`,
      "data-key": `back-${each.edit_id}`,
    });
    return [each.at, what, each.actor, back];
  });
  return listed(app, "recent", ["when", "what_came", "by", "act"], rows, rows.length);
}

/** A whole file goes: asked once more. */
function askBack(app, each, what) {
  const { t } = app;
  const dialog = openDialog(
    app.root,
    t("import_take_back"),
    [h("p", {}, h("b", {}, each.at), " ", what), h("p", {}, t("import_back_lead"))],
    {
      actions: [
        h("span", { class: "grow" }),
        button(t("cancel"), () => dialog.close()),
        button(
          t("import_take_back"),
          () => {
            dialog.close();
            app.work("undo", t("import_undo"), { edit_id: each.edit_id });
          },
          { class: "primary", "data-key": "back-now" },
        ),
      ],
    },
  );
}

function problems(app) {
  const {
    t,
    lang,
    response: { plan },
  } = app;
  const rows = plan.problems.map((each) => [
    String(each.row),
    h("span", { class: `effect ${each.effect}` }, t(`import_effect_${each.effect}`)),
    each.column,
    each.value,
    each.text[lang],
  ]);
  return listed(
    app,
    "problems",
    ["row", "effect", "column", "cell", "means"],
    rows,
    plan.n_problems,
  );
}

function differences(app) {
  const { plan } = app.response;
  const rows = plan.differences.map((each) => [
    String(each.row),
    each.what,
    app.words[app.lang][`field_${each.field}`] ?? each.field,
    String(each.before),
    String(each.after),
  ]);
  return listed(
    app,
    "differences",
    ["row", "whom", "field", "before", "after"],
    rows,
    plan.n_differences,
  );
}

function missing(app) {
  const { plan } = app.response;
  return listed(
    app,
    "missing",
    ["name", "account"],
    plan.missing.map((each) => [each.name, each.account]),
    plan.n_missing,
  );
}

/** A table with its number of lines at its head; nothing where there is nothing. */
function listed(app, key, heads, rows, n) {
  const { t } = app;
  if (!n) return null;
  const count =
    rows.length < n
      ? t("import_first", { n: n.toLocaleString(), shown: rows.length })
      : n.toLocaleString();
  return h(
    "section",
    { class: `of-${key}` },
    h("h3", {}, t(`import_${key}`), " ", h("span", { class: "quiet" }, count)),
    h(
      "div",
      { class: "scroll", tabIndex: 0, role: "region", "aria-label": t(`import_${key}`) },
      h(
        "table",
        { class: "listed" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((head) => h("th", { scope: "col" }, t(`import_${head}`))),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map((cells) =>
            h(
              "tr",
              {},
              cells.map((cell) => h("td", {}, cell ?? "")),
            ),
          ),
        ),
      ),
    ),
  );
}
