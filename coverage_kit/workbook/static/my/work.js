// One commitment as its owner sees it, and the answers it takes: one press, or one press and one line.
import { withText } from "../core/dom.js";
import { html } from "../vendor/preact.js";

/** @import { Body, MyScreen } from "../core/types.d.ts" */
/** @import { MyCommitment, RequestStepView } from "../messages.d.ts" */
/** @import { MyApp } from "./app.js" */
/** @typedef {"overdue" | "asked" | "open"} Part */
/** @typedef {"accept" | "hand_on" | "decline" | "kept" | "move" | "not_kept"} Act */
/** @typedef {{ app: MyApp, one: MyCommitment }} OfOne */
/** @typedef {OfOne & { form: string }} OfForm The form of a card, as "act:id". */

/** @param {OfOne & { name: Part }} props */
export function WorkCard({ app, one, name }) {
  const { lang, t } = app;
  const climbs =
    one.reply_by && t("my_climbs", { day: app.day(one.reply_by), name: one.climbs_to });
  const late = [
    one.days_late > 0 && t("my_late", { n: one.days_late }),
    one.carried > 0 && t("carried", { n: one.carried }),
  ].filter(Boolean);
  const due =
    name === "asked"
      ? climbs || t("my_due", { day: app.day(one.due_on) })
      : t("my_due", { day: app.day(one.due_on) });
  return html`
    <li class="panel my-card" data-commitment=${one.id}>
      ${late.length > 0 && html`<p class="late">${late.join(" · ")}</p>`}
      <p class="task">${one.task[lang]}</p>
      <p class="quiet">${due}</p>
      ${one.came && html`<p class="quiet">${stepLine(app, one.came)}</p>`}
      ${one.value?.[lang] && html`<p class="quiet">${t("my_value", { value: one.value[lang] })}</p>`}
      ${one.note && html`<p class="quiet">${one.note}</p>`}
      ${name === "asked" ? html`<${Asked} app=${app} one=${one} />` : html`<${Owed} app=${app} one=${one} />`}
    </li>
  `;
}

/**
 * How a request came here, or went on.
 * @param {MyApp} app
 * @param {RequestStepView} step
 */
function stepLine(app, { kind, on, before }) {
  return app.t(`my_came_${kind}`, { day: app.day(on), name: before });
}

/**
 * What went on because there was no answer.
 * @param {{ app: MyApp }} props
 */
export function Climbed({ app }) {
  const { shown, lang, t } = app;
  if (!shown.climbed.length) return null;
  return html`
    <section data-part="climbed">
      <h3 class="part">${t("my_climbed")} <span class="quiet">${shown.climbed.length}</span></h3>
      <ul class="panel my-lines">
        ${shown.climbed.map(
          ({ commitment, task, on, to }) => html`
            <li key=${commitment}>
              <span class="grow">${task[lang]}</span>
              <span class="quiet">${t("my_climbed_to", { day: app.day(on), name: to })}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

/**
 * A request: accept it with a day, hand it on, or say why not.
 * @param {OfOne} props
 */
function Asked({ app, one }) {
  return html`
    <${Acts} app=${app} one=${one} acts=${["accept", "hand_on", "decline"]} />
    <${Form} app=${app} one=${one} />
  `;
}

/**
 * A commitment of one's own: kept, later, or not.
 * @param {OfOne} props
 */
function Owed({ app, one }) {
  return html`
    <${Acts} app=${app} one=${one} acts=${["kept", "move", "not_kept"]} />
    <${Form} app=${app} one=${one} />
  `;
}

/** @param {OfOne & { acts: Act[] }} props */
function Acts({ app, one, acts }) {
  const { t } = app;
  return html`
    <div class="my-acts">
      ${acts.map(
        (act, i) => html`
          <button
            type="button"
            class=${i ? "" : "primary"}
            data-key=${`${act}-${one.id}`}
            aria-expanded=${String(app.opened === `${act}:${one.id}`)}
            disabled=${app.isBusy}
            onClick=${() => app.open(`${act}:${one.id}`)}
          >
            ${t(`my_${act}`)}
          </button>
        `,
      )}
    </div>
  `;
}

/**
 * @template {"accept" | "hand_on" | "decline" | "settle" | "move"} K
 * @param {OfForm} from
 * @param {K} kind
 * @param {Omit<Body<MyScreen, K>, "commitment" | "version">} body
 * @param {string} said
 */
function send({ app, one, form }, kind, body, said) {
  const { id, version } = one;
  const sent = /** @type {unknown} */ ({ commitment: id, version, ...body });
  const done = app.t(said, { task: one.task[app.lang] });
  return app.act(kind, /** @type {Body<MyScreen, K>} */ (sent), done, form);
}

/** @type {Record<string, (props: OfForm) => unknown>} */
const FORMS = {
  accept: AcceptForm,
  hand_on: HandOnForm,
  decline: DeclineForm,
  kept: KeptForm,
  move: MoveForm,
  not_kept: NotKeptForm,
};

/** @param {OfOne} props */
function Form({ app, one }) {
  const [act, id] = app.opened.split(/:(.*)/s);
  const Open = id === one.id ? FORMS[act] : null;
  return Open && html`<${Open} key=${act} app=${app} one=${one} form=${app.opened} />`;
}

/**
 * A form of one field, with its button; Escape closes it.
 * @param {{ app: MyApp, label: string, field: unknown, act: string, isReady: boolean, onSend: () => void }} props
 */
function OneField({ app, label, field, act, isReady, onSend }) {
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (isReady) onSend();
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => event.key === "Escape" && app.open(app.opened);
  return html`
    <form class="my-form" onSubmit=${submit} onKeyDown=${onKey}>
      <label class="field"><span>${label}</span>${field}</label>
      <button type="submit" class="primary" data-key="send" disabled=${!isReady || app.isBusy}>
        ${act}
      </button>
    </form>
  `;
}

/**
 * A line of text in a form.
 * @param {{ app: MyApp, form: string }} props
 */
function LineInput({ app, form }) {
  return html`
    <input
      type="text"
      data-key="form"
      maxlength="300"
      value=${app.draft(form)}
      onInput=${withText((text) => app.type(form, text))}
    />
  `;
}

/** @param {OfForm & { kind: "accept" | "move", said: string }} props */
function DayForm({ app, one, form, kind, said }) {
  const { shown, t } = app;
  const isPast = one.due_on < shown.today;
  const day = app.draft(form) || (isPast ? "" : one.due_on);
  const field = html`
    <input
      type="date"
      data-key="form"
      min=${shown.today}
      value=${day}
      onInput=${withText((text) => app.type(form, text))}
    />
  `;
  return html`
    <${OneField}
      app=${app}
      label=${t("my_by_day")}
      field=${field}
      act=${t(`my_${kind}_send`)}
      isReady=${day >= shown.today}
      onSend=${() => send({ app, one, form }, kind, { due_on: day }, said)}
    />
  `;
}

/** @param {OfForm} props */
function AcceptForm(props) {
  return html`<${DayForm} ...${props} kind="accept" said="my_accept_done" />`;
}

/** @param {OfForm} props */
function MoveForm(props) {
  return html`<${DayForm} ...${props} kind="move" said="my_move_done" />`;
}

/** @param {OfForm} props */
function HandOnForm({ app, one, form }) {
  const { shown, t } = app;
  const to = app.draft(form);
  const field = html`
    <select data-key="form" value=${to} onChange=${withText((text) => app.type(form, text))}>
      <option value="">${t("my_whom")}</option>
      ${shown.colleagues.map(
        (each) =>
          html`<option value=${each.id}>
            ${each.name} · ${t(`function_of_${each.function}`)}
          </option>`,
      )}
    </select>
  `;
  return html`
    <${OneField}
      app=${app}
      label=${t("my_hand_on_to")}
      field=${field}
      act=${t("my_hand_on_send")}
      isReady=${to !== ""}
      onSend=${() => send({ app, one, form }, "hand_on", { to }, "my_hand_on_done")}
    />
  `;
}

/** @param {OfForm} props */
function DeclineForm({ app, one, form }) {
  const { t } = app;
  const reason = app.draft(form);
  return html`
    <${OneField}
      app=${app}
      label=${t("my_decline_why")}
      field=${html`<${LineInput} app=${app} form=${form} />`}
      act=${t("my_decline_send")}
      isReady=${reason.trim() !== ""}
      onSend=${() => send({ app, one, form }, "decline", { reason }, "my_decline_done")}
    />
  `;
}

/**
 * Done, with one line about how it went if there is one.
 * @param {OfForm} props
 */
function KeptForm({ app, one, form }) {
  const { t } = app;
  const end = { outcome: "kept", note: app.draft(form).trim() || null };
  return html`
    <${OneField}
      app=${app}
      label=${t("my_one_line")}
      field=${html`<${LineInput} app=${app} form=${form} />`}
      act=${t("my_kept_send")}
      isReady=${true}
      onSend=${() => send({ app, one, form }, "settle", end, "my_kept_done")}
    />
  `;
}

/**
 * Not kept: one line if there is one, and a press for one of the five reasons.
 * @param {OfForm} props
 */
function NotKeptForm({ app, one, form }) {
  const { choices, t } = app;
  const note = app.draft(form).trim() || null;
  return html`
    <div class="my-form" role="group" aria-label=${t("my_why_not")}>
      <label class="field wide">
        <span>${t("my_one_line")}</span>
        <${LineInput} app=${app} form=${form} />
      </label>
      ${choices.not_kept_reason.map(
        (reason) => html`
          <button
            type="button"
            data-key=${`why-${reason}`}
            disabled=${app.isBusy}
            onClick=${() => send({ app, one, form }, "settle", { outcome: "not_kept", reason, note }, "my_not_kept_done")}
          >
            ${t(`reason_${reason}`)}
          </button>
        `,
      )}
    </div>
  `;
}
