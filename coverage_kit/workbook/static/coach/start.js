// The start: coach one rep, a group, or a first session; or continue an open session.
import { button, h } from "../core/dom.js";
import { pageLink } from "../core/link.js";
import { weekName } from "../core/week_name.js";

/** @import { ProposalView } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/**
 * What waits for a yes: agree or decline in one's own name.
 * @param {CoachApp} app
 */
function proposalList(app) {
  const { t } = app;
  const { proposals } = app.desk;
  if (!proposals.length) return null;
  /**
   * @param {ProposalView} one
   * @param {boolean} agrees
   */
  const settle = async ({ account, role, version: base }, agrees) => {
    const response = agrees
      ? await app.connection.edit({ account, role, field: "not_applicable", value: {}, base })
      : await app.connection.edit({ account, role, field: "proposed", value: null, base });
    if (response.kind === "saved") await app.leave();
  };
  /** @param {ProposalView} one */
  const line = (one) =>
    h(
      "li",
      {},
      h("span", {}, `${one.account_name} · ${one.role_title[app.lang]} – ${one.why} (${one.by})`),
      app.data.may_agree && button(t("agree_to"), () => settle(one, true)),
      app.data.may_agree && button(t("decline_it"), () => settle(one, false)),
    );
  return h(
    "section",
    {},
    h("h2", {}, t("proposals")),
    h("p", { class: "quiet" }, t("proposals_lead")),
    h("ul", { class: "left proposals" }, proposals.map(line)),
  );
}

/** @param {CoachApp} app */
export function openStart(app) {
  const { t } = app;
  const kinds = ["one", "group", "first"];
  // The start page's last step leads to the first session of a team.
  let kind = new URLSearchParams(location.search).get("view") === "first" ? "first" : "one";
  const name = `kind-${Math.random()}`;
  const boxes = app.desk.reps.map((rep) => {
    const box = h("input", { type: "checkbox", value: rep.id });
    box.addEventListener("change", () => look(box));
    return { rep: rep.id, box, name: rep.name };
  });
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ rep }) => rep);
  /** @param {HTMLInputElement} [last] */
  const look = (last) => {
    if (kind === "one" && last?.checked) for (const { box } of boxes) box.checked = box === last;
    const n = chosen().length;
    begin.disabled = kind === "group" ? n < 2 : n === 0;
  };
  const begin = button(
    t("begin"),
    () => app.enter(app.once("start", { reps: chosen(), session_kind: kind })),
    { class: "primary", disabled: true, "data-key": "begin" },
  );
  const choose = h(
    "div",
    { class: "kinds", role: "radiogroup", "aria-label": t("kind_of_session") },
    kinds.map((each) =>
      h(
        "label",
        { class: "kind" },
        h("input", {
          type: "radio",
          name,
          value: each,
          checked: each === kind,
          onchange: () => {
            kind = each;
            for (const { box } of boxes) box.checked = false;
            look();
          },
        }),
        h("b", {}, t(`session_${each}`)),
        h("span", { class: "quiet" }, t(`session_${each}_lead`)),
      ),
    ),
  );
  const whom = h(
    "div",
    { class: "radios whom", role: "group", "aria-label": t("choose_whom") },
    boxes.map(({ box, name: shown }) => h("label", { class: "radio" }, box, shown)),
  );
  const left = app.desk.sessions.map((session) =>
    h(
      "li",
      {},
      h(
        "span",
        {},
        t("left_session", {
          kind: t(`session_${session.kind}`),
          reps: session.reps.map((rep) => app.repName(rep)).join(", "),
          week: weekName(t, session.week),
          step: t(`step_name_${session.step}`),
        }),
      ),
      button(t("take_up"), () => app.enter(app.connection.ask("resume", { session: session.id }))),
    ),
  );
  return h(
    "section",
    { class: "session start", tabIndex: -1, "aria-label": t("coaching") },
    left.length
      ? h("section", {}, h("h2", {}, t("left_half_way")), h("ul", { class: "left" }, left))
      : null,
    h(
      "section",
      {},
      h("h2", {}, t("begin_session")),
      choose,
      whom,
      h(
        "div",
        { class: "actions" },
        begin,
        h(
          "a",
          { class: "as-act link", "data-key": "audit", ...pageLink("contact_audit") },
          t("audit_next"),
        ),
      ),
    ),
    h(
      "section",
      {},
      h("h2", {}, t("prepare_title")),
      h("p", { class: "quiet" }, t("prepare_lead")),
      h(
        "div",
        { class: "actions prepare-whom" },
        app.desk.reps.map(({ id, name: shown }) =>
          button(t("prepare_of", { name: shown }), () => app.prepareHour(id), {
            "data-key": `prepare-${id}`,
          }),
        ),
      ),
    ),
    proposalList(app),
    app.asks("desk"),
    app.answers.draw(),
    app.team.draw(),
  );
}
