// The steps of an import, drawn with Preact.
import { html, useRef } from "../vendor/preact.js";
import { Evidence, RecordAllDialog } from "./evidence.js";
import { Button, Choice, ProgressBar } from "./parts.js";
import { Recent, Result, TakeBackDialog, ToAssign } from "./result.js";

/** @import { ImportApp } from "./app.js" */

const STEPS = ["file", "columns", "trial", "done"];
const ENCODINGS = ["cp949", "utf-8", "utf-16", "cp1252"];
const TYPES = ".csv,.tsv,.txt,.xlsx,.xls,.html,.htm,.vcf";
const PAGES = { file: ChooseFile, columns: Columns, trial: Result, done: Result };
const DIALOGS = { record_all: RecordAllDialog, take_back: TakeBackDialog };

/** @param {{ app: ImportApp }} props */
export function ImportHead({ app }) {
  const { facts, t } = app;
  const here = STEPS.indexOf(app.step);
  const headline = t("import_headline", {
    accounts: facts.accounts.toLocaleString(),
    open: facts.unassigned.toLocaleString(),
  });
  return html`
    <div class="who">
      <h1>${t("import_title")}</h1>
      <p class="headline">${headline}</p>
    </div>
    <ol class="steps" aria-label=${t("steps")}>
      ${STEPS.map(
        (step, i) => html`
          <li class=${i < here ? "past-step" : ""} aria-current=${i === here ? "step" : null}>
            <span class="n" aria-hidden="true">${i + 1}</span>${t(`import_step_${step}`)}
          </li>
        `,
      )}
    </ol>
  `;
}

/** @param {{ app: ImportApp }} props */
export function ImportPage({ app }) {
  const { dialog, isBusy, lang, shown, step, t } = app;
  const Page = PAGES[step];
  const Dialog = dialog && DIALOGS[dialog.kind];
  return html`
    <section class="import" aria-busy=${String(isBusy)} aria-label=${t("import_title")}>
      <h2 tabindex="-1" data-key="step">${t(`import_step_${step}`)}</h2>
      ${shown.ended && html`<p class="ended" role="status">${t(`import_${shown.ended}`)}</p>`}
      ${shown.problem && html`<p class="refused" role="alert">${shown.problem[lang]}</p>`}
      <${Page} app=${app} />
      ${Dialog && html`<${Dialog} app=${app} ...${dialog} />`}
    </section>
  `;
}

// Step 1: the file -------------------------------------------------------------------------------

/** @param {{ app: ImportApp }} props */
function ChooseFile({ app }) {
  const { t } = app;
  return html`
    <${ToAssign} app=${app} />
    <section class="panel">
      <h3>${t("import_what")}</h3>
      <${Kinds} app=${app} />
    </section>
    <${DropZone} app=${app} />
    <${ProgressBar} app=${app} />
    <p>
      <${Button} app=${app} name="blank" kind="link" press=${() => app.download("blank")}>
        ${t("import_blank")}
      <//>
    </p>
    <${Evidence} app=${app} />
    <${Recent} app=${app} />
    <p class="quiet">${t("import_author")}</p>
  `;
}

/** @param {{ app: ImportApp }} props */
function Kinds({ app }) {
  const { id, shown, t } = app;
  return html`
    <div class="kinds" role="radiogroup" aria-label=${t("import_what")}>
      ${shown.kinds.map(
        (kind) => html`
          <label class="kind" key=${kind}>
            <input
              type="radio"
              name=${`${id}-kind`}
              value=${kind}
              checked=${kind === shown.kind_of_file}
              disabled=${app.isBusy}
              data-key=${`kind-${kind}`}
              onChange=${() => app.choose({ kind_of_file: kind })}
            />
            <b>${t(`import_kind_${kind}`)}</b>
            <span class="quiet">${t(`import_lead_${kind}`)}</span>
          </label>
        `,
      )}
    </div>
  `;
}

/** @param {{ app: ImportApp }} props */
function DropZone({ app }) {
  const { t } = app;
  const zone = /** @type {{ current: HTMLLabelElement | null }} */ (useRef());
  /** @param {boolean} isOver */
  const mark = (isOver) => zone.current?.classList.toggle("over", isOver);
  /** @param {DragEvent} event */
  const dragOver = (event) => {
    event.preventDefault();
    mark(true);
  };
  /** @param {DragEvent} event */
  const drop = (event) => {
    event.preventDefault();
    mark(false);
    app.upload(event.dataTransfer?.files[0]);
  };
  /** @param {{ target: HTMLInputElement }} event */
  const choose = ({ target }) => {
    // So that choosing the same file again is a change too.
    app.upload(target.files?.[0]);
    target.value = "";
  };
  return html`
    <label
      class="drop"
      ref=${zone}
      onDragOver=${dragOver}
      onDragLeave=${() => mark(false)}
      onDrop=${drop}
    >
      <input
        type="file"
        class="sr"
        accept=${TYPES}
        data-key="file"
        disabled=${app.isBusy}
        onChange=${choose}
      />
      <b>${t("import_drop")}</b>
      <span class="quiet">${t("import_drop_lead")}</span>
      <span class="as-button" aria-hidden="true">${t("import_choose")}</span>
    </label>
  `;
}

// Step 2: the columns ----------------------------------------------------------------------------

/** @param {{ app: ImportApp }} props */
function Columns({ app }) {
  const { lang, shown, t } = app;
  if (!shown.preview) return null;
  const { columns, encoding, holds, is_guess: isGuess, lacking } = shown.preview;
  const warning = lacking?.[lang] ?? (isGuess ? t("import_guess", { encoding }) : "");
  const isReady = columns.length > 0 && !lacking;
  const tryOut = () => app.run("try_out", t("import_try"));
  return html`
    <${AboutFile} app=${app} />
    ${warning && html`<p class="refused" role="status">${warning}</p>`}
    ${holds && html`<${ReadAs} app=${app} kind=${holds} />`}
    ${columns.length > 0 && html`<${ColumnTable} app=${app} />`}
    <${ProgressBar} app=${app} />
    <div class="actions">
      <${Button} app=${app} name="try" kind="primary" disabled=${!isReady} press=${tryOut}>
        ${t("import_try")}
      <//>
      <${Button} app=${app} name="other" press=${() => app.ask("drop")}>${t("import_other")}<//>
    </div>
  `;
}

/**
 * One press reads the file as the list that it looks like.
 * @param {{ app: ImportApp, kind: string }} props
 */
function ReadAs({ app, kind }) {
  const { t } = app;
  return html`
    <div class="actions">
      <${Button}
        app=${app}
        name="read-as"
        kind="primary"
        press=${() => app.choose({ kind_of_file: kind })}
      >
        ${t("import_read_file_as", { kind: t(`import_kind_${kind}`) })}
      <//>
    </div>
  `;
}

/**
 * The file as a whole: its kind, encoding and sheet.
 * @param {{ app: ImportApp }} props
 */
function AboutFile({ app }) {
  const { sheets, shown, t } = app;
  if (!shown.preview) return null;
  const { columns, encoding, layout, n_rows: rows, sheets: unread } = shown.preview;
  const isText = !unread.length && !["xlsx", "xls"].includes(encoding);
  const named = app.textOr(`import_layout_${layout}`, layout);
  const about = [t("import_about", { n: rows.toLocaleString() }), named, encoding];
  const kinds = app.options(shown.kinds, "import_kind_");
  return html`
    <section class="panel about">
      <div class="grow">
        <h3>${shown.file}</h3>
        <p class="quiet">${columns.length ? about.filter(Boolean).join(" · ") : ""}</p>
      </div>
      <${Field}
        app=${app}
        name="kind"
        label=${t("import_what")}
        options=${kinds}
        value=${shown.kind_of_file}
        change=${(/** @type {string} */ kind) => app.choose({ kind_of_file: kind })}
      />
      ${
        isText &&
        html`<${Field}
          app=${app}
          name="encoding"
          label=${t("import_encoding")}
          options=${ENCODINGS.map((each) => [each, each])}
          value=${shown.encoding}
          empty=${t("import_encoding_auto")}
          change=${(/** @type {string} */ chosen) => app.choose({ encoding: chosen })}
        />`
      }
      ${
        (unread.length > 0 || shown.sheet) &&
        html`<${Field}
          app=${app}
          name="sheet"
          label=${t("import_sheet")}
          options=${sheets.map((each) => [each, each])}
          value=${shown.sheet}
          empty=${t("import_choose_sheet")}
          change=${(/** @type {string} */ sheet) => app.choose({ sheet })}
        />`
      }
    </section>
  `;
}

/** @param {{ label: string } & Record<string, unknown>} props */
function Field({ label, ...choice }) {
  return html`
    <label class="field"
      ><span class="label">${label}</span><${Choice} label=${label} ...${choice}
    /></label>
  `;
}

/** @param {{ app: ImportApp }} props */
function ColumnTable({ app }) {
  const { shown, t } = app;
  const options = app.options(shown.choices, "field_");
  const rows = shown.preview?.columns.map(
    ({ theirs, ours, samples }) => html`
      <tr key=${theirs} class=${ours ? "" : "unread"}>
        <th scope="row">${theirs}</th>
        <td class="samples">
          ${samples.filter(Boolean).map((text) => html`<span class="sample">${text}</span>`)}
        </td>
        <td>
          <${Choice}
            app=${app}
            name=${`column-${theirs}`}
            label=${t("import_read_as", { column: theirs })}
            options=${options}
            value=${ours}
            empty=${t("import_not_read")}
            change=${(/** @type {string} */ value) => app.chooseColumn(theirs, value)}
          />
        </td>
      </tr>
    `,
  );
  const heads = ["import_theirs", "import_samples", "import_ours"];
  return html`
    <section>
      <p class="quiet">${t("import_columns_lead")}</p>
      <table class="listed columns">
        <caption class="sr">
          ${t("import_step_columns")}
        </caption>
        <thead>
          <tr>
            ${heads.map((key) => html`<th scope="col">${t(key)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </section>
  `;
}
