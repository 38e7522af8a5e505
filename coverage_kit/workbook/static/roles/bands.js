// The roles of one list as chips in three bands.
import { html } from "../vendor/preact.js";
import { inBand, placed } from "./moves.js";
import { problemOf } from "./page_texts.js";

/** @import { RoleForm } from "../messages.d.ts" */
/** @import { RolesApp, Way } from "./app.js" */

/** @type {Record<string, Way>} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** @param {{ app: RolesApp }} props */
export function Bands({ app }) {
  const { t } = app;
  const problem = problemOf(app, "roles");
  return html`
    ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    ${app.choices.level.map((level) => html`<${Band} key=${level} app=${app} level=${level} />`)}
    <p class="quiet keys-hint">${t("lists_keys")}</p>
  `;
}

/** @param {{ app: RolesApp, level: string }} props */
function Band({ app, level }) {
  const { drafts, list, t } = app;
  if (!list) return null;
  const roles = inBand(list.roles, level);
  const before = drafts.inForce.get(list.key)?.roles ?? [];
  const keys = new Set(list.roles.map((role) => role.key));
  const gone = inBand(before, level).filter((role) => !keys.has(role.key));
  /** @param {DragEvent} event */
  const drop = (event) => {
    event.preventDefault();
    drag(app, event, level, null);
  };
  return html`
    <section class="band" aria-label=${t(`band_${level}`)} onDragOver=${allowDrop} onDrop=${drop}>
      <h3>${t(`band_${level}`)} <span class="quiet">${roles.length}</span></h3>
      <ul class="chips">
        ${roles.map((role) => html`<${Chip} key=${role.key} app=${app} role=${role} />`)}
        ${gone.map((role) => html`<${GoneChip} key=${role.key} app=${app} role=${role} />`)}
        <li>
          <button
            type="button"
            class="role-chip add"
            data-key=${`add-${level}`}
            aria-label=${`${t("lists_add_role")}: ${t(`band_${level}`)}`}
            onClick=${() => app.openDialog({ kind: "add_role", level })}
          >
            ${`+ ${t("lists_role")}`}
          </button>
        </li>
      </ul>
    </section>
  `;
}

/** @param {{ app: RolesApp, role: RoleForm }} props */
function Chip({ app, role }) {
  const { drafts, list, lang, t } = app;
  if (!list) return null;
  const before = drafts.inForce.get(list.key)?.roles.find((each) => each.key === role.key);
  const isNew = !before && !drafts.isNew(list.key);
  const at = list.roles.indexOf(role);
  const isWrong = app.preview?.problems.some(
    (each) => each.list === list.key && each.where.startsWith(`roles.${at}.`),
  );
  const need = role.value[lang] || role.value.ko || role.value.en;
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const way = event.altKey && ARROWS[event.key];
    if (way) app.moveRole(role.key, way);
    else if (event.key === "Delete") app.removeRole(role.key);
    else return;
    event.preventDefault();
  };
  /** @param {DragEvent} event */
  const start = (event) => event.dataTransfer?.setData("text/plain", role.key);
  /** @param {DragEvent} event */
  const drop = (event) => {
    event.preventDefault();
    event.stopPropagation();
    drag(app, event, role.level, role.key);
  };
  return html`
    <li class=${isWrong ? "problem" : ""}>
      <button
        type="button"
        class=${`role-chip ${isNew ? "added" : ""}`}
        draggable="true"
        data-key=${`role-${role.key}`}
        onClick=${() => app.openDialog({ kind: "role", role: role.key })}
        onKeyDown=${press}
        onDragStart=${start}
        onDragOver=${allowDrop}
        onDrop=${drop}
      >
        <span class="chip-title">
          <b>${role.title[lang] || role.title.ko || role.title.en || t("lists_untitled")}</b>
          ${isNew && html` <span class="mark">${t("lists_is_new_role")}</span>`}
          ${isWrong && html` <span class="wrong">${t("lists_look_here")}</span>`}
        </span>
        <span class="quiet need">${need}</span>
      </button>
    </li>
  `;
}

/**
 * A role in force that the draft has not; one press brings it back.
 * @param {{ app: RolesApp, role: RoleForm }} props
 */
function GoneChip({ app, role }) {
  const { lang, t } = app;
  const title = role.title[lang];
  return html`
    <li>
      <button
        type="button"
        class="role-chip gone"
        data-key=${`gone-${role.key}`}
        aria-label=${`${t("lists_bring_back")}: ${title}`}
        onClick=${() => app.addRole(structuredClone(role))}
      >
        <s>${title}</s>
        <span class="quiet">${t("lists_bring_back")}</span>
      </button>
    </li>
  `;
}

/** @param {DragEvent} event */
function allowDrop(event) {
  event.preventDefault();
}

/**
 * A chip was dropped in a band: before another one, or at the end.
 * @param {RolesApp} app
 * @param {DragEvent} event
 * @param {string} level
 * @param {string | null} before
 */
function drag(app, event, level, before) {
  const key = event.dataTransfer?.getData("text/plain");
  if (!key || key === before || !app.list?.roles.some((role) => role.key === key)) return;
  app.change((list) => (list.roles = placed(list.roles, key, level, before)));
}
