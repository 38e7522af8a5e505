// What colleagues were asked: write down what they answered by phone, or drop in the replies they mailed.
import { dayName } from "../core/days.js";
import { button, choice, dayField, h, labelled } from "../core/dom.js";

/** @import { AskedView, ReplyView } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */
/** @typedef {{ commitment: string, answer: string, value: string }} Answering */

const ASKED = ["accept", "hand_on", "decline", "done"];
const OWED = ["done", "hand_on", "decline"];
/**
 * The field of the request that an answer fills.
 * @type {Record<string, string>}
 */
const FIELDS = { accept: "due_on", hand_on: "to", decline: "reason", done: "reason" };

/** @param {CoachApp} app */
export function askedSection(app) {
  const { t } = app;
  const { asked } = app.desk;
  return h(
    "section",
    { class: "asked-section", "aria-label": t("asked_of_colleagues") },
    h("h2", {}, t("asked_of_colleagues")),
    asked.length
      ? h(
          "ul",
          { class: "left asked" },
          asked.map((one) => askedLine(app, one)),
        )
      : h("p", { class: "empty" }, t("asked_nothing")),
    dropZone(app),
    replyList(app, app.desk.replies ?? []),
  );
}

/**
 * @param {CoachApp} app
 * @param {AskedView} one
 */
function askedLine(app, one) {
  const { lang, t } = app;
  const isOpen = app.answering?.commitment === one.commitment;
  const said = [
    `${one.owner} · ${t(`function_of_${one.function}`)}`,
    t("my_due", { day: dayName(lang, one.due_on, app.desk.today) }),
    one.days_late > 0 && t("my_late", { n: one.days_late }),
    one.is_asked && t("asked_waits"),
  ].filter(Boolean);
  return h(
    "li",
    { "data-commitment": one.commitment },
    h(
      "div",
      { class: "grow" },
      h("p", { class: "task" }, one.task[lang]),
      h("p", { class: "quiet" }, said.join(" · ")),
      isOpen ? answerForm(app, one) : null,
    ),
    button(t("answered_by_phone"), () => app.openAnswer(one), {
      "aria-expanded": String(isOpen),
      "data-key": `phone-${one.commitment}`,
    }),
  );
}

/**
 * The answer, and the one thing that it needs.
 * @param {CoachApp} app
 * @param {AskedView} one
 */
function answerForm(app, one) {
  const { t } = app;
  const typed = /** @type {Answering} */ (app.answering);
  const kinds = one.is_asked ? ASKED : OWED;
  const save = button(t("answer_save"), () => send(), {
    class: "primary",
    "data-key": "answer-save",
  });
  /** @param {string} value */
  const type = (value) => {
    typed.value = value;
    save.disabled = !isReady(typed);
  };
  const send = () =>
    isReady(typed) && app.recordAnswer(one, typed.answer, FIELDS[typed.answer], typed.value);
  save.disabled = !isReady(typed);
  const answer = choice(
    t("answer_word"),
    kinds.map((kind) => [kind, t(`answer_${kind}`)]),
    typed.answer,
    (picked) => app.changeAnswer(picked, one),
  );
  answer.dataset.key = "answer-word";
  const form = h(
    "form",
    { class: "answer-form" },
    labelled(t("answer_word"), answer),
    valueField(app, one, typed, type),
    h("div", { class: "actions" }, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") app.openAnswer(one);
  });
  return form;
}

/**
 * @param {CoachApp} app
 * @param {AskedView} one
 * @param {Answering} typed
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

/** @param {Answering} typed */
function isReady({ answer, value }) {
  if (answer === "accept") return /^\d{4}-\d{2}-\d{2}$/.test(value);
  return answer === "done" || value.trim() !== "";
}

/** @param {CoachApp} app */
function dropZone(app) {
  const { t } = app;
  const input = h("input", {
    type: "file",
    class: "sr",
    accept: ".eml,message/rfc822",
    multiple: true,
    "data-key": "replies",
  });
  input.addEventListener("change", () => app.readReplies([...(input.files ?? [])]));
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
    app.readReplies([...(event.dataTransfer?.files ?? [])]);
  });
  return zone;
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

/**
 * A file as base64, as the kernel reads it.
 * @param {File} file
 * @returns {Promise<{ name: string, content: string }>}
 */
export function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve({ name: file.name, content: String(reader.result).replace(/^[^,]*,?/, "") }),
    );
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
