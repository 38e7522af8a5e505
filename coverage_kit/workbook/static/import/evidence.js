// Known people who look different in a file: one line each, where one press records what is true.
import { html } from "../vendor/preact.js";
import { Button, Choice, Dialog } from "./parts.js";

/** @import { EvidenceLine, EvidenceResponse } from "../messages.d.ts" */
/** @import { ImportApp, Step } from "./app.js" */

/**
 * The list, and how far the comparison is that makes it.
 * @param {{ app: ImportApp }} props
 */
export function Evidence({ app }) {
  const { comparing, evidence, t } = app;
  return html`
    ${comparing && html`<${Comparing} t=${t} progress=${comparing} />`}
    ${evidence && (evidence.n > 0 || evidence.recorded) && html`<${List} app=${app} evidence=${evidence} />`}
  `;
}

/**
 * On the first step the list folds out of one line; next to a file it is open.
 * @param {{ app: ImportApp, evidence: EvidenceResponse }} props
 */
function List({ app, evidence }) {
  const { step, t } = app;
  const n = evidence.n.toLocaleString();
  const title = t(evidence.of_file ? "evidence_in_file" : "evidence_in_exports", { n });
  return html`
    <details class="panel evidence" open=${step !== "file" || Boolean(evidence.recorded)}>
      <summary data-key="evidence">${title}</summary>
      ${evidence.n > 0 && html`<${Lead} app=${app} />`}
      <${RecordedLine} app=${app} />
      <ul class="evidence-list">
        ${evidence.lines.map((line) => html`<${Line} key=${line.employment} app=${app} line=${line} />`)}
      </ul>
      ${
        evidence.lines.length < evidence.n &&
        html`<p class="quiet">${t("import_first", { n, shown: evidence.lines.length })}</p>`
      }
    </details>
  `;
}

/**
 * How far the comparison with the last files is.
 * @param {{ t: ImportApp["t"], progress: Step }} props
 */
function Comparing({ t, progress: { done, total } }) {
  const label = t("import_comparing");
  return html`
    <div class="working comparing">
      <progress max="1" value=${total ? done / total : undefined} aria-label=${label}></progress>
      <span class="quiet" role="status">${label}</span>
    </div>
  `;
}

/** @param {{ app: ImportApp }} props */
function Lead({ app }) {
  const { t } = app;
  const suggested = app.evidence?.lines.filter((line) => line.suggested) ?? [];
  const options = app.options(app.choices.verified_how, "how_");
  /** @param {string} how */
  const choose = (how) => {
    app.how = how;
    app.draw();
  };
  return html`
    <p class="quiet">${t("evidence_lead")}</p>
    <div class="evidence-head">
      <label class="field">
        <span class="label">${t("evidence_how")}</span>
        <${Choice}
          app=${app}
          name="evidence-how"
          label=${t("evidence_how")}
          options=${options}
          value=${app.how}
          change=${choose}
        />
      </label>
      <span class="grow"></span>
      ${
        suggested.length > 1 &&
        html`
          <${Button}
            app=${app}
            name="record-all"
            press=${() => app.openDialog({ kind: "record_all", lines: suggested })}
          >
            ${t("evidence_all", { n: suggested.length })}
          <//>
        `
      }
    </div>
  `;
}

/** @param {{ app: ImportApp }} props */
function RecordedLine({ app }) {
  const { t } = app;
  const recorded = app.evidence?.recorded;
  if (!recorded) return null;
  return html`
    <p class="recorded">
      <span role="status">${t("evidence_recorded", { n: recorded.n })}</span>
      <${Button} app=${app} name="undo-record" kind="link" press=${() => app.undoRecord()}>
        ${t("undo")}
      <//>
    </p>
  `;
}

/** @param {{ app: ImportApp, line: EvidenceLine }} props */
function Line({ app, line }) {
  const { lang, t } = app;
  const { employment, version, person } = line;
  const where = [line.account_name, line.row > 0 && t("evidence_row", { n: line.row })];
  return html`
    <li>
      <div class="grow">
        <p><b>${person}</b> <span class="quiet">${where.filter(Boolean).join(" · ")}</span></p>
        <p>${whatDiffers(app, line)}</p>
        ${
          line.roles.length > 0 &&
          html`<p class="quiet">
            ${t("evidence_touches", { roles: line.roles.map(({ title }) => title[lang]).join(", ") })}
          </p>`
        }
      </div>
      <div class="truths" role="group" aria-label=${t("evidence_of", { name: person })}>
        ${line.truths.map(
          (truth) => html`
            <${Button}
              app=${app}
              name=${`${truth}-${employment}`}
              kind=${truth === line.suggested ? "suggested" : ""}
              press=${() => app.record([{ employment, version, truth }])}
            >
              ${t(`truth_${truth}`)}
            <//>
          `,
        )}
      </div>
    </li>
  `;
}

/**
 * @param {ImportApp} app
 * @param {EvidenceLine} line
 */
function whatDiffers({ t }, { kind, was, now, title }) {
  const dash = "–";
  const text = t(`evidence_${kind}`, { was: was || dash, now: now || dash });
  return kind === "moved" && title ? `${text} (${title})` : text;
}

/**
 * Ask before everything that the file suggests is recorded at once.
 * @param {{ app: ImportApp, lines: EvidenceLine[] }} props
 */
export function RecordAllDialog({ app, lines }) {
  const { t } = app;
  const truths = [...new Set(lines.map((line) => line.suggested))];
  const open = (app.evidence?.n ?? 0) - lines.length;
  const record = () => {
    app.closeDialog();
    app.record(
      lines.map(({ employment, version, suggested }) => ({
        employment,
        version,
        truth: suggested,
      })),
    );
  };
  const actions = html`
    <span class="grow"></span>
    <${Button} app=${app} press=${() => app.closeDialog()}>${t("cancel")}<//>
    <${Button} app=${app} name="record-now" kind="primary" press=${record}>
      ${t("evidence_all_now", { n: lines.length })}
    <//>
  `;
  return html`
    <${Dialog} app=${app} title=${t("evidence_all_title")} actions=${actions}>
      <ul class="plain-list">
        ${truths.map((truth) => {
          const some = lines.filter((line) => line.suggested === truth);
          const names = some.map((line) => line.person).join(", ");
          return html`<li><b>${`${t(`truth_${truth}`)} ${some.length}`}</b>${` · ${names}`}</li>`;
        })}
      </ul>
      ${open > 0 && html`<p class="quiet">${t("evidence_stay_open", { n: open })}</p>`}
      <p class="quiet">${t("evidence_one_undo")}</p>
    <//>
  `;
}
