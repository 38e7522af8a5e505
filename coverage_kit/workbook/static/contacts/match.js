// A contact and the position it is matched to.
import { withText } from "../core/dom.js";
import { html } from "../vendor/preact.js";
import { lineKeys, Who } from "./line.js";

/** @import { ContactsApp } from "./app.js" */
/** @import { ContactLine } from "../messages.d.ts" */

/** @param {{ app: ContactsApp, line: ContactLine, isCurrent: boolean }} props */
export function MatchLine({ app, line, isCurrent }) {
  const { t } = app;
  const name = app.fullName(line);
  const role = app.position(line);
  const positions = app.accounts.get(line.account)?.positions ?? [];
  const held = positions.find((one) => one.role === role)?.holder;
  const isOpen = app.isOpen(line);
  const keys = lineKeys(app, line, (event) => {
    const isHere =
      event.target === event.currentTarget || event.target instanceof HTMLSelectElement;
    if (event.key !== "Enter" || !isHere || !isOpen) return false;
    app.match(line, event.shiftKey);
    return true;
  });
  /** @param {string} chosen */
  const choose = (chosen) => {
    app.chosen[line.employment] = chosen;
    app.draw();
  };
  return html`
    <li
      class="panel contact-line"
      tabindex=${isCurrent ? 0 : -1}
      data-key=${`contact-${line.employment}`}
      data-person=${line.person}
      aria-label=${[name, line.title].filter(Boolean).join(", ")}
      onFocus=${() => (app.current = line.employment)}
      onKeyDown=${keys}
    >
      <${Who} app=${app} line=${line} />
      <div class="contact-position">
        <span aria-hidden="true">→</span>
        <select
          aria-label=${t("contacts_position", { name })}
          data-key=${`position-${line.employment}`}
          value=${role}
          disabled=${!isOpen}
          onChange=${withText(choose)}
        >
          <option value="">${t("contacts_choose")}</option>
          ${positions.map(
            (one) =>
              html`<option key=${one.role} value=${one.role}>
                ${positionName(app, line, one)}
              </option>`,
          )}
        </select>
      </div>
      <div class="contact-acts">
        <button
          type="button"
          class=${role && !held ? "primary" : ""}
          data-key=${`sits-${line.employment}`}
          disabled=${!isOpen || !role}
          onClick=${() => app.match(line, false)}
        >
          ${held ? t("contacts_replaces", { name: held }) : t("contacts_sits")}
        </button>
        <button
          type="button"
          data-key=${`checked-${line.employment}`}
          disabled=${!isOpen || !role}
          onClick=${() => app.match(line, true)}
        >
          ${t("contacts_sits_checked")}
        </button>
        <button
          type="button"
          class="link"
          data-key=${`later-${line.employment}`}
          onClick=${() => app.skip(line)}
        >
          ${t("contacts_later")}
        </button>
      </div>
    </li>
  `;
}

/**
 * @param {ContactsApp} app
 * @param {ContactLine} line
 * @param {import("../messages.d.ts").PositionView} one
 */
function positionName(app, line, { role, holder }) {
  const title = app.roleTitle(line.account, role);
  return holder ? app.t("contacts_held_by", { role: title, name: holder }) : title;
}
