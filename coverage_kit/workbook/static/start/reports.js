// The pages of the weekly reports.
import { html } from "../vendor/preact.js";
import { weekName } from "./week_name.js";

export function Reports({ app }) {
  const { shown, t } = app;
  const [newest, ...earlier] = shown.reports;
  return html`
    <section class="panel" data-panel="reports">
      <h3>${t("start_reports")}</h3>
      <p class="quiet">${t(newest ? "start_reports_lead" : "start_reports_none")}</p>
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
    </section>
  `;
}

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
