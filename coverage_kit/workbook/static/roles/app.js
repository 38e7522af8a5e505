// The role lists page: who must be known, where. Nothing is written before "Apply", which is one edit.
import { newEditId } from "../core/connection.js";
import { button, findIn, saveFile } from "../core/dom.js";
import { DrawnApp } from "../core/drawn_app.js";
import { rememberFocus } from "../core/focus.js";
import { startLink } from "../core/link.js";
import { LocalStore } from "../core/local_store.js";
import { UndoStack } from "../core/undo.js";
import { html, render } from "../vendor/preact.js";
import { asDraft, ListDrafts } from "./drafts.js";
import { moved } from "./moves.js";
import { RolesPage } from "./page.js";

/** @import { Body, EditBody, Kind, Outgoing, RolesScreen, Saved } from "../core/types.d.ts" */
/** @import { ListForm, ListsSaved, PreviewResponse, RoleForm, RoleListsState, UnderList } from "../messages.d.ts" */
/** @import { KeptDrafts } from "./drafts.js" */
/** @import { DialogName } from "./page.js" */

/** Time after the last change of a condition before accounts are counted. */
const COUNT_MS = 250;
/** What the toast and the Undo button say of an act. */
/** @type {Record<string, string>} */
const DONE = {
  apply: "lists_applied",
  pin: "lists_pinned",
  add_offering: "offering_saved",
  rename_offering: "offering_saved",
  retire_offering: "offering_saved",
  set_path: "path_saved",
};
/** After these refusals somebody else's change must be shown. */
const CHANGED = ["edit.conflict", "roles.changed"];

/** @typedef {Exclude<RolesScreen["edit"], { kind: "undo" }>} Written */
/** @typedef {"left" | "right" | "up" | "down"} Way */
/**
 * The open dialog, and which role or band it is about.
 * @typedef {{ kind: DialogName, role?: string, level?: string }} OpenDialog
 */

/** @extends {DrawnApp<RolesScreen, OpenDialog>} */
export class RolesApp extends DrawnApp {
  prepare() {
    super.prepare();
    /** @type {ListDrafts} */
    this.drafts = new ListDrafts(() => this.lang);
    /** @type {UndoStack} */
    this.undo = new UndoStack(this.connection, this.t);
    /** @type {Record<string, UnderList>} By list, the accounts that would be under it. */
    this.under = {};
    /** @type {string} Key of the list in the middle. */
    this.selected = "";
    /** @type {PreviewResponse | null} The last preview, as long as nothing has changed since. */
    this.preview = null;
    this.whyProblem = "";
    this.isBusy = false;
    /** Waits before accounts are counted, and before they are searched. */
    this.counting = this.searching = 0;
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

  /** @param {RoleListsState} state */
  take(state) {
    /** @type {RoleListsState} What the kernel sent last. Nothing is drawn before. */
    this.shown = state;
    this.under = state.under;
    this.drafts.take(state.lists);
    if (!this.drafts.find(this.selected)) this.selected = this.drafts.all[0]?.key ?? "";
  }

  /**
   * A response to a writing message, also to one that an earlier page had sent.
   * @param {Outgoing} message
   * @param {Saved<RolesScreen>} response
   */
  responded(message, response) {
    this.isBusy = false;
    if (response.kind === "saved") this.showSaved(message, response);
    else if (message.kind === "undo") this.showProblem(response);
    this.draw();
  }

  /**
   * @param {Outgoing} message
   * @param {ListsSaved} response
   */
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

  /**
   * What was typed while the message was on its way stays a draft.
   * @param {Outgoing & { lists?: ListForm[], removed?: { key: string }[] }} message
   */
  forgetApplied({ lists, removed }) {
    const { kept } = this.drafts;
    for (const list of lists ?? [])
      if (JSON.stringify(kept.lists[list.key]) === JSON.stringify(list))
        delete kept.lists[list.key];
    for (const { key } of removed ?? []) delete kept.removed[key];
    Object.assign(kept, { why: "", unused: false });
  }

  /**
   * Write something; resolves to the problem, "" if there is none.
   * @template {Written["kind"]} K
   * @param {K} kind
   * @param {Omit<Extract<Written, { kind: K }>, "kind" | "edit_id" | "seq" | "clock" | "link">} body
   */
  async write(kind, body) {
    this.isBusy = true;
    const restoreFocus = rememberFocus(this.root);
    this.draw();
    const edit = /** @type {EditBody<RolesScreen>} */ ({ kind, edit_id: newEditId(), ...body });
    const response = await this.connection.edit(edit);
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

  /**
   * Ask something; a refusal is shown, and null returned.
   * @template {Kind<RolesScreen>} K
   * @param {K} kind
   * @param {Body<RolesScreen, K>} body
   * @returns {Promise<RolesScreen["responses"][K] | null>}
   */
  async question(kind, body) {
    const response = await this.connection.ask(kind, body, { long: true });
    if (!("code" in response)) return response;
    this.showProblem(response);
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

  /** @param {string} key */
  select(key) {
    if (this.drafts.find(key)) this.selected = key;
    this.draw();
    // On a phone the lists stand in one row that scrolls.
    const line = this.root.querySelector(`[data-key="list-${CSS.escape(this.selected)}"]`);
    line?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * Change the list in the middle.
   * @param {(list: ListForm) => void} act
   */
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

  /**
   * @param {string} key
   * @param {(role: RoleForm) => void} act
   */
  changeRole(key, act) {
    this.change((list) => {
      const role = list.roles.find((each) => each.key === key);
      if (role) act(role);
    });
  }

  /**
   * @param {string} key
   * @param {Way} way
   */
  moveRole(key, way) {
    this.change((list) => (list.roles = moved(list.roles, key, way, this.choices.level)));
    this.focusFirst(`[data-key="role-${CSS.escape(key)}"]`);
  }

  /** @param {string} key */
  removeRole(key) {
    const level = this.list?.roles.find((role) => role.key === key)?.level;
    this.change((list) => (list.roles = list.roles.filter((role) => role.key !== key)));
    this.focusFirst(`[data-key="add-${level}"]`);
  }

  /** @param {RoleForm} role */
  addRole(role) {
    this.change((list) => list.roles.push(role));
    this.focusFirst(`[data-key="role-${CSS.escape(role.key)}"]`);
  }

  /**
   * Mark the list in the middle as the default; another one that is marked loses the mark.
   * @param {boolean} isDefault
   */
  makeDefault(isDefault) {
    const others = isDefault ? this.drafts.all.filter((each) => each.default) : [];
    for (const { key } of others) this.drafts.change(key, (list) => (list.default = false));
    this.change((list) => (list.default = isDefault));
  }

  /**
   * @param {ListForm} list
   * @param {string} key
   */
  addList(list, key = this.drafts.freeKey(list.key)) {
    this.drafts.put({ ...asDraft(list), key, version: this.drafts.find(key)?.version ?? 0 });
    this.selected = key;
    this.closeDialog();
    this.changed();
    this.focusFirst("[data-key=list-title]");
  }

  /** @param {string} key */
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

  /** @param {string | null} key */
  discard(key = null) {
    const before = this.drafts.discard(key);
    if (!this.drafts.find(this.selected)) this.selected = this.drafts.all[0]?.key ?? "";
    this.changed();
    this.offerRestore("lists_draft_dropped", before);
    this.focusFirst("[data-key=list-title]");
  }

  /**
   * @param {string} said
   * @param {KeptDrafts} kept
   */
  offerRestore(said, kept) {
    const restore = () => {
      this.drafts.restore(kept);
      this.changed();
    };
    this.toasts.show(this.t(said), "done", [[this.t("lists_bring_back"), restore]]);
  }

  // Files ----------------------------------------------------------------------------------------

  /**
   * Let the browser save lists as files; all that are in force if none is given.
   * @param {ListForm[]} lists
   */
  async download(lists) {
    const response = await this.question("files", { lists });
    for (const { name, text } of response?.files ?? [])
      saveFile(name, new Blob([text], { type: "application/yaml" }));
  }

  /**
   * Read files as drafts; the problem of the first one that is no list, if any.
   * @param {File[]} files
   */
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

  /** @param {string} selector */
  focusFirst(selector) {
    findIn(this.root, selector)?.focus();
  }

  tools() {
    /** @param {"files" | "offerings" | "pins" | "history"} kind */
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

  draw() {
    if (!this.shown) return;
    this.root.dataset.busy = String(this.isBusy);
    const { t } = this;
    render(
      html`
        <div class="who">
          <h1>${t("lists_title")}</h1>
          <p class="headline role-lists-lead">${t("lists_lead")}</p>
        </div>
      `,
      this.head,
    );
    render(html`<${RolesPage} app=${this} />`, this.body);
  }
}
