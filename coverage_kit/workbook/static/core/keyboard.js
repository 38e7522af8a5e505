// The keyboard shortcuts: what each key does, and its line in the help window.

/** @import { AccountApp } from "./account_app.js" */

/**
 * `screen`: where it works, if not everywhere. `code`: the place on the keyboard, for layouts that type another letter.
 * Lines without `act` explain keys that a part of the screen handles itself.
 * @type {{ key: string, help: string, screen?: string, code?: string, act?: (app: AccountApp) => void }[]}
 */
const SHORTCUTS = [
  { screen: "rep", key: "/", help: "key_search", act: (app) => app.nav?.search.focus() },
  { screen: "rep", key: "J", code: "KeyJ", help: "key_next", act: (app) => app.nav?.step(1) },
  { screen: "rep", key: "K", code: "KeyK", help: "key_before", act: (app) => app.nav?.step(-1) },
  {
    key: "F",
    code: "KeyF",
    help: "key_focus",
    act: (app) => app.find("focus")?.click(),
  },
  { key: "1–6", help: "key_settle" },
  { screen: "coach", key: "1–3", help: "key_sweep" },
  { key: "U", code: "KeyU", help: "key_undo", act: (app) => app.undo.undoLast() },
  { key: "L", code: "KeyL", help: "key_language", act: (app) => app.switchLanguage() },
  { key: "Enter", help: "key_enter" },
  { key: "↑ ↓", help: "key_choose" },
  { key: "Esc", help: "key_escape" },
  { key: "?", help: "key_help", act: (app) => app.openHelp() },
];

/**
 * The shortcuts of a screen ("rep" or "coach").
 * @param {string} screen
 */
export function shortcutsOf(screen) {
  return SHORTCUTS.filter((each) => !each.screen || each.screen === screen);
}

/**
 * Run the shortcut of a pressed key; keys typed into a field are left alone.
 * @param {AccountApp} app
 * @param {KeyboardEvent} event
 */
export function pressShortcut(app, event) {
  const { target } = event;
  const typing = target instanceof Element && target.closest("input, select, textarea, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const own = shortcutsOf(app.screen).filter((each) => each.act);
  const key = event.key.toUpperCase();
  const shortcut =
    own.find((each) => each.key === key) ?? own.find((each) => each.code === event.code);
  if (!shortcut?.act) return;
  event.preventDefault();
  shortcut.act(app);
}
