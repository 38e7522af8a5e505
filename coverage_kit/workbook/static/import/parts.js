// Parts that several steps of an import use.
import { quietly, withText } from "../core/dom.js";
import { rememberFocus } from "../core/focus.js";
import { html, useLayoutEffect, useRef } from "../vendor/preact.js";

/** @import { RolesApp } from "../roles/app.js" */
/** @import { Child } from "../vendor/preact.js" */
/** @import { ImportApp, Job } from "./app.js" */

/**
 * A button of the page; it is disabled while a job runs.
 * @param {{
 *   app: ImportApp, name?: string, kind?: string, disabled?: boolean, press: () => void, children: Child,
 * } & Record<string, unknown>} props
 */
export function Button({ app, name, kind = "", disabled = false, press, children, ...more }) {
  return html`
    <button
      type="button"
      class=${kind}
      data-key=${name}
      disabled=${disabled || app.isBusy}
      onClick=${press}
      ...${more}
    >
      ${children}
    </button>
  `;
}

/**
 * How far the running job is, with a button that stops it.
 * @param {{ app: ImportApp }} props
 */
export function ProgressBar({ app }) {
  const { job, t } = app;
  if (!job) return null;
  const { done = 0, total = 0 } = job.progress ?? {};
  const text = job.isStopping ? t("import_stopping") : progressText(app, job);
  return html`
    <div class="working">
      <progress
        max="1"
        value=${total ? done / total : undefined}
        aria-label=${job.label}
      ></progress>
      <span class="quiet" role="status">${text}</span>
      <button
        type="button"
        data-key="stop"
        disabled=${job.isStopping}
        onClick=${() => app.stopJob()}
      >
        ${t("import_stop")}
      </button>
    </div>
  `;
}

/**
 * @param {ImportApp} app
 * @param {Job} job
 */
function progressText({ t }, { label, progress, since }) {
  if (!progress || progress.step === "upload") return label;
  const { step, done, total } = progress;
  const seconds = (performance.now() - since) / 1000;
  const text = t(`import_${step}`, { done: done.toLocaleString(), all: total.toLocaleString() });
  if (seconds < 1 || !done) return text;
  const rate = done / seconds;
  const left = Math.ceil((total - done) / rate).toLocaleString();
  return `${text} · ${t("import_left", { rate: Math.round(rate).toLocaleString(), left })}`;
}

/**
 * A modal dialog; the focus returns where it was when the dialog closes. Without actions it has one button, for which
 * `close` names the text.
 * @param {{
 *   app: ImportApp | RolesApp, title: string, kind?: string, actions?: Child, close?: string, children: Child,
 * }} props
 */
export function Dialog({ app, title, kind = "", actions, close = "close", children }) {
  const node = /** @type {{ current: HTMLDialogElement | null }} */ (useRef());
  useLayoutEffect(() => {
    const dialog = node.current;
    if (!dialog) return undefined;
    const restoreFocus = rememberFocus(app.root);
    quietly(() => dialog.showModal());
    return () => {
      dialog.close();
      restoreFocus();
    };
  }, []);
  const titleId = `${app.id}-dialog`;
  return html`
    <dialog
      ref=${node}
      class=${`dialog ${kind}`}
      aria-labelledby=${titleId}
      onClose=${() => node.current?.isConnected && app.closeDialog()}
      onClick=${(/** @type {Event} */ { target }) => target === node.current && app.closeDialog()}
    >
      <h2 id=${titleId}>${title}</h2>
      <div class="body">${children}</div>
      <div class="actions">
        ${
          actions ??
          html`
            <span class="grow"></span>
            <button type="button" data-key="dialog-close" onClick=${() => app.closeDialog()}>
              ${app.t(close)}
            </button>
          `
        }
      </div>
    </dialog>
  `;
}

/**
 * A table with its number of rows in the heading; an empty one is left out. One that folds out is named already.
 * @param {{ app: ImportApp, name: string, heads: string[], rows: Child[][], n: number, isNamed?: boolean }} props
 */
export function Listed({ app, name, heads, rows, n, isNamed = true }) {
  const { t } = app;
  if (!n) return null;
  const all = n.toLocaleString();
  const count = rows.length < n ? t("import_first", { n: all, shown: rows.length }) : all;
  return html`
    <section class=${`of-${name}`}>
      ${isNamed && html`<h3>${t(`import_${name}`)} <span class="quiet">${count}</span></h3>`}
      <div class="scroll" tabindex="0" role="region" aria-label=${t(`import_${name}`)}>
        <table class="listed">
          <thead>
            <tr>
              ${heads.map((head) => html`<th scope="col">${t(`import_${head}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (cells) =>
                html`<tr>
                  ${cells.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

/**
 * A choice from a list; `options` are [value, label]. The empty choice comes first if it has a label.
 * @param {{
 *   app: ImportApp, name?: string, label: string, options: string[][], value: string | null, empty?: string,
 *   change: (value: string) => void,
 * }} props
 */
export function Choice({ app, name, label, options, value, empty, change }) {
  const all = empty === undefined ? options : [["", empty], ...options];
  return html`
    <select
      aria-label=${label}
      data-key=${name}
      disabled=${app.isBusy}
      value=${value ?? ""}
      onChange=${withText(change)}
    >
      ${all.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
    </select>
  `;
}
