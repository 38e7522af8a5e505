// This week: coaching held and due, answers awaited, who left.
import { dayName } from "../core/days.js";
import { pageLink } from "../core/link.js";
import { nameWithTitle } from "../core/person_name.js";
import { html } from "../vendor/preact.js";

/** @import { AwaitedFrom, CoachedRep, LeftPerson, Line } from "../messages.d.ts" */
/** @import { Child, Component } from "../vendor/preact.js" */
/** @import { StartApp } from "./app.js" */

/** Lines of a list that are shown; all are counted. */
const SHOWN = 12;

/** @param {{ app: StartApp }} props */
export function ThisWeek({ app }) {
  const { t } = app;
  return html`
    <section>
      <h2>${t("start_this_week")}</h2>
      <div class="start-week">
        <${Coaching} app=${app} />
        <${Awaited} app=${app} />
        <${Left} app=${app} />
      </div>
    </section>
  `;
}

/** @param {{ app: StartApp }} props */
function Coaching({ app }) {
  const { shown, t } = app;
  const { coaching } = shown.this_week;
  const held = coaching.filter(({ state }) => state === "held").length;
  const count = t("start_coaching_count", { held, n: coaching.length });
  return html`
    <${Panel} app=${app} name="coaching" count=${count} lines=${coaching} Line=${CoachedLine}>
      <a class="as-act primary" data-key="coach" ...${pageLink("coach_session")}>
        ${t("start_coach")}
      </a>
    <//>
  `;
}

/** @param {{ app: StartApp, line: CoachedRep }} props */
function CoachedLine({ app, line }) {
  const { t } = app;
  const week = line.last && t("start_last", { n: Number(line.last.split("-W")[1]) });
  return html`
    <span class="grow">
      <b>${line.name}</b>
      ${line.state === "due" && html`<span class="quiet under-line">${week || t("start_never")}</span>`}
    </span>
    <span class=${`tag ${line.state}`}>${t(`start_state_${line.state}`)}</span>
  `;
}

/** @param {{ app: StartApp }} props */
function Awaited({ app }) {
  const { shown, t } = app;
  const { awaited, open } = shown.this_week;
  const count = t("start_open_commitments", { n: open });
  return html`
    <${Panel} app=${app} name="awaited" count=${count} lines=${awaited} Line=${AwaitedLine} />
  `;
}

/** @param {{ app: StartApp, line: AwaitedFrom }} props */
function AwaitedLine({ app, line }) {
  const { lang, t } = app;
  const day = dayName(lang, line.due_on, app.shown.this_week.today);
  return html`
    <span class="grow">
      <b>${line.name}</b>
      <span class="quiet under-line"> ${t("start_awaited_n", { n: line.n, day })} </span>
    </span>
    ${line.overdue > 0 && html`<span class="tag due">${t("start_overdue", { n: line.overdue })}</span>`}
  `;
}

/** @param {{ app: StartApp }} props */
function Left({ app }) {
  const { shown, t } = app;
  const { left } = shown.this_week;
  const count = left.length ? t("start_left_count", { n: left.length }) : "";
  return html`<${Panel} app=${app} name="left" count=${count} lines=${left} Line=${LeftLine} />`;
}

/** @param {{ app: StartApp, line: LeftPerson }} props */
function LeftLine({ app, line }) {
  const { lang, t } = app;
  const where = { account: line.account_name, how: t(`end_${line.end_kind}`) };
  return html`
    <span class="grow">
      <b>${line.name ? nameWithTitle(line.name, line.title) : "–"}</b>
      <span class="quiet under-line">${t("start_left_at", where)}</span>
    </span>
    <span class="chips">
      ${line.roles.map((role) => html`<span class="chip">${role[lang]}</span>`)}
      ${!line.roles.length && html`<span class="quiet">${t("start_left_no_role")}</span>`}
    </span>
  `;
}

/**
 * @param {{
 *   app: StartApp, name: string, count: string, lines: { id: string }[], Line: Component, children: Child,
 * }} props
 */
export function Panel({ app, name, count, lines, Line, children }) {
  const { t } = app;
  const more = lines.length - SHOWN;
  return html`
    <section class="panel" data-panel=${name}>
      <h3>${t(`start_${name}`)} <span class="quiet">${count}</span></h3>
      ${!lines.length && html`<p class="quiet">${t(`start_${name}_none`)}</p>`}
      <ul class="start-lines">
        ${lines
          .slice(0, SHOWN)
          .map((line) => html`<li key=${line.id}><${Line} app=${app} line=${line} /></li>`)}
        ${more > 0 && html`<li class="quiet">${t("start_more", { n: more })}</li>`}
      </ul>
      ${children}
    </section>
  `;
}
