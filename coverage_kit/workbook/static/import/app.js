// Importing a file: choose it, check its columns, try it out, import. Nothing is written before the last step.
import { App } from "../core/app.js";
import { newEditId } from "../core/connection.js";
import { h } from "../core/dom.js";
import { rememberFocus } from "../core/focus.js";
import { startLink } from "../core/link.js";
import { html, render } from "../vendor/preact.js";
import { ImportHead, ImportPage } from "./page.js";

/** A file is sent in parts of this size, because a connection limits the length of a message. */
const PART = 1 << 20;

export class ImportApp extends App {
  prepare() {
    /** What the kernel sent last. */
    this.shown = null;
    /** The sheets of the workbook, also while one of them is shown. */
    this.sheets = [];
    /** The running job: { label, since, stop, restoreFocus, isStopping, progress }. */
    this.job = null;
    /** The open dialog: { kind, … }. */
    this.dialog = null;
    /** The people who look different, as the kernel sent them last. */
    this.evidence = null;
    /** How those are checked who are still there. */
    this.how = "call";
    this.isRecording = false;
    this.head = h("div", { class: "import-head" });
  }

  async begin() {
    this.onPush = (message) => {
      if (message.kind === "progress") this.showProgress(message);
    };
    this.model.on("msg:custom", this.onPush);
    const response = await this.connection.ask("hello");
    if (response.kind !== "import") {
      this.fail(response);
      return;
    }
    this.take(response);
    this.render();
    this.ready();
    this.loadEvidence();
  }

  close() {
    this.model.off("msg:custom", this.onPush);
    super.close();
  }

  get step() {
    const { file, done, plan } = this.shown;
    if (!file) return "file";
    return done ? "done" : plan ? "trial" : "columns";
  }

  get isBusy() {
    return this.job !== null || this.isRecording;
  }

  // Messages -------------------------------------------------------------------------------------

  take(response) {
    this.shown = response;
    this.facts = response.facts ?? this.facts;
    if (!response.preview || response.preview.sheets.length)
      this.sheets = response.preview?.sheets ?? [];
  }

  /** Show a response. A new step begins at its heading. */
  show(response) {
    const hadFocus = this.root.contains(document.activeElement);
    const restoreFocus =
      this.job?.restoreFocus ?? (hadFocus && rememberFocus(this.root, () => this.home()));
    this.job = null;
    if (response.kind !== "import") {
      this.draw();
      if (restoreFocus) restoreFocus();
      this.toasts.show(this.errorText(response), "problem");
      return;
    }
    const before = this.step;
    this.take(response);
    this.draw();
    if (before !== this.step) this.home().focus();
    else if (restoreFocus) restoreFocus();
    this.loadEvidence();
  }

  async ask(kind, body = {}) {
    this.show(await this.connection.ask(kind, body, { long: true }));
  }

  /** Run a job that takes a while; its progress shows, and nothing else can start. */
  async run(kind, label, body = {}) {
    this.startJob(label, () => this.connection.ask("stop", {}, { long: true }));
    await this.ask(kind, body);
  }

  /** Take an import back; the one of this page by default. */
  takeBack(undoes = "") {
    return this.run("undo", this.t("import_undo"), { undoes, edit_id: newEditId() });
  }

  /** Try the file out again with a decision. */
  tryAgain(decision) {
    return this.run("try_out", this.t("import_try"), decision);
  }

  startJob(label, stop) {
    const restoreFocus = rememberFocus(this.root, () => this.home());
    const since = performance.now();
    this.job = { label, since, stop, restoreFocus, isStopping: false, progress: null };
    this.draw();
  }

  stopJob() {
    this.job.isStopping = true;
    this.job.stop();
    this.draw();
  }

  showProgress(progress) {
    if (!this.job || this.job.isStopping) return;
    this.job.progress = progress;
    this.draw();
  }

  async upload(file) {
    if (!file) return;
    let [response, isStopped] = [null, false];
    this.startJob(this.t("import_upload", { name: file.name }), () => {
      isStopped = true;
    });
    const { name, size } = file;
    for (let at = 0; at === 0 || at < size; at += PART) {
      if (isStopped) {
        response = await this.connection.ask("drop");
        break;
      }
      const bytes = [await file.slice(at, at + PART).arrayBuffer()];
      response = await this.connection.ask("part", { name, size, at }, { long: true, bytes });
      if (response.problem) break;
      this.showProgress({ step: "upload", done: Math.min(at + PART, size), total: size });
    }
    this.show(response);
  }

  /** Let the browser save a file: an empty one to fill in, or the rejected rows. */
  async download(which) {
    const response = await this.connection.ask("file", { which });
    if (response.kind !== "file") {
      this.toasts.show(this.errorText(response), "problem");
      return;
    }
    const content = new Blob(["\uFEFF", response.text], { type: "text/csv" });
    const link = h("a", { href: URL.createObjectURL(content), download: response.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // People who look different ------------------------------------------------------------------

  /** Ask who looks different: in the file that is tried or imported, else in the last exports. */
  async loadEvidence() {
    if (this.step === "columns") this.evidence = null;
    else this.takeEvidence(await this.connection.ask("evidence", {}, { long: true }));
    this.draw();
  }

  takeEvidence(response) {
    if (response.kind === "evidence") this.evidence = response;
    else this.toasts.show(this.errorText(response), "problem");
  }

  /** Record what is true about some of them, in one edit. */
  async record(people) {
    await this.changeEvidence("record", { people, how: this.how });
  }

  async undoRecord() {
    await this.changeEvidence("undo_record", { undoes: this.evidence.recorded.edit_id });
  }

  async changeEvidence(kind, body) {
    const heading = () => this.root.querySelector("[data-key=evidence]");
    const restoreFocus = rememberFocus(
      this.root,
      () => heading() ?? this.root.querySelector("[data-key=step]"),
    );
    this.isRecording = true;
    this.draw();
    const edit = { edit_id: newEditId(), ...body };
    this.takeEvidence(await this.connection.ask(kind, edit, { long: true }));
    this.isRecording = false;
    this.draw();
    restoreFocus();
  }

  // Dialogs --------------------------------------------------------------------------------------

  openDialog(dialog) {
    this.dialog = dialog;
    this.draw();
  }

  closeDialog() {
    this.dialog = null;
    this.draw();
  }

  // The screen -----------------------------------------------------------------------------------

  title() {
    return this.head;
  }

  home() {
    return this.root.querySelector("[data-key=step]");
  }

  tools() {
    return startLink(this.t);
  }

  fill() {
    this.draw();
  }

  /** Draw what changed; Preact keeps every other element, with its text, focus and scroll position. */
  draw() {
    this.root.dataset.step = this.step;
    this.root.dataset.busy = String(this.isBusy);
    render(html`<${ImportHead} app=${this} />`, this.head);
    render(html`<${ImportPage} app=${this} />`, this.body);
  }
}
