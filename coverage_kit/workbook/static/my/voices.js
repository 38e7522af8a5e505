// Voices that wait for this colleague: what was done, and whether the person knows.
import { html } from "../vendor/preact.js";
import { withText } from "../core/dom.js";
import { Section } from "./leader.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { Body, MyScreen } from "../core/types.d.ts" */
/** @import { VoiceView } from "../messages.d.ts" */
/** @import { MyApp } from "./app.js" */

/** @param {{ app: MyApp }} props */
export function Voices({ app }) {
  const { shown, t } = app;
  if (!shown.voices.length) return null;
  return html`
    <${Section} name="voices" title=${t("my_voices")} count=${shown.voices.length}>
      <ul class="my-cards">
        ${shown.voices.map((one) => html`<${VoiceCard} key=${one.id} app=${app} one=${one} />`)}
      </ul>
    <//>
  `;
}

/** @param {{ app: MyApp, one: VoiceView }} props */
function VoiceCard({ app, one }) {
  const { t } = app;
  const form = `done:${one.id}`;
  const done = app.draft(form);
  const name = nameWithTitle(one.name ?? t("erased"), one.title);
  const isDone = one.state === "done";
  const facts = [
    name,
    one.account_name,
    t(`note_${one.kind}`),
    one.days ? t("said_wait", { days: one.days }) : t("said_today"),
  ];
  /** @param {boolean} answered */
  const close = (answered) => {
    const text = done.trim();
    if (!isDone && !text) {
      app.find(`done-${one.id}`)?.focus();
      return;
    }
    const sent = /** @type {unknown} */ ({
      field: "voice_closed",
      account: one.account,
      role: "",
      base: one.version,
      value: { voice: one.id, done: text || null, answered },
    });
    const said = t(answered ? "my_voice_answered" : "my_voice_closed", { body: one.body });
    app.act("edit", /** @type {Body<MyScreen, "edit">} */ (sent), said, form);
  };
  return html`
    <li class="panel my-card" data-voice=${one.id}>
      <p class="task"><q>${one.body}</q></p>
      <p class="quiet">${facts.join(" · ")}</p>
      ${isDone && html`<p class="quiet">${t("said_done", { by: one.done_by, done: one.done })} · ${t("said_not_told")}</p>`}
      ${
        !isDone &&
        html`<label class="field">
          <span class="sr">${t("said_what_done", { body: one.body })}</span>
          <input
            type="text"
            maxlength="300"
            data-key=${`done-${one.id}`}
            value=${done}
            placeholder=${t("said_what_done_short")}
            onInput=${withText((text) => app.type(form, text))}
          />
        </label>`
      }
      <div class="my-acts">
        <button
          type="button"
          class="primary"
          data-key=${`answered-${one.id}`}
          disabled=${app.isBusy}
          onClick=${() => close(true)}
        >
          ${t(isDone ? "said_tell" : "said_close_told")}
        </button>
        ${
          !isDone &&
          html`<button
            type="button"
            data-key=${`close-${one.id}`}
            disabled=${app.isBusy}
            onClick=${() => close(false)}
          >
            ${t("said_close")}
          </button>`
        }
      </div>
    </li>
  `;
}
