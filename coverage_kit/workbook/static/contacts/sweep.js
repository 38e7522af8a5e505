// The sweep of an account's contacts: one key each, or one press for all that are selected.
import { callOf, withTick } from "../core/dom.js";
import { html, useState } from "../vendor/preact.js";
import { lineKeys, Who } from "./line.js";

/** @import { ContactsApp } from "./app.js" */
/** @import { ContactLine } from "../messages.d.ts" */

/** In the order of their keys. */
const FINDINGS = ["still", "left", "role_changed", "moved", "retired", "tried"];
/** What may be said of several at once. */
const BULK = ["still", "left", "retired", "tried"];

/** @param {{ app: ContactsApp }} props */
export function BulkBar({ app }) {
  const { t } = app;
  const shown = app.lines().filter((line) => app.isOpen(line));
  const chosen = shown.filter((line) => app.selected.has(line.employment));
  const all = () => {
    const drawn = shown.slice(0, app.most);
    app.selected = new Set(drawn.map((line) => line.employment));
    app.draw();
  };
  const none = () => {
    app.selected.clear();
    app.draw();
  };
  if (!chosen.length)
    return html`
      <div class="contact-bulk">
        <button
          type="button"
          class="link"
          data-key="select-all"
          disabled=${!shown.length}
          onClick=${all}
        >
          ${t("contacts_select_all")}
        </button>
      </div>
    `;
  return html`
    <div class="contact-bulk" data-open="true">
      <b role="status">${t("contacts_selected", { n: chosen.length })}</b>
      ${BULK.map(
        (state) => html`
          <button
            type="button"
            data-key=${`bulk-${state}`}
            onClick=${() => app.mark(chosen, state)}
          >
            ${t(`contacts_is_${state}`)}
          </button>
        `,
      )}
      <button type="button" class="link" data-key="select-all" onClick=${all}>
        ${t("contacts_select_all")}
      </button>
      <button type="button" class="link" data-key="unselect" onClick=${none}>
        ${t("contacts_unselect")}
      </button>
    </div>
  `;
}

/** @param {{ app: ContactsApp, line: ContactLine, isCurrent: boolean }} props */
export function SweepLine({ app, line, isCurrent }) {
  const { form, t } = app;
  const name = app.fullName(line);
  const isOpen = app.isOpen(line);
  const state = form?.employment === line.employment ? form.state : "";
  /** @param {string} finding */
  const press = (finding) => {
    if (finding === "still" || finding === "tried") app.mark([line], finding);
    else app.openForm({ employment: line.employment, state: finding });
  };
  const keys = lineKeys(app, line, (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return false;
    const finding = FINDINGS[Number(event.key) - 1];
    const isLine = event.target === event.currentTarget;
    if (isLine && event.key === " ") app.select(line, !app.selected.has(line.employment));
    else if (finding && isOpen && !state) press(finding);
    else return false;
    return true;
  });
  return html`
    <li
      class="panel contact-line sweep"
      tabindex=${isCurrent ? 0 : -1}
      data-key=${`contact-${line.employment}`}
      data-person=${line.person}
      data-check=${line.check}
      aria-label=${[name, line.title].filter(Boolean).join(", ")}
      onFocus=${() => (app.current = line.employment)}
      onKeyDown=${keys}
    >
      <input
        type="checkbox"
        aria-label=${t("contacts_select", { name })}
        data-key=${`select-${line.employment}`}
        checked=${app.selected.has(line.employment)}
        disabled=${!isOpen}
        onChange=${withTick((isSelected) => app.select(line, isSelected))}
      />
      <${Who} app=${app} line=${line} />
      <div class="contact-last">
        <span class="quiet">${lastCheck(app, line)}</span>
        ${line.phone && html`<a class="tel" href=${callOf(line.phone)}>${line.phone}</a>`}
      </div>
      ${
        isOpen &&
        !state &&
        html`<div class="contact-acts" role="group" aria-label=${t("still_in_slot", { name })}>
          ${FINDINGS.map(
            (finding, i) => html`
              <button
                type="button"
                data-key=${`${finding}-${line.employment}`}
                onClick=${() => press(finding)}
              >
                <kbd aria-hidden="true">${i + 1}</kbd> ${t(`contacts_is_${finding}`)}
              </button>
            `,
          )}
          <button
            type="button"
            class="link"
            data-key=${`later-${line.employment}`}
            onClick=${() => app.skip(line)}
          >
            ${t("contacts_later")}
          </button>
        </div>`
      }
      ${state && html`<${GoneForm} app=${app} line=${line} state=${state} />`}
    </li>
  `;
}

/**
 * @param {ContactsApp} app
 * @param {ContactLine} line
 */
function lastCheck({ t }, { check, end_kind: end, ended_on: on, verified_on: seen }) {
  if (end) return t("has_gone_short", { how: t(`end_${end}`), on: on ?? "" });
  if (check === "never_checked") return t("state_never");
  return t("last_confirmed_on", { on: seen ?? "" });
}

/**
 * What else is known of somebody who is no longer there: the successor in the same stroke. Nothing of it is needed.
 * @param {{ app: ContactsApp, line: ContactLine, state: string }} props
 */
function GoneForm({ app, line, state }) {
  const { t } = app;
  const [found, setFound] = useState({ successor: "", on: "", title: "", moved_to: "" });
  /** @type {[keyof typeof found, string, string][]} */
  const fields = [
    ["successor", t("contacts_successor"), ""],
    ["on", t("contacts_since"), "YYYY-MM-DD"],
  ];
  if (state === "role_changed") fields.unshift(["title", t("new_title"), ""]);
  if (state === "moved") fields.unshift(["moved_to", t("moved_to"), t("moved_to_hint")]);
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    app.mark([line], state, found);
  };
  const close = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    app.openForm(null);
  };
  return html`
    <form class="contact-form" onSubmit=${send} onKeyDown=${close}>
      ${fields.map(
        ([field, label, hint], i) => html`
          <label class="field">
            <span class="label">${label}</span>
            <input
              type="text"
              maxlength="200"
              autocomplete="off"
              data-key=${i ? `form-${field}` : "form-first"}
              placeholder=${hint}
              value=${found[field]}
              onInput=${(/** @type {{ target: HTMLInputElement }} */ { target }) =>
                setFound({ ...found, [field]: target.value })}
            />
          </label>
        `,
      )}
      <button type="submit" class="primary" data-key="form-save">
        ${t("contacts_save", { state: t(`contacts_is_${state}`) })}
      </button>
      <button type="button" class="link" data-key="form-cancel" onClick=${() => app.openForm(null)}>
        ${t("cancel")}
      </button>
    </form>
  `;
}
