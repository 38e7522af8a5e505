// The pages of the weekly reports.
import { html } from "../vendor/preact.js";
import { weekName } from "../core/week_name.js";

/** @import { ReportWeek, WeekView } from "../messages.d.ts" */
/** @import { StartApp } from "./app.js" */

/** @param {{ app: StartApp }} props */
export function Reports({ app }) {
  const { shown, t } = app;
  const [newest, ...earlier] = shown.reports;
  const lead = newest ? "lead" : shown.due ? "none" : "no_reps";
  return html`
    <section class="panel" data-panel="reports">
      <h3>${t("start_reports")}</h3>
      <p class="quiet">${t(`start_reports_${lead}`)}</p>
      ${newest && html`<${Week} app=${app} each=${newest} />`}
      ${
        earlier.length > 0 &&
        html`
          <details>
            <summary>${t("start_reports_earlier")}</summary>
            ${earlier.map((each) => html`<${Week} key=${each.week.week} app=${app} each=${each} />`)}
          </details>
        `
      }
      ${shown.due && html`<${Make} app=${app} due=${shown.due} />`}
    </section>
  `;
}

/**
 * Make the reports that are due, with their progress.
 * @param {{ app: StartApp, due: WeekView }} props
 */
function Make({ app, due }) {
  const { making, shown, t } = app;
  const isThere = shown.reports.some(({ week }) => week.week === due.week);
  const { done = 0, total = 0 } = making ?? {};
  const progress = html`
    <div class="working">
      <progress
        max="1"
        value=${total ? done / total : undefined}
        aria-label=${t("start_reports")}
      />
      <span class="quiet" role="status">${t("start_reports_making", { done, n: total })}</span>
    </div>
  `;
  return html`
    ${making && progress}
    <button
      type="button"
      class="make"
      data-key="make-reports"
      disabled=${Boolean(making)}
      onClick=${() => app.makeReports()}
    >
      ${t(isThere ? "start_reports_again" : "start_reports_make", { week: weekName(t, due) })}
    </button>
  `;
}

/** @param {{ app: StartApp, each: ReportWeek }} props */
function Week({ app, each }) {
  const { week, pages } = each;
  const name = weekName(app.t, week);
  return html`
    <h4>${name}</h4>
    <ul class="report-pages" tabindex=${pages.length > 24 ? 0 : null}>
      ${pages.map(
        (page) => html`
          <li key=${page.name}>
            <button
              type="button"
              aria-label=${`${page.title}, ${name}`}
              onClick=${() => app.openReport(week.week, page.name)}
            >
              ${page.title}
            </button>
          </li>
        `,
      )}
    </ul>
  `;
}
