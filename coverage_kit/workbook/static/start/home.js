// The start page itself: the four steps as tiles, or folded once all stand; this week; links and reports.
import { counted } from "../core/dom.js";
import { pageLink } from "../core/link.js";
import { html } from "../vendor/preact.js";
import { Links } from "./links.js";
import { MovedNotice } from "./moved.js";
import { Proposals } from "./proposals.js";
import { Reports } from "./reports.js";
import { ThisWeek } from "./week.js";
import { weekName } from "../core/week_name.js";

/** @import { StartApp } from "./app.js" */
/** @typedef {"lists" | "accounts" | "owners" | "sessions"} StepName */
/** @type {StepName[]} */
const STEPS = ["lists", "accounts", "owners", "sessions"];

/** @param {{ app: StartApp }} props */
export function StartHead({ app }) {
  const { shown, t } = app;
  return html`
    <div class="who">
      <h1>${t("start_title")}</h1>
      <p class="headline">${weekName(t, shown.this_week.week)}</p>
    </div>
  `;
}

/** @param {{ app: StartApp }} props */
export function HomePage({ app }) {
  const { shown, t } = app;
  const { done, next } = shown.tiles;
  const isSetUp = done.length === STEPS.length;
  return html`
    <main class="front" aria-label=${t("start_title")}>
      ${shown.n_older_copies > 0 && html`<${Older} app=${app} />`}
      <${MovedNotice} app=${app} />
      <section>
        <h2 class="sr" tabindex="-1" data-key="title">${t("start_steps")}</h2>
        <ol class=${isSetUp ? "steps-folded" : "steps-open"}>
          ${STEPS.map((step, i) => {
            const state = done.includes(step) ? "done" : step === next ? "next" : "later";
            const Step = isSetUp ? FoldedTile : Tile;
            return html`<${Step} key=${step} app=${app} step=${step} n=${i + 1} state=${state} />`;
          })}
        </ol>
        ${
          done.includes("accounts") &&
          html`<p class="start-contacts">
            <a class="as-act link" data-key="contacts" ...${pageLink("contacts")}>
              ${t("contacts_match_next")}
            </a>
            <a class="as-act link" data-key="audit" ...${pageLink("contact_audit")}>
              ${t("audit_next")}
            </a>
            <a class="as-act link" data-key="duplicates" ...${pageLink("duplicates")}>
              ${t("duplicates_next")}
            </a>
          </p>`
        }
      </section>
      ${isSetUp && html`<${ThisWeek} app=${app} />`}
      ${shown.proposals.length > 0 && html`<${Proposals} app=${app} />`}
      <div class="start-pair">
        <${Links} app=${app} />
        <${Reports} app=${app} />
      </div>
    </main>
  `;
}

/**
 * The workspace still has notebooks of an earlier version.
 * @param {{ app: StartApp }} props
 */
function Older({ app }) {
  const { shown, t } = app;
  return html`
    <p class="recorded" data-key="older">${t("start_upgrade", { n: shown.n_older_copies })}</p>
  `;
}

/** @param {{ app: StartApp, step: StepName, n: number, state: "done" | "next" | "later" }} props */
function Tile({ app, step, n, state }) {
  const { t } = app;
  const { figure, unit, about } = DESCRIBED[step](app);
  return html`
    <li class="panel step-tile" data-step=${step} data-state=${state}>
      <h3>
        <${Mark} n=${n} state=${state} />
        <span>${t(`start_${step}`)}</span>
        ${state !== "later" && html`<span class="sr">${`: ${t(`start_step_${state}`)}`}</span>`}
      </h3>
      <p class="figure"><b>${figure}</b>${spaceBefore(unit, app.lang)}<span>${unit}</span></p>
      <p class="quiet about-step">${about}</p>
      <${Act} app=${app} step=${step} kind=${state === "next" ? "primary" : ""} />
    </li>
  `;
}

/**
 * The step in one line, once all four stand.
 * @param {{ app: StartApp, step: StepName, n: number, state: "done" | "next" | "later" }} props
 */
function FoldedTile({ app, step, n, state }) {
  const { t } = app;
  const { figure, unit } = DESCRIBED[step](app);
  return html`
    <li data-step=${step} data-state=${state}>
      <${Mark} n=${n} state=${state} />
      <${Act} app=${app} step=${step} kind="link" label=${t(`start_${step}`)} />
      <span class="quiet">
        ${step === "sessions" ? figure + spaceBefore(unit, app.lang) + unit : figure}
      </span>
    </li>
  `;
}

/** @param {{ n: number, state: "done" | "next" | "later" }} props */
function Mark({ n, state }) {
  return html`<span class="n" aria-hidden="true">${state === "done" ? "✓" : n}</span>`;
}

/**
 * What to do next about a step.
 * @param {{ app: StartApp, step: StepName, kind: string, label?: string }} props
 */
function Act({ app, step, kind, label }) {
  const { t } = app;
  if (step === "owners")
    return html`
      <button type="button" class=${kind} data-key="owners" onClick=${() => app.openAssign()}>
        ${label ?? t("start_owners_open")}
      </button>
    `;
  const { coached, open } = app.shown.tiles.sessions;
  const sessions = open ? "sessions_resume" : coached ? "coach" : "sessions_open";
  const [page, text] = {
    lists: ["role_lists", "lists_open"],
    accounts: ["import_accounts", "accounts_open"],
    sessions: ["coach_session", sessions],
  }[step];
  /** @type {Record<string, string>} */
  const query = text === "sessions_open" ? { view: "first" } : {};
  return html`
    <a class=${`as-act ${kind}`} data-key=${step} ...${pageLink(page, query)}>
      ${label ?? t(`start_${text}`)}
    </a>
  `;
}

/** @type {Record<StepName, (app: StartApp) => { figure: string, unit: string, about: string }>} */
const DESCRIBED = {
  lists({ shown, t }) {
    const { lists, accounts, required } = shown.tiles.lists;
    const about = accounts
      ? t("start_lists_about", counted({ n: accounts, required }))
      : t("start_lists_none");
    return { figure: shownAs(lists), unit: t("start_lists_n", { n: lists }), about };
  },
  accounts({ shown, t }) {
    const { accounts, contacts, checked, days } = shown.tiles.accounts;
    const none = accounts ? "start_contacts_none" : "start_accounts_none";
    const about = contacts
      ? t("start_accounts_about", counted({ n: contacts, checked, days }))
      : t(none);
    return { figure: shownAs(accounts), unit: t("start_accounts_n", { n: accounts }), about };
  },
  owners({ shown, t }) {
    const { assigned, unassigned, unconfirmed, reps } = shown.tiles.owners;
    const isDone = shown.tiles.done.includes("owners");
    const soFar = assigned ? "start_owners_about" : "start_owners_none";
    const about = !isDone
      ? t(unassigned && !assigned ? "start_owners_how" : soFar, counted({ assigned, n: reps }))
      : unconfirmed
        ? t("start_owners_waiting", counted({ n: unconfirmed }))
        : t("start_owners_all", counted({ n: reps }));
    const unit = isDone ? t("start_owners_done", { n: assigned }) : t("start_owners_left");
    return { figure: shownAs(isDone ? assigned : unassigned), unit, about };
  },
  sessions({ shown, t }) {
    const { coached, reps, open } = shown.tiles.sessions;
    const about = open
      ? t("start_sessions_waiting", counted({ n: open }))
      : t(coached ? "start_sessions_about" : "start_sessions_none");
    const unit = reps ? t("start_sessions_n", counted({ n: reps })) : "";
    return { figure: shownAs(coached), unit, about };
  },
};

/**
 * Korean writes a number and its unit together; a sign such as "/" stands apart.
 * @param {string} unit
 * @param {string} lang
 */
function spaceBefore(unit, lang) {
  return lang === "ko" && /^\p{L}/u.test(unit) ? "" : " ";
}

/** @param {number} n */
function shownAs(n) {
  return n.toLocaleString();
}
