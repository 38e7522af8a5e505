// The parts of the page of duplicates.
import { SearchField } from "../core/search_field.js";
import { html } from "../vendor/preact.js";

/** @import { DuplicatesApp, What } from "./app.js" */
/** @import { MergePreview, MergeQuestionView, SamePair } from "../messages.d.ts" */

/** @type {What[]} */
const KINDS = ["person", "account"];

/** @param {{ app: DuplicatesApp }} props */
export function DuplicatesHead({ app }) {
  const { shown, t } = app;
  return html`
    <div class="who">
      <h1>${t("dup_page")}</h1>
      <p class="headline" data-key="counts">
        ${t("dup_count", { n: shown.n_people + shown.n_accounts })}
      </p>
    </div>
  `;
}

/** @param {{ app: DuplicatesApp }} props */
export function DuplicatesPage({ app }) {
  const { shown, t, what } = app;
  const pairs = app.pairs();
  const all = { person: shown.found_people, account: shown.found_accounts };
  return html`
    <main class="front duplicates-page" aria-label=${t("dup_page")} aria-busy=${app.isBusy}>
      <section>
        <h2 tabindex="-1" data-key="title">${t(`dup_${what}`)}</h2>
        <p class="quiet">${t("dup_lead")}</p>
        <div class="dup-kinds" role="group" aria-label=${t("dup_page")}>
          ${KINDS.map(
            (kind) => html`
              <button
                key=${kind}
                data-key=${`kind-${kind}`}
                aria-pressed=${kind === what}
                onClick=${() => app.show(kind)}
              >
                ${t(`dup_${kind}`)} (${all[kind]})
              </button>
            `,
          )}
        </div>
        <${SearchField}
          label=${t("dup_find")}
          name="dup-find"
          text=${app.text}
          change=${(/** @type {string} */ text) => app.search(text)}
        />
        ${pairs.length === 0 && html`<p role="status" data-key="none">${t(shown.text ? "dup_none_found" : "dup_none")}</p>`}
        <ul class="dup-pairs">
          ${pairs.map((pair) => html`<${Pair} key=${`${pair.one}:${pair.other}`} app=${app} pair=${pair} />`)}
        </ul>
        ${all[what] > pairs.length && html`<p class="quiet">${t("dup_more", { n: pairs.length })}</p>`}
      </section>
      ${shown.merges.length > 0 && html`<${Merges} app=${app} />`}
      <${Corrections} app=${app} />
    </main>
  `;
}

/** @param {{ app: DuplicatesApp, pair: SamePair }} props */
function Pair({ app, pair }) {
  const { preview, t } = app;
  const isOpen =
    preview !== null &&
    [preview.keep, preview.gone].includes(pair.one) &&
    [preview.keep, preview.gone].includes(pair.other);
  const names = { one: pair.one_name, other: pair.other_name };
  return html`
    <li class="card dup-pair" data-key=${`pair-${pair.one}-${pair.other}`}>
      <div class="dup-names">
        <b>${pair.one_name}</b> <b>${pair.other_name}</b>
        <span class="quiet">${pair.reasons.map((reason) => t(`same_${reason}`)).join(" · ")}</span>
      </div>
      <div class="dup-acts">
        <button
          data-key="look"
          aria-label=${t("dup_look_at", names)}
          aria-expanded=${isOpen}
          onClick=${() => app.look(pair.one, pair.other)}
        >
          ${t("dup_look")}
        </button>
        <button
          data-key="apart"
          aria-label=${t("dup_apart_of", names)}
          disabled=${app.isBusy}
          onClick=${() => app.keepApart(pair)}
        >
          ${t("dup_apart")}
        </button>
      </div>
      ${isOpen && html`<${Preview} app=${app} preview=${preview} pair=${pair} />`}
    </li>
  `;
}

/** @param {{ app: DuplicatesApp, preview: MergePreview, pair: SamePair }} props */
function Preview({ app, pair, preview }) {
  const { t } = app;
  const isOpen = preview.questions.some((each) => !each.chosen);
  const over = [t("dup_jobs", { n: preview.jobs })];
  for (const [name, n] of Object.entries(preview.moved)) over.push(t(`moved_${name}`, { n }));
  const ways = [
    { keep: pair.one, gone: pair.other, name: pair.one_name },
    { keep: pair.other, gone: pair.one, name: pair.other_name },
  ];
  return html`
    <div class="dup-preview" tabindex="-1" data-key="preview">
      <fieldset>
        <legend>${t("dup_which")}</legend>
        ${ways.map(
          ({ gone, keep, name }) => html`
            <label key=${keep}>
              <input
                type="radio"
                name="keep"
                checked=${preview.keep === keep}
                data-key=${`keep-${keep}`}
                onChange=${() => app.look(keep, gone)}
              />
              ${name}
            </label>
          `,
        )}
      </fieldset>
      ${preview.differences.length > 0 && html`<${Differences} app=${app} preview=${preview} />`}
      ${preview.questions.map((each) => html`<${Question} key=${each.id} app=${app} question=${each} />`)}
      <p class="quiet">${t("dup_goes_over", { what: over.join(" · ") })}</p>
      ${isOpen && html`<p class="dup-open" data-key="open">${t("dup_open")}</p>`}
      <button
        class="primary"
        data-key="merge"
        disabled=${isOpen || app.isBusy}
        onClick=${() => app.merge()}
      >
        ${t("dup_merge")}
      </button>
    </div>
  `;
}

/** @param {{ app: DuplicatesApp, preview: MergePreview }} props */
function Differences({ app, preview }) {
  const { t } = app;
  return html`
    <table class="dup-differences">
      <thead>
        <tr>
          <th scope="col">${t("dup_differs")}</th>
          <th scope="col">${t("dup_stays")}</th>
          <th scope="col">${t("dup_in_history")}</th>
        </tr>
      </thead>
      <tbody>
        ${preview.differences.map(
          (each) => html`
            <tr key=${`${each.field}:${each.gone}`}>
              <th scope="row">${t(`field_${each.field}`)}</th>
              <td>${each.keep}</td>
              <td>${each.gone}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** @param {{ app: DuplicatesApp, question: MergeQuestionView }} props */
function Question({ app, question }) {
  const { lang, t } = app;
  return html`
    <fieldset data-key=${`question-${question.id}`}>
      <legend>${t(`dup_${question.what}`, { about: question.about[lang] ?? "" })}</legend>
      ${
        /** @type {const} */ (["keep", "take"]).map(
          (choice) => html`
            <label key=${choice}>
              <input
                type="radio"
                name=${question.id}
                checked=${question.chosen === choice}
                data-key=${`${question.id}-${choice}`}
                onChange=${() => app.choose(question.id, choice)}
              />
              ${question[choice]}
            </label>
          `,
        )
      }
    </fieldset>
  `;
}

/** @param {{ app: DuplicatesApp }} props */
function Merges({ app }) {
  const { shown, t } = app;
  return html`
    <section data-key="merges">
      <h2>${t("dup_recent")}</h2>
      <ul class="dup-merges">
        ${shown.merges.map(
          (done) => html`
            <li key=${done.edit_id}>
              <span>${t("dup_recent_line", { gone: done.gone, keep: done.keep })}</span>
              <span class="quiet">${done.on}</span>
              <button
                class="link"
                data-key=${`undo-${done.edit_id}`}
                aria-label=${t("dup_undo_of", { gone: done.gone, keep: done.keep })}
                onClick=${() => app.undo.undo("", done.edit_id)}
              >
                ${t("undo")}
              </button>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

/** @param {{ app: DuplicatesApp }} props */
function Corrections({ app }) {
  const { corrections, shown, t } = app;
  return html`
    <section data-key="corrections">
      <h2>${t("crm_title")}</h2>
      <p class="quiet">${t("crm_lead")}</p>
      ${
        shown.sources.length === 0
          ? html`<p>${t("crm_no_source")}</p>`
          : html`
              <div class="dup-acts">
                ${
                  shown.sources.length > 1 &&
                  html`
                    <label>
                      ${t("crm_source")}${" "}
                      <select
                        data-key="source"
                        onChange=${(/** @type {{ target: HTMLSelectElement }} */ { target }) => {
                          app.source = target.value;
                        }}
                      >
                        ${shown.sources.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}
                      </select>
                    </label>
                  `
                }
                <button data-key="get" disabled=${app.isBusy} onClick=${() => app.download()}>
                  ${t("crm_get")}
                </button>
              </div>
              <p role="status" data-key="got">
                ${
                  corrections &&
                  (corrections.files.length
                    ? t("crm_done", { records: corrections.records, by_hand: corrections.by_hand })
                    : t("crm_nothing"))
                }
              </p>
            `
      }
    </section>
  `;
}
