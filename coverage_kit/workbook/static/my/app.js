// A colleague's own page: what is asked of them, what they owe, and what only they can decide.
import { newEditId } from "../core/connection.js";
import { dayName } from "../core/days.js";
import { FiguresApp } from "../core/drawn_app.js";
import { rememberFocus } from "../core/focus.js";
import { LocalStore } from "../core/local_store.js";
import { keepFile } from "../core/keep_file.js";
import { showFile } from "../core/show_file.js";
import { html, render } from "../vendor/preact.js";
import { MyHead, MyPage } from "./page.js";

/** @import { Host } from "../agree/agreement.js" */
/** @import { Action, Body, MyScreen } from "../core/types.d.ts" */
/** @import { FoundMine, ListFile, MyRequest } from "../messages.d.ts" */
/** @typedef {Exclude<MyRequest["kind"], "hello" | "find_mine" | "print_agreement" | "print_review">} MyAct */

/** Stands for the open form among the drafts. */
const OPENED = "opened";

/** @extends {FiguresApp<MyScreen>} */
export class MyApp extends FiguresApp {
  prepare() {
    super.prepare();
    /** @type {string} The form that is open, as "act:id". */
    this.opened = "";
    /** @type {Record<string, string>} What is typed and not sent, by form; it outlives other acts and a reload. */
    this.drafts = {};
    this.isBusy = false;
    /** @type {FoundMine[] | null} What a search for accounts found. */
    this.found = null;
    this.sought = "";
  }

  async begun() {
    const { [OPENED]: opened = "", ...drafts } = this.store().read();
    this.opened = opened;
    this.drafts = drafts;
  }

  get isAtRest() {
    return !this.isBusy && !this.opened;
  }

  /**
   * One act; resolves to success. The message says what was written and offers to take it back.
   * @template {MyAct} K
   * @param {K} kind
   * @param {Body<MyScreen, K>} body
   * @param {string} said
   * @param {string} form The form it was sent from.
   */
  async act(kind, body, said = "", form = "") {
    if (this.isBusy) return false;
    const restoreFocus = rememberFocus(this.root, () => this.find("title"));
    this.isBusy = true;
    this.draw();
    const sent = /** @type {Body<MyScreen, K>} */ ({ edit_id: newEditId(), ...body });
    const response = await this.connection.ask(kind, sent, { long: true });
    this.isBusy = false;
    const isDone = response.kind === "mine";
    if (isDone) {
      this.shown = response;
      this.forget(form);
      this.found = null;
      /** @type {Action} */
      const undo = [this.t("undo"), () => this.undo(response.edit_id)];
      if (said) this.toasts.show(said, "done", kind === "undo" ? [] : [undo]);
      if (response.file) keepFile(response.file);
    } else {
      this.toasts.show(this.errorText(response), "problem");
      // Somebody may have changed it. What is typed stays.
      await this.refresh();
    }
    this.draw();
    restoreFocus();
    return isDone;
  }

  /** @type {Host["agree"]} */
  agree({ kind, ...body }, said) {
    return this.act(kind, /** @type {never} */ (body), said);
  }

  /** @type {Host["printAgreement"]} */
  printAgreement({ manager, quarter }) {
    this.print("print_agreement", { manager, quarter });
  }

  /**
   * Show a page that the kernel makes, and say where it is kept.
   * @template {"print_agreement" | "print_review"} K
   * @param {K} kind
   * @param {Body<MyScreen, K>} body
   */
  async print(kind, body) {
    const response = await showFile(this.connection.ask(kind, body, { long: true }));
    if (response.kind !== "file") this.toasts.show(this.errorText(response), "problem");
    else this.toasts.show(this.t("agree_printed", { file: response.place }), "done");
  }

  /** @param {string} editId */
  undo(editId) {
    return this.act("undo", { undoes: editId }, this.t("undone_now"));
  }

  /**
   * Open the form of a card, or close it.
   * @param {string} key
   */
  open(key) {
    this.opened = this.opened === key ? "" : key;
    this.keep();
    this.draw();
    this.find("form")?.focus();
  }

  /** @param {string} form */
  draft(form) {
    return this.drafts[form] ?? "";
  }

  /**
   * Keep what is typed into a form.
   * @param {string} form
   * @param {string} text
   */
  type(form, text) {
    this.drafts[form] = text;
    this.keep();
    this.draw();
  }

  /**
   * Close a form that was sent.
   * @param {string} form
   */
  forget(form) {
    delete this.drafts[form];
    if (this.opened === form) this.opened = "";
    this.keep();
  }

  keep() {
    const typed = Object.entries(this.drafts).filter(([, text]) => text);
    this.store().write(Object.fromEntries(this.opened ? [...typed, [OPENED, this.opened]] : typed));
  }

  /** @returns {LocalStore<string>} Where this browser keeps the colleague's drafts. */
  store() {
    return new LocalStore(`coverage-kit:drafts-of:${this.shown.who.id}`);
  }

  /** @param {string} text */
  async search(text) {
    this.sought = text;
    const response = await this.connection.ask("find_mine", { text });
    if (response.kind !== "found_mine" || response.text !== this.sought) return;
    this.found = response.accounts;
    this.draw();
  }

  /** @param {string} iso */
  day(iso) {
    return dayName(this.lang, iso, this.shown.today);
  }

  /** @param {string} key */
  find(key) {
    return /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-key="${key}"]`));
  }

  draw() {
    this.root.dataset.busy = String(this.isBusy);
    render(html`<${MyHead} app=${this} />`, this.head);
    render(html`<${MyPage} app=${this} />`, this.body);
  }
}
