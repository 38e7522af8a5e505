// Bringing a file in: choose it, look at its columns, try it out, import. Nothing is written before the last step.
import { button, choice, h } from "../core/dom.js";
import { App } from "../core/app.js";
import { buildRecent, buildResult, toAssign } from "./result.js";

const IMPORT_STEPS = ["file", "columns", "trial", "done"];
/** A file is sent in parts of this size: a connection takes no message of any length. */
const PART = 1 << 20;
const ENCODINGS = ["cp949", "utf-8", "utf-16", "cp1252"];
const TYPES = ".csv,.tsv,.txt,.xlsx,.xls";

export class ImportApp extends App {
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
    this.hear(response);
    this.ready();
  }

  close() {
    this.model.off("msg:custom", this.onPush);
    super.close();
  }

  get step() {
    if (!this.response.file) return "file";
    return this.response.done ? "done" : this.response.plan ? "trial" : "columns";
  }

  /** Take in what the program tells, and show it; at a new step the reader begins at its head. */
  hear(response) {
    if (response.kind !== "import") {
      // the store is out of reach: what was there stays
      this.busy = null;
      this.render();
      this.toasts.show(this.errorText(response), "problem");
      return;
    }
    const before = this.response && this.step;
    this.facts = response.facts ?? this.facts;
    this.response = response;
    this.sheets = response.preview?.sheets.length ? response.preview.sheets : this.sheets;
    this.busy = null;
    this.render();
    if (before && before !== this.step) this.root.querySelector("[data-key=step]")?.focus();
  }

  async ask(kind, body = {}) {
    this.hear(await this.connection.ask(kind, body, { long: true }));
  }

  /** Work that takes a while: nothing else can be begun meanwhile, and how far it is shows. */
  async work(kind, label, body = {}) {
    this.busy = {
      label,
      since: performance.now(),
      stop: () => this.connection.ask("stop", {}, { long: true }),
    };
    this.render();
    await this.ask(kind, body);
  }

  async upload(file) {
    if (!file) return;
    let [response, stopped] = [null, false];
    this.busy = {
      label: this.t("import_upload", { name: file.name }),
      since: performance.now(),
      stop: () => {
        stopped = true;
      },
    };
    this.render();
    for (let at = 0; at === 0 || at < file.size; at += PART) {
      if (stopped) {
        response = await this.connection.ask("drop");
        break;
      }
      const bytes = [await file.slice(at, at + PART).arrayBuffer()];
      response = await this.connection.ask(
        "part",
        { name: file.name, size: file.size, at },
        { long: true, bytes },
      );
      if (response.problem) break;
      this.showProgress({ step: "upload", done: Math.min(at + PART, file.size), total: file.size });
    }
    this.hear(response);
  }

  /** Let the browser keep a file: an empty one to fill in, or the rows that were not taken. */
  async keep(which) {
    const response = await this.connection.ask("file", { which });
    if (response.kind !== "file") {
      this.toasts.show(this.errorText(response), "problem");
      return;
    }
    const { name, text } = response;
    const link = h("a", {
      href: URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv" })),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // What is on the screen --------------------------------------------------------------------------------------------

  render() {
    super.render();
    this.undo.remove();
    this.root.querySelector(".help").remove();
  }

  title() {
    const { facts, t } = this;
    const here = IMPORT_STEPS.indexOf(this.step);
    const steps = IMPORT_STEPS.map((step, i) =>
      h(
        "li",
        { class: i < here ? "past-step" : "", "aria-current": i === here ? "step" : null },
        h("span", { class: "n", "aria-hidden": "true" }, String(i + 1)),
        t(`import_step_${step}`),
      ),
    );
    const headline = t("import_headline", {
      accounts: facts.accounts.toLocaleString(),
      open: facts["not assigned"].toLocaleString(),
    });
    return [
      h(
        "div",
        { class: "who" },
        h("h1", {}, t("import_title")),
        h("p", { class: "headline" }, headline),
      ),
      h("ol", { class: "steps", "aria-label": t("steps") }, steps),
    ];
  }

  hint() {
    return null;
  }

  fill() {
    const { response } = this;
    this.root.dataset.step = this.step;
    this.root.dataset.busy = String(Boolean(this.busy));
    const ended = response.ended
      ? h("p", { class: "response", role: "status" }, this.t(`import_${response.ended}`))
      : null;
    const problem = response.problem
      ? h("p", { class: "refused", role: "alert" }, response.problem[this.lang])
      : null;
    const parts =
      { file: () => this.chooseFile(), columns: () => this.columns() }[this.step]?.() ??
      buildResult(this);
    this.body.replaceChildren(
      h(
        "section",
        {
          class: "import",
          "aria-busy": String(Boolean(this.busy)),
          "aria-label": this.t("import_title"),
        },
        h("h2", { tabIndex: -1, "data-key": "step" }, this.t(`import_step_${this.step}`)),
        ended,
        problem,
        parts,
      ),
    );
    if (this.busy) this.lock();
  }

  /** While something is done nothing else is begun. */
  lock() {
    for (const control of this.body.querySelectorAll("button:not([data-key=stop]), input, select"))
      control.disabled = true;
  }

  progress() {
    if (!this.busy) return null;
    this.bar = h("progress", { max: 1, "aria-label": this.busy.label });
    this.far = h("span", { class: "quiet", role: "status" }, this.busy.label);
    const stop = button(
      this.t("import_stop"),
      () => {
        stop.disabled = true;
        this.far.textContent = this.t("import_stopping");
        this.busy.isStopping = true;
        this.busy.stop();
      },
      { "data-key": "stop" },
    );
    return h("div", { class: "working" }, this.bar, this.far, stop);
  }

  showProgress({ step, done, total }) {
    if (!this.busy || !this.bar || this.busy.isStopping) return;
    this.bar.value = total ? done / total : 0;
    if (step === "upload") return;
    const seconds = (performance.now() - this.busy.since) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    const far = this.t(`import_${step}`, {
      done: done.toLocaleString(),
      all: total.toLocaleString(),
    });
    const left =
      seconds > 1 && done
        ? ` · ${this.t("import_left", { rate: Math.round(rate).toLocaleString(), left: Math.ceil((total - done) / rate).toLocaleString() })}`
        : "";
    this.far.textContent = far + left;
  }

  chooseFile() {
    const { t, response } = this;
    const kinds = response.kinds.map((kind) =>
      h(
        "label",
        { class: "kind" },
        h("input", {
          type: "radio",
          name: `${this.id}-kind`,
          value: kind,
          checked: kind === response.kind_of_file,
          "data-key": `kind-${kind}`,
          onchange: () => this.ask("set", { kind_of_file: kind }),
        }),
        h("b", {}, t(`import_kind_${kind}`)),
        h("span", { class: "quiet" }, t(`import_lead_${kind}`)),
      ),
    );
    const input = h("input", {
      type: "file",
      accept: TYPES,
      class: "sr",
      "data-key": "file",
      onchange: () => this.upload(input.files[0]),
    });
    const drop = h(
      "label",
      {
        class: "drop",
        ondragover: (event) => {
          event.preventDefault();
          drop.classList.add("over");
        },
        ondragleave: () => drop.classList.remove("over"),
        ondrop: (event) => {
          event.preventDefault();
          this.upload(event.dataTransfer.files[0]);
        },
      },
      input,
      h("b", {}, t("import_drop")),
      h("span", { class: "quiet" }, t("import_drop_lead")),
      h("span", { class: "as-button", "aria-hidden": "true" }, t("import_choose")),
    );
    return [
      toAssign(this),
      h(
        "section",
        { class: "panel" },
        h("h3", {}, t("import_what")),
        h("div", { class: "kinds", role: "radiogroup", "aria-label": t("import_what") }, kinds),
      ),
      drop,
      this.progress(),
      h(
        "p",
        {},
        button(t("import_blank"), () => this.keep("blank"), { class: "link", "data-key": "blank" }),
      ),
      buildRecent(this),
    ];
  }

  columns() {
    const { t, response } = this;
    const { preview } = response;
    const ready = preview.columns.length > 0 && !preview.lacking;
    return [
      this.about(),
      preview.lacking
        ? h("p", { class: "refused", role: "status" }, preview.lacking[this.lang])
        : preview.is_guess
          ? h(
              "p",
              { class: "refused", role: "status" },
              t("import_guess", { encoding: preview.encoding }),
            )
          : null,
      preview.columns.length ? this.columnTable() : null,
      this.progress(),
      h(
        "div",
        { class: "actions" },
        button(t("import_try"), () => this.work("try_out", t("import_try")), {
          class: "primary",
          disabled: !ready,
          "data-key": "try",
        }),
        button(t("import_other"), () => this.ask("drop"), { "data-key": "other" }),
      ),
    ];
  }

  /** The file, and what can be said of it as a whole. */
  about() {
    const { t, response } = this;
    const { preview } = response;
    const isText = !preview.sheets.length && !["xlsx", "xls"].includes(preview.encoding);
    const layout = this.words[this.lang][`import_layout_${preview.layout}`] ?? preview.layout;
    const known = preview.columns.length
      ? t("import_about", {
          n: preview.n_rows.toLocaleString(),
          layout: layout || "–",
          encoding: preview.encoding,
        })
      : "";
    const field = (label, control) =>
      h("label", { class: "field" }, h("span", { class: "label" }, label), control);
    const select = (key, label, options, value, change, empty) => {
      const node = choice(label, options, value, change, empty);
      node.dataset.key = key;
      return field(label, node);
    };
    return h(
      "section",
      { class: "panel about" },
      h("div", { class: "grow" }, h("h3", {}, response.file), h("p", { class: "quiet" }, known)),
      select(
        "kind",
        t("import_what"),
        response.kinds.map((kind) => [kind, t(`import_kind_${kind}`)]),
        response.kind_of_file,
        (kind) => this.ask("set", { kind_of_file: kind }),
      ),
      isText
        ? select(
            "encoding",
            t("import_encoding"),
            ENCODINGS.map((name) => [name, name]),
            response.encoding,
            (encoding) => this.ask("set", { encoding }),
            t("import_encoding_auto"),
          )
        : null,
      preview.sheets.length || response.sheet
        ? select(
            "sheet",
            t("import_sheet"),
            this.sheets.map((name) => [name, name]),
            response.sheet,
            (sheet) => this.ask("set", { sheet }),
            t("import_choose_sheet"),
          )
        : null,
    );
  }

  columnTable() {
    const { t, response } = this;
    const options = response.choices.map((ours) => [ours, t(`field_${ours}`)]);
    const rows = response.preview.columns.map(({ theirs, ours, samples }) => {
      const read = choice(
        t("import_read_as", { column: theirs }),
        options,
        ours,
        (value) => this.ask("column", { theirs, ours: value }),
        t("import_not_read"),
      );
      read.dataset.key = `column-${theirs}`;
      return h(
        "tr",
        { class: ours ? "" : "unread" },
        h("th", { scope: "row" }, theirs),
        h(
          "td",
          { class: "samples" },
          samples.filter(Boolean).map((text) => h("span", { class: "sample" }, text)),
        ),
        h("td", {}, read),
      );
    });
    const heads = ["import_theirs", "import_samples", "import_ours"].map((key) =>
      h("th", { scope: "col" }, t(key)),
    );
    return h(
      "section",
      {},
      h("p", { class: "quiet" }, t("import_columns_lead")),
      h(
        "table",
        { class: "listed columns" },
        h("caption", { class: "sr" }, t("import_step_columns")),
        h("thead", {}, h("tr", {}, heads)),
        h("tbody", {}, rows),
      ),
    );
  }
}
