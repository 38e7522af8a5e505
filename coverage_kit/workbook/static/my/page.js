// The parts of the page, in the order in which they ask for something.
import { Agreements } from "../agree/agreement.js";
import { html } from "../vendor/preact.js";
import { weekName } from "../core/week_name.js";
import { Doors, Focus, MustWin, Pushed, Thin } from "./leader.js";
import { People } from "./people.js";
import { Voices } from "./voices.js";
import { Climbed, WorkCard } from "./work.js";

/** @import { MyApp } from "./app.js" */
/** @import { MyCommitment } from "../messages.d.ts" */
/** @import { Part } from "./work.js" */

/** @param {{ app: MyApp }} props */
export function MyHead({ app }) {
  const { shown, t } = app;
  const { who, overdue, asked, week } = shown;
  const waiting = t("my_waiting", { asked: asked.length, overdue: overdue.length });
  return html`
    <div class="who">
      <h1>${t("my_name", { name: who.name, function: t(`function_of_${who.function}`) })}</h1>
      <p class="headline">${weekName(t, week)} · ${waiting}</p>
    </div>
  `;
}

/** @param {{ app: MyApp }} props */
export function MyPage({ app }) {
  const { shown, t } = app;
  const { view } = shown;
  return html`
    <main
      class="front mine"
      aria-busy=${String(app.isBusy)}
      aria-label=${t("my_page")}
      data-view=${view}
    >
      <h2 class="sr" tabindex="-1" data-key="title">${t("my_page")}</h2>
      <${COLUMNS[view]} app=${app} />
    </main>
  `;
}

/** @type {Record<string, (props: { app: MyApp }) => unknown>} */
const COLUMNS = { leader: LeaderColumns, executive: ExecutiveColumns, helper: HelperColumns };

/** @param {{ app: MyApp }} props */
function LeaderColumns({ app }) {
  return html`
    <div class="my-columns">
      <div>
        <${MustWin} app=${app} />
        <${Works} app=${app} />
      </div>
      <div>
        <${Doors} app=${app} />
        <${Pushed} app=${app} />
        <${Voices} app=${app} />
        <${Focus} app=${app} />
        <${Agreements} host=${app} list=${app.shown.agreements} />
      </div>
    </div>
  `;
}

/**
 * One minute: what waits, how the teams stand, one place and one decision; then the rest.
 * @param {{ app: MyApp }} props
 */
function ExecutiveColumns({ app }) {
  return html`
    <div class="my-columns">
      <div>
        <${Works} app=${app} />
        <${Focus} app=${app} />
        <${Thin} app=${app} />
      </div>
      <div>
        <${Agreements} host=${app} list=${app.shown.agreements} />
        <${Doors} app=${app} />
        <${Pushed} app=${app} />
        <${MustWin} app=${app} />
      </div>
    </div>
  `;
}

/**
 * What waits, then the people; the people come first where nothing waits.
 * @param {{ app: MyApp }} props
 */
function HelperColumns({ app }) {
  const { overdue, asked, open, climbed } = app.shown;
  const isFree = [overdue, asked, open, climbed].every((list) => !list.length);
  const works = html`<${Works} app=${app} />`;
  const people = html`<${People} app=${app} />`;
  return html`
    <div class="my-columns">
      <div>${isFree ? people : works}</div>
      <div>
        ${isFree ? works : people}
        <${Voices} app=${app} />
      </div>
    </div>
  `;
}

/**
 * What this colleague owes and was asked.
 * @param {{ app: MyApp }} props
 */
function Works({ app }) {
  const { overdue, asked, open, voices } = app.shown;
  const isFree = !overdue.length && !asked.length && !open.length && !voices.length;
  return html`
    <${Work} app=${app} name="overdue" list=${overdue} />
    <${Work} app=${app} name="asked" list=${asked} />
    <${Work} app=${app} name="open" list=${open} />
    <${Climbed} app=${app} />
    ${isFree && html`<p class="empty-line">${app.t("my_nothing")}</p>`}
  `;
}

/** @param {{ app: MyApp, name: Part, list: MyCommitment[] }} props */
function Work({ app, name, list }) {
  if (!list.length) return null;
  return html`
    <section data-part=${name}>
      <h3 class="part">${app.t(`my_${name}`)} <span class="quiet">${list.length}</span></h3>
      <ul class="my-cards">
        ${list.map((one) => html`<${WorkCard} key=${one.id} app=${app} one=${one} name=${name} />`)}
      </ul>
    </section>
  `;
}
