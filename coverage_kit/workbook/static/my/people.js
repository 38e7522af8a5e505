// Support and service: up to five people whom they meet anyway, one press each.
import { withText } from "../core/dom.js";
import { html, useState } from "../vendor/preact.js";
import { Section } from "./leader.js";

/** @import { Body, MyScreen } from "../core/types.d.ts" */
/** @import { Edit, MyPerson } from "../messages.d.ts" */
/** @import { MyApp } from "./app.js" */

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

/** @param {{ app: MyApp, one: MyPerson }} props */
function PersonCard({ app, one }) {
  const { lang, shown, t } = app;
  const [said, setSaid] = useState("");
  const name = [one.name ?? t("erased"), one.title].filter(Boolean).join(" ");
  const last = one.verified_on
    ? t("last_confirmed", { on: app.day(one.verified_on), n: one.age_days })
    : t("state_never");
  /**
   * @param {Edit["field"]} field
   * @param {object} value
   * @param {string} done
   */
  const edit = (field, value, done) =>
    app.act(
      "edit",
      /** @type {Body<MyScreen, "edit">} */ ({ field, account: one.account, role: "", value }),
      t(done, { name }),
    );
  const tell = async () => {
    const isDone = await edit(
      "voice",
      { person: one.person, kind: "need", text: said.trim() },
      "my_line_done",
    );
    if (isDone) setSaid("");
  };
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
          onClick=${() => edit("verified", there, "my_there_done")}
        >
          ${t("still_here")}
        </button>
        ${ENDS.map(
          (kind) => html`
            <button
              type="button"
              data-key=${`${kind}-${one.person}`}
              disabled=${app.isBusy}
              onClick=${() =>
                edit(
                  "ended",
                  { person: one.person, kind, version: one.version },
                  "my_changed_done",
                )}
            >
              ${t(`mark_${kind}`)}
            </button>
          `,
        )}
        <button
          type="button"
          data-key=${`tried-${one.person}`}
          disabled=${app.isBusy}
          onClick=${() => edit("tried", { person: one.person }, "my_tried_done")}
        >
          ${t("not_reached")}
        </button>
      </div>
      <form
        class="my-form"
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          if (said.trim()) tell();
        }}
      >
        <label class="field">
          <span>${t("just_heard_from", { name })}</span>
          <input
            type="text"
            maxlength="300"
            data-key=${`said-${one.person}`}
            value=${said}
            placeholder=${t("just_heard")}
            title=${t("write_kindly")}
            onInput=${withText(setSaid)}
          />
        </label>
        <button type="submit" disabled=${!said.trim() || app.isBusy}>${t("my_line_send")}</button>
      </form>
    </li>
  `;
}
