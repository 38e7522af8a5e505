// Accounts that stayed under the team their rep had before, until somebody moves them.
import { html } from "../vendor/preact.js";

/** @import { StartApp } from "./app.js" */

/**
 * How many there are, and the way to the page that moves them; nothing if there are none.
 * @param {{ app: StartApp }} props
 */
export function MovedNotice({ app }) {
  const { t } = app;
  return html`
    <${Moved}
      app=${app}
      name="moved-open"
      label=${t("start_moved_open")}
      act=${() => app.openAssign()}
    />
  `;
}

/**
 * The same with the act itself.
 * @param {{ app: StartApp }} props
 */
export function MoveTeams({ app }) {
  const label = app.t("start_moved_act", { n: app.shown.tiles.owners.moved });
  return html`<${Moved}
    app=${app}
    name="move-teams"
    label=${label}
    act=${() => app.moveTeams()}
  />`;
}

/** @param {{ app: StartApp, name: string, label: string, act: () => void }} props */
function Moved({ app, name, label, act }) {
  const n = app.shown.tiles.owners.moved;
  if (!n) return null;
  return html`
    <div class="recorded" data-key="moved">
      <span>${app.t("start_moved", { n })}</span>
      <button type="button" data-key=${name} disabled=${app.isBusy} onClick=${act}>${label}</button>
    </div>
  `;
}
