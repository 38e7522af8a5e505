// The sign and the colour of each disposition, in the order of the kernel's list: colour is never the only sign.

/** @import { App } from "./app.js" */
/** @import { AccountScreen } from "./types.d.ts" */

/** From best to worst. A level beyond these gets the last entry until it has its own. */
const MARKS = [
  { sign: "▲", tone: "green" },
  { sign: "●", tone: "slate" },
  { sign: "▼", tone: "brown" },
];

/**
 * @param {App<AccountScreen>} app
 * @param {string | null} disposition
 */
function markOf(app, disposition) {
  const at = app.choices.disposition.indexOf(disposition ?? "");
  return MARKS[Math.min(at, MARKS.length - 1)];
}

/**
 * @param {App<AccountScreen>} app
 * @param {string | null} disposition
 */
export function signOf(app, disposition) {
  return markOf(app, disposition)?.sign ?? "";
}

/**
 * The style that sets `--tone` and `--tone-wash` for an element.
 * @param {App<AccountScreen>} app
 * @param {string | null} disposition
 */
export function toneOf(app, disposition) {
  const tone = markOf(app, disposition)?.tone ?? "slate";
  return `--tone: var(--${tone}); --tone-wash: var(--${tone}-wash)`;
}
