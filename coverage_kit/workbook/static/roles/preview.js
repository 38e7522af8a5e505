// What the drafts would change, and applying them.
import { withText } from "../core/dom.js";
import { html } from "../vendor/preact.js";
import { titleOf } from "./page_texts.js";

/** @import { Cost, ListProblem } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */

/** @param {{ app: RolesApp }} props */
export function PreviewPanel({ app }) {
  const { drafts, preview, t } = app;
  if (!drafts.isAny)
    return html`
      <section class="panel">
        <h3>${t("lists_preview")}</h3>
        <p class="quiet">${t("lists_nothing_changed")}</p>
      </section>
    `;
  const changed = [...drafts.changed, ...drafts.removed.map(({ key }) => drafts.find(key))];
  const isSound = preview && !preview.problems.length;
  return html`
    <section class="panel try" aria-labelledby=${`${app.id}-try`}>
      <h3 id=${`${app.id}-try`}>${t("lists_preview")}</h3>
      <p class="quiet">${t("lists_not_yet")}</p>
      <p>${changed.map((list) => titleOf(app, list)).join(", ")}</p>
      ${preview && !isSound && html`<${Problems} app=${app} />`}
      ${isSound ? html`<${Numbers} app=${app} /><${Apply} app=${app} />` : html`<${Ask} app=${app} />`}
    </section>
  `;
}

/** @param {{ app: RolesApp }} props */
function Ask({ app }) {
  const { t } = app;
  return html`
    <div class="try-acts">
      <button
        type="button"
        class="primary"
        data-key="preview"
        disabled=${app.isBusy}
        onClick=${() => app.showPreview()}
      >
        ${t("lists_show_preview")}
      </button>
      <${Discard} app=${app} />
    </div>
  `;
}

/** @param {{ app: RolesApp }} props */
function Discard({ app }) {
  return html`
    <button type="button" data-key="discard" disabled=${app.isBusy} onClick=${() => app.discard()}>
      ${app.t("lists_discard")}
    </button>
  `;
}

/**
 * What is wrong, by list; the text stands beside the field, too.
 * @param {{ app: RolesApp }} props
 */
function Problems({ app }) {
  const { drafts, lang, preview } = app;
  /** @param {ListProblem} problem */
  const show = ({ list, where }) => {
    app.select(list);
    const at = /^roles\.(\d+)\./.exec(where)?.[1];
    const role = at && app.list.roles[Number(at)];
    if (role) app.openDialog({ kind: "role", role: role.key });
    else if (where === "title" || where === "freshness_days") app.openDialog({ kind: "name" });
    else app.focusFirst("[aria-invalid=true]");
  };
  return html`
    <div class="refused" role="alert">
      <ul class="problems">
        ${preview?.problems.map(
          (each) => html`
            <li>
              <button type="button" class="link" onClick=${() => show(each)}>
                ${titleOf(app, drafts.find(each.list) ?? { title: {} })}
              </button>
              ${" "}${each.text[lang]}
            </li>
          `,
        )}
      </ul>
    </div>
  `;
}

/** @param {{ app: RolesApp }} props */
function Numbers({ app }) {
  const { preview, t } = app;
  if (!preview?.before || !preview.after) return null;
  const { before, after } = preview;
  /** @param {Cost} cost */
  const rate = ({ known, required }) =>
    required ? `${Math.round((100 * known) / required)}%` : "–";
  const rows = [
    ["lists_concerned", preview.n_accounts.toLocaleString()],
    ["lists_required", change(before.required, after.required)],
    ["lists_known", change(before.known, after.known)],
    ["lists_coverage", change(rate(before), rate(after))],
    ["lists_checks", change(before.checks_a_week, after.checks_a_week)],
    ["lists_focus_checks", change(before.focus_checks_a_week, after.focus_checks_a_week)],
  ];
  return html`
    <dl class="numbers" data-key="numbers">
      ${rows.map(
        ([key, text]) => html`
          <div>
            <dt>${t(key)}</dt>
            <dd>${text}</dd>
          </div>
        `,
      )}
    </dl>
    <${Leaving} app=${app} />
    <${Crowded} app=${app} />
  `;
}

/**
 * @param {number | string} before
 * @param {number | string} after
 */
function change(before, after) {
  return before === after
    ? after.toLocaleString()
    : `${before.toLocaleString()} → ${after.toLocaleString()}`;
}

/** @param {{ app: RolesApp }} props */
function Leaving({ app }) {
  const { lang, preview, t } = app;
  if (!preview?.n_leaving) return null;
  const more = preview.n_leaving - preview.leaving.length;
  return html`
    <details class="leaving">
      <summary data-key="leaving">
        ${t("lists_leaving", { n: preview.n_leaving.toLocaleString() })}
      </summary>
      <ul class="plain-list">
        ${preview.leaving.map(({ account, role }) => html`<li>${account} · ${role[lang]}</li>`)}
      </ul>
      ${more > 0 && html`<p class="quiet">${t("lists_more", { n: more.toLocaleString() })}</p>`}
    </details>
  `;
}

/** @param {{ app: RolesApp }} props */
function Crowded({ app }) {
  const { preview, shown, t } = app;
  if (!preview?.n_crowded) return null;
  const names = preview.crowded.slice(0, 5).map(({ account, n }) => `${account} (${n})`);
  const n = preview.n_crowded.toLocaleString();
  return html`
    <p class="refused" role="status">
      ${t("lists_crowded", { n, most: shown.many_roles })} ${names.join(", ")}<br />${t("lists_less_roles")}
    </p>
  `;
}

/** @param {{ app: RolesApp }} props */
function Apply({ app }) {
  const { drafts, t } = app;
  const problem = app.whyProblem;
  const id = `${app.id}-why-problem`;
  const mark = problem ? { "aria-invalid": "true", "aria-describedby": id } : {};
  return html`
    <label class="field">
      <span class="label">${t("lists_why")}</span>
      <textarea
        rows="2"
        maxlength="400"
        data-key="why"
        placeholder=${t("lists_why_example")}
        value=${drafts.kept.why}
        ...${mark}
        onInput=${withText((text) => drafts.set({ why: text }))}
      />
    </label>
    ${problem && html`<p class="refused" role="alert" id=${id}>${problem}</p>`}
    <div class="try-acts">
      <button
        type="button"
        class="primary"
        data-key="apply"
        disabled=${app.isBusy}
        onClick=${() => app.apply()}
      >
        ${t("lists_apply")}
      </button>
      <${Discard} app=${app} />
    </div>
  `;
}
