// A campaign list by consent: who may be written to, whom to ask, what came back.
import { html } from "../vendor/preact.js";
import { nameWithTitle } from "../core/person_name.js";
import { SearchField } from "../core/search_field.js";

/** @import { AuditApp } from "./app.js" */
/** @import { CampaignState, ListedPerson, ToAsk } from "../messages.d.ts" */

const SCOPES = ["email", "text", "phone"];
const RULES = [1, 2, 3, 4, 5];

/** @param {{ app: AuditApp }} props */
export function CampaignPart({ app }) {
  const { campaign, t } = app;
  return html`
    <section data-key="campaign">
      <h2>${t("camp_title")}</h2>
      <p class="quiet">${t("camp_lead")}</p>
      <${Choice} app=${app} />
      ${campaign && html`<${Counts} app=${app} campaign=${campaign} />`}
      ${campaign && html`<${Listed} app=${app} campaign=${campaign} />`}
      ${campaign && campaign.n_others > 0 && html`<${Others} app=${app} campaign=${campaign} />`}
      ${campaign && campaign.n_ask > 0 && html`<${Asked} app=${app} campaign=${campaign} />`}
      <h3>${t("camp_rules")}</h3>
      <ul>
        ${RULES.map((n) => html`<li key=${n}>${t(`camp_rule_${n}`)}</li>`)}
      </ul>
      <${Results} app=${app} />
    </section>
  `;
}

/** @param {{ app: AuditApp }} props */
function Choice({ app }) {
  const { choice, lang, shown, t } = app;
  /** @typedef {{ target: HTMLSelectElement }} Chosen */
  return html`
    <div class="camp-choice">
      <label>
        ${t("camp_scope")}${" "}
        <select
          data-key="scope"
          value=${choice.scope}
          onChange=${(/** @type {Chosen} */ { target }) => app.choose({ scope: target.value })}
        >
          ${SCOPES.map((scope) => html`<option key=${scope} value=${scope}>${t(`scope_${scope}`)}</option>`)}
        </select>
      </label>
      <label>
        ${t("camp_role")}${" "}
        <select
          data-key="role"
          value=${choice.role}
          onChange=${(/** @type {Chosen} */ { target }) => app.choose({ role: target.value })}
        >
          <option value="">${t("camp_all_roles")}</option>
          ${Object.entries(shown.roles).map(([key, title]) => html`<option key=${key} value=${key}>${title[lang]}</option>`)}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          data-key="off-focus"
          checked=${choice.off_focus}
          onChange=${() => app.choose({ off_focus: !choice.off_focus })}
        />
        ${" "}${t("camp_off_focus")}
      </label>
    </div>
  `;
}

/** @param {{ app: AuditApp, campaign: CampaignState }} props */
function Counts({ app, campaign }) {
  const { t } = app;
  return html`
    <p>
      <b data-key="ready">${t("camp_ready", { n: campaign.ready })}</b>
      ${campaign.reminders > 0 && html` · ${t("camp_reminders", { n: campaign.reminders })}`}
    </p>
    <ul class="audit-hints">
      ${campaign.lacks.map(({ lack, n }) => html`<li key=${lack}><b>${n}</b> ${t(`lack_${lack}`)}</li>`)}
    </ul>
    ${campaign.unverified > 0 && html`<p class="quiet">${t("camp_unverified", { n: campaign.unverified })}</p>`}
    <button type="button" class="primary" data-key="get" onClick=${() => app.download()}>
      ${t("camp_get")}
    </button>
  `;
}

/**
 * People who consented, then those who opted out; what is recorded when they call.
 * @param {{ app: AuditApp, campaign: CampaignState }} props
 */
function Listed({ app, campaign }) {
  const { t } = app;
  const { listed, n_listed: n, n_ask: nAsk, n_others: nOthers } = campaign;
  return html`
    <h3>${t("camp_listed")}</h3>
    <${SearchField}
      label=${t("camp_find")}
      name="camp-find"
      text=${app.choice.text}
      change=${(/** @type {string} */ text) => app.search(text)}
    />
    <ul class="camp-ask" data-key="listed">
      ${listed.map((one) => html`<${ListedLine} key=${`${one.account}:${one.person}`} app=${app} one=${one} />`)}
    </ul>
    ${app.choice.text && !n && !nAsk && !nOthers && html`<p class="quiet" role="status">${t("camp_none_found")}</p>`}
    ${n > listed.length && html`<p class="quiet">${t("camp_listed_more", { n: listed.length })}</p>`}
  `;
}

/**
 * Contacts whom the search names and who are on no list: they too may call and opt out.
 * @param {{ app: AuditApp, campaign: CampaignState }} props
 */
function Others({ app, campaign }) {
  const { t } = app;
  const { others, n_others: n } = campaign;
  return html`
    <h3>${t("camp_others")}</h3>
    <ul class="camp-ask" data-key="others">
      ${others.map((one) => html`<${ListedLine} key=${`${one.account}:${one.person}`} app=${app} one=${one} />`)}
    </ul>
    ${n > others.length && html`<p class="quiet">${t("camp_others_more", { n: others.length })}</p>`}
  `;
}

/** @param {{ app: AuditApp, one: ListedPerson }} props */
function ListedLine({ app, one }) {
  const { t } = app;
  const name = one.name ?? "";
  const state = one.is_opted_out
    ? t("camp_is_out")
    : one.since
      ? t("camp_since", { day: one.since, source: one.source })
      : t("camp_is_other");
  /** @type {[string, (one: ListedPerson) => void][]} */
  const acts = one.is_opted_out
    ? [["lift", () => app.liftOptOut(one)]]
    : [
        ...(one.is_due
          ? [/** @type {[string, () => void]} */ (["remind", () => app.remind(one)])]
          : []),
        ...(one.since
          ? [/** @type {[string, () => void]} */ (["withdraw", () => app.withdraw(one)])]
          : []),
        ["opt_out", () => app.optOut(one)],
      ];
  return html`
    <li>
      <div>
        <b>${nameWithTitle(name, one.title)}</b>${" "}
        <span class="quiet">${[one.account_name, state].join(" · ")}</span>
        ${one.is_due && html`${" "}<span class="tag">${t("camp_due")}</span>`}
      </div>
      <div class="dup-acts">
        ${acts.map(
          ([act, press]) => html`
            <button
              type="button"
              key=${act}
              data-key=${`${act}-${one.person}`}
              aria-label=${t(`camp_${act}_of`, { name })}
              disabled=${app.isBusy}
              onClick=${press}
            >
              ${t(`camp_${act}`)}
            </button>
          `,
        )}
      </div>
    </li>
  `;
}

/** @param {{ app: AuditApp, campaign: CampaignState }} props */
function Asked({ app, campaign }) {
  const { t } = app;
  return html`
    <h3>${t("camp_ask")}</h3>
    <ul class="camp-ask">
      ${campaign.ask.map((one) => html`<${AskLine} key=${`${one.account}:${one.person}`} app=${app} one=${one} />`)}
    </ul>
    ${campaign.n_ask > campaign.ask.length && html`<p class="quiet">${t("camp_ask_more", { n: campaign.ask.length })}</p>`}
  `;
}

/** @param {{ app: AuditApp, one: ToAsk }} props */
function AskLine({ app, one }) {
  const { t } = app;
  const name = one.name ?? "";
  const isOpen = app.asked === `${one.account}:${one.person}`;
  const how = [t(`camp_how_${one.how}`), one.how === "call" && one.phone]
    .filter(Boolean)
    .join(": ");
  return html`
    <li>
      <div>
        <b>${nameWithTitle(name, one.title)}</b>${" "}
        <span class="quiet">${[one.account_name, t(`lack_${one.lack}`), how].join(" · ")}</span>
      </div>
      <div class="dup-acts">
        ${
          one.how !== "address" &&
          html`<button
            type="button"
            data-key=${`consent-${one.person}`}
            aria-expanded=${isOpen}
            aria-label=${t("camp_record_of", { name })}
            onClick=${() => app.open(one)}
          >
            ${t("camp_record")}
          </button>`
        }
        <button
          type="button"
          data-key=${`opt_out-${one.person}`}
          aria-label=${t("camp_opt_out_of", { name })}
          disabled=${app.isBusy}
          onClick=${() => app.optOut(one)}
        >
          ${t("camp_opt_out")}
        </button>
      </div>
      ${isOpen && html`<${ConsentForm} app=${app} one=${one} />`}
    </li>
  `;
}

/** @param {{ app: AuditApp, one: ToAsk }} props */
function ConsentForm({ app, one }) {
  const { t } = app;
  return html`
    <form
      class="camp-form"
      onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const typed = new FormData(/** @type {HTMLFormElement} */ (event.target));
        app.giveConsent(one, String(typed.get("source")), String(typed.get("on")));
      }}
    >
      <label
        >${t("camp_source")} <input name="source" required maxlength="200" data-key="source"
      /></label>
      <label
        >${t("camp_on")} <input name="on" type="date" max=${app.shown.when} data-key="on"
      /></label>
      <button class="primary" data-key="save-consent" disabled=${app.isBusy}>
        ${t("camp_save")}
      </button>
    </form>
  `;
}

/** @param {{ app: AuditApp }} props */
function Results({ app }) {
  const { results, t } = app;
  return html`
    <h3>${t("camp_results")}</h3>
    <p class="quiet">${t("camp_results_lead")}</p>
    <input
      type="file"
      accept=".csv,.tsv,.xlsx,.xls"
      data-key="results"
      aria-label=${t("camp_results")}
      disabled=${app.isBusy}
      onChange=${(/** @type {{ target: HTMLInputElement }} */ { target }) => app.readResults(target.files?.[0])}
    />
    <p role="status" data-key="read">${results && t("camp_results_done", { ...results })}</p>
  `;
}
