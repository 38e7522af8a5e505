// Positions proposed as not applicable: they wait for a coach's or manager's yes, which the coaching page takes.
import { pageLink } from "../core/link.js";
import { html } from "../vendor/preact.js";
import { Panel } from "./week.js";

/** @import { ProposalView } from "../messages.d.ts" */
/** @import { StartApp } from "./app.js" */

/** @param {{ app: StartApp }} props */
export function Proposals({ app }) {
  const { shown, t } = app;
  const lines = shown.proposals.map((each) => ({ ...each, id: `${each.account}:${each.role}` }));
  const count = t("start_proposals_count", { n: lines.length });
  return html`
    <${Panel} app=${app} name="proposals" count=${count} lines=${lines} Line=${ProposalLine}>
      <p class="quiet">${t("start_proposals_lead")}</p>
      <a class="as-act primary" data-key="proposals" ...${pageLink("coach_session")}>
        ${t("start_proposals_open")}
      </a>
    <//>
  `;
}

/** @param {{ app: StartApp, line: ProposalView }} props */
function ProposalLine({ app, line }) {
  const { lang, t } = app;
  return html`
    <span class="grow">
      <b>${line.account_name}</b> <span>${line.role_title[lang]}</span>
      <span class="quiet under-line">
        ${t("start_proposals_by", { why: line.why, name: line.by })}
      </span>
    </span>
  `;
}
