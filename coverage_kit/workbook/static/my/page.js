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
  const { overdue, asked, open, view } = shown;
  const leads = view !== "helper";
  const isFree = !overdue.length && !asked.length && !open.length && !shown.voices.length;
  return html`
    <main
      class="front mine"
      aria-busy=${String(app.isBusy)}
      aria-label=${t("my_page")}
      data-view=${view}
    >
      <h2 class="sr" tabindex="-1" data-key="title">${t("my_page")}</h2>
      <div class="my-columns">
        <div>
          ${leads && html`<${MustWin} app=${app} />`}
          <${Work} app=${app} name="overdue" list=${overdue} />
          <${Work} app=${app} name="asked" list=${asked} />
          <${Work} app=${app} name="open" list=${open} />
          <${Voices} app=${app} />
          <${Climbed} app=${app} />
          ${isFree && html`<p class="empty-line">${t("my_nothing")}</p>`}
        </div>
        <div>
          ${leads && html`<${Doors} app=${app} />`} ${leads && html`<${Pushed} app=${app} />`}
          ${leads && html`<${Focus} app=${app} />`}
          ${view === "executive" && html`<${Thin} app=${app} />`}
          ${leads && html`<${Agreements} host=${app} list=${shown.agreements} />`}
          ${!leads && html`<${People} app=${app} />`}
        </div>
      </div>
    </main>
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
