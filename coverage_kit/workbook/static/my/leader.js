// What a manager or an executive decides: must-win accounts, doors, what was pushed aside; and how the teams stand.
import { withText } from "../core/dom.js";
import { html, useState } from "../vendor/preact.js";

/** @import { DepthView, FoundMine } from "../messages.d.ts" */
/** @import { MyApp } from "./app.js" */

const DECISIONS = ["hour", "take", "drop"];

/** @param {{ name: string, title: string, count?: string | number, children?: unknown }} props */
export function Section({ name, title, count = "", children }) {
  return html`
    <section data-part=${name}>
      <h3 class="part">${title} <span class="quiet">${count}</span></h3>
      ${children}
    </section>
  `;
}

// Must-win accounts ------------------------------------------------------------------------------

/** @param {{ app: MyApp }} props */
export function MustWin({ app }) {
  const { shown, t } = app;
  if (!shown.must_win) return null;
  const { quarter, most, accounts, elsewhere, effort } = shown.must_win;
  const share = effort > 0 && Math.round((100 * elsewhere) / effort);
  const [year, n] = quarter.split("-Q");
  return html`
    <${Section}
      name="must-win"
      title=${t("my_must_win", { year, n })}
      count=${t("my_must_win_count", { n: accounts.length, most })}
    >
      ${!accounts.length && html`<p class="quiet">${t("my_must_win_none", { most })}</p>`}
      <ul class="my-cards">
        ${accounts.map((one) => html`<${DepthCard} key=${one.account} app=${app} one=${one} isMine=${true} />`)}
      </ul>
      ${
        accounts.length > 0 &&
        html`<button
          type="button"
          class="link"
          data-key="review"
          disabled=${app.isBusy}
          onClick=${() => app.print("print_review", {})}
        >
          ${t("my_review")}
        </button>`
      }
      ${accounts.length < most && html`<${FindAccount} app=${app} />`}
      ${
        accounts.length > 0 &&
        effort > 0 &&
        html`<p class="quiet">${t("my_elsewhere", { share, elsewhere, effort })}</p>`
      }
    <//>
  `;
}

/** @param {{ app: MyApp, one: DepthView, isMine?: boolean }} props */
function DepthCard({ app, one, isMine = false }) {
  const { lang, t } = app;
  const off = () =>
    app.act(
      "star",
      { account: one.account, on: false },
      t("my_star_off", { name: one.account_name }),
    );
  const marks = [
    one.executives === 0 && t("my_no_executive"),
    one.one_person > 0 && t("my_one_person", { n: one.one_person }),
  ].filter(Boolean);
  return html`
    <li class="panel my-card">
      <p class="task">
        ${one.account_name}
        <span class="quiet">${t("my_known_of", { known: one.known, required: one.required })}</span>
      </p>
      ${marks.length > 0 && html`<p class="late">${marks.join(" · ")}</p>`}
      ${
        one.unknown.length > 0 &&
        html`
          <p class="quiet">${t("my_unknown")}</p>
          <p class="chips">
            ${one.unknown.map((title) => html`<span class="chip">${title[lang]}</span>`)}
          </p>
        `
      }
      ${
        isMine &&
        html`
          <button
            type="button"
            class="link"
            data-key=${`star-${one.account}`}
            disabled=${app.isBusy}
            onClick=${off}
          >
            ${t("my_star_remove")}
          </button>
        `
      }
    </li>
  `;
}

/** @param {{ app: MyApp }} props */
function FindAccount({ app }) {
  const { found, t } = app;
  const [text, setText] = useState("");
  /** @param {string} value */
  const seek = (value) => {
    setText(value);
    app.search(value);
  };
  /** @param {FoundMine} found */
  const choose = async ({ id, name }) => {
    if (await app.act("star", { account: id, on: true }, t("my_star_on", { name }))) setText("");
  };
  return html`
    <div class="my-find">
      <label class="field">
        <span>${t("my_star_find")}</span>
        <input
          type="search"
          data-key="star-find"
          value=${text}
          autocomplete="off"
          onFocus=${() => found || app.search(text)}
          onInput=${withText(seek)}
        />
      </label>
      ${
        found &&
        html`
          <ul class="my-found">
            ${found
              .filter(({ chosen }) => !chosen)
              .map(
                (each) => html`
                  <li key=${each.id}>
                    <button
                      type="button"
                      data-key=${`choose-${each.id}`}
                      disabled=${app.isBusy}
                      onClick=${() => choose(each)}
                    >
                      ☆ ${each.name}
                    </button>
                  </li>
                `,
              )}
            ${!found.length && html`<li class="quiet">${t("my_star_no_account")}</li>`}
          </ul>
        `
      }
    </div>
  `;
}

// Doors --------------------------------------------------------------------------------------------

/** @param {{ app: MyApp }} props */
export function Doors({ app }) {
  const { shown, lang, t } = app;
  const { doors, focus, view } = shown;
  // Where nothing was listed, nothing can be said about who is met.
  const none = focus.some((one) => one.required > 0) ? "my_doors_none" : "my_doors_none_yet";
  return html`
    <${Section} name="doors" title=${t(view === "executive" ? "my_door" : "my_doors")}>
      ${!doors.length && html`<p class="quiet">${t(none)}</p>`}
      <ul class="my-cards">
        ${doors.map(
          (one) => html`
            <li key=${`${one.account}:${one.role}`} class="panel my-card">
              <p class="task">${one.task[lang]}</p>
              <p class="quiet">
                ${[
                  t(one.asked ? "my_door_asked" : "my_door_closed"),
                  one.carried > 0 && t("carried", { n: one.carried }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              <p class="quiet">
                ${t(one.is_known ? "my_opening" : "my_opening_unknown", { account: one.account_name, role: one.role_title[lang] })}
              </p>
              <div class="my-acts">
                <button
                  type="button"
                  class="primary"
                  data-key=${`take-${one.account}-${one.role}`}
                  disabled=${app.isBusy}
                  onClick=${() =>
                    app.act(
                      "take",
                      { account: one.account, role: one.role },
                      t("my_take_done", { task: one.task[lang] }),
                    )}
                >
                  ${t("my_take")}
                </button>
              </div>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}

// Pushed aside -------------------------------------------------------------------------------------

/** @param {{ app: MyApp }} props */
export function Pushed({ app }) {
  const { shown, lang, t } = app;
  if (!shown.pushed) return null;
  const { reps, reasons, waiting } = shown.pushed;
  const sums = Object.entries(reasons);
  return html`
    <${Section} name="pushed" title=${t("my_pushed")}>
      ${reps < 3 && html`<p class="quiet">${t("my_pushed_few")}</p>`}
      ${reps >= 3 && !sums.length && html`<p class="quiet">${t("my_pushed_none")}</p>`}
      ${
        sums.length > 0 &&
        html`
          <dl class="panel my-sums">
            ${sums.map(
              ([reason, n]) =>
                html`<div key=${reason}>
                  <dt>${t(`reason_${reason}`)}</dt>
                  <dd>${n}</dd>
                </div>`,
            )}
          </dl>
        `
      }
      ${waiting.length > 0 && html`<p class="quiet">${t("my_decide_lead")}</p>`}
      <ul class="my-cards">
        ${waiting.map(
          (one) => html`
            <li key=${one.commitment} class="panel my-card" data-waiting=${one.commitment}>
              <p class="task">${one.task[lang]}</p>
              ${one.carried > 0 && html`<p class="late">${t("carried", { n: one.carried })}</p>`}
              <div class="my-acts">
                ${DECISIONS.map(
                  (decision, i) => html`
                    <button
                      type="button"
                      class=${i ? "" : "primary"}
                      data-key=${`${decision}-${one.commitment}`}
                      disabled=${app.isBusy}
                      onClick=${() =>
                        app.act(
                          "decide",
                          { commitment: one.commitment, decision },
                          t(`my_${decision}_done`),
                        )}
                    >
                      ${t(`my_${decision}`)}
                    </button>
                  `,
                )}
              </div>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}

// How the teams stand ------------------------------------------------------------------------------

/** @param {{ app: MyApp }} props */
export function Focus({ app }) {
  const { shown, t } = app;
  const { focus, view } = shown;
  return html`
    <${Section} name="focus" title=${t(view === "executive" ? "my_teams" : "my_focus")}>
      ${!focus.length && html`<p class="quiet">${t("my_focus_none")}</p>`}
      ${
        focus.length > 0 &&
        html`
          <ul class="panel my-lines">
            ${focus.map(
              (one) => html`
                <li key=${one.id}>
                  <b class="grow">${one.name}</b>
                  <span>${share(one.known, one.required)}</span>
                  <span class="quiet">
                    ${t("my_focus_about", {
                      known: one.known,
                      required: one.required,
                      before: share(one.known_before, one.required_before),
                    })}
                  </span>
                </li>
              `,
            )}
          </ul>
        `
      }
    <//>
  `;
}

/**
 * A share as a percentage; "–" where nothing is required.
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return whole ? `${Math.round((100 * part) / whole)}%` : "–";
}

/** @param {{ app: MyApp }} props */
export function Thin({ app }) {
  const { shown, t } = app;
  return html`
    <${Section} name="thin" title=${t("my_thin")}>
      ${!shown.thin.length && html`<p class="quiet">${t("my_thin_none")}</p>`}
      <ul class="my-cards">
        ${shown.thin.map((one) => html`<${DepthCard} key=${one.account} app=${app} one=${one} />`)}
      </ul>
    <//>
  `;
}
