// A screen drawn with Preact: a response changes what it concerns, and every other element keeps its text, focus and
// scroll position.
import { App } from "./app.js";
import { h } from "./dom.js";

/** @import { Screen } from "./types.d.ts" */

/**
 * @template {Screen} S
 * @template {{ kind: string }} Dialog
 * @extends {App<S>}
 */
export class DrawnApp extends App {
  prepare() {
    /** @type {HTMLElement} The left of the head. */
    this.head = h("div", { class: "drawn-head" });
    /** @type {Dialog | null} The open dialog. */
    this.dialog = null;
  }

  title() {
    return this.head;
  }

  fill() {
    this.draw();
  }

  /** Draw what has changed. */
  draw() {}

  /** @param {Dialog} dialog */
  openDialog(dialog) {
    this.dialog = dialog;
    this.draw();
  }

  closeDialog() {
    this.dialog = null;
    this.draw();
  }
}
