// A screen drawn with Preact: a response changes what it concerns, and every other element keeps its text, focus and
// scroll position.
import { App } from "./app.js";
import { h } from "./dom.js";

/** @import { FiguresScreen, Screen } from "./types.d.ts" */

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

/**
 * A page of figures that others change too: they are read again when the user comes back to it.
 * @template {FiguresScreen} S
 * @extends {DrawnApp<S, never>}
 */
export class FiguresApp extends DrawnApp {
  async begin() {
    const response = await this.connection.ask("hello");
    if ("code" in response) {
      this.fail(response);
      return;
    }
    /** @type {S["responses"]["hello"]} The last response of the kernel. Nothing is drawn before. */
    this.shown = response;
    await this.begun();
    this.render();
    this.ready();
    this.onReturn = () => {
      if (!document.hidden && this.isAtRest) this.refresh();
    };
    document.addEventListener("visibilitychange", this.onReturn);
  }

  /** After the first response, before the first drawing. */
  async begun() {}

  /** Whether new figures may be drawn now: nothing is on its way, nothing is being typed. */
  get isAtRest() {
    return true;
  }

  close() {
    if (this.onReturn) document.removeEventListener("visibilitychange", this.onReturn);
    super.close();
  }

  /** Read the figures again. */
  async refresh() {
    const response = await this.connection.ask("hello", /** @type {never} */ ({}), { long: true });
    if ("code" in response) return;
    this.shown = response;
    this.draw();
  }
}
