// What this page has saved and can undo, the last act first. One stack: edits of slots and acts of a session.
import { h } from "./dom.js";

/** @import { Translate } from "./types.d.ts" */
/** @typedef {{ kind: "undo", account: string, undoes: string }} Undo */
/** @typedef {{ account: string, editId: string, what: () => string }} Done */

export class UndoStack {
  /**
   * @param {{ edit: (undo: Undo) => Promise<unknown> }} connection
   * @param {Translate} t
   */
  constructor(connection, t) {
    this.connection = connection;
    this.t = t;
    /** @type {Done[]} */
    this.edits = [];
    /** @type {HTMLButtonElement | null} */
    this.node = null;
  }

  /** The Undo button of the head; it names what it takes back. */
  button() {
    this.node = h("button", { type: "button", class: "undo", "data-key": "undo" });
    this.node.addEventListener("click", () => this.undoLast());
    this.show();
    return this.node;
  }

  /**
   * `what()` names the edit in the language of the screen; `account` is "" for an act of a session.
   * @param {string} account
   * @param {string} editId
   * @param {() => string} what
   */
  push(account, editId, what) {
    this.edits.push({ account, editId, what });
    this.show();
  }

  clear() {
    this.edits = [];
    this.show();
  }

  undoLast() {
    const last = this.edits.at(-1);
    if (last) this.undo(last.account, last.editId);
  }

  /**
   * @param {string} account
   * @param {string} editId
   */
  undo(account, editId) {
    this.edits = this.edits.filter((each) => each.editId !== editId);
    this.show();
    return this.connection.edit({ kind: "undo", account, undoes: editId });
  }

  show() {
    if (!this.node) return;
    const last = this.edits.at(-1);
    const text = last ? this.t("undo_what", { what: last.what() }) : this.t("undo");
    // Not `disabled`, which would take the focus away from the button that was just pressed.
    this.node.setAttribute("aria-disabled", String(!last));
    this.node.replaceChildren(h("span", {}, text));
    this.node.title = last ? text : "";
  }
}
