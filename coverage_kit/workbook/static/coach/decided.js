// What leaders decided about the rep's work, for the coach before the hour.

import { html } from "../vendor/preact.js";

/** @import { DecidedView } from "../messages.d.ts" */
/** @import { PreparePart } from "./prepare.js" */

/** @param {{ host: PreparePart, list: DecidedView[] }} props */
export function Decided({ host, list }) {
  const { t } = host;
  if (!list.length) return null;
  return html`
    <section data-part="decided">
      <h3 class="part">${t("decided_lately")}</h3>
      <ul class="panel my-lines">
        ${list.map(
          ({ commitment, task, decision, by, on }) => html`
            <li key=${commitment}>
              <b>${task[host.lang]}</b>
              <span class="quiet">${t(`decided_${decision}`, { by, day: host.day(on) })}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
