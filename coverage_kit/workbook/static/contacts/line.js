// What every line of contacts has: the person, and the keys.
import { html } from "../vendor/preact.js";

/** @import { ContactsApp } from "./app.js" */
/** @import { ContactLine } from "../messages.d.ts" */

/**
 * The person of a line: name, title, account, and what is known.
 * @param {{ app: ContactsApp, line: ContactLine }} props
 */
export function Who({ app, line }) {
  const { shown, t } = app;
  const isAway = ["former", "future", "gatekeeper"].includes(line.title_state);
  const roles = line.roles.map((role) => app.roleTitle(line.account, role)).join(", ");
  return html`
    <div class="contact-who">
      <b>${app.fullName(line)}</b>
      <span>${[line.department, line.title].filter(Boolean).join(" ")}</span>
      ${
        !shown.account &&
        html`
          <button
            type="button"
            class="link"
            data-key=${`account-${line.employment}`}
            onClick=${() => app.go(line.account, "match")}
          >
            ${app.accounts.get(line.account)?.name}
          </button>
        `
      }
      ${isAway && html`<span class="chip">${t(`title_${line.title_state}`)}</span>`}
      ${line.memo && html`<span class="chip memo">${t(line.memo.kind === "quiet" ? "contacts_quiet" : "contacts_memo", { text: line.memo.text })}</span>`}
      ${roles && html`<span class="chip">${t("contacts_holds", { roles })}</span>`}
      ${app.skipped.has(line.employment) && html`<span class="quiet">${t("contacts_skipped")}</span>`}
    </div>
  `;
}

/**
 * Keys of a line: those of its view, and the arrows.
 * @param {ContactsApp} app
 * @param {ContactLine} line
 * @param {(event: KeyboardEvent) => boolean} own whether it was one of the view's keys
 */
export function lineKeys(app, line, own) {
  return (/** @type {KeyboardEvent & { currentTarget: HTMLElement }} */ event) => {
    if (event.isComposing || event.altKey || event.metaKey || event.ctrlKey) return;
    const isLine = event.target === event.currentTarget;
    if (isLine && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      app.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (isLine && event.code === "KeyS") {
      event.preventDefault();
      app.skip(line);
    } else if (own(event)) event.preventDefault();
  };
}
