// The paths of a base list: for each offering whom we reach, how, and how far. A path is written at once.
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";
import { titleOf } from "./page_texts.js";

/** @import { Option } from "../core/types.d.ts" */
/** @import { OfferingForm, PathStep, SetPathView } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */

const MOST_STEPS = 3;
/** @type {(keyof PathStep)[]} */
const PARTS = ["role", "route", "stage"];

/** @param {{ app: RolesApp }} props */
export function PathsPanel({ app }) {
  const { list, t } = app;
  if (!list || list.kind === "offering" || app.drafts.isNew(list.key)) return null;
  const own = app.shown.paths.filter((path) => path.role_list === list.key);
  const taken = new Set(own.map((path) => path.offering));
  const rows = app.shown.offerings.filter(({ active, key }) => active || taken.has(key));
  return html`
    <section class="panel paths" aria-labelledby=${`${app.id}-paths`}>
      <h3 id=${`${app.id}-paths`}>${t("paths")}</h3>
      <p class="quiet">${t("paths_lead")}</p>
      ${!rows.length && html`<p class="quiet">${t("paths_no_offering")}</p>`}
      <ul class="plain-list">
        ${rows.map(
          (each) =>
            html`<${PathLine}
              key=${each.key}
              app=${app}
              offering=${each}
              path=${own.find(({ offering }) => offering === each.key)}
            />`,
        )}
      </ul>
    </section>
  `;
}

/** @param {{ app: RolesApp, offering: OfferingForm, path?: SetPathView }} props */
function PathLine({ app, offering, path }) {
  const { t } = app;
  const name = offering[app.lang];
  return html`
    <li class="path-line">
      <p>
        <b>${name}</b>
        ${path && html` <span class="quiet">${t("n_accounts", { n: path.n.toLocaleString() })}</span>`}
        ${" "}
        <button
          type="button"
          class="link"
          data-key=${`path-${offering.key}`}
          aria-label=${`${name}: ${t(path ? "path_change" : "path_set")}`}
          disabled=${app.isBusy}
          onClick=${() => app.openDialog({ kind: "path", role: offering.key })}
        >
          ${t(path ? "path_change" : "path_set")}
        </button>
      </p>
      ${
        path &&
        html`<ol class="path-steps">
          ${path.steps.map((step) => html`<li>${stepText(app, step)}</li>`)}
        </ol>`
      }
    </li>
  `;
}

/**
 * @param {RolesApp} app
 * @param {PathStep} step
 */
function stepText(app, { role, route, stage }) {
  const { t } = app;
  const title = rolesOf(app).find(([key]) => key === role)?.[1] ?? role;
  return t("path_step", { role: title, route: t(`route_${route}`), stage: t(`stage_${stage}`) });
}

/**
 * The roles that a path may name: those in force of the list, and of the offering lists.
 * @param {RolesApp} app
 * @param {string} [offering] only lists of this offering
 * @returns {Option[]}
 */
function rolesOf(app, offering) {
  const lists = app.shown.lists.filter(
    (each) =>
      each.key === app.selected ||
      (each.kind === "offering" && (!offering || each.applies_to.offerings.includes(offering))),
  );
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const own of lists)
    for (const role of own.roles)
      if (!found.has(role.key)) found.set(role.key, role.title[app.lang] || role.key);
  return [...found];
}

/** @param {{ app: RolesApp, role: string }} props the key of the offering */
export function PathDialog({ app, role: offering }) {
  const { t } = app;
  const path = app.shown.paths.find(
    (each) => each.role_list === app.selected && each.offering === offering,
  );
  const form = `path ${app.selected} ${offering}`;
  const [problem, setProblem] = useState("");
  const [steps, change] = useSteps(app, form, path?.steps ?? []);
  const sold = app.shown.offerings.find(({ key }) => key === offering);
  if (!sold || !app.list) return null;
  /** @param {PathStep[]} chosen */
  const write = async (chosen) => {
    const found = await app.write("set_path", {
      role_list: app.selected,
      offering,
      steps: chosen,
      version: path?.version ?? 0,
    });
    setProblem(found);
    if (found) return;
    app.drafts.keepForm(form, null);
    app.closeDialog();
  };
  const chosen = steps.filter((step) => PARTS.some((part) => step[part]));
  const isWhole = chosen.length > 0 && chosen.every((step) => PARTS.every((part) => step[part]));
  const actions = html`
    ${
      path &&
      html`<button
        type="button"
        data-key="path-remove"
        disabled=${app.isBusy}
        onClick=${() => write([])}
      >
        ${t("path_remove")}
      </button>`
    }
    <span class="grow"></span>
    <button type="button" data-key="dialog-close" onClick=${() => app.closeDialog()}>
      ${t("cancel")}
    </button>
    <button
      type="button"
      class="primary"
      data-key="path-save"
      disabled=${!isWhole || app.isBusy}
      onClick=${() => write(chosen)}
    >
      ${t("path_save")}
    </button>
  `;
  return html`
    <${Dialog}
      app=${app}
      title=${t("path_of", { list: titleOf(app, app.list), offering: sold[app.lang] })}
      kind="wide"
      actions=${actions}
    >
      <p class="quiet">${t("path_lead")}</p>
      ${steps.map(
        (step, at) =>
          html`<${StepFields}
            key=${at}
            app=${app}
            at=${at}
            step=${step}
            offering=${offering}
            change=${(/** @type {PathStep} */ next) => change(steps.with(at, next))}
          />`,
      )}
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    <//>
  `;
}

/**
 * The three steps as they are chosen; they survive a closed dialog and a reload until they are saved.
 * @param {RolesApp} app
 * @param {string} form
 * @param {PathStep[]} saved
 * @returns {[PathStep[], (next: PathStep[]) => void]}
 */
function useSteps(app, form, saved) {
  const blank = Array.from({ length: MOST_STEPS }, () => ({ role: "", route: "", stage: "" }));
  const kept = /** @type {PathStep[] | undefined} */ (app.drafts.kept.forms[form]);
  const [steps, set] = useState(blank.map((none, at) => (kept ?? saved)[at] ?? none));
  /** @param {PathStep[]} next */
  const change = (next) => {
    set(next);
    app.drafts.keepForm(form, next);
  };
  return [steps, change];
}

/**
 * @param {{ app: RolesApp, at: number, step: PathStep, offering: string,
 *   change: (step: PathStep) => void }} props
 */
function StepFields({ app, at, step, offering, change }) {
  const { choices, t } = app;
  /** @type {Record<keyof PathStep, Option[]>} */
  const options = {
    role: rolesOf(app, offering),
    route: app.options(choices.route, "route_"),
    stage: app.options(choices.stage, "stage_"),
  };
  return html`
    <fieldset class="path-step">
      <legend>${t("path_nth", { n: at + 1 })}</legend>
      ${PARTS.map(
        (part) => html`
          <label class="field">
            <span class="label">${t(`path_${part}`)}</span>
            <select
              data-key=${`step-${at}-${part}`}
              value=${step[part]}
              onChange=${(/** @type {Event} */ { target }) =>
                change({ ...step, [part]: /** @type {HTMLSelectElement} */ (target).value })}
            >
              <option value="">–</option>
              ${options[part].map(
                ([value, text]) =>
                  html`<option value=${value} selected=${value === step[part]}>${text}</option>`,
              )}
            </select>
          </label>
        `,
      )}
    </fieldset>
  `;
}
