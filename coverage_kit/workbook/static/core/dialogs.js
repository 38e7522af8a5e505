// Modal dialogs.
import { button, h, quietly } from "./dom.js";
import { rememberFocus } from "./focus.js";

/** @import { Bilingual, Problem } from "../messages.d.ts" */
/** @import { Child, Translate } from "./types.d.ts" */

let count = 0;

/**
 * Open a modal dialog with a title; Escape closes it. When it closes, the focus returns to the field that had it,
 * to its successor if the screen was drawn again, or else to `returnTo()`.
 * @param {HTMLElement} root
 * @param {string} title
 * @param {Child} body
 * @param {{ actions?: Child[], kind?: string, returnTo?: () => Element | null }} options
 */
export function openDialog(root, title, body, { actions = [], kind = "", returnTo } = {}) {
  const restoreFocus = rememberFocus(root, returnTo);
  const head = h("h2", { id: `ck-title-${++count}` }, title);
  const node = h(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": head.id },
    head,
    h("div", { class: "body" }, body),
    h("div", { class: "actions" }, actions),
  );
  node.addEventListener("close", () => {
    node.remove();
    restoreFocus();
  });
  node.addEventListener("click", (event) => {
    if (event.target === node) node.close();
  });
  root.append(node);
  quietly(() => node.showModal());
  return node;
}

/**
 * Open a dialog that only shows something.
 * @param {{ root: HTMLElement, t: Translate }} app
 * @param {string} title
 * @param {Child} body
 * @param {string} kind
 */
export function openReader(app, title, body, kind) {
  const close = button(app.t("close"), () => dialog.close());
  const actions = [h("span", { class: "grow" }), close];
  const dialog = openDialog(app.root, title, body, { kind, actions });
}

/**
 * Close a dialog when its edit is saved. A refusal is shown in the dialog and the text stays: beside the input that
 * `fields` names for the error's code, if any. `isDone` says whether nothing else is left to save.
 * @template {{ kind: string } | Problem} R
 * @param {HTMLDialogElement} dialog
 * @param {Promise<R>} pending
 * @param {(response: { text?: Bilingual }) => string} errorText
 * @param {{ [code: string]: HTMLInputElement }} fields
 */
export async function closeWhenSaved(dialog, pending, errorText, fields = {}, isDone = () => true) {
  const response = await pending;
  if (!dialog.isConnected) return;
  if (response.kind === "saved" && !isDone()) return;
  if (!isRefusal(response)) {
    dialog.close();
    return;
  }
  dialog.querySelector(".refused")?.remove();
  const said = h(
    "p",
    { class: "refused", role: "alert", id: `${dialog.getAttribute("aria-labelledby")}-refused` },
    errorText(response),
  );
  const field = fields[response.code];
  if (!field) {
    dialog.querySelector(".body")?.append(said);
    return;
  }
  field.closest(".field")?.after(said);
  const marks = { "aria-invalid": "true", "aria-describedby": said.id };
  for (const [name, value] of Object.entries(marks)) field.setAttribute(name, value);
  field.addEventListener(
    "input",
    () => {
      for (const name of Object.keys(marks)) field.removeAttribute(name);
    },
    { once: true },
  );
  field.focus();
}

/**
 * @param {{ kind: string }} response
 * @returns {response is Problem}
 */
function isRefusal(response) {
  return response.kind === "refused";
}
