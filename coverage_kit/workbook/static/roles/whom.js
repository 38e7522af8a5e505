// Whom a list applies to: who the customers are, or what we sell them.
import { withTick } from "../core/dom.js";
import { html } from "../vendor/preact.js";
import { markOf } from "./page_texts.js";

/** @import { ListForm } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */
/** @typedef {"industries" | "segments" | "regions" | "teams"} Condition */
/** @type {Condition[]} */
const CONDITIONS = ["industries", "segments", "regions"];

/** @param {{ app: RolesApp }} props */
export function WhomPanel({ app }) {
  const { list, t } = app;
  if (!list) return null;
  const isOffering = list.kind === "offering";
  const n = (app.under[list.key]?.n ?? 0).toLocaleString();
  const mark = markOf(app, "applies_to");
  const hasTeams = app.shown.values.teams.length > 0 || list.applies_to.teams.length > 0;
  /** @type {Condition[]} */
  const names = hasTeams ? [...CONDITIONS, "teams"] : CONDITIONS;
  const isWaiting = app.drafts.kept.unused || Boolean(mark.text);
  return html`
    <section class="panel whom" aria-labelledby=${`${app.id}-whom`}>
      <h3 id=${`${app.id}-whom`}>
        ${t("lists_whom")}
        <span class="count-now" role="status">${t("n_accounts", { n })}</span>
      </h3>
      <fieldset class="plain-set" disabled=${app.drafts.isRemoved(list.key)}>
        <legend class="sr">${t("lists_whom")}</legend>
        <${Kinds} app=${app} list=${list} />
        ${isOffering ? html`<${Offerings} app=${app} list=${list} />` : html`<${Default} app=${app} list=${list} />`}
        ${names.map((name) => html`<${Values} key=${name} app=${app} list=${list} name=${name} />`)}
        ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
        ${isWaiting && html`<${MayWait} app=${app} />`}
      </fieldset>
    </section>
  `;
}

/** @param {{ app: RolesApp, list: ListForm }} props */
function Kinds({ app, list }) {
  const { id, t } = app;
  /** @param {string} kind */
  const choose = (kind) => {
    if (kind === "offering" && list.default) app.makeDefault(false);
    app.change((own) => (own.kind = kind));
  };
  return html`
    <div class="radios" role="radiogroup" aria-label=${t("lists_kind")}>
      ${["base", "offering"].map(
        (kind) => html`
          <label class="radio">
            <input
              type="radio"
              name=${`${id}-kind`}
              checked=${kind === list.kind}
              data-key=${`kind-${kind}`}
              onChange=${() => choose(kind)}
            />
            ${t(`lists_kind_${kind}`)}
          </label>
        `,
      )}
    </div>
    <p class="quiet">${t(`lists_lead_${list.kind}`, { most: app.shown.offering_roles })}</p>
  `;
}

/** @param {{ app: RolesApp, list: ListForm }} props */
function Default({ app, list }) {
  const { t } = app;
  const mark = markOf(app, "default");
  return html`
    <label class="tick">
      <input
        type="checkbox"
        checked=${list.default}
        data-key="default"
        ...${mark.field}
        onChange=${withTick((isOn) => app.makeDefault(isOn))}
      />
      ${t("lists_make_default")}
    </label>
    ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
  `;
}

/**
 * A list that applies to no account is probably a slip; this says that it is not.
 * @param {{ app: RolesApp }} props
 */
function MayWait({ app }) {
  const change = withTick((unused) => {
    app.drafts.set({ unused });
    app.changed();
  });
  return html`
    <label class="tick may-wait">
      <input
        type="checkbox"
        checked=${app.drafts.kept.unused}
        data-key="unused"
        onChange=${change}
      />
      ${app.t("lists_may_wait")}
    </label>
  `;
}

/** @param {{ app: RolesApp, list: ListForm }} props */
function Offerings({ app, list }) {
  const { lang, t } = app;
  const chosen = list.applies_to.offerings;
  const known = app.shown.offerings.filter(({ active, key }) => active || chosen.includes(key));
  const mark = markOf(app, "applies_to.offerings");
  /** @param {string} key */
  const tick = (key) =>
    withTick((isOn) =>
      app.change((own) => {
        const others = own.applies_to.offerings.filter((each) => each !== key);
        own.applies_to.offerings = isOn ? [...others, key] : others;
      }),
    );
  return html`
    <div class="field" role="group" aria-label=${t("lists_offerings")} ...${mark.field}>
      <span class="label">${t("lists_offerings")}</span>
      ${known.map(
        (each) => html`
          <label class="tick">
            <input
              type="checkbox"
              checked=${chosen.includes(each.key)}
              data-key=${`offering-${each.key}`}
              onChange=${tick(each.key)}
            />
            ${each[lang]}
          </label>
        `,
      )}
      <button
        type="button"
        class="link"
        data-key="offerings-here"
        onClick=${() => app.openDialog({ kind: "offerings" })}
      >
        ${t("lists_edit_offerings")}
      </button>
      ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
    </div>
  `;
}

/**
 * The values of one condition; what the workspace's accounts hold is suggested.
 * @param {{ app: RolesApp, list: ListForm, name: Condition }} props
 */
function Values({ app, list, name }) {
  const { drafts, t } = app;
  const values = list.applies_to[name];
  const place = `${list.key}|${name}`;
  const text = drafts.kept.typed[place] ?? "";
  const suggestions = app.shown.values[name].filter((each) => !values.includes(each));
  /** @param {string} typed */
  const add = (typed) => {
    drafts.type(place, "");
    const value = typed.trim();
    if (value && !values.includes(value)) app.change((own) => own.applies_to[name].push(value));
    else app.draw();
  };
  /** @param {string} value */
  const drop = (value) => {
    app.change((own) => (own.applies_to[name] = values.filter((each) => each !== value)));
    app.focusFirst(`[data-key="value-${name}"]`);
  };
  /** @param {{ inputType?: string, target: HTMLInputElement }} event */
  const input = ({ inputType, target }) => {
    // Choosing a suggestion completes the value; typing the same letters does not, since more may follow.
    const isChosen = !inputType || inputType === "insertReplacementText";
    if (isChosen && suggestions.includes(target.value)) {
      add(target.value);
      return;
    }
    drafts.type(place, target.value);
    app.draw();
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && !text && values.length) drop(values[values.length - 1]);
  };
  const label = t(`lists_${name}`);
  return html`
    <div class="field values">
      <label class="label" for=${`${app.id}-${name}`}>${label}</label>
      ${
        values.length > 0 &&
        html`<ul class="tokens">
          ${values.map(
            (value) => html`
              <li key=${value} class="token">
                ${value}
                <button
                  type="button"
                  class="link"
                  aria-label=${`${t("lists_role_remove")}: ${value}`}
                  onClick=${() => drop(value)}
                >
                  ×
                </button>
              </li>
            `,
          )}
        </ul>`
      }
      <input
        id=${`${app.id}-${name}`}
        type="text"
        list=${`${app.id}-${name}-known`}
        autocomplete="off"
        maxlength="200"
        placeholder=${t("lists_any")}
        data-key=${`value-${name}`}
        value=${text}
        onInput=${input}
        onKeyDown=${press}
        onBlur=${() => text && add(text)}
      />
      <datalist id=${`${app.id}-${name}-known`}>
        ${suggestions.map((each) => html`<option value=${each}></option>`)}
      </datalist>
    </div>
  `;
}
