// Parts that several steps of an import use.
import { quietly } from "../core/dom.js";
import { rememberFocus } from "../core/focus.js";
import { html, useLayoutEffect, useRef } from "../vendor/preact.js";

/** A button of the page; it is disabled while a job runs. */
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

/** How far the running job is, with a button that stops it. */
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

/** A modal dialog; the focus returns where it was when the dialog closes. */
export function Dialog({ app, title, kind = "", actions, children }) {
  const node = /** @type {{ current: HTMLDialogElement }} */ (useRef());
  useLayoutEffect(() => {
    const dialog = node.current;
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
      onClose=${({ target }) => target.isConnected && app.closeDialog()}
      onClick=${({ target }) => target === node.current && app.closeDialog()}
    >
      <h2 id=${titleId}>${title}</h2>
      <div class="body">${children}</div>
      <div class="actions">${actions}</div>
    </dialog>
  `;
}
