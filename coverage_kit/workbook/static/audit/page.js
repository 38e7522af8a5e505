// The parts of the contact audit: all contacts in one line, the worst accounts as bars, hints, the sample.
import { callOf } from "../core/dom.js";
import { pageLink } from "../core/link.js";
import { html } from "../vendor/preact.js";
import { CampaignPart } from "./campaign.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import { AuditApp } from "./app.js" */
/** @import { AuditLine, SampleView } from "../messages.d.ts" */

/** @typedef {"confirmed" | "stale" | "never_checked" | "gone" | "role_changed"} Part */
/** @type {Part[]} */
const PARTS = ["confirmed", "stale", "never_checked", "gone", "role_changed"];
/** Accounts that are drawn as bars. */
const DRAWN = 12;

/** @param {{ app: AuditApp }} props */
export function AuditHead({ app }) {
  const { shown, t } = app;
  return html`
    <div class="who">
      <h1>${t("audit_page")}</h1>
      <p class="headline" data-key="counts">${countsOf(t, shown.team)}</p>
      <p class="quiet">${agesOf(t, shown.team, shown.when)}</p>
    </div>
  `;
}

/** @param {{ app: AuditApp }} props */
export function AuditPage({ app }) {
  const { shown, t } = app;
  return html`
    <main class="front audit-page" aria-label=${t("audit_page")} aria-busy=${app.isBusy}>
      <section data-key="worst">
        <div class="audit-head">
          <h2 tabindex="-1" data-key="title">${t("audit_worst")}</h2>
          <button type="button" data-key="print" onClick=${() => app.print("print_audit")}>
            ${t("audit_print")}
          </button>
        </div>
        <p class="quiet">${t("audit_lead")}</p>
        ${shown.waiting > 0 && html`<p data-key="waiting">${t("audit_waiting", { n: shown.waiting })} ${t("audit_waiting_next")}</p>`}
        ${
          shown.accounts.length
            ? html`<${Bars} app=${app} /><${Figures} app=${app} />`
            : !shown.waiting && html`<p data-key="none">${t("audit_none")}</p>`
        }
      </section>
      <${Hints} app=${app} />
      <${Sample} app=${app} />
      <${CampaignPart} app=${app} />
    </main>
  `;
}

/**
 * The counts in one line; nobody whom nobody checked counts as there, or as gone.
 * @param {Translate} t
 * @param {AuditLine} line
 */
function countsOf(t, line) {
  const parts = PARTS.filter((part) => part !== "role_changed" || line[part]);
  const words = parts.map((part) => `${t(`audit_${part}`)} ${shownAs(line[part])}`);
  return [t("audit_contacts", { n: line.contacts }), ...words].join(" · ");
}

/**
 * @param {Translate} t
 * @param {AuditLine} line
 * @param {string} when
 */
function agesOf(t, line, when) {
  const said = [t("audit_when", { when })];
  if (line.days_since_update !== null)
    said.push(t("audit_updated", { n: shownAs(line.days_since_update) }));
  if (line.days_since_added !== null)
    said.push(t("audit_added", { n: shownAs(line.days_since_added) }));
  if (line.ghost_days) said.push(t("audit_ghost", { n: shownAs(line.ghost_days) }));
  return said.join(" · ");
}

/** @param {{ app: AuditApp }} props */
function Bars({ app }) {
  const { shown, t } = app;
  const most = Math.max(...shown.accounts.map(({ contacts }) => contacts));
  return html`
    <ul class="audit-legend" aria-hidden="true">
      ${PARTS.map((part) => html`<li key=${part}><i data-part=${part}></i>${t(`audit_${part}`)}</li>`)}
    </ul>
    <ul class="audit-bars">
      ${shown.accounts.slice(0, DRAWN).map(
        (line) => html`
          <li key=${line.account} data-account=${line.account}>
            <a
              ...${pageLink("contacts", { account: line.account, view: "sweep" })}
              aria-label=${t("audit_sweep", { account: line.name })}
            >
              ${line.name}
            </a>
            <span class="audit-bar" role="img" aria-label=${countsOf(t, line)}>
              <span style=${`width: ${(100 * line.contacts) / most}%`}>
                ${PARTS.map((part) => line[part] > 0 && html`<i key=${part} data-part=${part} style=${`flex: ${line[part]}`}></i>`)}
              </span>
            </span>
            <b>${shownAs(line.contacts)}</b>
          </li>
        `,
      )}
    </ul>
  `;
}

/** @param {{ app: AuditApp }} props */
function Figures({ app }) {
  const { shown, t } = app;
  const head = [
    "account",
    "all",
    ...PARTS,
    "no_role",
    "days",
    ...(shown.team.ghost_days === null ? [] : ["ghost_days"]),
  ];
  return html`
    <details class="audit-table">
      <summary data-key="table">${t("audit_table")}</summary>
      <div class="audit-scroll" tabindex="0" role="region" aria-label=${t("audit_table")}>
        <table>
          <thead>
            <tr>
              ${head.map((name) => html`<th key=${name} scope="col">${t(`audit_${name}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.accounts.map((line) => html`<${Row} key=${line.account} app=${app} line=${line} />`)}
          </tbody>
        </table>
      </div>
      ${shown.n_accounts > shown.accounts.length && html`<p class="quiet">${t("audit_more", { n: shown.accounts.length })}</p>`}
    </details>
  `;
}

/** @param {{ app: AuditApp, line: AuditLine }} props */
function Row({ app, line }) {
  const numbers = [line.contacts, ...PARTS.map((part) => line[part]), line.no_role];
  const days = [line.days_since_update];
  if (app.shown.team.ghost_days !== null) days.push(line.ghost_days);
  return html`
    <tr>
      <th scope="row">${line.name}</th>
      ${[...numbers, ...days].map((n) => html`<td>${n === null ? "–" : shownAs(n)}</td>`)}
    </tr>
  `;
}

/** @param {{ app: AuditApp }} props */
function Hints({ app }) {
  const { shown, t } = app;
  return html`
    <section data-key="hints">
      <h2>${t("audit_hints")}</h2>
      <p class="quiet">${t(shown.hints.length ? "audit_hints_lead" : "audit_no_hints")}</p>
      <ul class="audit-hints">
        ${shown.hints.map(({ kind, n }) => html`<li key=${kind}><b>${shownAs(n)}</b> ${t(`hint_${kind}`)}</li>`)}
      </ul>
    </section>
  `;
}

/** @param {{ app: AuditApp }} props */
function Sample({ app }) {
  const { sample } = app.shown;
  const { t } = app;
  return html`
    <section data-key="sample">
      <h2>${t("audit_sample")}</h2>
      <p data-key="rate">${sample ? sampleLine(t, sample) : t("audit_sample_none")}</p>
      <div class="dup-acts">
        <button
          type="button"
          data-key="draw"
          disabled=${app.isBusy}
          onClick=${() => app.drawSample()}
        >
          ${t("audit_draw")}
        </button>
        ${
          sample &&
          html`<button type="button" data-key="sheet" onClick=${() => app.print("print_sheet")}>
            ${t("audit_sheet")}
          </button>`
        }
      </div>
      ${sample && html`<${Drawn} app=${app} sample=${sample} />`}
    </section>
  `;
}

/** @param {{ app: AuditApp, sample: SampleView }} props */
function Drawn({ app, sample }) {
  const { t } = app;
  return html`
    <ol class="audit-sample">
      ${sample.contacts.map(
        (one) => html`
          <li key=${one.employment}>
            <a ...${pageLink("contacts", { account: one.account, view: "sweep" })}
              >${one.account_name}</a
            >
            <span>${[one.name, one.title].filter(Boolean).join(" · ")}</span>
            ${one.phone && html`<a href=${callOf(one.phone)}>${one.phone}</a>`}
            <span class="quiet">${one.state ? t(`found_${one.state}`) : t("audit_to_check")}</span>
          </li>
        `,
      )}
    </ol>
  `;
}

/**
 * @param {Translate} t
 * @param {SampleView} sample
 */
function sampleLine(t, sample) {
  const of = shownAs(sample.of);
  if (!sample.checked) return t("audit_sample_open", { n: sample.n, of, on: sample.on });
  const { checked, gone, high, low, more } = sample;
  const rate = t("audit_sample_rate", { checked, gone, high, low, of });
  return more ? `${rate} ${t("audit_sample_more", { more: shownAs(more) })}` : rate;
}

/** @param {number} n */
export function shownAs(n) {
  return n.toLocaleString();
}
