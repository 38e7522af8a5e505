// A list as a whole: a new one, its name, files in and out.
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";
import { inOrder } from "./drafts.js";
import { markOf, newKey, titleOf } from "./page_texts.js";
import { Pair } from "./role_dialogs.js";

/** @import { Language } from "../core/types.d.ts" */
/** @import { ListForm } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */

/** @param {{ app: RolesApp }} props */
export function NewListDialog({ app }) {
  const { t } = app;
  const empty = () => {
    app.addList(emptyList(app), app.drafts.freeKey(newKey("")));
    app.openDialog({ kind: "name" });
  };
  /** @param {ListForm} list */
  const take = (list) => {
    const isTaken = app.drafts.find(list.key) !== undefined;
    app.addList({ ...list, default: false }, isTaken ? app.drafts.freeKey(list.key) : list.key);
  };
  return html`
    <${Dialog} app=${app} title=${t("lists_new")} kind="wide" close="cancel">
      <p>
        <button type="button" class="primary" data-key="empty-list" onClick=${empty}>
          ${t("lists_new_empty")}
        </button>
      </p>
      <h3>${t("lists_new_from")}</h3>
      <p class="quiet">${t("lists_drafts_lead")}</p>
      <ul class="found-roles">
        ${inOrder(app.shown.library, app.lang).map(
          (list) => html`
            <li key=${list.key}>
              <button
                type="button"
                class="found"
                data-key=${`library-${list.key}`}
                onClick=${() => take(list)}
              >
                <b>${titleOf(app, list)}</b>
                <span class="tag">${t("lists_is_draft")}</span>
                <span class="quiet">${rolesOf(app, list)}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}

/**
 * @param {RolesApp} app
 * @param {ListForm} list
 */
function rolesOf({ lang }, { roles }) {
  return roles.map((role) => role.title[lang]).join(" · ");
}

/**
 * @param {RolesApp} app
 * @returns {ListForm}
 */
function emptyList(app) {
  return {
    key: "",
    version: 0,
    title: { ko: "", en: "" },
    kind: "base",
    default: false,
    freshness_days: app.shown.freshness_days,
    applies_to: { industries: [], segments: [], regions: [], offerings: [], teams: [] },
    roles: [],
  };
}

/**
 * Name of a list, and for how long a check of a holder counts.
 * @param {{ app: RolesApp }} props
 */
export function NameDialog({ app }) {
  const { list, t } = app;
  if (!list) return null;
  const mark = markOf(app, "freshness_days");
  /**
   * @param {"title"} field
   * @param {Language} lang
   */
  const set = (field, lang) => (/** @type {string} */ text) =>
    app.change((own) => (own[field][lang] = text));
  /** @param {{ target: HTMLInputElement }} event */
  const days = ({ target }) =>
    app.change((own) => (own.freshness_days = Math.round(Number(target.value)) || 0));
  return html`
    <${Dialog} app=${app} title=${t("lists_act_name")} kind="wide">
      <${Pair} app=${app} name="title" where="title" values=${list.title} set=${set} />
      <p class="quiet">${t("lists_one_language")}</p>
      <label class="field">
        <span class="label">${t("lists_days")}</span>
        <input
          type="text"
          inputmode="numeric"
          class="days"
          data-key="days"
          value=${String(list.freshness_days || "")}
          ...${mark.field}
          onInput=${days}
        />
      </label>
      ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
    <//>
  `;
}

/** @param {{ app: RolesApp }} props */
export function FilesDialog({ app }) {
  const { t } = app;
  const [problem, setProblem] = useState("");
  /** @param {{ target: HTMLInputElement }} event */
  const read = async ({ target }) => {
    const files = [...(target.files ?? [])];
    // So that choosing the same file again is a change too.
    target.value = "";
    setProblem(await app.readFiles(files));
  };
  return html`
    <${Dialog} app=${app} title=${t("lists_files")} kind="wide">
      <p class="quiet">${t("lists_files_lead")}</p>
      <p class="file-acts">
        ${
          app.list &&
          html`<button
            type="button"
            data-key="export-one"
            onClick=${() => app.download([app.list])}
          >
            ${t("lists_export_one", { title: titleOf(app, app.list) })}
          </button>`
        }
        <button type="button" data-key="export-all" onClick=${() => app.download([])}>
          ${t("lists_export_all")}
        </button>
      </p>
      <label class="field">
        <span class="label">${t("lists_import")}</span>
        <input type="file" accept=".yml,.yaml" multiple data-key="import-file" onChange=${read} />
      </label>
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    <//>
  `;
}
