// The edits of this page that can be undone, the last one first.
import { button } from "./dom.js";

export class UndoStack {
  constructor(connection) {
    this.connection = connection;
    this.edits = [];
    this.node = null;
  }

  /** The Undo button of the head. */
  button(label) {
    this.node = button(label, () => this.undoLast(), { class: "undo", "data-key": "undo" });
    this.show();
    return this.node;
  }

  push(account, editId) {
    this.edits.push({ account, editId });
    this.show();
  }

  undoLast() {
    const last = this.edits.pop();
    this.show();
    if (last) this.undo(last.account, last.editId);
  }

  undo(account, editId) {
    this.connection.edit({ kind: "undo", account, undoes: editId });
  }

  show() {
    if (this.node) this.node.disabled = !this.edits.length;
  }
}
