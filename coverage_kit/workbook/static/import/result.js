// The result of a trial or an import: the counts, then problems, changes, and what the file no longer has.
import { counted } from "../core/dom.js";
import { pageLink } from "../core/link.js";
import { html } from "../vendor/preact.js";
import { Evidence } from "./evidence.js";
import { Button, Dialog, Listed, ProgressBar } from "./parts.js";
import { Questions, Reading } from "./reading.js";

/** @import { DifferenceView, PlanView, RecentImport } from "../messages.d.ts" */
/** @import { ImportApp } from "./app.js" */

const COUNTS = ["added", "changed", "unchanged", "rejected"];
/** So many new accounts are named in a line. */
const NAMED = 5;

/** @param {{ app: ImportApp }} props */
export function Result({ app }) {
  const { plan, done } = app.shown;
  if (!plan) return null;
  return html`
    <${Outcome} app=${app} />
    <${ProgressBar} app=${app} />
    <div class="actions"><${done ? AfterImport : BeforeImport} app=${app} plan=${plan} /></div>
    <${Questions} app=${app} plan=${plan} />
    <${Evidence} app=${app} />
    <${Problems} app=${app} plan=${plan} />
    <${Differences} app=${app} plan=${plan} />
    <${Missing} app=${app} plan=${plan} />
  `;
}

/** @param {{ app: ImportApp }} props */
function Outcome({ app }) {
  const { shown, t } = app;
  if (!shown.plan) return null;
  const { counts } = shown.plan;
  const changes = counts.added || counts.changed || counts.accounts_added;
  const nothing = counts.rejected ? "import_none_taken" : "import_nothing";
  const text = shown.done ? "import_is_done" : changes ? "import_not_yet" : nothing;
  return html`
    <section class="panel outcome" data-done=${String(shown.done)}>
      <p class="verdict" role="status">${t(text, { n: counts.rejected.toLocaleString() })}</p>
      <dl class="tiles">
        ${COUNTS.map(
          (name) => html`
            <div class=${name}>
              <dt>${t(`import_${name}`)}</dt>
              <dd>${counts[name].toLocaleString()}</dd>
            </div>
          `,
        )}
      </dl>
      <${Reading} app=${app} plan=${shown.plan} />
      <${AccountsAdded} app=${app} plan=${shown.plan} />
      ${
        counts.marked_gone > 0 &&
        html`<p class="quiet marked-gone">
          ${t("import_marked_gone", { n: counts.marked_gone.toLocaleString() })}
        </p>`
      }
      ${shown.done && html`<${ToAssign} app=${app} />`}
    </section>
  `;
}

/**
 * The accounts that a contact list brings along, by name: perhaps one is here under another name.
 * @param {{ app: ImportApp, plan: PlanView }} props
 */
function AccountsAdded({ app, plan }) {
  const { accounts_added: n } = plan.counts;
  if (!n) return null;
  const some = plan.accounts_added.slice(0, NAMED).join(", ");
  const names = n > NAMED ? `${some}, …` : some;
  return html`<p class="quiet accounts-added">
    ${app.t("import_accounts_added", { n: n.toLocaleString(), names })}
  </p>`;
}

/**
 * The accounts without an owner, and the way to assign them.
 * @param {{ app: ImportApp }} props
 */
export function ToAssign({ app }) {
  const { facts, t } = app;
  if (!facts.unassigned) return null;
  return html`
    <p class="to-assign">
      <span>${t("import_assign", { n: facts.unassigned.toLocaleString() })}</span>
      <a class="as-act" data-key="assign" ...${pageLink("start", { view: "assign" })}>
        ${t("assign_open")}
      </a>
    </p>
  `;
}

/** @param {{ app: ImportApp }} props */
function BeforeImport({ app }) {
  const { t } = app;
  const run = () => app.run("run", t("import_run"));
  return html`
    <${Button} app=${app} name="run" kind="primary" press=${run}>${t("import_run")}<//>
    <${Button} app=${app} name="back" press=${() => app.ask("back")}>${t("import_back")}<//>
    <${OtherFile} app=${app} kind="link" />
  `;
}

/** @param {{ app: ImportApp, plan: PlanView }} props */
function AfterImport({ app, plan }) {
  const { shown, t } = app;
  const undo = () => app.takeBack();
  const hasPeople = shown.kind_of_file === "contacts";
  return html`
    ${
      plan.people_columns.length > 0 &&
      html`
        <${Button}
          app=${app}
          name="people"
          kind="primary"
          press=${() => app.choose({ kind_of_file: "contacts" })}
        >
          ${t("import_people_next")}
        <//>
      `
    }
    ${
      hasPeople &&
      html`<a class="as-act primary" data-key="match" ...${pageLink("contacts")}
        >${t("contacts_match_next")}</a
      >`
    }
    ${
      hasPeople &&
      html`<a class="as-act link" data-key="audit" ...${pageLink("contact_audit")}
        >${t("audit_next")}</a
      >`
    }
    <${OtherFile} app=${app} kind=${hasPeople || plan.people_columns.length ? "link" : "primary"} />
    ${
      plan.rejects &&
      html`
        <${Button} app=${app} name="rejects" press=${() => app.download("rejects")}>
          ${t("import_keep_rejects")}
        <//>
        <span class="quiet">${t("import_mend")}</span>
      `
    }
    ${
      shown.can_undo &&
      html`
        <${Button} app=${app} name="undo-import" kind="link" press=${undo}> ${t("import_undo")} <//>
      `
    }
  `;
}

/** @param {{ app: ImportApp, kind: string }} props */
function OtherFile({ app, kind }) {
  return html`
    <${Button} app=${app} name="other" kind=${kind} press=${() => app.ask("drop")}>
      ${app.t("import_other")}
    <//>
  `;
}

/**
 * The last imports; each can be undone until somebody has worked with it.
 * @param {{ app: ImportApp }} props
 */
export function Recent({ app }) {
  const { shown, t } = app;
  const rows = shown.recent.map((each) => {
    const what = whatCame(app, each);
    const ask = () => app.openDialog({ kind: "take_back", imported: each });
    const label = `${t("import_take_back")}: ${each.at} ${what}`;
    const undo = html`
      <${Button} app=${app} name=${`back-${each.edit_id}`} aria-label=${label} press=${ask}>
        ${t("import_take_back")}
      <//>
    `;
    return [each.at, what, each.actor, undo];
  });
  const heads = ["when", "what_came", "by", "act"];
  return html`<${Listed} app=${app} name="recent" heads=${heads} rows=${rows} n=${rows.length} />`;
}

/**
 * @param {ImportApp} app
 * @param {RecentImport} each
 */
function whatCame({ t }, each) {
  const { rows, added, changed } = each;
  const numbers = counted({ rows, added, changed });
  return `${t(`import_kind_${each.kind}`)} · ${t("import_numbers", numbers)}`;
}

/**
 * Ask before a whole import is undone.
 * @param {{ app: ImportApp, imported: RecentImport }} props
 */
export function TakeBackDialog({ app, imported }) {
  const { t } = app;
  const undo = () => {
    app.closeDialog();
    app.takeBack(imported.edit_id);
  };
  const actions = html`
    <span class="grow"></span>
    <${Button} app=${app} press=${() => app.closeDialog()}>${t("cancel")}<//>
    <${Button} app=${app} name="back-now" kind="primary" press=${undo}>
      ${t("import_take_back")}
    <//>
  `;
  return html`
    <${Dialog} app=${app} title=${t("import_take_back")} actions=${actions}>
      <p><b>${imported.at}</b>${` ${whatCame(app, imported)}`}</p>
      <p>${t("import_back_lead")}</p>
    <//>
  `;
}

/** @param {{ app: ImportApp, plan: PlanView }} props */
function Problems({ app, plan }) {
  const { lang, t } = app;
  const rows = plan.problems.map((each) => [
    each.row,
    html`<span class=${`effect ${each.effect}`}>${t(`import_effect_${each.effect}`)}</span>`,
    each.column,
    each.value,
    each.text[lang],
  ]);
  const heads = ["row", "effect", "column", "cell", "means"];
  return html`
    <${Listed} app=${app} name="problems" heads=${heads} rows=${rows} n=${plan.n_problems} />
  `;
}

/** @param {{ app: ImportApp, plan: PlanView }} props */
function Differences({ app, plan }) {
  /** @param {string} field */
  const fieldName = (field) => app.textOr(`field_${field}`, field);
  /**
   * A stored word, as people say it.
   * @param {string} field
   * @param {DifferenceView["after"]} value
   */
  const shown = (field, value) => {
    if (field === "status") return app.textOr(`status_${value}`, String(value));
    if (field === "function") return app.textOr(`function_of_${value}`, String(value));
    return String(value);
  };
  const rows = plan.differences.map((each) => [
    each.row,
    each.what,
    fieldName(each.field),
    shown(each.field, each.before),
    shown(each.field, each.after),
  ]);
  const heads = ["row", "whom", "field", "before", "after"];
  return html`
    <${Listed} app=${app} name="differences" heads=${heads} rows=${rows} n=${plan.n_differences} />
  `;
}

/** @param {{ app: ImportApp, plan: PlanView }} props */
function Missing({ app, plan }) {
  const rows = plan.missing.map((each) => [each.name, each.account]);
  return html`
    <${Listed}
      app=${app}
      name="missing"
      heads=${["name", "account"]}
      rows=${rows}
      n=${plan.n_missing}
    />
  `;
}
