// The agreement on coaching of a team: four answers, who agreed, and beside them how it was kept.
import { withText } from "../core/dom.js";
import { recall, remember } from "../core/local_store.js";
import { html, useState } from "../vendor/preact.js";

/** @import { Language, Translate } from "../core/types.d.ts" */
/** @import { AgreementView, CancelCoaching, ProposeTerms, SignTerms, TermsView } from "../messages.d.ts" */

/** @typedef {Omit<ProposeTerms, "seq" | "clock" | "link" | "rep"> | Omit<SignTerms, "seq" | "clock" | "link" | "rep"> | Omit<CancelCoaching, "seq" | "clock" | "link" | "rep">} AgreementAct */
/**
 * The page that shows agreements: it sends an act, says what was written, and offers to take it back.
 * @typedef {object} Host
 * @property {Language} lang
 * @property {Translate} t
 * @property {boolean} isBusy
 * @property {Record<string, string[]>} choices
 * @property {(iso: string) => string} day
 * @property {(act: AgreementAct, said: string) => Promise<boolean>} agree
 * @property {(one: AgreementView) => void} printAgreement
 */
/** @typedef {{ host: Host, one: AgreementView }} OfOne */

/** @type {("minutes" | "focus_size" | "answer_days")[]} */
const NUMBERS = ["minutes", "focus_size", "answer_days"];

/** @param {{ host: Host, list: AgreementView[], cancels?: boolean }} props */
export function Agreements({ host, list, cancels = false }) {
  return html`
    <section data-part="agreements" class="agreements">
      <h3 class="part">${host.t("agree_title")}</h3>
      ${!list.length && html`<p class="quiet">${host.t("agree_no_team")}</p>`}
      <ul class="my-cards">
        ${list.map(
          (one) => html`
            <li
              key=${`${one.manager}:${one.quarter}`}
              class="panel my-card"
              data-agreement=${`${one.manager}:${one.quarter}`}
            >
              <${Agreement} host=${host} one=${one} />
              ${one.has_begun && html`<${Kept} host=${host} one=${one} cancels=${cancels} />`}
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

/** @param {AgreementView} one */
const placeOf = ({ manager, quarter }) => `coverage-kit:agreement:${manager}:${quarter}`;

/**
 * What was typed into the form before the page was loaded again.
 * @param {AgreementView} one
 * @returns {TermsView | null}
 */
function draftOf(one) {
  const kept = recall(placeOf(one));
  return kept ? { ...one.offered, ...JSON.parse(kept) } : null;
}

/** @param {OfOne} props */
function Agreement({ host, one }) {
  const { t } = host;
  const [draft, setDraft] = useState(/** @type {TermsView | null} */ (draftOf(one)));
  const [year, n] = one.quarter.split("-Q");
  /** @param {TermsView | null} terms */
  const keep = (terms) => {
    remember(placeOf(one), terms ? JSON.stringify(terms) : "");
    setDraft(terms);
  };
  const sign = () =>
    host.agree(
      { kind: "sign", manager: one.manager, quarter: one.quarter, version: one.version },
      t("agree_signed_done"),
    );
  return html`
    <p class="task">
      ${t("agree_team", { name: one.name })}
      <span class="quiet">${t("agree_quarter", { year, n, day: host.day(one.until) })}</span>
    </p>
    ${one.terms && html`<${Answers} host=${host} terms=${one.terms} />`}
    <${Standing} host=${host} one=${one} />
    ${
      draft
        ? html`<${Form} host=${host} one=${one} draft=${draft} keep=${keep} />`
        : html`
            <div class="my-acts">
              ${
                one.terms &&
                one.may_sign &&
                !one.has_signed &&
                html`<button
                  type="button"
                  class="primary"
                  data-key=${`sign-${one.manager}-${one.quarter}`}
                  disabled=${host.isBusy}
                  onClick=${sign}
                >
                  ${t("agree_sign")}
                </button>`
              }
              ${
                one.may_sign &&
                html`<button
                  type="button"
                  class=${one.terms ? "" : "primary"}
                  data-key=${`terms-${one.manager}-${one.quarter}`}
                  disabled=${host.isBusy}
                  onClick=${() => keep(one.offered)}
                >
                  ${t(one.terms ? "agree_change" : "agree_begin")}
                </button>`
              }
              <button
                type="button"
                data-key=${`print-${one.manager}-${one.quarter}`}
                disabled=${host.isBusy}
                onClick=${() => host.printAgreement(one)}
              >
                ${t("agree_print")}
              </button>
            </div>
          `
    }
  `;
}

/** @param {{ host: Host, terms: TermsView }} props */
function Answers({ host, terms }) {
  return html`
    <dl class="agree-answers">
      ${NUMBERS.map(
        (key) => html`
          <div key=${key}>
            <dt>${host.t(`agree_${key}`)}</dt>
            <dd>${host.t(`agree_${key}_n`, { n: terms[key] })}</dd>
          </div>
        `,
      )}
      <div class="wide">
        <dt>${host.t("agree_gives_way")}</dt>
        <dd>${terms.gives_way || "–"}</dd>
      </div>
    </dl>
  `;
}

/**
 * Who has agreed and who has not; without terms, that the agreement is due.
 * @param {OfOne} props
 */
function Standing({ host, one }) {
  const { t } = host;
  if (!one.terms) return html`<p class="late">${t(one.has_begun ? "agree_due" : "agree_soon")}</p>`;
  const names = one.signed.map((each) => `${each.name} (${t(`function_of_${each.function}`)})`);
  const missing = one.missing.map((each) => t(`function_of_${each}`));
  return html`
    <p class="quiet">${t("agree_signed", { names: names.join(", ") })}</p>
    ${missing.length > 0 && html`<p class="late">${t("agree_missing", { names: missing.join(", ") })}</p>`}
  `;
}

/** @param {OfOne & { draft: TermsView, keep: (terms: TermsView | null) => void }} props */
function Form({ host, one, draft, keep }) {
  const { t } = host;
  const isReady =
    draft.gives_way.trim() !== "" &&
    NUMBERS.every((key) => draft[key] >= one.ranges[key][0] && draft[key] <= one.ranges[key][1]);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    if (!isReady) return;
    const { manager, quarter, version } = one;
    const isDone = await host.agree(
      { kind: "propose", manager, quarter, version, ...draft },
      t("agree_terms_done"),
    );
    if (isDone) keep(null);
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => event.key === "Escape" && keep(null);
  return html`
    <form class="agree-form" onSubmit=${submit} onKeyDown=${onKey}>
      ${NUMBERS.map(
        (key, i) => html`
          <label class="field" key=${key}>
            <span
              >${t(`agree_${key}`)} <small class="quiet">${one.ranges[key].join("–")}</small></span
            >
            <input
              type="number"
              data-key=${i ? `agree-${key}` : "agree-form"}
              min=${one.ranges[key][0]}
              max=${one.ranges[key][1]}
              required
              value=${draft[key]}
              onInput=${withText((text) => keep({ ...draft, [key]: Math.trunc(Number(text)) }))}
            />
          </label>
        `,
      )}
      <label class="field wide">
        <span>${t("agree_gives_way")}</span>
        <input
          type="text"
          data-key="agree-gives_way"
          maxlength="200"
          placeholder=${t("agree_gives_way_like")}
          value=${draft.gives_way}
          onInput=${withText((text) => keep({ ...draft, gives_way: text }))}
        />
      </label>
      <div class="my-acts wide">
        <button
          type="submit"
          class="primary"
          data-key="agree-send"
          disabled=${!isReady || host.isBusy}
        >
          ${t("agree_send")}
        </button>
        <button type="button" data-key="agree-leave" onClick=${() => keep(null)}>
          ${t("cancel")}
        </button>
      </div>
    </form>
  `;
}

/**
 * Coaching held and cancelled; on the coach's page one press and a reason cancel this week's.
 * @param {OfOne & { cancels: boolean }} props
 */
function Kept({ host, one, cancels }) {
  const { choices, t } = host;
  const [isAsking, setAsking] = useState(false);
  const why = Object.entries(one.cancelled).map(([reason, n]) => `${t(`reason_${reason}`)} ${n}`);
  /** @param {string} reason */
  const cancel = async (reason) => {
    const act = { kind: /** @type {const} */ ("cancel_coaching"), manager: one.manager, reason };
    if (await host.agree(act, t("agree_cancelled_done"))) setAsking(false);
  };
  return html`
    <p class="kept-line">
      <b>${t("my_held", { held: one.held, n: one.weeks })}</b>
      ${why.length > 0 && html` · <span>${t("my_cancelled", { why: why.join(", ") })}</span>`}
    </p>
    ${
      cancels &&
      one.this_week === "" &&
      html`
        <button
          type="button"
          class="link"
          data-key=${`cancel-${one.manager}`}
          aria-expanded=${String(isAsking)}
          disabled=${host.isBusy}
          onClick=${() => setAsking(!isAsking)}
        >
          ${t("agree_cancel")}
        </button>
      `
    }
    ${
      isAsking &&
      one.this_week === "" &&
      html`
        <div class="my-form" role="group" aria-label=${t("agree_cancel_why")}>
          ${choices.not_kept_reason.map(
            (reason) => html`
              <button
                type="button"
                data-key=${`cancel-${one.manager}-${reason}`}
                disabled=${host.isBusy}
                onClick=${() => cancel(reason)}
              >
                ${t(`reason_${reason}`)}
              </button>
            `,
          )}
        </div>
      `
    }
  `;
}
