// The card of a person: details to edit, roles, employments, checks, dispositions over time, voices.
import { dayName } from "../core/days.js";
import { keepFile } from "../core/keep_file.js";
import { closeWhenSaved, openDialog } from "../core/dialogs.js";
import { button, choice, filled, h, labelled } from "../core/dom.js";
import { openDeparture } from "./forms.js";
import { DraftForm } from "../core/draft_fields.js";
import { SaidPart } from "../core/said.js";
import { personTies } from "./ties.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { EmploymentView, PersonCardView } from "../messages.d.ts" */

const DETAILS = ["name", "title", "department", "phone", "email", "need"];

/**
 * @param {AccountApp} app
 * @param {string} person
 */
export async function openPerson(app, person) {
  const { t } = app;
  const body = h("div", { "aria-busy": "true" }, h("p", { class: "quiet" }, t("loading")));
  const dialog = openDialog(app.root, t("person_card"), body, { kind: "wide", actions: [] });
  const response = await app.connection.ask("person", { account: app.account, person });
  if (response.kind !== "person") {
    dialog.close();
    app.showProblem(response);
    return;
  }
  const { card } = response;
  const here = card.employments.find((each) => each.account === app.account);
  const job = app.people.find((each) => each.person === person && !each.end_kind)?.employment;
  const { name, phone, email, need } = card;
  /** @type {Record<string, string | null>} */
  const now = {
    name,
    title: here?.title ?? null,
    department: here?.department ?? null,
    phone,
    email,
    need,
  };
  const heading = nameWithTitle(now.name ?? t("erased"), now.title);
  dialog.querySelector("h2")?.replaceChildren(heading);
  const form = new DraftForm(app, [app.account ?? "", person, "details"]);
  // A draft of an earlier page keeps the versions that page had seen.
  const seen = form.about.seen ?? card.seen;
  const discard = button(
    t("discard"),
    () => {
      form.discard();
      dialog.close();
    },
    { class: "link", hidden: form.isEmpty },
  );
  /** @type {Map<string, HTMLInputElement>} */
  const inputs = new Map();
  for (const key of DETAILS) {
    const input = h("input", {
      type: "text",
      value: form.values[key] ?? now[key] ?? "",
      class: key in form.values ? "unsaved" : "",
      maxlength: 300,
      "aria-label": t(`detail_${key}`),
      disabled: app.week !== null || card.erased_on !== null,
      autocomplete: "off",
    });
    input.addEventListener("input", () => {
      const differs = input.value.trim() !== (now[key] ?? "");
      form.set(key, differs ? input.value : undefined, { name: now.name, seen });
      input.classList.toggle("unsaved", differs);
      discard.hidden = form.isEmpty;
    });
    inputs.set(key, input);
  }
  /** @param {[string, string][]} saved */
  const keepTypedSince = (saved) => {
    for (const [key, value] of saved) {
      now[key] = value;
      inputs.get(key)?.dispatchEvent(new Event("input"));
    }
    app.showDrafts();
  };
  const save = () => {
    /** @type {[string, string][]} */
    const typed = [...inputs].map(([key, input]) => [key, input.value.trim()]);
    const changed = typed.filter(([key, text]) => text !== (now[key] ?? ""));
    if (!changed.length) {
      dialog.close();
      return;
    }
    const pending = app
      .save("", "detail", { person, seen, ...Object.fromEntries(changed) }, now.name ?? "")
      .then((response) => {
        if (response.kind === "saved") keepTypedSince(changed);
        return response;
      });
    // Text typed during the save is saved next.
    closeWhenSaved(
      dialog,
      pending,
      (response) => app.errorText(response),
      {},
      () => form.isEmpty,
    );
  };
  body.removeAttribute("aria-busy");
  body.replaceChildren(
    h(
      "div",
      { class: "two" },
      h(
        "section",
        {},
        h("h3", {}, t("details")),
        [...inputs].map(([key, input]) => labelled(t(`detail_${key}`), input)),
        h("p", { class: "quiet" }, t("write_kindly")),
      ),
      h(
        "section",
        {},
        part(
          t("roles_held"),
          card.roles.map((role) => app.roleTitle(role)),
          t("no_roles"),
        ),
        part(
          t("employments"),
          card.employments.map((each) => employment(app, each)),
          "–",
        ),
        part(
          t("checks"),
          card.checks
            .slice(0, 6)
            .map(
              (check) =>
                `${check.on} · ${check.how ? t(`how_${check.how}`) : ""} · ${check.by ?? ""}`,
            ),
          t("state_never"),
        ),
        card.tries.length
          ? h(
              "p",
              { class: "quiet" },
              t("tried_times", { on: card.tries.at(-1), n: card.tries.length }),
            )
          : null,
        job ? personTies(app, job, card) : null,
        stages(app, person, card),
        rhythm(app, person, card),
        app.discreet
          ? null
          : part(
              t("dispositions"),
              card.dispositions.map((each) =>
                [`${each.at.slice(0, 10)} ${t(each.disposition)}`, each.grounds]
                  .filter(Boolean)
                  .join(" · "),
              ),
              t("none_yet"),
            ),
        app.discreet || !app.account
          ? null
          : new SaidPart(app, { account: app.account, person, name: heading }).node,
      ),
    ),
  );
  const gone =
    here?.end_kind || app.week !== null
      ? null
      : button(t("menu_gone"), () => {
          dialog.close();
          openDeparture(app, { person, name: now.name, roles: card.roles });
        });
  dialog
    .querySelector(".actions")
    ?.replaceChildren(
      ...filled([
        gone,
        h("span", { class: "grow" }),
        discard,
        button(t("close"), () => dialog.close()),
        app.week === null && button(t("save_details"), save, { class: "primary" }),
      ]),
    );
  dialog.addEventListener("close", () => app.showDrafts());
  dialog.dataset.ready = "true";
}

/**
 * The buying stage of the person for each offering, and a line for a new offering.
 * @param {AccountApp} app
 * @param {string} person
 * @param {PersonCardView} card
 */
function stages(app, person, card) {
  const { t } = app;
  const words = app.options(app.choices.stage, "stage_");
  /**
   * @param {string} offering
   * @param {string | null} stage
   * @param {number} [seen]
   */
  const set = (offering, stage, seen) =>
    app.save("", "stage", { person, offering, stage }, offering, app.account, seen);
  const rows = card.stages.map(({ offering, stage, version }) => {
    let seen = version;
    /** @param {string} value */
    const change = async (value) => {
      const response = await set(offering, value || null, seen);
      if (response.kind === "saved") seen += 1;
    };
    return h(
      "li",
      { class: "stage" },
      h("span", {}, offering),
      choice(t("stage_of", { offering }), words, stage, change, t("none_yet")),
    );
  });
  const name = h("input", {
    type: "text",
    maxlength: 80,
    placeholder: t("new_offering"),
    "aria-label": t("new_offering"),
    autocomplete: "off",
  });
  const first = h(
    "li",
    { class: "stage" },
    name,
    choice(
      t("stage_of", { offering: t("new_offering") }),
      words,
      "",
      (value) => {
        if (value && name.value.trim()) set(name.value.trim(), value);
      },
      "–",
    ),
  );
  return [
    h("h3", {}, t("stages")),
    h("ul", { class: "plain-list" }, rows, app.week === null ? first : null),
  ];
}

/**
 * The last contact with the person and the next one; a day may be planned, and nobody is reminded of it.
 * @param {AccountApp} app
 * @param {string} person
 * @param {PersonCardView} card
 */
function rhythm(app, person, card) {
  const { t } = app;
  const { rhythm: now } = card;
  if (!now) return null;
  let seen = now.version;
  /** @param {string} iso */
  const day = (iso) => dayName(app.lang, iso, app.data.today);
  const input = h("input", {
    type: "date",
    min: app.data.today,
    value: now.planned ?? "",
    disabled: app.week !== null,
    "aria-label": t("plan_contact"),
    "data-key": "next-contact",
  });
  input.addEventListener("change", async () => {
    const value = { person, on: input.value || null };
    const response = await app.save("", "next_contact", value, input.value, app.account, seen);
    if (response.kind === "saved") seen += 1;
  });
  const said = [
    now.last ? t("last_contact", { day: day(now.last) }) : t("no_contact_yet"),
    now.next && t("coming_contact", { day: day(now.next) }),
  ];
  const { file } = now;
  return [
    h("h3", {}, t("rhythm")),
    h("p", { "data-part": "rhythm" }, said.filter(Boolean).join(" · ")),
    labelled(t("plan_contact"), input),
    file && button(t("contact_calendar"), () => keepFile(file), { class: "link" }),
  ];
}

/**
 * @param {AccountApp} app
 * @param {EmploymentView} each
 */
function employment(app, each) {
  const { t } = app;
  const span = [each.started_on ?? "", each.ended_on ?? ""].join(" ~ ");
  const since = each.role_since ? t("in_role_since", { on: each.role_since }) : "";
  return [
    each.account_name,
    [each.department, each.title].filter(Boolean).join(" "),
    since,
    each.end_kind ? `${t(`end_${each.end_kind}`)} ${span}` : t("there_now"),
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * @param {string} title
 * @param {string[]} lines
 * @param {string} none
 */
function part(title, lines, none) {
  return [
    h("h3", {}, title),
    h(
      "ul",
      { class: "plain-list" },
      (lines.length ? lines : [none]).map((line) =>
        h("li", { class: lines.length ? "" : "quiet" }, line),
      ),
    ),
  ];
}
