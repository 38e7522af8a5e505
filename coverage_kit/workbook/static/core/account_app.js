// A screen that shows accounts and edits their slots: the rep's workbook and the coach's session.
import { openConflict } from "./conflict.js";
import { button, quietly } from "./dom.js";
import { Drafts } from "./drafts.js";
import { redraw } from "./focus.js";
import { App } from "./app.js";
import { openHelp } from "./help.js";
import { pressShortcut } from "./keyboard.js";
import { LocalStore } from "./local_store.js";
import { openMenu } from "./menu.js";
import { UndoStack } from "./undo.js";

export class AccountApp extends App {
  /** Which shortcuts work here: "rep" or "coach". */
  get screen() {
    return "rep";
  }

  prepare() {
    /** The account on the screen, its week (null is now), and its page. */
    this.account = this.week = this.page = null;
    /** The list of accounts and the open account, on screens that show them. */
    this.nav = this.pane = null;
    this.lines = new Map();
    this.versions = new Map();
    this.drafts = new Drafts(
      (account, role) => this.versionOf(account, role),
      (account) =>
        this.lines.has(account) && { rep: this.data.rep.id, name: this.lines.get(account).name },
    );
    this.undo = new UndoStack(this.connection, this.t);
    this.root.addEventListener("keydown", (event) => this.data && pressShortcut(this, event));
  }

  versionOf(account, role) {
    return this.versions.get(`${account}:${role}`);
  }

  /** Take in a rep's accounts, and the drafts that this browser kept. */
  load(data) {
    this.data = data;
    this.day = data.today;
    this.lines = new Map(data.lines.map((line) => [line.id, line]));
    this.summary = data.summary;
    this.storeName = `coverage-kit:${data.place}:${data.actor}`;
    this.drafts.load(new LocalStore(`${this.storeName}:drafts`));
  }

  /** Send again what an earlier page could not get saved. */
  resume() {
    this.connection.resume(new LocalStore(`${this.storeName}:outbox`));
  }

  // Names ----------------------------------------------------------------------------------------

  roleTitle(role, account = this.account) {
    return this.roleOf(role, account)?.title[this.lang] ?? role;
  }

  /** A role in the words of an account's own list; the account on the screen by default. */
  roleOf(role, account = this.account) {
    const slots = this.page?.account.id === account ? this.page.slots : [];
    const own = this.data.words[this.lines.get(account)?.set];
    return slots.find((slot) => slot.role === role)?.words ?? own?.[role] ?? this.data.roles[role];
  }

  staffName(id) {
    return this.data.staff.find((each) => each.id === id)?.name ?? id;
  }

  isWithUs(id) {
    return this.data.staff.some((each) => each.id === id && !each.gone);
  }

  functionName(name) {
    return this.words[this.lang][`function_${name}`] ?? name.replaceAll("_", " ");
  }

  fieldName(field) {
    return this.words[this.lang][`field_${field}`] ?? this.t(`detail_${field}`);
  }

  rolesOf(person) {
    return this.page.slots.filter((slot) => slot.holder?.person === person).map(({ role }) => role);
  }

  /** A person's name with the title, as they are addressed: a Korean title takes 님, a foreign one stands behind. */
  addressed({ name, title }) {
    const known = name ?? this.t("erased");
    if (this.lang !== "ko") return [known, title].filter(Boolean).join(" ");
    if (!title) return `${known} 님`;
    return /[가-힣]$/.test(title) ? `${known} ${title}님` : `${known} 님 (${title})`;
  }

  /** The value of a field as text. */
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
        return this.staffName(value);
      case "outcome":
      case "disposition":
      case "status":
      case "proposed":
        return this.t(value);
      default:
        return String(value);
    }
  }

  // The frame ------------------------------------------------------------------------------------

  tools() {
    return [this.undo.button(), this.moreTools()];
  }

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

  openMenu(anchor, items) {
    openMenu(this.root, anchor, items);
  }

  showState(state) {
    super.showState(state);
    this.pane?.grid?.mark();
  }

  /** Show the numbers of the whole; a screen without them shows nothing. */
  showSummary() {}

  // The page of an account -----------------------------------------------------------------------

  /** Take in an account's page. A part of a page replaces only what it holds. */
  takePage(page, present) {
    const same = this.page?.account.id === page.account.id;
    const newer = new Map(page.slots.map((slot) => [slot.role, slot]));
    const slots = same ? this.page.slots.map((slot) => newer.get(slot.role) ?? slot) : page.slots;
    this.page = page.people && !page.partly ? page : { ...this.page, ...page, slots };
    if (present) this.noteVersions(page);
    this.root.dispatchEvent(new Event("page"));
  }

  noteVersions(page) {
    for (const slot of page.slots)
      this.versions.set(`${page.account.id}:${slot.role}`, slot.version);
  }

  /** Before another account shows: what is half typed stays a draft of its own account and is not sent. */
  leaveField() {
    const field = /** @type {HTMLElement} */ (document.activeElement);
    if (!this.pane?.node.contains(field) || !field.matches("input[type=text]")) return;
    quietly(() => {
      field.blur();
      this.pane.node.focus();
    });
  }

  /** Show the account again as it is. */
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

  /** Save one field. `base` is the version seen; for a text, the version seen when it was begun. */
  save(role, field, value, text = "", account = this.account, base = undefined) {
    const seen = base ?? this.drafts.get(account, role, field)?.base;
    this.drafts.keep(account, role, field, null);
    const edit = { account, role, field, value, text };
    const response = this.connection.edit(seen === undefined ? edit : { ...edit, base: seen });
    this.pane?.grid?.mark();
    return response;
  }

  responded(message, response) {
    const { page } = response;
    const isHere = message.account === this.account && this.week === null;
    if (page) this.noteVersions(page);
    if (page && page.account.id === this.account && this.week === null) this.takePage(page, true);
    if (response.kind === "saved") this.editSaved(message, response);
    else this.editNotSaved(message, response);
    if (!isHere) return;
    const roles = new Set(page?.slots.map((slot) => slot.role)).add(message.role);
    this.refresh(response.kind === "saved" ? roles : null);
  }

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
      const redo = () => this.undo.undo(account, response.edit_id);
      this.toasts.show(this.t("undone_now"), "done", [[this.t("redo"), redo]]);
    } else this.undo.push(account, response.edit_id, () => this.editName(message));
  }

  /** What an edit did, as the Undo button names it. */
  editName({ account, role, field }) {
    const where = role ? this.roleTitle(role, account) : this.lines.get(account)?.name;
    return [this.t(`did_${field}`), where].filter(Boolean).join(" · ");
  }

  editNotSaved(message, response) {
    const { account, role, field, kind } = message;
    const isConflict = response.kind === "conflict";
    // A newer edit of the same field is on its way: only that one can conflict or become a draft.
    if (role && this.connection.underWay(account, role, field).length) return;
    if (isConflict && kind === "undo") {
      this.toasts.show(this.t("undo_met", { by: this.staffName(response.by) }), "problem");
      return;
    }
    this.drafts.keepUnsaved(message, isConflict);
    if (isConflict) openConflict(this, message, response);
    // An open window shows the problem itself, beside the text.
    else if (!this.root.querySelector("dialog[open]"))
      this.toasts.show(this.errorText(response), "problem");
  }

  /** Nothing but this edit came in between: edits and drafts that saw the version before go on from the new one. */
  goOn({ account, role, base }, { page }) {
    const version = page?.slots.find((slot) => slot.role === role)?.version;
    if (version !== base + 1) return;
    this.connection.rebase(account, role, base, version);
    this.drafts.advance(account, role, base, version);
  }

  showLine(line) {
    this.lines.set(line.id, line);
    this.nav?.update(line);
  }

  // Drafts ---------------------------------------------------------------------------------------

  draftsOf(role) {
    return this.week === null ? this.drafts.at(this.account, role) : {};
  }

  keepDraft(role, field, text) {
    this.drafts.keep(this.account, role, field, text);
    this.pane?.grid?.rows.get(role)?.mark();
  }

  /** Draw the list of drafts again, on screens that show one. */
  showDrafts() {}
}
