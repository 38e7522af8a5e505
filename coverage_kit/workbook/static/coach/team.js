// The agreements of the teams on the coach's first page; a press and a reason say that coaching was cancelled.
import { Agreements } from "../agree/agreement.js";
import { newEditId } from "../core/connection.js";
import { dayName } from "../core/days.js";
import { h } from "../core/dom.js";
import { showFile } from "../core/show_file.js";
import { html, render } from "../vendor/preact.js";

/** @import { Host } from "../agree/agreement.js" */
/** @import { CoachApp } from "./coach.js" */

/**
 * Draws into an element of its own, which stays the same as long as the page does: so do open forms.
 * @implements {Host}
 */
export class TeamPart {
  /** @param {CoachApp} app */
  constructor(app) {
    this.app = app;
    this.t = app.t;
    this.choices = app.choices;
    this.isBusy = false;
    this.node = h("div", { class: "team" });
  }

  get lang() {
    return this.app.lang;
  }

  /** @param {string} iso */
  day(iso) {
    return dayName(this.lang, iso, this.app.data.today);
  }

  draw() {
    const { agreements } = this.app.desk;
    render(html`<${Agreements} host=${this} list=${agreements} cancels=${true} />`, this.node);
    return this.node;
  }

  /** @type {Host["agree"]} */
  async agree({ kind, ...body }, said) {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.draw();
    const { app } = this;
    const sent = /** @type {never} */ ({ edit_id: newEditId(), ...body });
    const response = await app.connection.ask(kind, sent);
    this.isBusy = false;
    const isDone = response.kind === "desk";
    if (isDone) {
      app.desk = response;
      app.toasts.show(said, "done", [[this.t("undo"), () => this.undo(response.edit_id)]]);
    } else {
      app.showProblem(response);
      await this.reread();
    }
    this.draw();
    return isDone;
  }

  /** @param {string} editId */
  async undo(editId) {
    const response = await this.app.connection.ask("undo_desk", {
      undoes: editId,
      edit_id: newEditId(),
    });
    if (response.kind !== "desk") return this.app.showProblem(response);
    this.app.desk = response;
    this.app.toasts.show(this.t("undone_now"), "done");
    this.draw();
  }

  /** After a refusal: somebody may have changed it. */
  async reread() {
    const response = await this.app.connection.ask("desk");
    if (response.kind === "desk") this.app.desk = response;
  }

  /** @type {Host["printAgreement"]} */
  async printAgreement({ manager, quarter }) {
    const { app } = this;
    const asked = app.connection.ask("print_agreement", { manager, quarter }, { long: true });
    const response = await showFile(asked);
    if (response.kind !== "file") app.showProblem(response);
    else app.toasts.show(this.t("agree_printed", { file: response.place }), "done");
  }
}
