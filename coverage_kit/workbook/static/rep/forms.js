// The small windows: a check, a departure, an empty slot, what happened to a slot, three values, help.
import { h, button, choice, closeWhenSaved, dayField, onEnter, openDialog } from "../core/dom.js";
import { keptText } from "../core/drafts.js";

export const HOWS = ["call", "meeting", "reply", "public_source", "third_party"];

function howChoice(t, value = "call") {
  const name = `how-${Math.random()}`;
  const boxes = HOWS.map((how) =>
    h(
      "label",
      { class: "radio" },
      h("input", { type: "radio", name, value: how, checked: how === value }),
      t(`how_${how}`),
    ),
  );
  const node = h("div", { class: "radios", role: "radiogroup", "aria-label": t("how") }, boxes);
  return {
    node,
    get value() {
      return node.querySelector("input:checked")?.value ?? null;
    },
  };
}

function row(label, node) {
  return h("div", { class: "field" }, h("span", { class: "label" }, label), node);
}

/** Whether the holder is still there: a day and a way; all slots of the person are shown for assent. */
export function openVerification(app, slot) {
  const { t } = app;
  const on = dayField(t("day"), app.day, t);
  const how = howChoice(t, slot.verified_how ?? "call");
  const person = slot.status === "open" ? slot.holder?.person : null;
  const slots = person
    ? app.page.slots.filter((each) => each.holder?.person === person && each.status === "open")
    : [];
  const boxes = slots.map((each) => ({
    role: each.role,
    box: h("input", { type: "checkbox", checked: true }),
  }));
  const save = () => {
    const roles = boxes.filter(({ box }) => box.checked).map(({ role }) => role);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(on.value)) {
      on.text.setAttribute("aria-invalid", "true");
      on.text.focus();
      return;
    }
    const value = person
      ? { person, on: on.value, how: how.value, roles }
      : { on: on.value, how: how.value };
    closeWhenSaved(
      dialog,
      app.save(slot.role, person ? "verified" : "vacant", value),
      (answer) => app.errorText(answer),
      { "slot.verified_ahead": on.text, "field.day": on.text },
    );
  };
  onEnter(on.text, save);
  const several =
    boxes.length > 1
      ? row(
          t("in_these_roles"),
          h(
            "div",
            { class: "radios" },
            boxes.map(({ role, box }) => h("label", { class: "radio" }, box, app.roleTitle(role))),
          ),
        )
      : null;
  const clear =
    slot.verified_on && person
      ? button(
          t("clear_check"),
          () => {
            app.save(slot.role, "verified", null);
            dialog.close();
          },
          { class: "link" },
        )
      : null;
  const title = person
    ? t("still_there", { name: slot.holder.name ?? t("erased"), title: slot.holder.title ?? "" })
    : t("still_vacant");
  const dialog = openDialog(
    app.root,
    title,
    [row(t("day"), on.node), row(t("how"), how.node), several],
    {
      actions: [
        clear,
        h("span", { class: "grow" }),
        button(t("cancel"), () => dialog.close()),
        button(t("save_check"), save, { class: "primary" }),
      ],
    },
  );
  how.node.querySelector("input:checked")?.focus();
}

/** A departure, or another role in the same company, with its day where it is known. */
export function openDeparture(
  app,
  holder,
  {
    role = "",
    account = app.account,
    send = (value) => app.save(role, "ended", value, holder.name, account),
  } = {},
) {
  const { t } = app;
  const name = `kind-${Math.random()}`;
  const kinds = ["left", "retired", "moved", "role_changed"];
  const on = dayField(t("since_when"), "", t);
  const title = h("input", {
    type: "text",
    maxlength: 120,
    "aria-label": t("new_title"),
    autocomplete: "off",
  });
  const moved = h("input", {
    type: "text",
    maxlength: 200,
    "aria-label": t("moved_to"),
    autocomplete: "off",
    placeholder: t("moved_to_hint"),
  });
  const texts = keepTexts(app, [account ?? "", role || holder.person], {
    new_title: title,
    moved_to: moved,
  });
  const changed = dayField(t("role_since"), app.day, t);
  const since = row(t("since_when"), on.node);
  const extra = {
    moved: [row(t("moved_to"), moved)],
    role_changed: [row(t("role_since"), changed.node), row(t("new_title"), title)],
  };
  const boxes = kinds.map((kind, i) =>
    h(
      "label",
      { class: "radio" },
      h("input", { type: "radio", name, value: kind, checked: i === 0, onchange: () => look() }),
      t(`end_${kind}`),
    ),
  );
  const choose = h(
    "div",
    { class: "radios", role: "radiogroup", "aria-label": t("what_happened") },
    boxes,
  );
  const kind = () => choose.querySelector("input:checked").value;
  const note = h("p", { class: "quiet" });
  const look = () => {
    for (const [key, nodes] of Object.entries(extra))
      for (const node of nodes) node.hidden = key !== kind();
    since.hidden = kind() === "role_changed";
    note.textContent = t(kind() === "role_changed" ? "role_changed_note" : "departure_note", {
      n: (holder.roles ?? app.rolesOf(holder.person)).length,
    });
  };
  const save = () => {
    const day = kind() === "role_changed" ? changed : on;
    if (day.value && !/^\d{4}-\d{2}-\d{2}$/.test(day.value)) {
      day.text.setAttribute("aria-invalid", "true");
      day.text.focus();
      return;
    }
    const value = {
      person: holder.person,
      kind: kind(),
      on: day.value,
      title: title.value.trim(),
      moved_to: moved.value.trim(),
    };
    closeWhenSaved(dialog, texts.sent(send(value)), (answer) => app.errorText(answer));
  };
  if (moved.value || title.value)
    choose.querySelector(`[value=${moved.value ? "moved" : "role_changed"}]`).checked = true;
  const dialog = openDialog(
    app.root,
    t("what_happened_to", { name: holder.name ?? "" }),
    [choose, since, Object.values(extra), note],
    {
      actions: [
        h("span", { class: "grow" }),
        button(t("cancel"), () => {
          texts.forget();
          dialog.close();
        }),
        button(t("write_down"), save, { class: "primary" }),
      ],
    },
  );
  look();
  return dialog;
}

/** Texts of a window that stay over a reload until they are sent or thrown away; what is refused is kept on. */
function keepTexts(app, [account, role], fields) {
  for (const [field, input] of Object.entries(fields)) keptText(app, [account, role, field], input);
  const forget = () => {
    for (const field of Object.keys(fields)) app.keepDraftAt(account, role, field, null);
  };
  const sent = async (answered) => {
    forget();
    const answer = await answered;
    if (answer.kind === "refused")
      for (const input of Object.values(fields)) input.dispatchEvent(new Event("input"));
    return answer;
  };
  return { forget, sent };
}

/** The window in which a text was begun that this browser kept. */
export function openKept(app, [, role, field]) {
  const slot = app.page.slots.find((each) => each.role === role);
  if (field === "reason") openEmptySlot(app, role, "not_applicable");
  if (slot?.holder && (field === "new_title" || field === "moved_to"))
    openDeparture(app, slot.holder, { role });
}

/** A slot nobody holds: checked vacant, or a position that does not exist here. */
export function openEmptySlot(app, role, kind) {
  const { t } = app;
  const on = dayField(
    t(kind === "vacant" ? "day" : "review_on"),
    kind === "vacant" ? app.day : "",
    t,
  );
  const how = howChoice(t);
  const reason = h("input", {
    type: "text",
    maxlength: 300,
    "aria-label": t("reason"),
    autocomplete: "off",
  });
  const texts = keepTexts(app, [app.account, role], { reason });
  const agrees = app.data.staff
    .filter((each) => !each.gone && ["coach", "manager", "executive"].includes(each.function))
    .map((each) => [each.id, each.name]);
  let agreed = agrees[0]?.[0] ?? "";
  const body =
    kind === "vacant"
      ? [row(t("day"), on.node), row(t("how"), how.node)]
      : [
          row(t("reason"), reason),
          row(
            t("agreed_by"),
            choice(t("agreed_by"), agrees, agreed, (value) => {
              agreed = value;
            }),
          ),
          row(t("review_on"), on.node),
          h("p", { class: "quiet" }, t("not_applicable_note")),
        ];
  const save = () => {
    const value =
      kind === "vacant"
        ? { on: on.value, how: how.value }
        : { reason: reason.value.trim(), agreed_by: agreed, review_on: on.value };
    const places = {
      "slot.review_past": on.text,
      "slot.verified_ahead": on.text,
      "field.day": on.text,
      "slot.not_applicable": reason,
    };
    closeWhenSaved(
      dialog,
      texts.sent(app.save(role, kind, value, reason.value.trim())),
      (answer) => app.errorText(answer),
      places,
    );
  };
  const dialog = openDialog(app.root, `${app.roleTitle(role)} · ${t(kind)}`, body, {
    actions: [
      h("span", { class: "grow" }),
      button(t("cancel"), () => {
        texts.forget();
        dialog.close();
      }),
      button(t("write_down"), save, { class: "primary" }),
    ],
  });
}

/** Who wrote what on this slot, and when. */
export async function openTrail(app, role) {
  const { t } = app;
  const list = h(
    "ol",
    { class: "trail", "aria-busy": "true" },
    h("li", { class: "quiet" }, t("loading")),
  );
  const dialog = openDialog(app.root, t("history_of", { role: app.roleTitle(role) }), list, {
    kind: "wide",
    actions: [h("span", { class: "grow" }), button(t("close"), () => dialog.close())],
  });
  const answer = await app.talk.ask("history", { account: app.account, role });
  const entries = answer.entries ?? [];
  list.removeAttribute("aria-busy");
  list.replaceChildren(
    ...(entries.length
      ? entries.map((entry) =>
          h(
            "li",
            { class: entry.lost ? "lost" : "" },
            h("span", { class: "when" }, entry.at),
            h("span", { class: "by" }, entry.actor, entry.undone ? ` · ${t("undone")}` : ""),
            entry.lost ? h("span", { class: "tag" }, t("not_taken")) : null,
            h(
              "ul",
              {},
              entry.changes.map((change) => h("li", {}, changeText(app, change))),
            ),
          ),
        )
      : [h("li", { class: "quiet" }, t("no_history"))]),
  );
}

function changeText(app, { field, before, after, on }) {
  const { t } = app;
  if (field === "tried" || field === "role_changed")
    return t(`history_${field}`, { name: before ?? "", on: on ?? t("day_unknown") });
  if (field === "ended")
    return t("history_ended", {
      name: before ?? "",
      how: after ? t(`end_${after}`) : t("taken_back"),
      on: on ?? "",
    });
  if (before === null) return `${app.fieldName(field)}: ${app.valueText(field, after)}`;
  return t("history_change", {
    field: app.fieldName(field),
    before: app.valueText(field, before),
    after: app.valueText(field, after),
  });
}

/** The same field was changed elsewhere: before, mine, theirs, and a choice; what was typed is kept in any case. */
export function openConflict(app, message, answer) {
  const { t } = app;
  const mine = message.text ?? "";
  const wanted = ({ field, mine: value }) =>
    message.field === "untie" ? t("taken_out") : app.valueText(field, value);
  const rows = answer.fields.map((each) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, app.fieldName(each.field)),
      h("td", {}, app.valueText(each.field, each.before)),
      h("td", { class: "mine" }, wanted(each)),
      h("td", {}, app.valueText(each.field, each.theirs)),
    ),
  );
  const table = h(
    "table",
    { class: "three" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["", "before", "mine", "theirs"].map((key) => h("th", { scope: "col" }, key && t(key))),
      ),
    ),
    h("tbody", {}, rows),
  );
  const theirs = answer.fields.find((each) => each.field === message.field)?.theirs ?? "";
  // What was said of one person is never put down for whoever holds the slot now.
  const person =
    message.role && message.field !== "holder"
      ? answer.fields.find(({ field, mine: value }) => field === "holder" && value)
      : undefined;
  const merged =
    message.field === "grounds" && !person
      ? h("input", {
          type: "text",
          maxlength: 300,
          value: [theirs, mine].filter(Boolean).join(" / "),
          "aria-label": t("merged"),
        })
      : null;
  /** Of a person's details it is seen, and sent along, which version of what they belong to. */
  const onTop = (value) =>
    value?.seen ? { ...value, seen: { ...value.seen, [answer.entity]: answer.version } } : value;
  const send = (value, text) => {
    app.forget(message, answer.version);
    app.save(message.role, message.field, onTop(value), text, message.account, answer.version);
  };
  const choose = (act) => {
    act();
    dialog.close();
  };
  const leave = () => {
    app.forget(message);
    app.refresh();
    app.say(
      t(message.role ? "theirs_stands" : "theirs_stands_person"),
      "done",
      person ? [] : [[t("mine_after_all"), () => send(message.value, mine)]],
    );
  };
  const both = () => choose(() => send(merged.value.trim(), merged.value.trim()));
  if (merged) onEnter(merged, both);
  const dialog = openDialog(
    app.root,
    t("conflict_title", { by: app.staffName(answer.by) }),
    [
      h(
        "p",
        {},
        person
          ? t("slot_went_on", { mine: person.mine, theirs: person.theirs ?? t("nobody_yet") })
          : t("conflict_note"),
      ),
      table,
      merged && row(t("merged"), merged),
    ],
    {
      kind: "wide",
      actions: [
        button(t("keep_theirs"), () => choose(leave)),
        h("span", { class: "grow" }),
        merged && button(t("save_merged"), both),
        !person &&
          button(t("keep_mine"), () => choose(() => send(message.value, mine)), {
            class: "primary",
          }),
      ],
    },
  );
}

/** The keys, and what the rungs and marks mean. */
export function openHelp(app) {
  const { t } = app;
  const rungs = [0, 1, 2, 3, 4, 5].map((rung) =>
    h("li", {}, h("b", {}, t(`rung_${rung}`)), ` – ${t(`rung_${rung}_means`)}`),
  );
  const dialog = openDialog(
    app.root,
    t("help"),
    [
      h(
        "dl",
        { class: "keys" },
        app.keys().map(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(text))]),
      ),
      h("h3", {}, t("ladder")),
      h("ol", { class: "ladder" }, rungs),
      h("p", { class: "quiet" }, t("help_kept")),
    ],
    {
      kind: "wide",
      actions: [h("span", { class: "grow" }), button(t("close"), () => dialog.close())],
    },
  );
}
