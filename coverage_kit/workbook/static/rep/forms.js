// The dialogs of a slot: a check, a departure, an empty position, its history.
import { closeWhenSaved, openDialog } from "../core/dialogs.js";
import { h, button, dayField, labelled, onEnter } from "../core/dom.js";
import { draftField } from "../core/draft_fields.js";

function howChoice({ choices, t }, value = "call") {
  const name = `how-${Math.random()}`;
  const boxes = choices.verified_how.map((how) =>
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

/** Check that the holder is still there: the day, how, and which of the person's slots it covers. */
export function openVerification(app, slot) {
  const { t } = app;
  const on = dayField(t("day"), app.day, t);
  const how = howChoice(app, slot.verified_how ?? "call");
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
      (response) => app.errorText(response),
      { "slot.verified_ahead": on.text, "field.day": on.text },
    );
  };
  onEnter(on.text, save);
  const several =
    boxes.length > 1
      ? labelled(
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
    ? t("still_in_slot", { name: app.addressed(slot.holder) })
    : t("still_vacant");
  const dialog = openDialog(
    app.root,
    title,
    [labelled(t("day"), on.node), labelled(t("how"), how.node), several],
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

/** Record a departure, or another role in the same company, with its day if known. */
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
  const kinds = app.choices.end_kind;
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
  const texts = draftTexts(app, [account ?? "", role || holder.person], {
    new_title: title,
    moved_to: moved,
  });
  const changed = dayField(t("role_since"), app.day, t);
  const since = labelled(t("since_when"), on.node);
  const extra = {
    moved: [labelled(t("moved_to"), moved)],
    role_changed: [labelled(t("role_since"), changed.node), labelled(t("new_title"), title)],
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
      version: holder.version,
      kind: kind(),
      on: day.value,
      title: title.value.trim(),
      moved_to: moved.value.trim(),
    };
    closeWhenSaved(dialog, texts.sent(send(value)), (response) => app.errorText(response));
  };
  if (moved.value || title.value)
    choose.querySelector(`[value=${moved.value ? "moved" : "role_changed"}]`).checked = true;
  const dialog = openDialog(
    app.root,
    t("what_happened_to", { name: app.addressed(holder) }),
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

/** Keep the texts of a dialog as drafts until they are saved or discarded. */
function draftTexts(app, [account, role], fields) {
  for (const [field, input] of Object.entries(fields))
    draftField(app, [account, role, field], input);
  const forget = () => {
    for (const field of Object.keys(fields)) app.drafts.keep(account, role, field, null);
  };
  const sent = async (pending) => {
    forget();
    const response = await pending;
    if (response.kind === "refused")
      for (const input of Object.values(fields)) input.dispatchEvent(new Event("input"));
    return response;
  };
  return { forget, sent };
}

/** Open the dialog that a draft belongs to. */
export function openSlotDraft(app, [, role, field]) {
  const slot = app.page.slots.find((each) => each.role === role);
  if (field === "reason") openEmptySlot(app, role, "not_applicable");
  if (slot?.holder && (field === "new_title" || field === "moved_to"))
    openDeparture(app, slot.holder, { role });
}

/** Record that a position is vacant, or that it does not exist at this account. */
export function openEmptySlot(app, role, kind) {
  const { t } = app;
  const on = dayField(
    t(kind === "vacant" ? "day" : "review_on"),
    kind === "vacant" ? app.day : "",
    t,
  );
  const how = howChoice(app);
  const reason = h("input", {
    type: "text",
    maxlength: 300,
    "aria-label": t("reason"),
    autocomplete: "off",
  });
  const texts = draftTexts(app, [app.account, role], { reason });
  const agrees = app.data.may_agree;
  const body =
    kind === "vacant"
      ? [labelled(t("day"), on.node), labelled(t("how"), how.node)]
      : [
          labelled(t("reason"), reason),
          agrees ? labelled(t("review_on"), on.node) : null,
          h("p", { class: "quiet" }, t(agrees ? "not_applicable_note" : "proposal_note")),
        ];
  const save = () => {
    const value =
      kind === "vacant"
        ? { on: on.value, how: how.value }
        : { reason: reason.value.trim(), ...(agrees ? { review_on: on.value } : {}) };
    const field = kind === "not_applicable" && !agrees ? "proposed" : kind;
    const places = {
      "slot.review_past": on.text,
      "slot.verified_ahead": on.text,
      "field.day": on.text,
      "slot.not_applicable": reason,
    };
    closeWhenSaved(
      dialog,
      texts.sent(app.save(role, field, value, reason.value.trim())),
      (response) => app.errorText(response),
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
      button(t(kind === "vacant" || agrees ? "write_down" : "propose"), save, { class: "primary" }),
    ],
  });
}

/** Show who wrote what on this slot, and when. */
export async function openHistory(app, role) {
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
  const response = await app.connection.ask("history", { account: app.account, role });
  const entries = response.entries ?? [];
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
