// The dialogs of a slot: a check, a departure, an empty position, its history.
import { closeWhenSaved, openDialog, openReader } from "../core/dialogs.js";
import { h, button, dayField, labelled, onEnter } from "../core/dom.js";
import { draftField } from "../core/draft_fields.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { AccountScreen, Place, Saved } from "../core/types.d.ts" */
/** @import { Departure, FieldChange, SessionResponse, SlotView } from "../messages.d.ts" */

/**
 * Somebody who is recorded as having left.
 * @typedef {{
 *   person: string, name: string | null, title?: string | null, version?: number, roles?: unknown[],
 * }} Leaver
 */

/** @param {AccountApp} app */
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
      return checkedOf(node)?.value ?? null;
    },
  };
}

/**
 * The radio button that is chosen.
 * @param {HTMLElement} group
 */
function checkedOf(group) {
  return /** @type {HTMLInputElement | null} */ (group.querySelector("input:checked"));
}

/**
 * Check that the holder is still there: the day, how, and which of the person's slots it covers.
 * @param {AccountApp} app
 * @param {SlotView} slot
 */
export function openVerification(app, slot) {
  const { t } = app;
  const on = dayField(t("day"), app.day, t);
  const how = howChoice(app, slot.verified_how ?? "call");
  const holder = slot.status === "open" ? slot.holder : null;
  const person = holder?.person;
  const slots = person
    ? app.slots.filter((each) => each.holder?.person === person && each.status === "open")
    : [];
  const boxes = slots.map((each) => ({
    role: each.role,
    box: h("input", { type: "checkbox", checked: true }),
  }));
  const save = () => {
    const roles = boxes.filter(({ box }) => box.checked).map(({ role }) => role);
    if (!on.isDay) return on.refuse();
    const checked = { on: on.value, how: how.value };
    closeWhenSaved(
      dialog,
      person
        ? app.save(slot.role, "verified", { person, ...checked, roles })
        : app.save(slot.role, "vacant", checked),
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
  const title = holder ? t("still_in_slot", { name: app.addressed(holder) }) : t("still_vacant");
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
  checkedOf(how.node)?.focus();
}

/**
 * Record a departure, or another role in the same company, with its day if known. `send` saves it another way.
 * @param {AccountApp} app
 * @param {Leaver} holder
 * @param {{
 *   role?: string, account?: string | null,
 *   send?: (value: Departure) => Promise<Saved<AccountScreen> | SessionResponse>,
 * }} options
 */
export function openDeparture(app, holder, { role = "", account = app.account, send } = {}) {
  const { t } = app;
  /** @param {Departure} value */
  const saved = (value) =>
    send?.(value) ?? app.save(role, "ended", value, holder.name ?? "", account);
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
  const kind = () => checkedOf(choose)?.value ?? kinds[0];
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
    if (day.value && !day.isDay) return day.refuse();
    const value = {
      person: holder.person,
      version: holder.version,
      kind: kind(),
      on: day.value,
      title: title.value.trim(),
      moved_to: moved.value.trim(),
    };
    closeWhenSaved(dialog, texts.sent(saved(value)), (response) => app.errorText(response));
  };
  const drafted = moved.value ? "moved" : title.value ? "role_changed" : null;
  for (const box of choose.querySelectorAll("input")) if (box.value === drafted) box.checked = true;
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

/**
 * Keep the texts of a dialog as drafts until they are saved or discarded.
 * @param {AccountApp} app
 * @param {[account: string, role: string]} place
 * @param {Record<string, HTMLInputElement>} fields
 */
function draftTexts(app, [account, role], fields) {
  for (const [field, input] of Object.entries(fields))
    draftField(app, [account, role, field], input);
  const forget = () => {
    for (const field of Object.keys(fields)) app.drafts.keep(account, role, field, null);
  };
  /**
   * @template {{ kind: string }} R
   * @param {Promise<R>} pending
   */
  const sent = async (pending) => {
    forget();
    const response = await pending;
    if (response.kind === "refused")
      for (const input of Object.values(fields)) input.dispatchEvent(new Event("input"));
    return response;
  };
  return { forget, sent };
}

/**
 * Open the dialog that a draft belongs to.
 * @param {AccountApp} app
 * @param {Place} place
 */
export function openSlotDraft(app, [, role, field]) {
  const slot = app.slots.find((each) => each.role === role);
  if (field === "reason") openEmptySlot(app, role, "not_applicable");
  if (slot?.holder && (field === "new_title" || field === "moved_to"))
    openDeparture(app, slot.holder, { role });
}

/**
 * Record that a position is vacant, or that it does not exist at this account.
 * @param {AccountApp} app
 * @param {string} role
 * @param {"vacant" | "not_applicable"} kind
 */
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
  const texts = draftTexts(app, [app.account ?? "", role], { reason });
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
    const why = reason.value.trim();
    const saved =
      kind === "vacant"
        ? app.save(role, kind, { on: on.value, how: how.value })
        : agrees
          ? app.save(role, kind, { reason: why, review_on: on.value }, why)
          : app.save(role, "proposed", { reason: why }, why);
    const places = {
      "slot.review_past": on.text,
      "slot.verified_ahead": on.text,
      "field.day": on.text,
      "slot.not_applicable": reason,
    };
    closeWhenSaved(dialog, texts.sent(saved), (response) => app.errorText(response), places);
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

/**
 * Show who wrote what on this slot, and when.
 * @param {AccountApp} app
 * @param {string} role
 */
export async function openHistory(app, role) {
  const { t } = app;
  const list = h(
    "ol",
    { class: "trail", "aria-busy": "true" },
    h("li", { class: "quiet" }, t("loading")),
  );
  openReader(app, t("history_of", { role: app.roleTitle(role) }), list, "wide");
  const response = await app.connection.ask("history", { account: app.account, role });
  const entries = response.kind === "history" ? response.entries : [];
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

/**
 * @param {AccountApp} app
 * @param {FieldChange} change
 */
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
