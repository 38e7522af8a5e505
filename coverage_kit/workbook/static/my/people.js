// Support and service: up to five people whom they meet anyway, one press each.
import { withText } from "../core/dom.js";
import { html } from "../vendor/preact.js";
import { Section } from "./leader.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { Body, MyScreen } from "../core/types.d.ts" */
/** @import { Edit, MyPerson } from "../messages.d.ts" */
/** @import { MyApp } from "./app.js" */
/** @typedef {{ app: MyApp, one: MyPerson }} OfPerson */

const ENDS = ["left", "role_changed"];

/** @param {{ app: MyApp }} props */
export function People({ app }) {
  const { shown, t } = app;
  return html`
    <${Section} name="people" title=${t("my_people")} count=${shown.people.length || ""}>
      <p class="quiet">${t(shown.people.length ? "my_people_lead" : "my_people_none")}</p>
      <ul class="my-cards">
        ${shown.people.map((one) => html`<${PersonCard} key=${`${one.account}:${one.person}`} app=${app} one=${one} />`)}
      </ul>
    <//>
  `;
}

/** @param {OfPerson} props */
function PersonCard({ app, one }) {
  const { lang, shown, t } = app;
  const name = nameOf(app, one);
  const last = one.verified_on
    ? t("last_confirmed", { on: app.day(one.verified_on), n: one.age_days })
    : t("state_never");
  const there = { person: one.person, on: shown.today, how: "meeting", roles: one.roles };
  return html`
    <li class="panel my-card" data-person=${one.person}>
      <p class="task">${name}</p>
      <p class="quiet">${one.account_name} · ${last}</p>
      <p class="chips">
        ${one.titles.map((title) => html`<span class="chip">${title[lang]}</span>`)}
      </p>
      ${one.tries > 0 && html`<p class="late">${t("tried_times", { on: app.day(one.tried_on ?? shown.today), n: one.tries })}</p>`}
      <div class="my-acts">
        <button
          type="button"
          class="primary"
          data-key=${`there-${one.person}`}
          disabled=${app.isBusy}
          onClick=${() => write({ app, one }, "verified", there, "my_there_done")}
        >
          ${t("still_here")}
        </button>
        ${ENDS.map(
          (kind) => html`
            <button
              type="button"
              data-key=${`${kind}-${one.person}`}
              aria-expanded=${String(app.opened === `${kind}:${one.person}`)}
              disabled=${app.isBusy}
              onClick=${() => app.open(`${kind}:${one.person}`)}
            >
              ${t(`mark_${kind}`)}
            </button>
          `,
        )}
        <button
          type="button"
          data-key=${`tried-${one.person}`}
          disabled=${app.isBusy}
          onClick=${() => write({ app, one }, "tried", { person: one.person }, "my_tried_done")}
        >
          ${t("not_reached")}
        </button>
      </div>
      <${Changed} app=${app} one=${one} />
      <${JustHeard} app=${app} one=${one} />
    </li>
  `;
}

/**
 * Somebody who is no longer there: who holds the position now, where that is known.
 * @param {OfPerson} props
 */
function Changed({ app, one }) {
  const { t } = app;
  const [kind, person] = app.opened.split(/:(.*)/s);
  if (person !== one.person || !ENDS.includes(kind)) return null;
  const form = app.opened;
  const successor = app.draft(form).trim() || null;
  const end = { person, kind, version: one.version, successor };
  const done = successor ? "my_succeeded_done" : "my_changed_done";
  return html`
    <${LineForm}
      app=${app}
      form=${form}
      label=${t("my_successor")}
      hint=${t("my_successor_hint")}
      act=${t("my_changed_send")}
      keys=${["form", "send"]}
      isReady=${true}
      onSend=${() => write({ app, one }, "ended", end, done, form)}
    />
  `;
}

/**
 * One line that the person said.
 * @param {OfPerson} props
 */
function JustHeard({ app, one }) {
  const { t } = app;
  const form = `said:${one.person}`;
  const text = app.draft(form).trim();
  const heard = { person: one.person, kind: "need", text };
  return html`
    <${LineForm}
      app=${app}
      form=${form}
      label=${t("just_heard_from", { name: nameOf(app, one) })}
      hint=${t("just_heard")}
      act=${t("my_line_send")}
      keys=${[`said-${one.person}`, `keep-${one.person}`]}
      isReady=${text !== ""}
      onSend=${() => write({ app, one }, "voice", heard, "my_line_done", form)}
    />
  `;
}

/**
 * A line and its button; Escape closes what a press opened. ``keys`` name the two for the focus.
 * @param {{
 *   app: MyApp, form: string, label: string, hint: string, act: string, keys: [string, string],
 *   isReady: boolean, onSend: () => void,
 * }} props
 */
function LineForm({ app, form, label, hint, act, keys, isReady, onSend }) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (isReady && !app.isBusy) onSend();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && app.opened === form) app.open(form);
  };
  return html`
    <form class="my-form" onSubmit=${submit} onKeyDown=${onKey}>
      <label class="field">
        <span>${label}</span>
        <input
          type="text"
          maxlength="300"
          autocomplete="off"
          data-key=${keys[0]}
          value=${app.draft(form)}
          placeholder=${hint}
          title=${app.t("write_kindly")}
          onInput=${withText((text) => app.type(form, text))}
        />
      </label>
      <button type="submit" data-key=${keys[1]} disabled=${!isReady || app.isBusy}>${act}</button>
    </form>
  `;
}

/**
 * @param {MyApp} app
 * @param {MyPerson} one
 */
function nameOf(app, one) {
  return nameWithTitle(one.name ?? app.t("erased"), one.title);
}

/**
 * @param {OfPerson} of
 * @param {Edit["field"]} field
 * @param {object} value
 * @param {string} done
 * @param {string} form
 */
function write({ app, one }, field, value, done, form = "") {
  const sent = /** @type {unknown} */ ({ field, account: one.account, role: "", value });
  const said = app.t(done, { name: nameOf(app, one) });
  return app.act("edit", /** @type {Body<MyScreen, "edit">} */ (sent), said, form);
}
