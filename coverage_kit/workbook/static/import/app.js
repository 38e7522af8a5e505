// Importing a file: choose it, check its columns, try it out, import. Nothing is written before the last step.
import { newEditId } from "../core/connection.js";
import { saveFile } from "../core/dom.js";
import { DrawnApp } from "../core/drawn_app.js";
import { rememberFocus } from "../core/focus.js";
import { startLink } from "../core/link.js";
import { html, render } from "../vendor/preact.js";
import { ImportHead, ImportPage } from "./page.js";

/** @import { Body, ImportScreen, Kind } from "../core/types.d.ts" */
/**
 * @import {
 *   EvidenceLine, EvidenceResponse, Facts, ImportState, Problem, Progress, RecentImport, TrueOf,
 * } from "../messages.d.ts"
 */

/** A file is sent in parts of this size, because a connection limits the length of a message. */
const PART = 1 << 20;
/** A wait shorter than this is not shown. */
const SHORT_MS = 400;

/** @typedef {Omit<Progress, "kind">} Step */
/** @typedef {Exclude<Kind<ImportScreen>, "hello" | "evidence" | "record" | "undo_record" | "file">} JobKind */
/**
 * A running job; `restoreFocus` gives the focus back when it ends.
 * @typedef {{
 *   label: string, since: number, stop: () => void, restoreFocus: () => void, isStopping: boolean,
 *   progress: Step | null,
 * }} Job
 */
/** @typedef {{ kind: "record_all", lines: EvidenceLine[] }} RecordAll */
/** @typedef {{ kind: "take_back", imported: RecentImport }} TakeBack */
/** @typedef {RecordAll | TakeBack} OpenDialog */

/**
 * @param {ImportState} shown
 * @param {string} theirs
 * @param {string} ours
 * @returns {ImportState}
 */
function withColumn(shown, theirs, ours) {
  if (!shown.preview) return shown;
  const columns = shown.preview.columns.map((one) =>
    one.theirs === theirs ? { ...one, ours } : one,
  );
  return { ...shown, preview: { ...shown.preview, columns } };
}

/** @extends {DrawnApp<ImportScreen, OpenDialog>} */
export class ImportApp extends DrawnApp {
  prepare() {
    super.prepare();
    /** @type {string[]} The sheets of the workbook, also while one of them is shown. */
    this.sheets = [];
    /** @type {Facts} */
    this.facts = { accounts: 0, unassigned: 0 };
    /** @type {Job | null} */
    this.job = null;
    /** @type {EvidenceResponse | null} The people who look different, as the kernel sent them last. */
    this.evidence = null;
    /** @type {Step | null} How far the comparison of known people with the last files is. */
    this.comparing = null;
    /** @type {string} How those are checked who are still there. */
    this.how = "call";
    this.isRecording = false;
    /** @type {((shown: ImportState) => ImportState)[]} Choices that the kernel has not answered yet. */
    this.waiting = [];
  }

  async begin() {
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

  get step() {
    const { file, done, plan } = this.shown;
    if (!file) return "file";
    return done ? "done" : plan ? "trial" : "columns";
  }

  get isBusy() {
    return this.job !== null || this.isRecording;
  }

  // Messages -------------------------------------------------------------------------------------

  /** @param {ImportState} response */
  take(response) {
    /** @type {ImportState} What the kernel sent last. */
    this.sent = response;
    this.applyChoices();
    this.facts = response.facts ?? this.facts;
    if (!response.preview || response.preview.sheets.length)
      this.sheets = response.preview?.sheets ?? [];
  }

  /** Choices that the kernel has not answered yet stay on the screen, whatever else is drawn. */
  applyChoices() {
    /** @type {ImportState} What is drawn. Nothing is drawn before the first response. */
    this.shown = this.waiting.reduce((shown, choice) => choice(shown), this.sent);
  }

  /**
   * Show a response. A new step begins at its heading.
   * @param {ImportState | Problem} response
   */
  show(response) {
    const hadFocus = this.root.contains(document.activeElement);
    const restoreFocus =
      this.job?.restoreFocus ?? (hadFocus && rememberFocus(this.root, () => this.home()));
    this.job = null;
    if (response.kind !== "import") {
      this.draw();
      if (restoreFocus) restoreFocus();
      this.showProblem(response);
      return;
    }
    const before = this.step;
    this.take(response);
    this.draw();
    if (before !== this.step) this.home()?.focus();
    else if (restoreFocus) restoreFocus();
    this.loadEvidence();
  }

  /**
   * @template {JobKind} K
   * @param {K} kind
   * @param {Body<ImportScreen, K>} [body]
   */
  async ask(kind, body) {
    this.show(await this.connection.ask(kind, body, { long: true }));
  }

  /**
   * Choose how the file is read.
   * @param {Partial<Pick<ImportState, "kind_of_file" | "encoding" | "sheet">>} choice
   */
  choose(choice) {
    const asked = this.connection.ask("set", choice, { long: true });
    return this.showAtOnce((shown) => ({ ...shown, ...choice }), asked);
  }

  /**
   * Choose what a column of the file is read as.
   * @param {string} theirs
   * @param {string} ours
   */
  chooseColumn(theirs, ours) {
    const asked = this.connection.ask("column", { theirs, ours }, { long: true });
    return this.showAtOnce((shown) => withColumn(shown, theirs, ours), asked);
  }

  /**
   * Show a choice before its response; a refused one is taken back.
   * @param {(shown: ImportState) => ImportState} choice
   * @param {Promise<ImportState | Problem>} asked
   */
  async showAtOnce(choice, asked) {
    this.waiting.push(choice);
    this.applyChoices();
    const response = await asked;
    this.waiting = this.waiting.filter((other) => other !== choice);
    if (response.kind !== "import") this.applyChoices();
    this.show(response);
  }

  /**
   * Run a job that takes a while; its progress shows, and nothing else can start.
   * @template {"try_out" | "run" | "undo"} K
   * @param {K} kind
   * @param {string} label
   * @param {Body<ImportScreen, K>} [body]
   */
  async run(kind, label, body) {
    this.startJob(label, () => this.connection.ask("stop", {}, { long: true }));
    await this.ask(kind, body);
  }

  /** Take an import back; the one of this page by default. */
  takeBack(undoes = "") {
    return this.run("undo", this.t("import_undo"), { undoes, edit_id: newEditId() });
  }

  /**
   * Try the file out again with a decision.
   * @param {Body<ImportScreen, "try_out">} decision
   */
  tryAgain(decision) {
    return this.run("try_out", this.t("import_try"), decision);
  }

  /**
   * @param {string} label
   * @param {() => void} stop
   */
  startJob(label, stop) {
    const restoreFocus = rememberFocus(this.root, () => this.home());
    const since = performance.now();
    this.job = { label, since, stop, restoreFocus, isStopping: false, progress: null };
    this.draw();
  }

  stopJob() {
    if (!this.job) return;
    this.job.isStopping = true;
    this.job.stop();
    this.draw();
  }

  /** @param {Step} progress */
  showProgress(progress) {
    if (progress.step === "comparing") return this.showComparing(progress);
    if (!this.job || this.job.isStopping) return;
    this.job.progress = progress;
    this.draw();
  }

  /** @param {File | undefined} file */
  async upload(file) {
    if (!file) return;
    let isStopped = false;
    this.startJob(this.t("import_upload", { name: file.name }), () => {
      isStopped = true;
    });
    const { name, size } = file;
    for (let at = 0; ; at += PART) {
      const bytes = [await file.slice(at, at + PART).arrayBuffer()];
      const sent = await this.connection.ask("part", { name, size, at }, { long: true, bytes });
      const done = Math.min(at + PART, size);
      if (done === size || sent.kind !== "import" || sent.problem) return this.show(sent);
      this.showProgress({ step: "upload", done, total: size });
      if (isStopped) return this.show(await this.connection.ask("drop"));
    }
  }

  /**
   * Let the browser save a file: an empty one to fill in, or the rejected rows.
   * @param {"blank" | "rejects"} which
   */
  async download(which) {
    const response = await this.connection.ask("file", { which });
    if (response.kind !== "file") return this.showProblem(response);
    saveFile(response.name, new Blob(["\uFEFF", response.text], { type: "text/csv" }));
  }

  // People who look different ------------------------------------------------------------------

  /** Ask who looks different: in the file that is tried or imported, else in the last exports. */
  async loadEvidence() {
    if (this.step === "columns") this.evidence = null;
    else {
      const timer = setTimeout(
        () => this.showComparing({ step: "comparing", done: 0, total: 0 }),
        SHORT_MS,
      );
      const response = await this.connection.ask("evidence", {}, { long: true });
      clearTimeout(timer);
      this.takeEvidence(response);
    }
    this.draw();
  }

  /** @param {Step} progress */
  showComparing(progress) {
    this.comparing = progress;
    this.draw();
  }

  /** @param {EvidenceResponse | Problem} response */
  takeEvidence(response) {
    this.comparing = null;
    if (response.kind === "evidence") this.evidence = response;
    else this.showProblem(response);
  }

  /**
   * Record what is true about some of them, in one edit.
   * @param {TrueOf[]} people
   */
  async record(people) {
    await this.changeEvidence("record", { people, how: this.how });
  }

  async undoRecord() {
    const undoes = this.evidence?.recorded?.edit_id;
    if (undoes) await this.changeEvidence("undo_record", { undoes });
  }

  /**
   * @template {"record" | "undo_record"} K
   * @param {K} kind
   * @param {Body<ImportScreen, K>} body
   */
  async changeEvidence(kind, body) {
    const restoreFocus = rememberFocus(this.root, () => this.find("evidence") ?? this.home());
    this.isRecording = true;
    this.draw();
    const edit = { edit_id: newEditId(), ...body };
    this.takeEvidence(await this.connection.ask(kind, edit, { long: true }));
    this.isRecording = false;
    this.draw();
    restoreFocus();
  }

  // The screen -----------------------------------------------------------------------------------

  home() {
    return this.find("step");
  }

  tools() {
    return startLink(this.t);
  }

  draw() {
    this.root.dataset.step = this.step;
    this.root.dataset.busy = String(this.isBusy);
    render(html`<${ImportHead} app=${this} />`, this.head);
    render(html`<${ImportPage} app=${this} />`, this.body);
  }
}
