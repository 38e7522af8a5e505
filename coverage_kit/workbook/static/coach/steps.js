// What each step of a session shows. Long because the five steps share one frame and its helpers.
import { button, choice, findIn, h, labelled, onEnter, plain, table } from "../core/dom.js";
import { draftLine, draftField } from "../core/draft_fields.js";
import { heardLine } from "../core/said.js";
import { commitmentList, commitmentNotes } from "../rep/commitments.js";
import { accountView } from "./session_account.js";
import { sweep } from "./sweep.js";

/** @import { Child, Option, Place } from "../core/types.d.ts" */
/** @import { CommitmentView, SessionAccount, SessionView } from "../messages.d.ts" */
/** @import { Settle } from "../rep/commitments.js" */
/** @import { CoachApp } from "./coach.js" */

/**
 * The step the session is at.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
export function buildStep(app, session) {
  /** @type {Record<string, (app: CoachApp, session: SessionView) => Child>} */
  const steps = {
    claims,
    promises: lastCommitments,
    accounts,
    commitments,
    read_back: readBack,
    closed,
    round,
    blind_role: blindRole,
    sweep,
    contacts: contactList,
  };
  return h(
    "div",
    { class: "session-step", "data-step": session.step },
    steps[session.step](app, session),
  );
}

/**
 * @param {string} label
 * @param {string} key
 */
function numberField(label, key) {
  return h("input", {
    type: "text",
    inputmode: "numeric",
    maxlength: 3,
    "data-key": key,
    "aria-label": label,
    class: "number",
    autocomplete: "off",
  });
}

/**
 * Claims, asked before any number is seen; in a group each stays sealed until all have answered.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function claims(app, session) {
  const { t } = app;
  const rows = session.reps.map((rep) => {
    const name = app.repName(rep);
    if (session.revealed) {
      const [known, required] = session.measured?.[rep] ?? [0, 0];
      const share = required ? Math.round((100 * known) / required) : null;
      return h(
        "li",
        { class: "claim" },
        h("b", {}, name),
        h(
          "span",
          { class: "calibration" },
          t("claim_whole", {
            claim: Math.round(100 * (session.claims?.[rep] ?? 0)),
            measured: share === null ? "–" : share,
            known,
            required,
          }),
        ),
      );
    }
    if (session.claimed?.includes(rep))
      return h(
        "li",
        { class: "claim" },
        h("b", {}, name),
        h("span", { class: "tag" }, t("sealed")),
      );
    /** @type {Place} */
    const where = [session.id, rep, "claim"];
    const input = draftField(app, where, numberField(t("claim_of", { name }), `said-${rep}`));
    if (session.reps.length > 1) input.type = "password";
    const save = async () => {
      if (!/^\d{1,3}$/.test(input.value.trim())) {
        input.setAttribute("aria-invalid", "true");
        return;
      }
      if (await app.act("claim", { value: Number(input.value), rep }))
        app.drafts.keep(...where, null);
    };
    onEnter(input, save);
    return h(
      "li",
      { class: "claim" },
      h("b", {}, name),
      input,
      h("span", {}, "%"),
      button(t("say_it"), save, { "data-key": `claim-${rep}` }),
    );
  });
  return [
    h("h2", {}, t("claims_title")),
    h("p", { class: "quiet" }, t(session.reps.length > 1 ? "claims_lead_group" : "claims_lead")),
    h("ul", { class: "claims" }, rows),
  ];
}

/**
 * Last time's commitments, one key each: 1 kept, 2 to 6 why not.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function lastCommitments(app, session) {
  const { t } = app;
  const last = session.last_commitments ?? [];
  if (!last.length)
    return [
      h("h2", {}, t("step_name_promises")),
      h("p", { class: "empty" }, t("no_last_commitments")),
      checkQuestions(app, session),
    ];
  const under = new Set();
  /** @type {Settle} */
  const settle = async (commitment, outcome, reason) => {
    // Ignore a second key until the first got its response.
    if (under.has(commitment.id)) return;
    under.add(commitment.id);
    await app.act("settle", {
      commitment: commitment.id,
      version: commitment.version,
      outcome,
      reason,
    });
    under.delete(commitment.id);
    findIn(app.root, '.commitment[data-open="true"]')?.focus();
  };
  return [
    h("h2", {}, t("step_name_promises")),
    h("p", { class: "quiet" }, t("settle_lead")),
    commitmentList(app, last, settle, (commitment) =>
      commitment.state === "not_kept" && !app.discreet
        ? noteField(app, session, commitment, t("note_how"))
        : null,
    ),
    checkQuestions(app, session),
  ];
}

/**
 * Three accounts of the agenda, and any other by search. The claim comes before an account opens.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function accounts(app, session) {
  const { t, at } = app;
  /** @param {SessionAccount} each */
  const entry = (each) =>
    h(
      "li",
      {},
      button(
        [
          each.name,
          session.opened?.includes(each.id)
            ? h("span", { class: "quiet" }, ` ${t("gone_through")}`)
            : null,
        ],
        () => app.openAccount(each.id),
        {
          "aria-current": at?.account === each.id ? "true" : null,
          "data-account": each.id,
          "data-key": `account-${each.id}`,
        },
      ),
    );
  const found = h("ul", { class: "found" });
  const search = h("input", {
    type: "search",
    class: "search",
    placeholder: t("another_account"),
    "aria-label": t("another_account"),
    autocomplete: "off",
    value: app.sought,
    "data-key": "another-account",
  });
  const find = () => {
    app.sought = search.value;
    const matches = (session.others ?? []).filter((each) =>
      plain(each.name).includes(plain(app.sought)),
    );
    found.replaceChildren(...(app.sought.trim() ? matches.slice(0, 8).map(entry) : []));
  };
  search.addEventListener("input", find);
  find();
  const side = h(
    "aside",
    { class: "session-side" },
    h("h3", {}, t("three_accounts")),
    h("ul", {}, (session.accounts ?? []).map(entry)),
    h("div", { class: "others" }, search, found),
  );
  /** @type {Child} */
  let body = h("p", { class: "empty" }, t("choose_session_account"));
  if (at && at.claimed === null) body = accountClaim(app, session, at.account);
  else if (at) body = accountView(app);
  return h("div", { class: "session-accounts" }, side, body);
}

/**
 * @param {CoachApp} app
 * @param {SessionView} session
 * @param {string} account
 */
function accountClaim(app, session, account) {
  const { t } = app;
  const all = [...(session.accounts ?? []), ...(session.others ?? [])];
  const each = all.find((one) => one.id === account);
  if (!each) return null;
  /** @type {Place} */
  const where = [session.id, account, "claim"];
  const input = draftField(
    app,
    where,
    numberField(t("claim_slots", { name: each.name, n: each.required }), `said-${account}`),
  );
  const save = async () => {
    if (!/^\d{1,3}$/.test(input.value.trim())) {
      input.setAttribute("aria-invalid", "true");
      return;
    }
    if (!(await app.act("claim", { account, value: Number(input.value) }))) return;
    app.drafts.keep(...where, null);
    app.openAccount(account);
  };
  onEnter(input, save);
  return h(
    "section",
    { class: "claim big" },
    h("h2", {}, each.name),
    h("p", {}, t("claim_slots", { name: each.name, n: each.required })),
    input,
    button(t("say_it"), save, { class: "primary" }),
  );
}

/**
 * The commitments made today; `beside` makes what is shown with each, by default its notes.
 * @param {CoachApp} app
 * @param {SessionView} session
 * @param {string} rep
 * @param {(commitment: CommitmentView) => Child} beside
 */
function made(app, session, rep, beside = (each) => commitmentNotes(app, each)) {
  const { t } = app;
  const list = session.made?.[rep] ?? [];
  return list.length
    ? h(
        "ol",
        { class: "sentences" },
        list.map((each) =>
          h("li", { "data-commitment": each.id }, each.sentence[app.lang], beside(each)),
        ),
      )
    : h("p", { class: "quiet" }, t("no_commitments"));
}

/**
 * At most five, one sentence each.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function commitments(app, session) {
  const { t } = app;
  return [
    h("h2", {}, t("step_name_commitments")),
    h("p", { class: "quiet" }, t("settle_lead")),
    session.reps.map((rep) =>
      h(
        "section",
        { class: "two-columns" },
        h(
          "div",
          {},
          h("h3", {}, session.reps.length > 1 ? app.repName(rep) : t("made_so_far")),
          made(app, session, rep),
        ),
        h(
          "div",
          {},
          h("h3", {}, t("slots_with_move")),
          h(
            "ul",
            { class: "gaps" },
            (session.gaps?.[rep] ?? []).map((gap) =>
              h(
                "li",
                {},
                h("span", {}, `${gap.account_name} · ${gap.title[app.lang]}`),
                button(t("commit_here"), () => app.openCommitment(gap.role, gap.account, rep), {
                  "aria-label": `${t("commit_here")}: ${gap.account_name} ${gap.title[app.lang]}`,
                }),
              ),
            ),
          ),
        ),
      ),
    ),
  ];
}

/**
 * Read aloud; the rep agrees.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function readBack(app, session) {
  const { t } = app;
  return [
    h("h2", {}, t("step_name_read_back")),
    h("p", { class: "quiet" }, t("read_back_lead")),
    session.reps.map((rep) =>
      h(
        "section",
        { class: "read-aloud" },
        session.reps.length > 1 ? h("h3", {}, app.repName(rep)) : null,
        made(app, session, rep, (each) =>
          app.discreet ? null : noteField(app, session, each, t("note_bring")),
        ),
        session.made?.[rep]?.length
          ? session.agreed?.includes(rep)
            ? h("p", { class: "tag" }, t("has_agreed", { name: app.repName(rep) }))
            : button(t("agree", { name: app.repName(rep) }), () => app.act("agree", { rep }), {
                class: "primary",
                "data-key": `agree-${rep}`,
              })
          : null,
      ),
    ),
  ];
}

/**
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function closed(app, session) {
  const { t } = app;
  return [
    h("h2", {}, t("session_closed")),
    app.minutes.draw(session),
    session.reps.map((rep) =>
      h("section", { class: "read-aloud" }, h("h3", {}, app.repName(rep)), made(app, session, rep)),
    ),
    app.asks(session.id, session.reps),
  ];
}

/** @type {("done" | "stuck")[]} */
const ROUND = ["done", "stuck"];

/**
 * Everybody names one thing done and one stuck.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function round(app, session) {
  const { t } = app;
  return [
    h("h2", {}, t("step_name_round")),
    h("p", { class: "quiet" }, t("round_lead")),
    h(
      "ul",
      { class: "rounds" },
      session.reps.map((rep) => {
        const fields = ROUND.map((key) => toldField(app, session, rep, key));
        return h("li", {}, h("h3", {}, app.repName(rep)), fields);
      }),
    ),
    checkQuestions(app, session),
  ];
}

/**
 * Two of last week's checks: what did these people say? What is typed becomes a voice. A shared screen shows none.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function checkQuestions(app, session) {
  const { t } = app;
  const checks = app.discreet ? [] : (session.checks ?? []);
  if (!checks.length) return null;
  return h(
    "section",
    { class: "check-questions" },
    h("h3", {}, t("checks_title")),
    h(
      "ul",
      { class: "plain-list" },
      checks.map((each) => {
        const question = each.question[app.lang];
        const who = { account: each.account, person: each.person, name: question };
        const whose = session.reps.length > 1 ? app.repName(each.rep) : null;
        const about = [whose, each.account_name].filter(Boolean).join(" · ");
        return h(
          "li",
          { "data-check": each.person },
          h("b", {}, question),
          h("span", { class: "quiet" }, ` ${about}`),
          heardLine(app, () => who, { label: question, place: `check-${each.person}` }).node,
        );
      }),
    ),
  );
}

/**
 * One line of the round.
 * @param {CoachApp} app
 * @param {SessionView} session
 * @param {string} rep
 * @param {"done" | "stuck"} key
 */
function toldField(app, session, rep, key) {
  const { t } = app;
  /** @param {string} said */
  const send = (said) => said !== "" && app.act("round", { rep, [key]: said });
  return draftLine(app, [session.id, rep, key], session.round?.[rep]?.[key] ?? "", {
    label: `${app.repName(rep)}: ${t(key)}`,
    caption: t(key),
    hint: t(key),
    key: `${rep}-${key}`,
    send,
  });
}

/**
 * A note on a commitment: how it went, or what it should bring.
 * @param {CoachApp} app
 * @param {SessionView} session
 * @param {CommitmentView} commitment
 * @param {string} caption
 */
function noteField(app, session, commitment, caption) {
  /** @param {string} said */
  const send = (said) =>
    app.act("note", { commitment: commitment.id, version: commitment.version, note: said });
  return draftLine(app, [session.id, commitment.id, "note"], commitment.note ?? "", {
    label: `${caption}: ${commitment.sentence[app.lang]}`,
    caption,
    key: `note-${commitment.id}`,
    send,
  });
}

/**
 * The role that most have not found: who found theirs, and how.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function blindRole(app, session) {
  const { t } = app;
  if (!session.blind)
    return [h("h2", {}, t("step_name_blind_role")), h("p", { class: "empty" }, t("nobody_blind"))];
  const { role, title, found, missing } = session.blind;
  /** @type {Option[]} */
  const roles = Object.entries(app.data.roles).map(([key, each]) => [key, each.title[app.lang]]);
  const other = choice(t("blind_choose"), roles, role, (value) => app.chooseBlindRole(value));
  other.dataset.key = "blind-choose";
  /** @param {{ rep: string, account: string }} each */
  const isMade = ({ rep, account }) =>
    (session.made?.[rep] ?? []).some((one) => one.account === account);
  return [
    h("h2", {}, t("blind_title", { role: title[app.lang] })),
    labelled(t("blind_choose"), other),
    h("p", { class: "quiet" }, t("blind_lead")),
    found.length
      ? table(
          "contacts",
          t("blind_title", { role: title[app.lang] }),
          ["owner_rep", "account_word", "field_verified_on", "how"].map((key) => t(key)),
          found.map((row) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, app.repName(row.rep)),
              h("td", {}, app.discreet ? "–" : row.account_name),
              h("td", {}, row.verified_on),
              h("td", {}, row.verified_how ? t(`how_${row.verified_how}`) : "–"),
            ),
          ),
        )
      : h("p", { class: "empty" }, t("nobody_found")),
    missing.length > 0 && h("h3", {}, t("blind_missing")),
    missing.length > 0 &&
      h(
        "ul",
        { class: "plain-list" },
        missing.map((each) => {
          const name = app.repName(each.rep);
          const account = app.discreet ? "–" : each.account_name;
          return h(
            "li",
            { "data-rep": each.rep },
            isMade(each)
              ? `✓ ${name} · ${account}`
              : button(
                  t("blind_commit", { name, account }),
                  () => app.openCommitment(role, each.account, each.rep),
                  { "data-key": `blind-${each.rep}` },
                ),
          );
        }),
      ),
  ];
}

/**
 * The accounts that a rep may begin with; how old their contacts are stands beside them.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function accountChoices(app, session) {
  const { t } = app;
  const isGroup = session.reps.length > 1;
  /** @param {string} rep */
  const choicesOf = (rep) =>
    (session.choices?.[rep] ?? []).map((each) =>
      h(
        "li",
        {},
        button(each.name, () => app.act("choose_account", { rep, account: each.id }), {
          "aria-pressed": String(each.chosen && session.contacts?.rep === rep),
          "data-key": `choose-${each.id}`,
        }),
        h(
          "span",
          { class: "quiet" },
          [
            each.by_value && t("choice_by_value"),
            each.by_contacts && t("choice_by_contacts"),
            t("choice_contacts", { n: each.contacts }),
            each.updated_days !== null && t("choice_updated", { n: each.updated_days }),
            each.added_days !== null && t("choice_added", { n: each.added_days }),
          ]
            .filter(Boolean)
            .join(" · "),
        ),
      ),
    );
  return h(
    "details",
    { class: "choices", open: isGroup },
    h("summary", { "data-key": "choices" }, t("choose_contacts")),
    h(
      "div",
      { class: "choices-of-reps" },
      session.reps.map((rep) =>
        h(
          "div",
          {},
          isGroup ? h("h3", {}, app.repName(rep)) : null,
          h("ul", {}, choicesOf(rep)),
          otherAccount(app, rep),
        ),
      ),
    ),
  );
}

/**
 * Any other account of a rep, by its name or a part of it.
 * @param {CoachApp} app
 * @param {string} rep
 */
function otherAccount(app, rep) {
  const { t } = app;
  const label = t("choice_other", { rep: app.repName(rep) });
  const input = h("input", {
    type: "text",
    maxlength: 200,
    placeholder: label,
    "aria-label": label,
    autocomplete: "off",
    "data-key": `other-${rep}`,
  });
  const take = () => {
    const account = input.value.trim();
    if (account) app.act("choose_account", { rep, account });
    else input.focus();
  };
  onEnter(input, take);
  return h(
    "div",
    { class: "other-account" },
    input,
    button(t("choice_take"), take, {
      "aria-label": `${t("choice_take")}: ${label}`,
      "data-key": `take-${rep}`,
    }),
  );
}

/**
 * The first session: mark which contacts of the chosen account are still there; the counter falls.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
function contactList(app, session) {
  const { t } = app;
  if (!session.contacts) return null;
  const { rep } = session.contacts;
  const { people, left, total, still, gone, changed, unsure } = session.contacts;
  const name = session.contacts.account_name;
  const rows = people.map((person) => {
    const settled = person.mark ?? (person.end_kind ? "left" : null);
    return h(
      "tr",
      { class: settled ? "gone" : "", "data-person": person.person },
      h("th", { scope: "row" }, person.name ?? t("erased")),
      h("td", {}, [person.department, person.title].filter(Boolean).join(" ")),
      h(
        "td",
        {},
        h(
          "div",
          { class: "answers-row", role: "group", "aria-label": person.name ?? "" },
          app.choices.mark.map((mark) =>
            button(
              t(`mark_${mark}`),
              () =>
                app.act("mark", {
                  rep,
                  person: person.person,
                  version: person.version,
                  state: mark,
                }),
              {
                "aria-pressed": String(person.mark === mark),
                "data-key": `mark-${person.person}-${mark}`,
              },
            ),
          ),
        ),
      ),
    );
  });
  return [
    h("h2", {}, t("contacts_of", { name })),
    accountChoices(app, session),
    h(
      "p",
      { class: "counter", role: "status", "data-left": left },
      h("b", {}, t("contacts_to_check", { n: left, total })),
      h("span", {}, t("contacts_counter", { still, gone, changed, unsure })),
    ),
    h(
      "div",
      { class: "scroll", tabIndex: 0, role: "group", "aria-label": t("contacts_of", { name }) },
      table(
        "contacts",
        t("contacts_of", { name }),
        ["detail_name", "detail_title", "still_there_short"].map((key) => t(key)),
        rows,
      ),
    ),
  ];
}
