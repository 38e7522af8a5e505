// The contact audit: what contacts are worth, a sample of them, and who may be written to.
import { newEditId } from "../core/connection.js";
import { saveFile } from "../core/dom.js";
import { DrawnApp } from "../core/drawn_app.js";
import { areTooLarge, encoded, MOST_MB } from "../core/encoded.js";
import { startLink } from "../core/link.js";
import { LocalStore } from "../core/local_store.js";
import { UndoStack } from "../core/undo.js";
import { html, render } from "../vendor/preact.js";
import { AuditHead, AuditPage } from "./page.js";

/** @import { AuditScreen, EditBody, Outgoing, Saved } from "../core/types.d.ts" */
/** @import { AuditState, CampaignState, ListedPerson, MailResultsView, ToAsk } from "../messages.d.ts" */

/** @typedef {{ scope: string, role: string, off_focus: boolean, text: string }} CampaignChoice */
/** @typedef {ToAsk | ListedPerson} Addressee */

const SEARCH_MS = 200;

/** @extends {DrawnApp<AuditScreen, never>} */
export class AuditApp extends DrawnApp {
  prepare() {
    super.prepare();
    /** @type {UndoStack} */
    this.undo = new UndoStack(this.connection, this.t);
    /** @type {CampaignChoice} */
    this.choice = { scope: "email", role: "", off_focus: false, text: "" };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.searching = undefined;
    /** @type {CampaignState | null} */
    this.campaign = null;
    /** @type {MailResultsView | null} What the last file of results held. */
    this.results = null;
    /** @type {string} The person whose consent is being typed, with the account. */
    this.asked = "";
    this.isBusy = false;
    /** @type {Map<string, () => string>} By edit, what it is called. */
    this.said = new Map();
  }

  async begin() {
    const response = await this.connection.ask("hello");
    if (response.kind !== "audit") {
      this.fail(response);
      return;
    }
    /** @type {AuditState} What the kernel sent last. Nothing is drawn before. */
    this.shown = response;
    await this.askCampaign();
    this.connection.resume(new LocalStore("coverage-kit:audit-outbox"));
    this.render();
    this.ready();
  }

  async askCampaign() {
    const { text } = this.choice;
    const response = await this.connection.ask("campaign", this.choice);
    // What was asked before the last letters were typed is not shown after them.
    if (text !== this.choice.text) return;
    if (response.kind === "campaign") this.campaign = response;
    else this.showProblem(response);
  }

  /** @param {Partial<CampaignChoice>} part */
  async choose(part) {
    this.choice = { ...this.choice, ...part };
    this.asked = "";
    await this.askCampaign();
    this.draw();
  }

  /** @param {string} text */
  search(text) {
    this.choice.text = text;
    clearTimeout(this.searching);
    this.searching = setTimeout(() => this.choose({}), SEARCH_MS);
  }

  /** @param {"print_audit" | "print_sheet"} what */
  async print(what) {
    const response = await this.connection.ask(what);
    if (response.kind === "file")
      saveFile(response.name, new Blob([response.text], { type: "text/html;charset=utf-8" }));
    else this.showProblem(response);
  }

  async download() {
    const { scope, role, off_focus } = this.choice;
    const response = await this.connection.ask("campaign_files", { scope, role, off_focus });
    if (response.kind !== "files") {
      this.showProblem(response);
      return;
    }
    for (const { name, text } of response.files)
      saveFile(name, new Blob([text], { type: "text/csv;charset=utf-8" }));
  }

  drawSample() {
    this.write({ kind: "draw_sample" }, () => this.t("audit_drawn"));
  }

  /** @param {ToAsk} one */
  open(one) {
    const key = `${one.account}:${one.person}`;
    this.asked = this.asked === key ? "" : key;
    this.draw();
  }

  /**
   * @param {ToAsk} one
   * @param {string} source
   * @param {string} on
   */
  giveConsent(one, source, on) {
    const { account, person } = one;
    this.asked = "";
    this.write({ kind: "consent", person, account, scope: this.choice.scope, source, on }, () =>
      this.t("camp_saved", { name: one.name ?? "" }),
    );
  }

  /** @param {Addressee} one */
  optOut({ account, person, name }) {
    this.write({ kind: "opt_out", person, account }, () =>
      this.t("camp_opted_out", { name: name ?? "" }),
    );
  }

  /** @param {Addressee} one */
  liftOptOut({ account, person, name }) {
    this.write({ kind: "lift_opt_out", person, account }, () =>
      this.t("camp_lifted", { name: name ?? "" }),
    );
  }

  /** @param {Addressee} one */
  withdraw({ account, person, name }) {
    const { scope } = this.choice;
    this.write({ kind: "withdraw", person, account, scope }, () =>
      this.t("camp_withdrawn", { name: name ?? "" }),
    );
  }

  /** @param {Addressee} one */
  remind({ account, person, name }) {
    const { scope } = this.choice;
    this.write({ kind: "remind", person, account, scope }, () =>
      this.t("camp_reminded", { name: name ?? "" }),
    );
  }

  /** @param {File | undefined} file */
  async readResults(file) {
    if (!file) return;
    if (areTooLarge([file])) {
      this.toasts.show(this.t("files_large", { n: MOST_MB }), "problem");
      return;
    }
    this.results = null;
    this.write({ kind: "mail_results", file: await encoded(file) }, () => "");
  }

  /**
   * @param {EditBody<AuditScreen>} body
   * @param {() => string} said
   */
  async write(body, said) {
    const editId = newEditId();
    this.said.set(editId, said);
    this.isBusy = true;
    this.draw();
    const edit = /** @type {EditBody<AuditScreen>} */ ({ ...body, edit_id: editId });
    await this.connection.edit(edit);
  }

  /**
   * A response to an act, also to one that an earlier page had sent.
   * @param {Outgoing} message
   * @param {Saved<AuditScreen>} response
   */
  async responded(message, response) {
    this.isBusy = false;
    if (response.kind !== "saved") this.showProblem(response);
    else {
      this.shown = response.state;
      if (response.results) this.results = response.results;
      await this.askCampaign();
      this.say(message, response.edit_id);
    }
    this.draw();
  }

  /**
   * @param {Outgoing} message
   * @param {string} editId
   */
  say(message, editId) {
    if (message.kind === "undo") this.toasts.show(this.t("undone_now"));
    const said = this.said.get(message.edit_id);
    this.said.delete(message.edit_id);
    if (!said?.()) return;
    this.undo.push("", editId, said);
    this.toasts.show(said(), "done", [[this.t("undo"), () => this.undo.undo("", editId)]]);
  }

  tools() {
    return [this.undo.button(), startLink(this.t)];
  }

  draw() {
    render(html`<${AuditHead} app=${this} />`, this.head);
    render(html`<${AuditPage} app=${this} />`, this.body);
  }
}
