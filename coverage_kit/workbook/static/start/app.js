// The start page: the first four steps, this week, everybody's links, the weekly reports; and assigning accounts.
import { newEditId } from "../core/connection.js";
import { h, plain } from "../core/dom.js";
import { FiguresApp } from "../core/drawn_app.js";
import { rememberFocus } from "../core/focus.js";
import { showFile } from "../core/show_file.js";
import { html, render } from "../vendor/preact.js";
import { AssignPage } from "./assign.js";
import { HomePage, StartHead } from "./home.js";
import { weekName } from "../core/week_name.js";

/** @import { Body, StartScreen } from "../core/types.d.ts" */
/** @import { AccountsResponse, AssignableAccount, LinkOf, Problem } from "../messages.d.ts" */

/**
 * The accounts for assigning; of each, the text that a search looks through.
 * @typedef {Omit<AccountsResponse, "accounts"> & { accounts: (AssignableAccount & { plain: string })[] }} Assignable
 */
/** @typedef {Assignable["accounts"][number]} Assigned */

/** @extends {FiguresApp<StartScreen>} */
export class StartApp extends FiguresApp {
  prepare() {
    super.prepare();
    /** @type {"home" | "assign"} */
    this.view = "home";
    /** @type {{ editId: string, n: number, name: string, isMove?: boolean } | null} The last act or its undo. */
    this.last = null;
    this.isBusy = false;
    /** @type {{ done: number, total: number } | null} How far the reports are that are being made. */
    this.making = null;
  }

  async begun() {
    const wanted = new URLSearchParams(location.search).get("view");
    if (wanted === "assign") await this.openAssign();
  }

  get isAtRest() {
    return this.view === "home" && !this.isBusy;
  }

  async openAssign() {
    if (!this.take(await this.connection.ask("accounts", {}, { long: true }))) return;
    this.view = "assign";
    this.last = null;
    this.draw();
    this.find("title")?.focus();
  }

  async openHome() {
    this.view = "home";
    if (!this.isBusy) await this.refresh();
    (this.find("owners") ?? this.find("title"))?.focus();
  }

  /**
   * Keep a new list of accounts; anything else is shown as a problem.
   * @param {AccountsResponse | Problem} response
   */
  take(response) {
    if (response.kind !== "accounts") {
      this.showProblem(response);
      return false;
    }
    const accounts = response.accounts.map((each) => ({
      ...each,
      plain: plain(`${each.name} ${each.id}`),
    }));
    /** @type {Assignable} */
    this.list = { ...response, accounts };
    this.shown.tiles = response.tiles;
    return true;
  }

  /**
   * Assign accounts of the list to a colleague, by id or, for somebody new, by name; resolves to success.
   * @param {AssignableAccount[]} accounts
   * @param {string} to
   * @param {string} name
   */
  async assign(accounts, to, name) {
    const versions = Object.fromEntries(accounts.map(({ id, version }) => [id, version]));
    const isDone = await this.act("assign", { accounts: versions, to });
    if (isDone) this.last = { editId: this.list.edit_id, n: this.list.n, name };
    this.draw();
    return isDone;
  }

  /** Give each account the present team of its rep. */
  async moveTeams() {
    const isDone = await this.act("move_teams", {});
    if (isDone) this.last = { editId: this.list.edit_id, n: this.list.n, name: "", isMove: true };
    this.draw();
  }

  async undo() {
    if (!this.last) return;
    const { isMove } = this.last;
    const isDone = await this.act("undo", { undoes: this.last.editId });
    if (isDone) this.last = { editId: "", n: this.list.n, name: "", isMove };
    this.draw();
  }

  /**
   * One act on the list. After a refusal the list is read again, since somebody may have changed it.
   * @template {"assign" | "move_teams" | "undo"} K
   * @param {K} kind
   * @param {Body<StartScreen, K>} body
   */
  async act(kind, body) {
    const restoreFocus = rememberFocus(this.root, () => this.find("assign-search"));
    this.isBusy = true;
    this.draw();
    const edit = { edit_id: newEditId(), ...body };
    const isDone = this.take(await this.connection.ask(kind, edit, { long: true }));
    if (!isDone) this.take(await this.connection.ask("accounts", {}, { long: true }));
    this.isBusy = false;
    this.draw();
    restoreFocus();
    return isDone;
  }

  /** @param {LinkOf} link */
  async copyLink({ name, url }) {
    await copyText(url);
    this.toasts.show(this.t("start_copied", { name }));
  }

  /** Make the reports of the week that is due. */
  async makeReports() {
    const restoreFocus = rememberFocus(this.root, () => this.find("title"));
    this.showProgress({ done: 0, total: 0 });
    const response = await this.connection.ask("make_reports", {}, { long: true });
    this.making = null;
    if (response.kind === "start") {
      this.shown = response;
      const week = response.due ? weekName(this.t, response.due) : "";
      this.toasts.show(this.t("start_reports_made", { week }));
    } else this.showProblem(response);
    this.draw();
    restoreFocus();
  }

  /** @param {{ done: number, total: number }} progress */
  showProgress(progress) {
    this.making = progress;
    this.draw();
  }

  /**
   * Show a report in a new tab.
   * @param {string} week
   * @param {string} name
   */
  async openReport(week, name) {
    const response = await showFile(this.connection.ask("report", { week, name }));
    if (response.kind !== "file") this.showProblem(response);
  }

  // The screen -----------------------------------------------------------------------------------

  draw() {
    if (!this.shown) return;
    const Page = this.view === "assign" ? AssignPage : HomePage;
    this.root.dataset.view = this.view;
    this.root.dataset.busy = String(this.isBusy);
    render(html`<${StartHead} app=${this} />`, this.head);
    render(html`<${Page} app=${this} />`, this.body);
  }
}

/** @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { class: "sr", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}
