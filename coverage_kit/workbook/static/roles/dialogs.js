// The history of the lists, and the list of offerings.
import { withText } from "../core/dom.js";
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";

/** @import { Language } from "../core/types.d.ts" */
/** @import { Bilingual, ListChangeView, OfferingForm, PastActView, PinChangeView } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */
/** @typedef {{ ko: string, en: string }} TwoNames */
/** Lists shown of one act of the history. */
const LINES = 8;

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

/** @param {{ app: RolesApp, entry: PastActView }} props */
function Entry({ app, entry }) {
  const { t } = app;
  const undo = async () => {
    await app.undo.undo("", entry.edit_id);
    app.focusFirst("[data-key=dialog-close]");
  };
  return html`
    <li>
      <p class="past-act">
        <span class="when">${entry.at}</span><b>${entry.actor}</b>
        <span class="grow"></span>
        <button
          type="button"
          class="link"
          data-key=${`undo-${entry.edit_id}`}
          aria-label=${`${t("undo")}: ${linesOf(app, entry)[0] ?? entry.why}`}
          disabled=${app.isBusy}
          onClick=${undo}
        >
          ${t("undo")}
        </button>
      </p>
      ${(entry.why || entry.changes.length > 0) && html`<p>${entry.why || html`<span class="quiet">${t("lists_no_why")}</span>`}</p>`}
      <ul class="quiet plain-list">
        ${linesOf(app, entry).map((line) => html`<li>${line}</li>`)}
      </ul>
    </li>
  `;
}

/**
 * What an act changed: in lists, for accounts, in offerings.
 * @param {RolesApp} app
 * @param {PastActView} entry
 * @returns {string[]}
 */
function linesOf(app, { changes, pins, n_pins: nPins, offerings }) {
  const { lang, t } = app;
  const more = nPins - pins.length;
  return [
    ...changes.slice(0, LINES).map((each) => changeText(app, each)),
    ...(changes.length > LINES ? [t("lists_more_changes", { n: changes.length - LINES })] : []),
    ...pins.map((each) => pinText(app, each)),
    ...(more > 0 ? [t("lists_more", { n: more.toLocaleString() })] : []),
    ...offerings.map(({ act, title }) => t(`offering_did_${act}`, { title: title[lang] })),
  ];
}

/**
 * @param {RolesApp} app
 * @param {ListChangeView} change
 */
function changeText(app, { title, act, roles_added: added, roles_removed: removed, parts }) {
  const { lang, t } = app;
  const what = [
    added.length > 0 && t("lists_did_add", { roles: namesOf(added, lang) }),
    removed.length > 0 && t("lists_did_remove", { roles: namesOf(removed, lang) }),
    ...parts.map((part) => t(`lists_part_${part}`)),
  ].filter(Boolean);
  return `${title[lang]}: ${what.join(" · ") || t(`lists_did_${act}`)}`;
}

/**
 * @param {RolesApp} app
 * @param {PinChangeView} pin
 */
function pinText({ lang, t }, { name, lists }) {
  if (!lists.length) return t("lists_did_unpin", { account: name });
  return t("lists_did_pin", { account: name, lists: namesOf(lists, lang) });
}

/**
 * @param {Bilingual[]} titles
 * @param {Language} lang
 */
function namesOf(titles, lang) {
  return titles.map((each) => each[lang]).join(", ");
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
  const [names, change] = useKept(app, `offering ${key}`, { ko: offering.ko, en: offering.en });
  const isChanged = names.ko !== offering.ko || names.en !== offering.en;
  const rename = async () => {
    const problem = await app.write("rename_offering", { key, version, ...names });
    refuse(problem);
    if (!problem) app.drafts.keepForm(`offering ${key}`, null);
  };
  const retire = async () =>
    refuse(await app.write("retire_offering", { key, version, active: !active }));
  return html`
    <li class=${active ? "" : "retired"}>
      <${Names} app=${app} place=${key} names=${names} change=${change} />
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

/**
 * Names as they are typed; they survive a closed dialog and a reload until they are saved.
 * @param {RolesApp} app
 * @param {string} name
 * @param {TwoNames} saved
 * @returns {[TwoNames, (next: TwoNames) => void]}
 */
function useKept(app, name, saved) {
  const [names, setNames] = useState(app.drafts.kept.forms[name] ?? saved);
  /** @param {TwoNames} next */
  const change = (next) => {
    setNames(next);
    const isSame = next.ko === saved.ko && next.en === saved.en;
    app.drafts.keepForm(name, isSame ? null : next);
  };
  return [names, change];
}

/** @param {{ app: RolesApp, refuse: (problem: string) => void }} props */
function NewOffering({ app, refuse }) {
  const [names, change] = useKept(app, "new offering", { ko: "", en: "" });
  const add = async () => {
    const problem = await app.write("add_offering", names);
    refuse(problem);
    if (!problem) change({ ko: "", en: "" });
  };
  return html`
    <li>
      <${Names} app=${app} place="new" names=${names} change=${change} />
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
  return app.langs.map(
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
