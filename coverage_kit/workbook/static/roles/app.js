// The role lists page: who must be known, where. Nothing is written before "Apply", which is one edit.
import { App } from "../core/app.js";
import { newEditId } from "../core/connection.js";
import { button, h } from "../core/dom.js";
import { rememberFocus } from "../core/focus.js";
import { startLink } from "../core/link.js";
import { LocalStore } from "../core/local_store.js";
import { UndoStack } from "../core/undo.js";
import { html, render } from "../vendor/preact.js";
import { asDraft, ListDrafts } from "./drafts.js";
import { moved } from "./moves.js";
import { RolesPage } from "./page.js";

/** Time after the last change of a condition before accounts are counted. */
const COUNT_MS = 250;
/** What the toast and the Undo button say of an act. */
const DONE = {
  apply: "lists_applied",
  pin: "lists_pinned",
  add_offering: "offering_saved",
  rename_offering: "offering_saved",
  retire_offering: "offering_saved",
};
/** After these refusals somebody else's change must be shown. */
const CHANGED = ["edit.conflict", "roles.changed"];

export class RolesApp extends App {
  prepare() {
    this.drafts = new ListDrafts();
    this.undo = new UndoStack(this.connection, this.t);
    /** What the kernel sent last. */
    this.shown = null;
    /** By list, the accounts that would be under it. */
    this.under = {};
    /** Key of the list in the middle. */
    this.selected = "";
    /** The last preview, as long as nothing has changed since. */
    this.preview = null;
    this.whyProblem = "";
    /** The open dialog: { kind, … }. */
    this.dialog = null;
    this.isBusy = false;
    this.head = h("div", { class: "who" });
  }

  async begin() {
    const response = await this.connection.ask("hello");
    if (response.kind !== "role_lists") {
      this.fail(response);
      return;
    }
    this.take(response);
    this.connection.resume(new LocalStore("coverage-kit:role-lists-outbox"));
    this.render();
    this.ready();
    if (this.drafts.isAny) this.count();
  }

  close() {
    clearTimeout(this.counting);
    super.close();
  }

  // Messages -------------------------------------------------------------------------------------

  take(state) {
    this.shown = state;
    this.under = state.under;
    this.drafts.take(state.lists);
    if (!this.drafts.find(this.selected)) this.selected = this.drafts.all[0]?.key ?? "";
  }

  /** A response to a writing message, also to one that an earlier page had sent. */
  responded(message, response) {
    this.isBusy = false;
    if (response.kind === "saved") this.showSaved(message, response);
    else if (message.kind === "undo") this.toasts.show(this.errorText(response), "problem");
    this.draw();
  }

  showSaved(message, response) {
    this.preview = null;
    if (message.kind === "apply") this.forgetApplied(message);
    this.take(response.lists);
    if (this.drafts.isAny) this.count();
    if (message.kind === "undo") {
      this.toasts.show(this.t("undone_now"));
      return;
    }
    const what = () => this.t(DONE[message.kind]);
    this.undo.push("", response.edit_id, what);
    this.toasts.show(what(), "done", [
      [this.t("undo"), () => this.undo.undo("", response.edit_id)],
    ]);
  }

  /** What was typed while the message was on its way stays a draft. */
  forgetApplied({ lists, removed }) {
    const { kept } = this.drafts;
    for (const list of lists)
      if (JSON.stringify(kept.lists[list.key]) === JSON.stringify(list))
        delete kept.lists[list.key];
    for (const { key } of removed) delete kept.removed[key];
    Object.assign(kept, { why: "", unused: false });
  }

  /** Write something; resolves to the problem, "" if there is none. */
  async write(kind, body) {
    this.isBusy = true;
    const restoreFocus = rememberFocus(this.root);
    this.draw();
    const response = await this.connection.edit({ kind, edit_id: newEditId(), ...body });
    restoreFocus();
    if (response.kind === "saved") return "";
    if (CHANGED.includes(response.code)) await this.refresh();
    return this.errorText(response);
  }

  async refresh() {
    const state = await this.connection.ask("hello");
    if (state.kind === "role_lists") this.take(state);
    this.draw();
  }

  /** Ask something; a refusal is shown, and null returned. */
  async question(kind, body) {
    const response = await this.connection.ask(kind, body, { long: true });
    if (response.kind !== "refused" && response.kind !== "unavailable") return response;
    this.toasts.show(this.errorText(response), "problem");
    return null;
  }

  /** Count the accounts under each list as the drafts have them. */
  count() {
    clearTimeout(this.counting);
    this.counting = setTimeout(async () => {
      const { lists, removed } = this.drafts.body;
      const response = await this.question("match", { lists, removed });
      if (response) this.under = response.under;
      this.draw();
    }, COUNT_MS);
  }

  async showPreview() {
    const restoreFocus = rememberFocus(this.root);
    this.isBusy = true;
    this.draw();
    const response = await this.question("preview", this.drafts.body);
    this.isBusy = false;
    this.preview = response;
    if (response?.problems.length) this.select(response.problems[0].list);
    this.draw();
    if (response?.problems.length) this.focusFirst("[aria-invalid=true], .problem button");
    else if (response) this.focusFirst("[data-key=why]");
    else restoreFocus();
  }

  async apply() {
    const why = this.drafts.kept.why.trim();
    this.whyProblem = why ? "" : this.t("lists_why_empty");
    if (why) this.whyProblem = await this.write("apply", { ...this.drafts.body, why });
    this.draw();
    this.focusFirst(this.whyProblem ? "[data-key=why]" : "[data-key=list-title]");
  }

  // Drafts ---------------------------------------------------------------------------------------

  get list() {
    return this.drafts.find(this.selected);
  }

  select(key) {
    if (this.drafts.find(key)) this.selected = key;
    this.draw();
    // On a phone the lists stand in one row that scrolls.
    const line = this.root.querySelector(`[data-key="list-${CSS.escape(this.selected)}"]`);
    line?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Change the list in the middle. */
  change(act) {
    this.drafts.change(this.selected, act);
    this.changed();
  }

  changed() {
    this.preview = null;
    this.whyProblem = "";
    this.count();
    this.draw();
  }

  changeRole(key, act) {
    this.change((list) => act(list.roles.find((role) => role.key === key)));
  }

  moveRole(key, way) {
    this.change((list) => (list.roles = moved(list.roles, key, way, this.choices.level)));
    this.focusFirst(`[data-key="role-${CSS.escape(key)}"]`);
  }

  removeRole(key) {
    const { level } = this.list.roles.find((role) => role.key === key);
    this.change((list) => (list.roles = list.roles.filter((role) => role.key !== key)));
    this.focusFirst(`[data-key="add-${level}"]`);
  }

  addRole(role) {
    this.change((list) => list.roles.push(role));
    this.focusFirst(`[data-key="role-${CSS.escape(role.key)}"]`);
  }

  /** Mark the list in the middle as the default; another one that is marked loses the mark. */
  makeDefault(isDefault) {
    const others = isDefault ? this.drafts.all.filter((each) => each.default) : [];
    for (const { key } of others) this.drafts.change(key, (list) => (list.default = false));
    this.change((list) => (list.default = isDefault));
  }

  addList(list, key = this.drafts.freeKey(list.key)) {
    this.drafts.put({ ...asDraft(list), key, version: this.drafts.find(key)?.version ?? 0 });
    this.selected = key;
    this.closeDialog();
    this.changed();
    this.focusFirst("[data-key=list-title]");
  }

  removeList(key) {
    const before = structuredClone(this.drafts.kept);
    const isNew = this.drafts.isNew(key);
    this.drafts.remove(key);
    if (isNew) {
      this.selected = this.drafts.all[0]?.key ?? "";
      this.offerRestore("lists_draft_dropped", before);
    }
    this.changed();
    this.focusFirst("[data-key=list-title]");
  }

  discard(key = null) {
    const before = this.drafts.discard(key);
    if (!this.drafts.find(this.selected)) this.selected = this.drafts.all[0]?.key ?? "";
    this.changed();
    this.offerRestore("lists_draft_dropped", before);
    this.focusFirst("[data-key=list-title]");
  }

  offerRestore(said, kept) {
    const restore = () => {
      this.drafts.restore(kept);
      this.changed();
    };
    this.toasts.show(this.t(said), "done", [[this.t("lists_bring_back"), restore]]);
  }

  // Files ----------------------------------------------------------------------------------------

  /** Let the browser save lists as files; all that are in force if none is given. */
  async download(lists) {
    const response = await this.question("files", { lists });
    for (const { name, text } of response?.files ?? []) {
      const link = h("a", {
        href: URL.createObjectURL(new Blob([text], { type: "application/yaml" })),
        download: name,
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }
  }

  /** Read files as drafts; the problem of the first one that is no list, if any. */
  async readFiles(files) {
    for (const file of files) {
      const text = await file.text();
      const response = await this.connection.ask("read_file", { name: file.name, text });
      if (response.kind !== "list") return this.errorText(response);
      this.addList(response.list, response.list.key);
    }
    return "";
  }

  // The screen -----------------------------------------------------------------------------------

  openDialog(dialog) {
    this.dialog = dialog;
    this.draw();
  }

  closeDialog() {
    this.dialog = null;
    this.draw();
  }

  focusFirst(selector) {
    /** @type {HTMLElement} */ (this.root.querySelector(selector))?.focus();
  }

  title() {
    return this.head;
  }

  tools() {
    const open = (kind) =>
      button(this.t(`lists_${kind}`), () => this.openDialog({ kind }), { "data-key": kind });
    return [
      startLink(this.t),
      this.undo.button(),
      open("files"),
      open("offerings"),
      open("pins"),
      open("history"),
    ];
  }

  fill() {
    this.draw();
  }

  /** Draw what changed; Preact keeps every other element, with its text, focus and scroll position. */
  draw() {
    if (!this.shown) return;
    this.root.dataset.busy = String(this.isBusy);
    const { t } = this;
    render(
      html`<h1>${t("lists_title")}</h1>
        <p class="headline">${t("lists_lead")}</p>`,
      this.head,
    );
    render(html`<${RolesPage} app=${this} />`, this.body);
  }
}
