// The page of contacts: match them to positions, and mark who is still there. A line leaves the list at the press; it
// comes back if the kernel refuses the act. Long because it holds every act on a contact.
import { newEditId } from "../core/connection.js";
import { plain } from "../core/dom.js";
import { DrawnApp } from "../core/drawn_app.js";
import { startLink } from "../core/link.js";
import { LocalStore, recall, remember } from "../core/local_store.js";
import { UndoStack } from "../core/undo.js";
import { html, render } from "../vendor/preact.js";
import { ContactsHead, ContactsPage } from "./page.js";

/** @import { ContactsScreen, EditBody, Outgoing, Saved } from "../core/types.d.ts" */
/** @import { ContactLine, ContactsOf, ContactsSaved, ContactsState, MarkContacts } from "../messages.d.ts" */

/** Lines that are drawn at once, and how few may be left before the kernel is asked for more. */
const DRAWN = 60;
const FEW = 20;
/** Time after the last key in the search field. */
const SEARCH_MS = 250;

/** @typedef {"match" | "sweep"} View */
/** @typedef {Partial<Pick<MarkContacts, "on" | "title" | "moved_to" | "successor">>} Found What a form says. */
/** @typedef {{ employment: string, state: string }} OpenForm */

/** @extends {DrawnApp<ContactsScreen, never>} */
export class ContactsApp extends DrawnApp {
  prepare() {
    super.prepare();
    const query = new URLSearchParams(location.search);
    /** @type {View} */
    this.view = query.get("view") === "sweep" ? "sweep" : "match";
    /** @type {string} */
    this.asked = query.get("account") ?? "";
    /** @type {UndoStack} */
    this.undo = new UndoStack(this.connection, this.t);
    /** @type {string} How somebody was checked. */
    this.how = "call";
    /** @type {string} */
    this.text = "";
    /** @type {string} */
    this.only = "todo";
    /** @type {number} */
    this.most = DRAWN;
    /** @type {string} The line that has the keys. */
    this.current = "";
    /** @type {Record<string, string>} The positions chosen by hand, by employment. */
    this.chosen = {};
    /** @type {Set<string>} Employments that come last. */
    this.skipped = new Set();
    /** @type {Map<string, string>} By employment, the edit that is under way. */
    this.writing = new Map();
    /** @type {Set<string>} */
    this.selected = new Set();
    /** @type {OpenForm | null} */
    this.form = null;
    /** @type {Map<string, () => string>} By edit, what it is called. */
    this.said = new Map();
    this.searching = 0;
    this.isReading = false;
  }

  async begin() {
    const response = this.asked
      ? await this.connection.ask("contacts", { account: this.asked })
      : await this.connection.ask("hello");
    if ("code" in response) {
      this.fail(response);
      return;
    }
    this.skipped = new Set(recall(`coverage-kit:contacts:${response.place}`)?.split(" ") ?? []);
    this.take(response);
    this.connection.resume(new LocalStore("coverage-kit:contacts-outbox"));
    this.render();
    this.ready();
  }

  close() {
    clearTimeout(this.searching);
    super.close();
  }

  /** @param {ContactsState} state */
  take(state) {
    /** @type {ContactsState} What the kernel sent last. Nothing is drawn before. */
    this.shown = state;
    /** @type {Map<string, ContactsOf>} */
    this.accounts = new Map(state.accounts.map((each) => [each.id, each]));
    if (!state.account) this.view = "match";
  }

  // Reading --------------------------------------------------------------------------------------

  /**
   * Read contacts again: of this account, "" for all.
   * @param {string} account
   */
  async read(account = this.shown.account) {
    this.isReading = true;
    const body = { account, text: account ? "" : this.text, skipped: [...this.skipped] };
    const response = await this.connection.ask("contacts", body, { long: true });
    this.isReading = false;
    if (response.kind !== "contacts") this.showProblem(response);
    else if (account || response.text === this.text) this.take(response);
    this.draw();
  }

  /**
   * Show one account, "" for all.
   * @param {string} account
   * @param {View} view
   */
  async go(account, view) {
    this.view = view;
    this.only = "todo";
    this.most = DRAWN;
    this.selected.clear();
    this.form = null;
    if (account !== this.shown.account) {
      this.text = "";
      this.current = "";
      await this.read(account);
    }
    this.draw();
    this.find("title")?.focus();
  }

  /** @param {string} text */
  search(text) {
    this.text = text;
    this.most = DRAWN;
    clearTimeout(this.searching);
    if (!this.shown.account) this.searching = setTimeout(() => this.read(), SEARCH_MS);
    this.draw();
  }

  /** Ask for more when few of the contacts of all accounts are left. */
  refill() {
    const { account, lines, n } = this.shown;
    if (account || this.isReading || n <= lines.length || this.writing.size) return;
    if (this.lines().filter((line) => !this.skipped.has(line.employment)).length < FEW) this.read();
  }

  // The list -------------------------------------------------------------------------------------

  /**
   * Whether there is still something to do about a contact in this view.
   * @param {ContactLine} line
   */
  isOpen(line) {
    if (this.writing.has(line.employment) || line.check === "gone" || line.end_kind) return false;
    if (this.view === "sweep") return line.check !== "confirmed";
    // Of all accounts, only those whose position is still open; a search finds the others too.
    const isMeant = this.shown.account || this.text || this.position(line);
    return Boolean(isMeant) && !line.roles.length;
  }

  /** The contacts that the filter and the search leave, those skipped last. */
  lines() {
    const { account, lines } = this.shown;
    const wanted = account ? plain(this.text) : "";
    const left = lines.filter(
      (line) =>
        this.isChosen(line) &&
        (!wanted || plain(`${line.name} ${line.title} ${line.department}`).includes(wanted)),
    );
    /** @param {ContactLine} line */
    const place = (line) => (this.skipped.has(line.employment) ? 2 : account && this.rank(line));
    return account
      ? left.sort((a, b) => Number(place(a)) - Number(place(b)))
      : bySkipped(left, this.skipped);
  }

  /** @param {ContactLine} line */
  isChosen(line) {
    if (this.only === "todo") return this.isOpen(line);
    if (this.only === "confirmed") return line.check === "confirmed";
    if (this.only === "gone") return line.check === "gone";
    return this.only === "all" || Boolean(line.suits.length && !line.end_kind);
  }

  /**
   * In one account: those with a position that suits come first.
   * @param {ContactLine} line
   */
  rank(line) {
    return this.view === "match" ? Number(!this.suggested(line)) : 0;
  }

  /**
   * The position that a contact is offered: the one chosen by hand, else the likeliest open one.
   * @param {ContactLine} line
   */
  position(line) {
    return this.chosen[line.employment] ?? this.suggested(line);
  }

  /** @param {ContactLine} line */
  suggested(line) {
    const positions = this.accounts.get(line.account)?.positions ?? [];
    const isFree = (/** @type {string} */ role) =>
      positions.some((one) => one.role === role && one.status === "open" && !one.person);
    return line.suits.find(isFree) ?? "";
  }

  /**
   * @param {string} account
   * @param {string} role
   */
  roleTitle(account, role) {
    const words = this.accounts.get(account)?.words[role] ?? this.shown.roles[role];
    return words?.[this.lang] ?? role;
  }

  /** @param {ContactLine} line */
  fullName(line) {
    return line.name ?? this.t("erased");
  }

  // Acts -----------------------------------------------------------------------------------------

  /**
   * The contact sits in the position of its line.
   * @param {ContactLine} line
   * @param {boolean} isChecked
   */
  match(line, isChecked) {
    const role = this.position(line);
    const one = this.accounts.get(line.account)?.positions.find((each) => each.role === role);
    if (!one) {
      this.find(`position-${line.employment}`)?.focus();
      return;
    }
    const { account, person } = line;
    const check = isChecked ? { how: this.how, on: this.shown.today } : {};
    const said = () =>
      this.t("contacts_matched", {
        name: this.fullName(line),
        role: this.roleTitle(account, role),
      });
    // The position is taken at once, so that the next line is not offered it too.
    one.person = person;
    one.holder = line.name;
    this.write(
      { kind: "match_contact", account, person, role, version: one.version, ...check },
      [line],
      said,
    );
  }

  /**
   * @param {ContactLine[]} lines
   * @param {string} state
   * @param {Found} found
   */
  mark(lines, state, found = {}) {
    const [first] = lines;
    if (!first) return;
    const how = state === "still" ? this.how : null;
    const contacts = /** @type {MarkContacts["contacts"]} */ (
      lines.map(({ person, version }) => ({ person, version }))
    );
    const said = () =>
      lines.length > 1
        ? this.t("contacts_marked_many", { n: lines.length, state: this.t(`swept_${state}`) })
        : this.t("contacts_marked", {
            name: this.fullName(first),
            state: this.t(`swept_${state}`),
          });
    if (state === "tried") lines.forEach((line) => this.skip(line, false));
    this.selected.clear();
    this.form = null;
    this.write(
      { kind: "mark_contacts", account: first.account, contacts, state, how, ...found },
      lines,
      said,
    );
  }

  /**
   * @param {EditBody<ContactsScreen>} body
   * @param {ContactLine[]} lines
   * @param {() => string} said
   */
  async write(body, lines, said) {
    const editId = newEditId();
    const next = this.after(lines);
    this.said.set(editId, said);
    for (const line of lines) this.writing.set(line.employment, editId);
    this.focusOn(next);
    const edit = /** @type {EditBody<ContactsScreen>} */ ({ ...body, edit_id: editId });
    await this.connection.edit(edit);
  }

  /**
   * A response to an act, also to one that an earlier page had sent.
   * @param {Outgoing} message
   * @param {Saved<ContactsScreen>} response
   */
  responded(message, response) {
    for (const [employment, editId] of this.writing)
      if (editId === message.edit_id) this.writing.delete(employment);
    if (response.kind === "saved") this.showSaved(message, response);
    else {
      this.showProblem(response);
      // Somebody may have changed it; the positions are as they were.
      this.read();
    }
    this.draw();
    this.refill();
  }

  /**
   * @param {Outgoing} message
   * @param {ContactsSaved} response
   */
  showSaved(message, response) {
    const { account, edit_id: editId, lines } = response;
    this.accounts.set(account.id, account);
    const changed = new Map(lines.map((line) => [line.employment, line]));
    const kept = this.shown.lines.map((line) => changed.get(line.employment) ?? line);
    for (const line of kept) changed.delete(line.employment);
    if (this.shown.account === account.id) kept.push(...changed.values());
    this.shown.lines = kept;
    if (message.kind === "undo") {
      this.toasts.show(this.t("undone_now"));
      return;
    }
    const said = this.said.get(message.edit_id);
    this.said.delete(message.edit_id);
    if (!said) return;
    this.undo.push(account.id, editId, said);
    this.toasts.show(said(), "done", [[this.t("undo"), () => this.undo.undo(account.id, editId)]]);
  }

  /**
   * Put a contact at the end of the list, also after a reload.
   * @param {ContactLine} line
   */
  skip(line, moves = true) {
    const next = this.after([line]);
    this.skipped.delete(line.employment);
    this.skipped.add(line.employment);
    remember(`coverage-kit:contacts:${this.shown.place}`, [...this.skipped].join(" "));
    if (moves) this.focusOn(next);
  }

  /**
   * @param {ContactLine} line
   * @param {boolean} isSelected
   */
  select(line, isSelected) {
    this.selected[isSelected ? "add" : "delete"](line.employment);
    this.draw();
  }

  /** @param {OpenForm | null} form */
  openForm(form) {
    this.form = form;
    this.draw();
    if (form) this.find("form-first")?.focus();
    else this.focusOn(this.current);
  }

  // Focus ----------------------------------------------------------------------------------------

  /**
   * The line after these, or before them at the end of the list.
   * @param {ContactLine[]} lines
   */
  after(lines) {
    const ids = lines.map((line) => line.employment);
    const all = this.lines().map((line) => line.employment);
    const at = Math.max(...ids.map((id) => all.indexOf(id)));
    return (
      all.slice(at + 1).find((id) => !ids.includes(id)) ?? all.find((id) => !ids.includes(id)) ?? ""
    );
  }

  /**
   * Give a line the keys.
   * @param {string} employment
   */
  focusOn(employment) {
    this.current = employment;
    this.draw();
    (this.find(`contact-${employment}`) ?? this.find("title"))?.focus();
  }

  /** @param {number} step */
  step(step) {
    const drawn = this.lines().slice(0, this.most);
    const at = drawn.findIndex((line) => line.employment === this.current);
    const next = drawn[at + step];
    if (next) this.focusOn(next.employment);
  }

  tools() {
    return [this.undo.button(), startLink(this.t)];
  }

  draw() {
    render(html`<${ContactsHead} app=${this} />`, this.head);
    render(html`<${ContactsPage} app=${this} />`, this.body);
  }
}

/**
 * @param {ContactLine[]} lines
 * @param {Set<string>} skipped
 */
function bySkipped(lines, skipped) {
  const order = [...skipped];
  return [
    ...lines.filter((line) => !skipped.has(line.employment)),
    ...lines
      .filter((line) => skipped.has(line.employment))
      .sort((a, b) => order.indexOf(a.employment) - order.indexOf(b.employment)),
  ];
}
