// The history of the lists, and the list of offerings.
import { withText } from "../core/dom.js";
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";

/** @import { Language } from "../core/types.d.ts" */
/** @import { AppliedView, Bilingual, ListChangeView, OfferingForm } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */
/** @typedef {{ ko: string, en: string }} TwoNames */
/** @type {Language[]} */
const LANGS = ["ko", "en"];

/** @param {{ app: RolesApp }} props */
export function HistoryDialog({ app }) {
  const { shown, t } = app;
  return html`
    <${Dialog} app=${app} title=${t("lists_history")} kind="wide">
      ${!shown.history.length && html`<p class="quiet">${t("lists_no_history")}</p>`}
      <ol class="trail">
        ${shown.history.map((each) => html`<${Entry} key=${each.edit_id} app=${app} entry=${each} />`)}
      </ol>
    <//>
  `;
}

/** @param {{ app: RolesApp, entry: AppliedView }} props */
function Entry({ app, entry }) {
  const { t } = app;
  return html`
    <li>
      <p><span class="when">${entry.at}</span><b>${entry.actor}</b></p>
      <p>${entry.why || html`<span class="quiet">${t("lists_no_why")}</span>`}</p>
      <ul class="quiet plain-list">
        ${entry.changes.map((change) => html`<li>${changeText(app, change)}</li>`)}
      </ul>
    </li>
  `;
}

/**
 * @param {RolesApp} app
 * @param {ListChangeView} change
 */
function changeText({ lang, t }, { title, act, roles_added: added, roles_removed: removed }) {
  /** @param {Bilingual[]} titles */
  const names = (titles) => titles.map((each) => each[lang]).join(", ");
  const what = [
    added.length > 0 && t("lists_did_add", { roles: names(added) }),
    removed.length > 0 && t("lists_did_remove", { roles: names(removed) }),
  ].filter(Boolean);
  return `${title[lang]}: ${what.join(" · ") || t(`lists_did_${act}`)}`;
}

// Offerings --------------------------------------------------------------------------------------

/** @param {{ app: RolesApp }} props */
export function OfferingsDialog({ app }) {
  const { shown, t } = app;
  const [problem, setProblem] = useState("");
  return html`
    <${Dialog} app=${app} title=${t("lists_offerings")} kind="wide">
      <p class="quiet">${t("offerings_lead")}</p>
      <ul class="offerings">
        ${shown.offerings.map(
          (each) =>
            html`<${Offering}
              key=${`${each.key}-${each.version}`}
              app=${app}
              offering=${each}
              refuse=${setProblem}
            />`,
        )}
        <${NewOffering} app=${app} refuse=${setProblem} />
      </ul>
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    <//>
  `;
}

/** @param {{ app: RolesApp, offering: OfferingForm, refuse: (problem: string) => void }} props */
function Offering({ app, offering, refuse }) {
  const { t } = app;
  const { active, key, version } = offering;
  const [names, setNames] = useState({ ko: offering.ko, en: offering.en });
  const isChanged = names.ko !== offering.ko || names.en !== offering.en;
  const rename = async () => refuse(await app.write("rename_offering", { key, version, ...names }));
  const retire = async () =>
    refuse(await app.write("retire_offering", { key, version, active: !active }));
  return html`
    <li class=${active ? "" : "retired"}>
      <${Names} app=${app} place=${key} names=${names} change=${setNames} />
      <button
        type="button"
        class=${isChanged ? "primary" : ""}
        disabled=${!isChanged || app.isBusy}
        data-key=${`rename-${key}`}
        onClick=${rename}
      >
        ${t("offering_rename")}
      </button>
      <button type="button" disabled=${app.isBusy} data-key=${`retire-${key}`} onClick=${retire}>
        ${t(active ? "offering_retire" : "offering_restore")}
      </button>
    </li>
  `;
}

/** @param {{ app: RolesApp, refuse: (problem: string) => void }} props */
function NewOffering({ app, refuse }) {
  const [names, setNames] = useState({ ko: "", en: "" });
  const add = async () => {
    const problem = await app.write("add_offering", names);
    refuse(problem);
    if (!problem) setNames({ ko: "", en: "" });
  };
  return html`
    <li>
      <${Names} app=${app} place="new" names=${names} change=${setNames} />
      <button
        type="button"
        class="primary"
        disabled=${!(names.ko + names.en).trim() || app.isBusy}
        data-key="offering-add"
        onClick=${add}
      >
        ${app.t("offering_add")}
      </button>
    </li>
  `;
}

/**
 * @param {{ app: RolesApp, place: string, names: TwoNames, change: (names: TwoNames) => void }} props
 */
function Names({ app, place, names, change }) {
  return LANGS.map(
    (lang) => html`
      <label class="field">
        <span class="label">${app.t(`lists_title_${lang}`)}</span>
        <input
          type="text"
          maxlength="120"
          autocomplete="off"
          data-key=${`offering-${place}-${lang}`}
          value=${names[lang]}
          onInput=${withText((text) => change({ ...names, [lang]: text }))}
        />
      </label>
    `,
  );
}
