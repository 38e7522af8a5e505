// Commitments, one key each: 1 kept, 2 to 6 why not.
import { dayName } from "../core/days.js";
import { button, filled, findIn, h } from "../core/dom.js";
import { detailsOf } from "../core/drafts.js";
import { keepFile } from "../core/keep_file.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { Child } from "../core/types.d.ts" */
/** @import { CommitmentView, DecidedView } from "../messages.d.ts" */
/** @import { RepApp } from "./workbook.js" */
/** @typedef {(commitment: CommitmentView, outcome: string, reason: string | null) => void} Settle */

/**
 * The outcome and reason of each key.
 * @param {AccountApp} app
 */
function outcomesOf(app) {
  /** @type {[outcome: string, reason: string | null][]} */
  const outcomes = [["kept", null]];
  for (const reason of app.choices.not_kept_reason) outcomes.push(["not_kept", reason]);
  return outcomes;
}

/**
 * The notes on a commitment and on the one before it at the same slot; hidden on a shared screen.
 * @param {AccountApp} app
 * @param {CommitmentView} commitment
 */
export function commitmentNotes(app, commitment) {
  if (app.discreet) return null;
  const lines = filled([
    commitment.note,
    commitment.before && app.t("note_before", { note: commitment.before }),
  ]);
  return lines.map((line) => h("p", { class: "quiet commitment-note" }, line));
}

/**
 * How a request to a leader went so far, so that the rep need not ask.
 * @param {AccountApp} app
 * @param {CommitmentView} commitment
 */
function requestSteps(app, { steps }) {
  if (!steps.length) return null;
  const said = steps.map(({ kind, on, owner, before }) =>
    app.t(`step_${kind}`, { owner, before, day: dayName(app.lang, on, app.data.today) }),
  );
  return h("p", { class: "quiet request-steps" }, said.join(" → "));
}

/**
 * Requests that were declined lately, with the reason.
 * @param {AccountApp} app
 * @param {CommitmentView[]} declined
 */
function declinedList(app, declined) {
  if (!declined.length) return null;
  return h(
    "section",
    { class: "declined" },
    h("h3", {}, app.t("declined_lately")),
    h(
      "ul",
      { class: "commitments" },
      declined.map((one) =>
        h(
          "li",
          { class: "commitment", "data-declined": one.id },
          h("p", { class: "sentence" }, one.sentence[app.lang]),
          requestSteps(app, one),
          commitmentNotes(app, one),
        ),
      ),
    ),
  );
}

/**
 * What leaders decided about work that had to wait; a protected hour can be saved.
 * @param {AccountApp} app
 * @param {DecidedView[]} decided
 */
function decidedList(app, decided) {
  if (!decided.length) return null;
  return h(
    "section",
    { class: "declined" },
    h("h3", {}, app.t("decided_lately")),
    h(
      "ul",
      { class: "commitments" },
      decided.map(({ commitment, task, decision, on, by, file }) =>
        h(
          "li",
          { class: "commitment", "data-decided": commitment },
          h("p", { class: "sentence" }, task[app.lang]),
          h(
            "p",
            { class: "quiet" },
            app.t(`decided_${decision}`, { by, day: dayName(app.lang, on, app.data.today) }),
          ),
          file
            ? button(app.t("decided_keep"), () => keepFile(file), {
                class: "link",
                "data-key": `hour-${commitment}`,
              })
            : null,
        ),
      ),
    ),
  );
}

/**
 * A list of commitments; `settle(commitment, outcome, reason)` saves how one ended, `beside` makes its note field.
 * @param {AccountApp} app
 * @param {CommitmentView[]} commitments
 * @param {Settle} settle
 * @param {(commitment: CommitmentView) => Child} [beside]
 */
export function commitmentList(app, commitments, settle, beside) {
  const { t } = app;
  const outcomes = outcomesOf(app);
  return h(
    "ul",
    { class: "commitments" },
    commitments.map((commitment) => {
      const open = commitment.state === "open" || commitment.state === "overdue";
      const buttons = outcomes.map(([outcome, reason], i) =>
        button(
          [
            h("kbd", { "aria-hidden": "true" }, String(i + 1)),
            ` ${t(reason ? `reason_${reason}` : "kept")}`,
          ],
          () => settle(commitment, outcome, reason),
          {
            "aria-pressed": String(
              commitment.state === outcome && (commitment.reason ?? null) === reason,
            ),
          },
        ),
      );
      const written = beside?.(commitment) ?? null;
      const node = h(
        "li",
        {
          class: "commitment",
          tabIndex: 0,
          "data-open": String(open),
          "data-commitment": commitment.id,
          "data-key": `commitment-${commitment.id}`,
          "aria-label": commitment.sentence[app.lang],
        },
        h("p", { class: "sentence" }, commitment.sentence[app.lang]),
        commitment.carried
          ? h("p", { class: "quiet" }, t("carried", { n: commitment.carried }))
          : null,
        requestSteps(app, commitment),
        commitmentNotes(app, written ? { ...commitment, note: null } : commitment),
        h(
          "div",
          { class: "answers-row", role: "group", "aria-label": t("how_did_it_end") },
          buttons,
        ),
        written,
      );
      node.addEventListener("keydown", (event) => {
        const key = outcomes[Number(event.key) - 1];
        const { target } = event;
        const isField = target instanceof Element && target.closest("input, textarea, select");
        if (isField || !key || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        settle(commitment, ...key);
      });
      return node;
    }),
  );
}

/** The rep's own view of open commitments. */
export class Commitments {
  /** @param {RepApp} app */
  constructor(app) {
    this.app = app;
    this.list = h(
      "div",
      { "aria-busy": "true" },
      h("p", { class: "empty", role: "status" }, app.t("loading")),
    );
    this.node = h(
      "section",
      { class: "cards-view commitments-view", "aria-label": app.t("view_commitments") },
      h("p", { class: "quiet lead" }, app.t("settle_lead")),
      this.list,
    );
    this.load();
  }

  async load() {
    const { app } = this;
    const response = await app.connection.ask("commitments");
    if (response.kind !== "commitments") {
      this.list.replaceChildren(h("p", { class: "empty", role: "alert" }, app.errorText(response)));
      return;
    }
    /** @type {Settle} */
    const settle = (commitment, outcome, reason) => {
      const account = commitment.account ?? "";
      const waiting = app.connection.underWay(account, "", "settled");
      if (waiting.some(({ value }) => detailsOf(value).commitment === commitment.id)) return;
      app.save(
        "",
        "settled",
        { commitment: commitment.id, outcome, reason },
        "",
        account,
        commitment.version,
      );
    };
    this.list.removeAttribute("aria-busy");
    this.list.dataset.ready = "true";
    const { activeElement } = document;
    const at = this.list.contains(activeElement)
      ? activeElement?.closest("[data-commitment]")?.getAttribute("data-commitment")
      : null;
    this.list.replaceChildren(
      response.commitments.length
        ? commitmentList(app, response.commitments, settle)
        : h("p", { class: "empty" }, app.t("no_open_commitments")),
      ...filled([decidedList(app, response.decided), declinedList(app, response.declined)]),
    );
    // When the focused commitment is settled, the next one gets the focus; at first the first one has it for the keys.
    const isFirst = !this.list.dataset.begun && !app.root.querySelector("dialog[open]");
    this.list.dataset.begun = "true";
    if (at || isFirst)
      (
        (at && findIn(this.list, `[data-commitment="${CSS.escape(at)}"]`)) ||
        findIn(this.list, ".commitment")
      )?.focus();
  }
}
