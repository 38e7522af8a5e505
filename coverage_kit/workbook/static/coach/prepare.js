// The coach prepares an hour: one page for each rep. A note for the coach alone is neither printed nor on a shared screen.
import { newEditId } from "../core/connection.js";
import { dayName } from "../core/days.js";
import { h } from "../core/dom.js";
import { keepFile } from "../core/keep_file.js";
import { recall, remember } from "../core/local_store.js";
import { html, render, useState } from "../vendor/preact.js";
import { Decided } from "./decided.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import { AgendaView, HeldView, PreparedResponse, Problem } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/** @typedef {{ host: PreparePart, ready: PreparedResponse }} OfOne */

/** Draws into an element that stays the same as long as the page does: so does a note that is being typed. */
export class PreparePart {
  /** @param {CoachApp} app */
  constructor(app) {
    this.app = app;
    /** @type {Translate} */
    this.t = app.t;
    this.isBusy = false;
    /** @type {PreparedResponse | null} */
    this.ready = null;
    this.node = h("section", { class: "session prepare", tabIndex: -1 });
  }

  get lang() {
    return this.app.lang;
  }

  /** @param {string} iso */
  day(iso) {
    return dayName(this.lang, iso, this.ready?.today ?? iso);
  }

  /** @param {string} rep */
  async open(rep) {
    const { app } = this;
    const response = await app.connection.ask("prepare", { rep });
    if (response.kind !== "prepared") return app.showProblem(response);
    this.ready = response;
    app.prepared = this;
    app.render();
    this.node.focus();
  }

  /**
   * Send an act; a refusal is shown, and what was typed stays.
   * @param {Promise<PreparedResponse | Problem>} pending
   * @param {string} said
   */
  async act(pending, said) {
    this.isBusy = true;
    this.draw();
    const response = await pending;
    this.isBusy = false;
    const { app, ready } = this;
    if (response.kind === "prepared") {
      this.ready = response;
      const editId = response.edit_id;
      app.toasts.show(said, "done", editId ? [[this.t("undo"), () => this.undo(editId)]] : []);
    } else {
      app.showProblem(response);
      const now = ready && (await app.connection.ask("prepare", { rep: ready.rep }));
      if (now?.kind === "prepared") this.ready = now;
    }
    this.draw();
    return response.kind === "prepared";
  }

  /** @param {string} text */
  saveNote(text) {
    const { rep, version } = this.known;
    const body = { rep, text, version, edit_id: newEditId() };
    return this.act(this.app.connection.ask("private_note", body), this.t("prepare_note_saved"));
  }

  /** @param {string | null} planned */
  plan(planned) {
    const { rep, version } = this.known;
    const body = { rep, planned_for: planned, version, edit_id: newEditId() };
    return this.act(this.app.connection.ask("plan_hour", body), this.t("prepare_planned"));
  }

  /** @param {string} editId */
  undo(editId) {
    const body = { rep: this.known.rep, undoes: editId, edit_id: newEditId() };
    return this.act(this.app.connection.ask("undo_preparing", body), this.t("undone_now"));
  }

  get known() {
    if (!this.ready) throw new Error("nobody is chosen");
    return this.ready;
  }

  draw() {
    const { app, ready } = this;
    const page = ready && html`<${Prepared} key=${ready.rep} host=${this} ready=${ready} />`;
    const hidden = html`<p class="empty">${this.t("prepare_shared")}</p>`;
    render(app.discreet ? hidden : page, this.node);
    return this.node;
  }
}

/** @param {OfOne} props */
function Prepared({ host, ready }) {
  const { t } = host;
  return html`
    <h2 class="printed">${ready.name} · ${host.day(ready.today)}</h2>
    <div class="my-columns">
      <div>
        <${Since} host=${host} ready=${ready} />
        <${Decided} host=${host} list=${ready.decided} />
        <${Checks} host=${host} ready=${ready} />
        <${Agenda} host=${host} ready=${ready} />
      </div>
      <div>
        <${Hour} host=${host} ready=${ready} />
        <${Note} host=${host} ready=${ready} />
        ${
          ready.quiet_questions.length > 0 &&
          html`
            <section class="unprinted" data-part="quiet-questions">
              <h3 class="part">${t("prepare_quiet")}</h3>
              <ul class="panel my-lines">
                ${ready.quiet_questions.map((each) => html`<li>${each[host.lang]}</li>`)}
              </ul>
            </section>
          `
        }
        <${Sessions} host=${host} list=${ready.history} />
      </div>
    </div>
  `;
}

/** @param {OfOne} props */
function Since({ host, ready }) {
  const { t } = host;
  const changes = Object.entries(ready.changes);
  return html`
    <section data-part="since">
      <h3 class="part">
        ${ready.since ? t("prepare_since", { day: host.day(ready.since) }) : t("prepare_first")}
      </h3>
      ${
        changes.length + ready.cleaned > 0
          ? html`
              <dl class="panel my-sums">
                ${changes.map(
                  ([cause, n]) =>
                    html`<div>
                      <dt>${t(`cause_${cause}`)}</dt>
                      <dd>${n}</dd>
                    </div>`,
                )}
                ${
                  ready.cleaned > 0 &&
                  html`<div>
                    <dt>${t("prepare_cleaned")}</dt>
                    <dd>${ready.cleaned}</dd>
                  </div>`
                }
              </dl>
            `
          : html`<p class="quiet">${t("prepare_no_changes")}</p>`
      }
      <h3 class="part">${t("prepare_agreed")}</h3>
      ${
        ready.agreed.length
          ? html`
              <ul class="panel my-lines">
                ${ready.agreed.map(
                  (each) => html`
                    <li key=${each.id}>
                      <span>${each.sentence[host.lang]}</span>
                      <span class="tag">${t(`stands_${each.state}`)}</span>
                    </li>
                  `,
                )}
              </ul>
            `
          : html`<p class="quiet">${t("no_last_commitments")}</p>`
      }
    </section>
  `;
}

/** @param {OfOne} props */
function Agenda({ host, ready }) {
  const { t } = host;
  const minutes = ready.agenda.reduce((sum, each) => sum + each.minutes, 0);
  /** @param {AgendaView} each */
  const about = ({ account_name: account, role_title: role }) =>
    [account, role?.[host.lang]].filter(Boolean).join(" · ");
  return html`
    <section data-part="agenda">
      <h3 class="part">
        ${t("prepare_agenda")}
        <span class="quiet">${t("prepare_minutes", { n: minutes, all: ready.minutes })}</span>
      </h3>
      ${
        ready.agenda.length
          ? html`
              <ol class="panel my-lines prepare-agenda">
                ${ready.agenda.map(
                  (each) => html`
                    <li>
                      <b>${about(each)}</b>
                      <span class="quiet">${t("agree_minutes_n", { n: each.minutes })}</span>
                      <span class="why">${each.why[host.lang]}</span>
                    </li>
                  `,
                )}
              </ol>
            `
          : html`<p class="quiet">${t("prepare_no_agenda")}</p>`
      }
    </section>
  `;
}

/** @param {OfOne} props */
function Checks({ host, ready }) {
  const { t } = host;
  return html`
    <section data-part="checks">
      <h3 class="part">${t("checks_title")}</h3>
      ${
        ready.checks.length
          ? html`
              <ul class="panel my-lines">
                ${ready.checks.map(
                  (each) => html`
                    <li key=${each.person}>
                      <b>${each.question[host.lang]}</b>
                      <span class="quiet">
                        ${[
                          each.account_name,
                          host.day(each.verified_on),
                          each.verified_how && t(`how_${each.verified_how}`),
                        ]
                          .filter(Boolean)
                          .join(" · ")}
                      </span>
                    </li>
                  `,
                )}
              </ul>
            `
          : html`<p class="quiet">${t("checks_none")}</p>`
      }
    </section>
  `;
}

/** @param {OfOne} props */
function Hour({ host, ready }) {
  const { t } = host;
  const [planned, setPlanned] = useState(ready.planned_for ?? "");
  const { file } = ready;
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    host.plan(planned || null);
  };
  return html`
    <section data-part="hour">
      <h3 class="part">${t("prepare_hour")}</h3>
      <form class="panel my-card prepare-hour" onSubmit=${submit}>
        <label>
          <span class="label">${t("prepare_when")}</span>
          <input
            type="datetime-local"
            data-key="hour"
            min=${`${ready.today}T00:00`}
            value=${planned}
            onInput=${(/** @type {{ target: HTMLInputElement }} */ { target }) => setPlanned(target.value)}
          />
        </label>
        <div class="my-acts unprinted">
          <button
            type="submit"
            data-key="plan-hour"
            disabled=${host.isBusy || planned === (ready.planned_for ?? "")}
          >
            ${t("prepare_plan")}
          </button>
          ${
            file &&
            html`
              <button type="button" data-key="hour-file" onClick=${() => keepFile(file)}>
                ${t("prepare_calendar")}
              </button>
            `
          }
        </div>
      </form>
    </section>
  `;
}

/** @param {string} rep */
const placeOf = (rep) => `coverage-kit:prepare:${rep}`;

/** @param {OfOne} props */
function Note({ host, ready }) {
  const { t } = host;
  const [text, setText] = useState(recall(placeOf(ready.rep)) || ready.note);
  /** @param {string} typed */
  const keep = (typed) => {
    setText(typed);
    remember(placeOf(ready.rep), typed === ready.note ? "" : typed);
  };
  const save = async () => {
    if (await host.saveNote(text)) remember(placeOf(ready.rep), "");
  };
  return html`
    <section class="unprinted" data-part="note">
      <h3 class="part">${t("prepare_note")}</h3>
      <div class="panel my-card">
        <label>
          <span class="quiet">${t("prepare_note_lead")}</span>
          <textarea
            rows="4"
            maxlength="2000"
            data-key="private-note"
            aria-label=${t("prepare_note")}
            value=${text}
            onInput=${(/** @type {{ target: HTMLTextAreaElement }} */ { target }) => keep(target.value)}
          ></textarea>
        </label>
        <div class="my-acts">
          <button
            type="button"
            data-key="save-note"
            disabled=${host.isBusy || text.trim() === ready.note}
            onClick=${save}
          >
            ${t("save_details")}
          </button>
        </div>
      </div>
    </section>
  `;
}

/** @param {{ host: PreparePart, list: HeldView[] }} props */
function Sessions({ host, list }) {
  const { t } = host;
  return html`
    <section data-part="history">
      <h3 class="part">${t("prepare_history")}</h3>
      ${
        list.length
          ? html`
              <ul class="panel my-lines">
                ${list.map(
                  (each) => html`
                    <li key=${each.id}>
                      <b>${host.day(each.day)}</b>
                      <span>${t(`session_${each.kind}`)}</span>
                      <span class="quiet">
                        ${
                          each.closed
                            ? t("prepare_made", { n: each.made, kept: each.kept })
                            : t("prepare_unfinished")
                        }
                      </span>
                    </li>
                  `,
                )}
              </ul>
            `
          : html`<p class="quiet">${t("prepare_no_history")}</p>`
      }
    </section>
  `;
}
