// Promises, one key each: 1 kept, 2 to 6 what came between.
import { button, h } from "../core/dom.js";

const KEYS = [
  ["kept", null],
  ...["pushed_aside", "dont_know_how", "not_there", "need_help", "priority_changed"].map(
    (reason) => ["not_kept", reason],
  ),
];

/** The lines written beside a promise, and beside the one before it on the same slot; not on a shared screen. */
export function promiseNotes(app, promise) {
  if (app.discreet) return null;
  const lines = [
    promise.note,
    promise.before && app.t("note_before", { note: promise.before }),
  ].filter(Boolean);
  return lines.map((line) => h("p", { class: "quiet promise-note" }, line));
}

/** A list of promises; `settle(promise, outcome, reason)` says how one ended, `beside` makes a field for the line beside one. */
export function promiseList(app, promises, settle, beside = () => null) {
  const { t } = app;
  return h(
    "ul",
    { class: "promises" },
    promises.map((promise) => {
      const open = promise.state === "open" || promise.state === "overdue";
      const buttons = KEYS.map(([outcome, reason], i) =>
        button(
          [
            h("kbd", { "aria-hidden": "true" }, String(i + 1)),
            ` ${t(reason ? `reason_${reason}` : "kept")}`,
          ],
          () => settle(promise, outcome, reason),
          {
            "aria-pressed": String(
              promise.state === outcome && (promise.reason ?? null) === reason,
            ),
          },
        ),
      );
      const written = beside(promise);
      const node = h(
        "li",
        {
          class: "promise",
          tabIndex: 0,
          "data-open": String(open),
          "data-promise": promise.id,
          "data-key": `promise-${promise.id}`,
          "aria-label": promise.sentence[app.lang],
        },
        h("p", { class: "sentence" }, promise.sentence[app.lang]),
        promise.carried ? h("p", { class: "quiet" }, t("carried", { n: promise.carried })) : null,
        promiseNotes(app, written ? { ...promise, note: null } : promise),
        h(
          "div",
          { class: "answers-row", role: "group", "aria-label": t("how_did_it_end") },
          buttons,
        ),
        written,
      );
      node.addEventListener("keydown", (event) => {
        const key = KEYS[Number(event.key) - 1];
        if (event.target !== node || !key) return;
        event.preventDefault();
        settle(promise, ...key);
      });
      return node;
    }),
  );
}

/** The rep's own view of what is promised and still open. */
export class Promises {
  constructor(app) {
    this.app = app;
    this.list = h(
      "div",
      { "aria-busy": "true" },
      h("p", { class: "empty", role: "status" }, app.t("loading")),
    );
    this.node = h(
      "section",
      { class: "cards-view promises-view", "aria-label": app.t("view_commitments") },
      h("p", { class: "quiet lead" }, app.t("settle_lead")),
      this.list,
    );
    this.load();
  }

  async load() {
    const { app } = this;
    const answer = await app.talk.ask("commitments");
    if (answer.kind !== "commitments") {
      this.list.replaceChildren(h("p", { class: "empty", role: "alert" }, app.errorText(answer)));
      return;
    }
    const settle = (promise, outcome, reason) => {
      const account = promise.account ?? "";
      if (
        app.talk
          .underWay(account, "", "settled")
          .some(({ value }) => value.commitment === promise.id)
      )
        return;
      app.save(
        "",
        "settled",
        { commitment: promise.id, outcome, reason },
        "",
        account,
        promise.version,
      );
    };
    this.list.removeAttribute("aria-busy");
    this.list.dataset.ready = "true";
    const at = this.list.contains(document.activeElement)
      ? document.activeElement.closest("[data-promise]")?.dataset.promise
      : null;
    this.list.replaceChildren(
      answer.commitments.length
        ? promiseList(app, answer.commitments, settle)
        : h("p", { class: "empty" }, app.t("no_open_commitments")),
    );
    // Where the one that had the focus is settled, the next one has it.
    if (at)
      (
        this.list.querySelector(`[data-promise="${CSS.escape(at)}"]`) ??
        this.list.querySelector(".promise")
      )?.focus();
  }
}
