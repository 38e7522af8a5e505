// What colleagues were asked: write down what they answered by phone, or drop in the replies they mailed.
import { dayName } from "../core/days.js";
import { button, choice, dayField, findIn, h, labelled } from "../core/dom.js";
import { areTooLarge, encoded, MOST_MB } from "../core/encoded.js";

/** @import { AskedView, ReplyView } from "../messages.d.ts" */
/** @import { Place } from "../core/types.d.ts" */
/** @import { CoachApp } from "./coach.js" */
/** @typedef {{ answer: string, value: string }} Typed */

const ASKED = ["accept", "hand_on", "decline", "done"];
const OWED = ["done", "hand_on", "decline"];
/**
 * The field of the request that an answer fills.
 * @type {Record<string, string>}
 */
const FIELDS = { accept: "due_on", hand_on: "to", decline: "reason", done: "reason" };

/** @param {string} commitment @returns {Place} */
const placeOf = (commitment) => ["answers", commitment, "answer"];

/** The requests that wait, the form for an answer by phone, and the replies that were dropped in. */
export class AnswersPart {
  /** @param {CoachApp} app */
  constructor(app) {
    this.app = app;
    this.t = app.t;
  }

  draw() {
    const { app, t } = this;
    const { asked, replies } = app.desk;
    return h(
      "section",
      { class: "asked-section", "aria-label": t("asked_of_colleagues") },
      h("h2", {}, t("asked_of_colleagues")),
      asked.length
        ? h(
            "ul",
            { class: "left asked" },
            asked.map((one) => this.line(one)),
          )
        : h("p", { class: "empty" }, t("asked_nothing")),
      this.dropZone(),
      replyList(app, replies ?? []),
    );
  }

  // The answer by phone --------------------------------------------------------------------------

  /**
   * What is typed for a request, kept over a reload; null where its form is closed.
   * @param {string} commitment
   * @returns {Typed | null}
   */
  typed(commitment) {
    const text = this.app.drafts.get(...placeOf(commitment))?.text;
    return text ? JSON.parse(text) : null;
  }

  /**
   * @param {string} commitment
   * @param {Typed | null} typed
   */
  keep(commitment, typed) {
    this.app.drafts.keep(...placeOf(commitment), typed && JSON.stringify(typed));
  }

  /**
   * Open the form of a request, or close it and discard what is typed.
   * @param {AskedView} one
   */
  toggle(one) {
    if (!this.typed(one.commitment)) {
      this.choose(one, one.is_asked ? "accept" : "done");
      return;
    }
    this.keep(one.commitment, null);
    this.app.render();
    findIn(this.app.root, `[data-key="phone-${one.commitment}"]`)?.focus();
  }

  /**
   * @param {AskedView} one
   * @param {string} answer
   */
  choose(one, answer) {
    const day = one.due_on >= this.app.desk.today ? one.due_on : "";
    this.keep(one.commitment, { answer, value: answer === "accept" ? day : "" });
    this.app.render();
    const form = `.asked [data-commitment="${one.commitment}"] [data-key=answer-word]`;
    findIn(this.app.root, form)?.focus();
  }

  /** @param {AskedView} one */
  async record(one) {
    const { app, t } = this;
    const { commitment, version, owner } = one;
    const typed = this.typed(commitment);
    if (!typed || !isReady(typed)) return;
    const { answer, value } = typed;
    const body = { commitment, version, answer, [FIELDS[answer]]: value };
    const response = await app.once("record_answer", body);
    if (response.kind !== "desk") {
      app.showProblem(response);
      return;
    }
    this.keep(commitment, null);
    app.showDesk(response);
    const said = t("answer_saved", { name: owner, answer: t(`answer_${answer}`) });
    const editId = String(response.edit_id);
    app.toasts.show(said, "done", [[t("undo"), () => app.undo.undo("", editId)]]);
    findIn(app.root, ".asked-section [data-key]")?.focus();
  }

  /** @param {AskedView} one */
  line(one) {
    const { app, t } = this;
    const typed = this.typed(one.commitment);
    const said = [
      `${one.owner} · ${t(`function_of_${one.function}`)}`,
      t("my_due", { day: dayName(app.lang, one.due_on, app.desk.today) }),
      one.days_late > 0 && t("my_late", { n: one.days_late }),
      one.is_asked && t("asked_waits"),
    ].filter(Boolean);
    return h(
      "li",
      { "data-commitment": one.commitment },
      h(
        "div",
        { class: "grow" },
        h("p", { class: "task" }, one.task[app.lang]),
        h("p", { class: "quiet" }, said.join(" · ")),
        typed && this.form(one, typed),
      ),
      button(t("answered_by_phone"), () => this.toggle(one), {
        "aria-expanded": String(typed !== null),
        "data-key": `phone-${one.commitment}`,
      }),
    );
  }

  /**
   * The answer, and the one thing that it needs.
   * @param {AskedView} one
   * @param {Typed} typed
   */
  form(one, typed) {
    const { t } = this;
    const save = button(t("answer_save"), () => this.record(one), {
      class: "primary",
      "data-key": "answer-save",
      disabled: !isReady(typed),
    });
    /** @param {string} value */
    const type = (value) => {
      this.keep(one.commitment, { answer: typed.answer, value });
      save.disabled = !isReady({ answer: typed.answer, value });
    };
    const kinds = one.is_asked ? ASKED : OWED;
    const answer = choice(
      t("answer_word"),
      kinds.map((kind) => [kind, t(`answer_${kind}`)]),
      typed.answer,
      (picked) => this.choose(one, picked),
    );
    answer.dataset.key = "answer-word";
    const form = h(
      "form",
      { class: "answer-form" },
      labelled(t("answer_word"), answer),
      valueField(this.app, one, typed, type),
      h("div", { class: "actions" }, save),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.record(one);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.toggle(one);
    });
    return form;
  }

  // Replies by mail ------------------------------------------------------------------------------

  dropZone() {
    const { t } = this;
    const input = h("input", {
      type: "file",
      class: "sr",
      accept: ".eml,message/rfc822",
      multiple: true,
      "data-key": "replies",
    });
    input.addEventListener("change", () => this.read([...(input.files ?? [])]));
    const zone = h(
      "label",
      { class: "drop" },
      input,
      h("b", {}, t("replies_drop")),
      h("span", { class: "quiet" }, t("replies_lead")),
    );
    /** @param {boolean} isOver */
    const mark = (isOver) => zone.classList.toggle("over", isOver);
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    zone.addEventListener("dragleave", () => mark(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      this.read([...(event.dataTransfer?.files ?? [])]);
    });
    return zone;
  }

  /** @param {File[]} files */
  async read(files) {
    const { app } = this;
    if (!files.length) return;
    if (areTooLarge(files)) {
      app.toasts.show(this.t("files_large", { n: MOST_MB }), "problem");
      return;
    }
    app.toasts.show(this.t("replies_reading"), "done");
    const sent = await Promise.all(files.map(encoded));
    const response = await app.connection.ask("read_replies", { files: sent }, { long: true });
    if (response.kind === "desk") app.showDesk(response);
    else app.showProblem(response);
  }
}

/**
 * @param {CoachApp} app
 * @param {AskedView} one
 * @param {Typed} typed
 * @param {(value: string) => void} type
 */
function valueField(app, one, typed, type) {
  const { t } = app;
  if (typed.answer === "accept") {
    const day = dayField(t("my_by_day"), typed.value, t);
    day.text.dataset.key = "answer-value";
    day.text.addEventListener("input", () => type(day.value));
    return labelled(t("my_by_day"), day.node);
  }
  if (typed.answer === "hand_on") {
    const others = app.desk.colleagues.filter(({ id }) => id !== one.owner_id);
    /** @type {[string, string][]} */
    const names = others.map((each) => [
      each.id,
      `${each.name} · ${t(`function_of_${each.function}`)}`,
    ]);
    const whom = choice(t("my_hand_on_to"), names, typed.value, type, t("my_whom"));
    whom.dataset.key = "answer-value";
    return labelled(t("my_hand_on_to"), whom);
  }
  const label = t(typed.answer === "decline" ? "my_decline_why" : "how_it_went");
  const line = h("input", {
    type: "text",
    maxlength: 300,
    value: typed.value,
    "aria-label": label,
    "data-key": "answer-value",
  });
  line.addEventListener("input", () => type(line.value));
  return labelled(label, line);
}

/** @param {Typed} typed */
function isReady({ answer, value }) {
  if (answer === "accept") return /^\d{4}-\d{2}-\d{2}$/.test(value);
  return answer === "done" || value.trim() !== "";
}

/**
 * What became of the replies that were dropped in.
 * @param {CoachApp} app
 * @param {ReplyView[]} replies
 */
function replyList(app, replies) {
  const { lang, t } = app;
  const lines = replies.map((each) =>
    h(
      "li",
      { "data-state": each.state },
      h("b", {}, t(`reply_${each.state}`)),
      h("span", { class: "grow" }, `${each.file}: ${each.text[lang]}`),
      each.state === "written" &&
        button(t("undo"), () => app.undo.undo("", each.edit_id), { class: "link" }),
    ),
  );
  return h(
    "div",
    { role: "status" },
    lines.length > 0 && h("ul", { class: "left replies" }, lines),
  );
}
