// The page of duplicates: make one of two records, and download corrections for the CRM.
import { newEditId } from "../core/connection.js";
import { saveFile } from "../core/dom.js";
import { DrawnApp } from "../core/drawn_app.js";
import { startLink } from "../core/link.js";
import { LocalStore } from "../core/local_store.js";
import { UndoStack } from "../core/undo.js";
import { html, render } from "../vendor/preact.js";
import { DuplicatesHead, DuplicatesPage } from "./page.js";

/** @import { DuplicatesScreen, EditBody, Outgoing, Saved } from "../core/types.d.ts" */
/** @import { CorrectionsResponse, DuplicatesState, MergePreview, SamePair } from "../messages.d.ts" */

/** @typedef {"person" | "account"} What */

const SEARCH_MS = 200;

/** @extends {DrawnApp<DuplicatesScreen, never>} */
export class DuplicatesApp extends DrawnApp {
  prepare() {
    super.prepare();
    /** @type {UndoStack} */
    this.undo = new UndoStack(this.connection, this.t);
    /** @type {What} Which pairs are shown. */
    this.what = "person";
    /** @type {MergePreview | null} The pair that is open. */
    this.preview = null;
    /** @type {Record<string, string>} Answers to the questions of the open pair. */
    this.chosen = {};
    /** @type {CorrectionsResponse | null} The last download. */
    this.corrections = null;
    /** @type {string} The program whose contacts are to be corrected. */
    this.source = "";
    this.isBusy = false;
    /** What is typed into the search. */
    this.text = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.searching = undefined;
    /** @type {Map<string, () => string>} By edit, what it is called. */
    this.said = new Map();
  }

  async begin() {
    const response = await this.connection.ask("hello");
    if (response.kind !== "duplicates") {
      this.fail(response);
      return;
    }
    this.take(response);
    this.text = response.text;
    if (!response.found_people && response.found_accounts) this.what = "account";
    this.connection.resume(new LocalStore("coverage-kit:duplicates-outbox"));
    this.render();
    this.ready();
  }

  /** @param {DuplicatesState} state */
  take(state) {
    /** @type {DuplicatesState} What the kernel sent last. Nothing is drawn before. */
    this.shown = state;
    if (!state.sources.includes(this.source)) this.source = state.sources[0] ?? "";
  }

  pairs() {
    return this.what === "person" ? this.shown.people : this.shown.accounts;
  }

  /** @param {string} text */
  search(text) {
    this.text = text;
    clearTimeout(this.searching);
    this.searching = setTimeout(async () => {
      const response = await this.connection.ask("pairs", { text });
      // What was asked before the last letters were typed is not shown after them.
      if (text !== this.text) return;
      if (response.kind === "duplicates") this.take(response);
      else this.showProblem(response);
      this.preview = null;
      this.draw();
    }, SEARCH_MS);
  }

  /** @param {What} what */
  show(what) {
    this.what = what;
    this.preview = null;
    this.draw();
  }

  /**
   * Open a pair, or show again what merging it would do.
   * @param {string} keep
   * @param {string} gone
   */
  async look(keep, gone) {
    const isSame =
      this.preview &&
      [keep, gone].sort().join() === [this.preview.keep, this.preview.gone].sort().join();
    if (!isSame || this.preview?.keep !== keep) this.chosen = {};
    const body = { what: this.what, keep, gone, choices: this.chosen };
    const response = await this.connection.ask("preview_merge", body);
    if (response.kind === "merge_preview") this.preview = response;
    else this.showProblem(response);
    this.draw();
    if (!isSame) this.find("preview")?.focus();
  }

  /**
   * @param {string} question
   * @param {string} choice
   */
  choose(question, choice) {
    this.chosen[question] = choice;
    if (this.preview) this.look(this.preview.keep, this.preview.gone);
  }

  merge() {
    const { chosen: choices, preview } = this;
    if (!preview || preview.questions.some((each) => !each.chosen)) return;
    const { gone, gone_name: goneName, keep, keep_name: keepName, versions, what } = preview;
    this.preview = null;
    this.write({ kind: "merge", what, keep, gone, choices, versions }, () =>
      this.t("dup_merged", { gone: goneName, keep: keepName }),
    );
  }

  /** @param {SamePair} pair */
  keepApart({ one, other }) {
    this.preview = null;
    this.write({ kind: "keep_apart", what: this.what, one, other }, () => this.t("dup_kept_apart"));
  }

  async download() {
    this.isBusy = true;
    this.draw();
    const response = await this.connection.ask(
      "corrections",
      { source: this.source },
      { long: true },
    );
    this.isBusy = false;
    if (response.kind !== "corrections") {
      this.showProblem(response);
      this.draw();
      return;
    }
    this.corrections = response;
    for (const { name, text } of response.files)
      saveFile(name, new Blob([text], { type: "text/csv;charset=utf-8" }));
    this.draw();
    if (response.files.length) {
      const { source, until } = response;
      this.connection.edit({ kind: "note_sent", source, until, edit_id: newEditId() });
    }
  }

  /**
   * @param {EditBody<DuplicatesScreen>} body
   * @param {() => string} said
   */
  async write(body, said) {
    const editId = newEditId();
    this.said.set(editId, said);
    this.isBusy = true;
    this.draw();
    const edit = /** @type {EditBody<DuplicatesScreen>} */ ({ ...body, edit_id: editId });
    await this.connection.edit(edit);
  }

  /**
   * A response to an act, also to one that an earlier page had sent.
   * @param {Outgoing} message
   * @param {Saved<DuplicatesScreen>} response
   */
  responded(message, response) {
    this.isBusy = false;
    if (response.kind !== "saved") this.showProblem(response);
    else {
      this.take(response.state);
      this.say(message, response.edit_id);
    }
    this.draw();
    if (message.kind !== "note_sent") this.find("title")?.focus();
  }

  /**
   * @param {Outgoing} message
   * @param {string} editId
   */
  say(message, editId) {
    if (message.kind === "undo") this.toasts.show(this.t("undone_now"));
    const said = this.said.get(message.edit_id);
    this.said.delete(message.edit_id);
    if (!said) return;
    this.undo.push("", editId, said);
    this.toasts.show(said(), "done", [[this.t("undo"), () => this.undo.undo("", editId)]]);
  }

  tools() {
    return [this.undo.button(), startLink(this.t)];
  }

  draw() {
    render(html`<${DuplicatesHead} app=${this} />`, this.head);
    render(html`<${DuplicatesPage} app=${this} />`, this.body);
  }
}
