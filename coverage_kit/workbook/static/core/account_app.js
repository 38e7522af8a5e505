// A screen that shows accounts and edits their slots: the rep's workbook and the coach's session. Long because it holds
// all that the two have in common: names, pages, edits and drafts.
import { openConflict } from "./conflict.js";
import { button, quietly } from "./dom.js";
import { Drafts } from "./drafts.js";
import { redraw } from "./focus.js";
import { App } from "./app.js";
import { openHelp } from "./help.js";
import { pressShortcut } from "./keyboard.js";
import { LocalStore } from "./local_store.js";
import { addressed } from "./person_name.js";
import { UndoStack } from "./undo.js";

/** @import * as Messages from "../messages.d.ts" */
/** @import { SlotGrid } from "../rep/grid.js" */
/** @import { Navigator } from "../rep/navigator.js" */
/** @import { AccountScreen, Child, EditBody, Outgoing, Saved, Status, ValueOf, WholePage } from "./types.d.ts" */

/**
 * The part of the screen that shows the open account.
 * @typedef {{
 *   node: HTMLElement, grid: SlotGrid | null,
 *   update: (page: WholePage, roles: Set<string> | null) => void,
 * }} Pane
 */

/** @extends {App<AccountScreen>} */
export class AccountApp extends App {
  /** Which shortcuts work here: "rep" or "coach". */
  get screen() {
    return "rep";
  }

  prepare() {
    /** @type {string | null} The account on the screen. */
    this.account = null;
    /** @type {string | null} The week it is shown as of; null is now. */
    this.week = null;
    /** @type {WholePage | null} */
    this.page = null;
    /** @type {Navigator | null} The list of accounts, on screens that show it. */
    this.nav = null;
    /** @type {Pane | null} */
    this.pane = null;
    /** Whether the screen is shared: notes and dispositions do not show. */
    this.discreet = false;
    /** @type {Map<string, Messages.Line>} */
    this.lines = new Map();
    /** @type {Map<string, number>} */
    this.versions = new Map();
    /** @type {Drafts} */
    this.drafts = new Drafts(
      (account, role) => this.versionOf(account, role),
      (account) => {
        const line = this.lines.get(account);
        return line ? { rep: this.data.rep.id, name: line.name } : null;
      },
    );
    /** @type {UndoStack} */
    this.undo = new UndoStack(this.connection, this.t);
    this.root.addEventListener("keydown", (event) => this.data && pressShortcut(this, event));
  }

  /** The slots of the open account. */
  get slots() {
    return this.page?.slots ?? [];
  }

  /** Its contacts. */
  get people() {
    return this.page?.people ?? [];
  }

  /**
   * Another account is on the screen, or another week.
   * @param {string} account
   * @param {string | null} week
   */
  setPlace(account, week) {
    this.account = account;
    this.week = week;
  }

  /** Begins a commitment for a role of the open account, on screens that can. */
  get commitTo() {
    return /** @type {((role: string) => void) | null} */ (null);
  }

  /**
   * Open an account; `week` shows it as of the end of a week.
   * @param {string} _account
   * @param {string | null} [_week]
   */
  async openAccount(_account, _week) {}

  /**
   * @param {string} account
   * @param {string} role
   */
  versionOf(account, role) {
    return this.versions.get(`${account}:${role}`);
  }

  /**
   * Take in a rep's accounts, and the drafts that this browser kept.
   * @param {Messages.HelloResponse} data
   */
  load(data) {
    /** @type {Messages.HelloResponse} */
    this.data = data;
    /** @type {string} */
    this.day = data.today;
    this.lines = new Map(data.lines.map((line) => [line.id, line]));
    /** @type {Messages.Summary} */
    this.summary = data.summary;
    this.storeName = `coverage-kit:${data.place}:${data.actor}`;
    this.drafts.load(new LocalStore(`${this.storeName}:drafts`));
  }

  /** Send again what an earlier page could not get saved. */
  resume() {
    this.connection.resume(new LocalStore(`${this.storeName}:outbox`));
  }

  // Names ----------------------------------------------------------------------------------------

  /**
   * @param {string} role
   * @param {string | null} account
   */
  roleTitle(role, account = this.account) {
    return this.roleOf(role, account)?.title[this.lang] ?? role;
  }

  /**
   * A role in the words of an account's own list; the account on the screen by default.
   * @param {string} role
   * @param {string | null} account
   * @returns {Messages.RoleView | undefined}
   */
  roleOf(role, account = this.account) {
    const slots = this.page?.account.id === account ? this.slots : [];
    const own = this.data.words[this.lines.get(account ?? "")?.set ?? -1];
    return slots.find((slot) => slot.role === role)?.words ?? own?.[role] ?? this.data.roles[role];
  }

  /** @param {string | null} id */
  staffName(id) {
    return this.data.staff.find((each) => each.id === id)?.name ?? id ?? "–";
  }

  /** @param {string | null} id */
  isWithUs(id) {
    return this.data.staff.some((each) => each.id === id && !each.gone);
  }

  /** @param {string} name */
  functionName(name) {
    return this.textOr(`function_${name}`, name.replaceAll("_", " "));
  }

  /** @param {string} field */
  fieldName(field) {
    return this.textOr(`field_${field}`, this.t(`detail_${field}`));
  }

  /** @param {string} person */
  rolesOf(person) {
    return this.slots.filter((slot) => slot.holder?.person === person).map(({ role }) => role);
  }

  /**
   * A person's name with the title, as they are addressed.
   * @param {{ name: string | null, title?: string | null }} person
   */
  addressed({ name, title }) {
    return addressed(this.lang, name ?? this.t("erased"), title);
  }

  /**
   * The value of a field as text.
   * @param {string} field
   * @param {Messages.Shown} value
   */
  valueText(field, value) {
    if (value === null || value === undefined || value === "") return "–";
    switch (field) {
      case "can_meet":
      case "can_deliver":
        return this.t(value ? "yes" : "no");
      case "not_kept_reason":
        return this.t(`reason_${value}`);
      case "verified_how":
        return this.t(`how_${value}`);
      case "representative":
      case "agreed_by":
        return this.staffName(String(value));
      case "outcome":
      case "disposition":
      case "status":
      case "proposed":
        return this.t(String(value));
      default:
        return String(value);
    }
  }

  // The frame ------------------------------------------------------------------------------------

  tools() {
    return [this.undo.button(), this.moreTools()];
  }

  /** @returns {Child} */
  moreTools() {
    return null;
  }

  help() {
    return button("?", () => this.openHelp(), {
      class: "help",
      "aria-label": this.t("help"),
      "data-key": "help",
    });
  }

  openHelp() {
    openHelp(this);
  }

  /** @param {Status} state */
  showState(state) {
    super.showState(state);
    this.pane?.grid?.mark();
  }

  /** Show the numbers of the whole; a screen without them shows nothing. */
  showSummary() {}

  // The page of an account -----------------------------------------------------------------------

  /**
   * Take in an account's page. A part of a page replaces only what it holds.
   * @param {Messages.PageView} page
   * @param {boolean} present
   */
  takePage(page, present) {
    const before = this.page?.account.id === page.account.id ? this.page : null;
    const newer = new Map(page.slots.map((slot) => [slot.role, slot]));
    const slots = before?.slots.map((slot) => newer.get(slot.role) ?? slot) ?? page.slots;
    const isWhole = page.people && !page.partly;
    const whole = { people: [], ties: [], ...(isWhole ? null : before), ...page };
    if (!isWhole) whole.slots = slots;
    this.page = whole;
    if (present) this.noteVersions(page);
    this.root.dispatchEvent(new Event("page"));
    return whole;
  }

  /** @param {Messages.PageView} page */
  noteVersions(page) {
    for (const slot of page.slots)
      this.versions.set(`${page.account.id}:${slot.role}`, slot.version);
  }

  /** Before another account shows: what is half typed stays a draft of its own account and is not sent. */
  leaveField() {
    const { activeElement: field } = document;
    const node = this.pane?.node;
    if (!node?.contains(field)) return;
    if (!(field instanceof HTMLInputElement) || field.type !== "text") return;
    quietly(() => {
      field.blur();
      node.focus();
    });
  }

  /**
   * Show the account again as it is.
   * @param {Set<string> | null} roles
   */
  refresh(roles = null) {
    if (!this.page || !this.pane) return;
    const { pane, page } = this;
    redraw(
      this.root,
      () => pane.update(page, roles),
      () => pane.node,
    );
  }

  // Edits ----------------------------------------------------------------------------------------

  /**
   * Save one field. `base` is the version seen; for a text, the version seen when it was begun.
   * @template {Messages.Edit["field"]} F
   * @param {string} role
   * @param {F} field
   * @param {ValueOf<F>} value
   * @param {string | null} account
   * @param {number} [base]
   */
  save(role, field, value, text = "", account = this.account, base = undefined) {
    const seen = base ?? this.drafts.get(account, role, field)?.base;
    this.drafts.keep(account ?? "", role, field, null);
    const version = seen === undefined ? {} : { base: seen };
    // `value` is of the field's type; TypeScript cannot follow that from one parameter to the other.
    const edit = /** @type {EditBody<AccountScreen>} */ ({
      account,
      role,
      field,
      value,
      text,
      ...version,
    });
    const response = this.connection.edit(edit);
    this.pane?.grid?.mark();
    return response;
  }

  /**
   * @param {Outgoing} message
   * @param {Saved<AccountScreen>} response
   */
  responded(message, response) {
    const page = "page" in response ? response.page : undefined;
    const isHere = message.account === this.account && this.week === null;
    if (page) this.noteVersions(page);
    if (page && page.account.id === this.account && this.week === null) this.takePage(page, true);
    if (response.kind === "saved") this.editSaved(message, response);
    else this.editNotSaved(message, response);
    if (!isHere) return;
    const roles = new Set(page?.slots.map((slot) => slot.role)).add(message.role ?? "");
    this.refresh(response.kind === "saved" ? roles : null);
  }

  /**
   * @param {Outgoing} message
   * @param {Messages.SavedResponse} response
   */
  editSaved(message, response) {
    const { account, field, kind } = message;
    this.goOn(message, response);
    if (field === "detail") this.drafts.cardSaved(message);
    this.summary = response.summary;
    this.showSummary();
    if (response.line) this.showLine(response.line);
    if (response.owner !== undefined) {
      const name = response.owner ? this.staffName(response.owner) : this.t("nobody_yet");
      this.toasts.show(this.t("handed_over", { name }));
    }
    if (kind === "undo") {
      const redo = () => this.undo.undo(account ?? "", response.edit_id);
      this.toasts.show(this.t("undone_now"), "done", [[this.t("redo"), redo]]);
    } else this.undo.push(account ?? "", response.edit_id, () => this.editName(message));
  }

  /**
   * What an edit did, as the Undo button names it.
   * @param {Outgoing} edit
   */
  editName({ account = null, role, field }) {
    const where = role ? this.roleTitle(role, account) : this.lines.get(account ?? "")?.name;
    return [this.t(`did_${field}`), where].filter(Boolean).join(" · ");
  }

  /**
   * @param {Outgoing} message
   * @param {Messages.ConflictResponse | Messages.Problem} response
   */
  editNotSaved(message, response) {
    const { account = null, role, field = "", kind } = message;
    // A newer edit of the same field is on its way: only that one can conflict or become a draft.
    if (role && this.connection.underWay(account, role, field).length) return;
    if (response.kind === "conflict" && kind === "undo") {
      this.toasts.show(this.t("undo_met", { by: this.staffName(response.by) }), "problem");
      return;
    }
    this.drafts.keepUnsaved(message, response.kind === "conflict");
    if (response.kind === "conflict") openConflict(this, message, response);
    // An open window shows the problem itself, beside the text.
    else if (!this.root.querySelector("dialog[open]"))
      this.toasts.show(this.errorText(response), "problem");
  }

  /**
   * Nothing but this edit came in between: edits and drafts that saw the version before go on from the new one.
   * @param {Outgoing} edit
   * @param {Messages.SavedResponse} response
   */
  goOn({ account, role, base }, { page }) {
    const version = page?.slots.find((slot) => slot.role === role)?.version;
    if (!account || !role || base === undefined || version !== base + 1) return;
    this.connection.rebase(account, role, base, version);
    this.drafts.advance(account, role, base, version);
  }

  /** @param {Messages.Line} line */
  showLine(line) {
    this.lines.set(line.id, line);
    this.nav?.update(line);
  }

  // Drafts ---------------------------------------------------------------------------------------

  /** @param {string} role */
  draftsOf(role) {
    return this.week === null ? this.drafts.at(this.account, role) : {};
  }

  /**
   * @param {string} role
   * @param {string} field
   * @param {string | null} text
   */
  keepDraft(role, field, text) {
    this.drafts.keep(this.account ?? "", role, field, text);
    this.pane?.grid?.rows.get(role)?.mark();
  }

  /** Draw the list of drafts again, on screens that show one. */
  showDrafts() {}
}
