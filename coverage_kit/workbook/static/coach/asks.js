// Requests to leaders stand ready, each with an opening sentence; one key sends.
import { newEditId } from "../core/connection.js";
import { dayName } from "../core/days.js";
import { findIn, h } from "../core/dom.js";
import { html, render } from "../vendor/preact.js";

/** @import { AskView, AsksResponse } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/** As many as the digits of the keyboard. */
const MOST = 9;

/** The drafts for some reps, or for all; drawn into an element of its own. */
export class AskPart {
  /**
   * @param {CoachApp} app
   * @param {string[]} reps
   */
  constructor(app, reps) {
    this.app = app;
    this.reps = reps;
    this.isBusy = false;
    /** @type {AskView[] | null} Null until the kernel has answered. */
    this.asks = null;
    this.node = h("div", { class: "asks" });
    this.load();
  }

  async load() {
    const response = await this.app.connection.ask("asks", { reps: this.reps }, { long: true });
    if (response.kind === "asks") this.asks = response.asks;
    this.draw();
  }

  draw() {
    render(html`<${Asks} part=${this} />`, this.node);
    return this.node;
  }

  /** @param {AskView} one */
  async send(one) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.draw();
    const { app, reps } = this;
    const body = { draft: one.key, reps, edit_id: newEditId() };
    const response = await app.connection.ask("send_ask", body, { long: true });
    this.isBusy = false;
    if (response.kind !== "asks") {
      app.showProblem(response);
      await this.load();
    } else {
      this.asks = response.asks;
      const said = app.t("ask_sent", { name: one.to });
      app.toasts.show(said, "done", [[app.t("undo"), () => this.undo(response)]]);
    }
    this.draw();
    (findIn(this.node, "button:enabled") ?? findIn(this.node, "h2"))?.focus();
  }

  /** @param {AsksResponse} sent */
  async undo(sent) {
    const { app, reps } = this;
    const body = { undoes: sent.edit_id, reps, edit_id: newEditId() };
    const response = await app.connection.ask("undo_ask", body, { long: true });
    if (response.kind !== "asks") return app.showProblem(response);
    this.asks = response.asks;
    this.draw();
  }
}

/** @param {{ part: AskPart }} props */
function Asks({ part }) {
  const { app, asks, isBusy } = part;
  const { lang, t } = app;
  const shown = asks?.slice(0, MOST) ?? [];
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const one = shown[Number(event.key) - 1];
    if (!one || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    part.send(one);
  };
  return html`
    <section data-part="asks" aria-busy=${String(asks === null || isBusy)}>
      <h2 tabindex="-1">${t("ask_title")}</h2>
      <p class="quiet">${t(asks === null ? "loading" : shown.length ? "ask_lead" : "ask_none")}</p>
      <ol class="ask-list" onKeyDown=${onKey}>
        ${shown.map(
          (one, i) => html`
            <li key=${one.key} data-ask=${one.key}>
              <div class="grow">
                <p><b>${one.task[lang]}</b></p>
                <p class="quiet">${aboutLine(part, one)}</p>
                <p class="quiet">${openingLine(part, one)}</p>
              </div>
              <button
                type="button"
                class=${i ? "" : "primary"}
                data-key=${`ask-${i + 1}`}
                aria-keyshortcuts=${String(i + 1)}
                disabled=${isBusy}
                onClick=${() => part.send(one)}
              >
                <kbd aria-hidden="true">${i + 1}</kbd> ${t("ask_send", { name: one.to })}
              </button>
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}

/**
 * Whose help, for whom, by when. A shared screen names no rep.
 * @param {AskPart} part
 * @param {AskView} one
 */
function aboutLine({ app }, one) {
  const day = dayName(app.lang, one.due_on, app.data.today);
  return app.discreet ? app.t("ask_by", { day }) : app.t("ask_about", { rep: one.rep, day });
}

/**
 * The sentence with which the leader can begin.
 * @param {AskPart} part
 * @param {AskView} one
 */
function openingLine({ app }, one) {
  if (!one.account_name || !one.role_title) return app.t("ask_opening_stall");
  const role = one.role_title[app.lang];
  const key = one.is_known ? "my_opening" : "my_opening_unknown";
  return app.t(key, { account: one.account_name, role });
}
