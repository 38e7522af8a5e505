// One role of a list: its titles, what it needs from us, its place; and adding one from the library.
import { plain, withText } from "../core/dom.js";
import { SearchField } from "../core/search_field.js";
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";
import { markOf, newKey } from "./page_texts.js";

/** @import { Language } from "../core/types.d.ts" */
/** @import { Bilingual, ListForm, RoleForm } from "../messages.d.ts" */
/** @import { RolesApp, Way } from "./app.js" */

/** Roles shown while adding one; the others are found by search. */
const SHOWN = 40;
/** The function of a role that is none of the library's. */
const OWN_FUNCTION = "other";
/** @type {Way[]} */
const WAYS = ["left", "right"];
/** @typedef {(field: "title" | "value", lang: Language) => (text: string) => void} SetText */
/** @typedef {{ role: RoleForm, titles: string[], aliases: string[] }} FoundRole */

/** @param {{ app: RolesApp, role: string }} props */
export function RoleDialog({ app, role: key }) {
  const { t } = app;
  const at = app.list?.roles.findIndex((each) => each.key === key) ?? -1;
  const role = app.list?.roles[at];
  if (!role) return null;
  /** @param {string} field */
  const where = (field) => `roles.${at}.${field}`;
  const remove = () => {
    app.closeDialog();
    app.removeRole(key);
  };
  const actions = html`
    <button type="button" data-key="role-remove" onClick=${remove}>
      ${t("lists_role_remove")}
    </button>
    ${WAYS.map(
      (way) => html`
        <button type="button" data-key=${`role-${way}`} onClick=${() => app.moveRole(key, way)}>
          ${t(`lists_role_${way}`)}
        </button>
      `,
    )}
    <span class="grow"></span>
    <button type="button" class="primary" data-key="role-done" onClick=${() => app.closeDialog()}>
      ${t("close")}
    </button>
  `;
  /**
   * @param {"title" | "value"} field
   * @param {Language} lang
   */
  const set = (field, lang) => (/** @type {string} */ text) =>
    app.changeRole(key, (own) => (own[field][lang] = text));
  return html`
    <${Dialog}
      app=${app}
      title=${role.title[app.lang] || t("lists_role")}
      kind="wide role-dialog"
      actions=${actions}
    >
      <${Levels} app=${app} role=${role} />
      <${Pair} app=${app} name="title" where=${where("title")} values=${role.title} set=${set} />
      <${Aliases} app=${app} role=${role} where=${where("aliases")} />
      <${Pair} app=${app} name="value" where=${where("value")} values=${role.value} set=${set} />
      <p class="quiet">${t("lists_one_language")}</p>
    <//>
  `;
}

/** @param {{ app: RolesApp, role: RoleForm }} props */
function Levels({ app, role }) {
  const { id, t } = app;
  return html`
    <div class="radios" role="radiogroup" aria-label=${t("lists_band")}>
      ${app.choices.level.map(
        (level) => html`
          <label class="radio">
            <input
              type="radio"
              name=${`${id}-level`}
              checked=${level === role.level}
              data-key=${`level-${level}`}
              onChange=${() => app.changeRole(role.key, (own) => (own.level = level))}
            />
            ${t(`band_${level}`)}
          </label>
        `,
      )}
    </div>
  `;
}

/**
 * One text in Korean and in English.
 * @param {{ app: RolesApp, name: "title" | "value", where: string, values: Bilingual, set: SetText }} props
 */
export function Pair({ app, name, where, values, set }) {
  const mark = markOf(app, where);
  return html`
    <div class="pair">
      ${app.langs.map((lang) => {
        const field = {
          maxlength: 200,
          "data-key": `${name}-${lang}`,
          value: values[lang],
          onInput: withText(set(name, lang)),
          ...mark.field,
        };
        return html`
          <label class="field">
            <span class="label">${app.t(`lists_${name}_${lang}`)}</span>
            ${
              name === "value"
                ? html`<textarea rows="2" ...${field} />`
                : html`<input type="text" autocomplete="off" ...${field} />`
            }
          </label>
        `;
      })}
      ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
    </div>
  `;
}

/** @param {{ app: RolesApp, role: RoleForm, where: string }} props */
function Aliases({ app, role, where }) {
  const { t } = app;
  const mark = markOf(app, where);
  return html`
    <div class="pair">
      ${app.langs.map((lang) => html`<${AliasField} app=${app} role=${role} lang=${lang} mark=${mark.field} />`)}
      ${mark.text && html`<p class="refused" role="alert" id=${mark.id}>${mark.text}</p>`}
      <p class="quiet">${t("lists_aliases_lead")}</p>
    </div>
  `;
}

/**
 * Titles with commas between them; the text stays as it was typed while it is typed.
 * @param {{ app: RolesApp, role: RoleForm, lang: Language, mark: Record<string, string> }} props
 */
function AliasField({ app, role, lang, mark }) {
  const [text, setText] = useState(role.aliases[lang].join(", "));
  /** @param {{ target: HTMLTextAreaElement }} event */
  const type = ({ target }) => {
    setText(target.value);
    const titles = target.value.split(/[,\n]/).map((each) => each.trim());
    app.changeRole(role.key, (own) => (own.aliases[lang] = titles.filter(Boolean)));
  };
  return html`
    <label class="field">
      <span class="label">${app.t(`lists_aliases_${lang}`)}</span>
      <textarea rows="4" data-key=${`aliases-${lang}`} value=${text} ...${mark} onInput=${type} />
    </label>
  `;
}

// Adding a role ----------------------------------------------------------------------------------

/**
 * Every role of the library and of the lists here, once. It is worded as the library's draft of the open list words it,
 * else as the default list does, else as most lists do: the word of one industry does not stand for all.
 * @param {RolesApp} app
 */
function libraryRoles(app) {
  const lists = [...app.drafts.all, ...app.shown.library];
  const isOwn = (/** @type {ListForm} */ each) => each.key === app.list?.key;
  lists.sort(
    (a, b) => Number(isOwn(b)) - Number(isOwn(a)) || Number(b.default) - Number(a.default),
  );
  /** @type {Map<string, FoundRole & { worded: RoleForm[], isFixed: boolean }>} */
  const found = new Map();
  for (const list of lists)
    for (const role of list.roles) {
      // Lists word the same role differently; it is found by all of its names.
      const own = found.get(role.key) ?? {
        role,
        titles: [],
        aliases: [],
        worded: [],
        isFixed: isOwn(list) || list.default,
      };
      found.set(role.key, own);
      own.worded.push(role);
      own.titles.push(...Object.values(role.title).map(plain));
      own.aliases.push(...role.aliases.ko.map(plain), ...role.aliases.en.map(plain));
    }
  return [...found.values()].map(({ worded, isFixed, ...own }) =>
    isFixed ? own : { ...own, role: usual(worded) },
  );
}

/**
 * The first of these wordings of a role with the title that most of them use.
 * @param {RoleForm[]} worded
 */
function usual(worded) {
  const n = (/** @type {RoleForm} */ role) =>
    worded.filter((each) => each.title.ko === role.title.ko).length;
  return worded.reduce((best, each) => (n(each) > n(best) ? each : best));
}

/**
 * How well a role fits a search: 0 for one of its titles, 1 for the beginning of its name, 2 for a part of a title, else none.
 * @param {FoundRole} role
 * @param {string} wanted
 */
function fit({ titles, aliases }, wanted) {
  if ([...titles, ...aliases].includes(wanted)) return 0;
  if (titles.some((each) => each.startsWith(wanted))) return 1;
  return [...titles, ...aliases].some((each) => each.includes(wanted)) ? 2 : null;
}

/**
 * @param {RolesApp} app
 * @param {string} level
 * @param {string} text
 */
function findRoles(app, level, text) {
  const taken = new Set(app.list?.roles.map((role) => role.key));
  /**
   * Of two that fit alike, first the one that can be added, then the one of this band.
   * @param {FoundRole} found
   */
  const order = ({ role }) => 2 * Number(taken.has(role.key)) + Number(role.level !== level);
  return libraryRoles(app)
    .flatMap((own) => {
      const rank = fit(own, plain(text));
      return rank === null ? [] : { own, rank };
    })
    .sort((a, b) => a.rank - b.rank || order(a.own) - order(b.own))
    .map(({ own, rank }) => ({ role: own.role, rank }));
}

/** @param {{ app: RolesApp, level: string }} props */
export function AddRoleDialog({ app, level }) {
  const { lang, list, t } = app;
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const matches = findRoles(app, level, text);
  const found = matches.map(({ role }) => role);
  const taken = new Map(list?.roles.map((role) => [role.key, role]));
  const isKnown = matches[0]?.rank === 0;
  /** @param {RoleForm} role */
  const add = (role) => {
    const own = taken.get(role.key);
    if (own) {
      setProblem(t("lists_role_taken", { role: own.title[lang], band: t(`band_${own.level}`) }));
      return;
    }
    app.closeDialog();
    app.addRole({ ...structuredClone(role), level });
  };
  const create = () => {
    const role = newRole(app, text.trim(), level);
    app.closeDialog();
    app.addRole(role);
    app.openDialog({ kind: "role", role: role.key });
  };
  /** @param {string} next */
  const search = (next) => {
    setText(next);
    setProblem("");
  };
  /** @param {KeyboardEvent} event */
  const enter = (event) => {
    if (event.key !== "Enter" || event.isComposing || !text.trim()) return;
    event.preventDefault();
    if (found.length) add(found[0]);
    else create();
  };
  const title = `${t("lists_add_role")}: ${t(`band_${level}`)}`;
  return html`
    <${Dialog} app=${app} title=${title} kind="wide" close="cancel">
      <${SearchField}
        isFirst=${true}
        label=${t("lists_role_search")}
        name="role-search"
        text=${text}
        change=${search}
        press=${enter}
      />
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
      <ul class="found-roles">
        ${
          text.trim() &&
          !isKnown &&
          html`
            <li>
              <button type="button" class="found create" data-key="role-create" onClick=${create}>
                <b>${t("lists_role_create", { title: text.trim() })}</b>
              </button>
            </li>
          `
        }
        ${found
          .slice(0, SHOWN)
          .map(
            (role) =>
              html`<${Found}
                key=${role.key}
                app=${app}
                role=${role}
                own=${taken.get(role.key)}
                add=${add}
              />`,
          )}
      </ul>
      <p class="quiet" role="status">${t("lists_n_found", { n: found.length })}</p>
    <//>
  `;
}

/**
 * @param {{ app: RolesApp, role: RoleForm, own: RoleForm | undefined, add: (role: RoleForm) => void }} props
 */
function Found({ app, role, own, add }) {
  const { lang, t } = app;
  const titles = [role.title[lang === "ko" ? "en" : "ko"], ...role.aliases[lang].slice(0, 4)];
  return html`
    <li>
      <button
        type="button"
        class="found"
        data-key=${`found-${role.key}`}
        onClick=${() => add(role)}
      >
        <b>${role.title[lang]}</b>
        <span class="tag">${own ? t("lists_role_here") : t(`band_${role.level}`)}</span>
        <span class="quiet">${titles.filter((each) => each !== role.title[lang]).join(" · ")}</span>
      </button>
    </li>
  `;
}

/**
 * @param {RolesApp} app
 * @param {string} title
 * @param {string} level
 */
function newRole(app, title, level) {
  const taken = new Set(libraryRoles(app).map(({ role }) => role.key));
  const key = newKey(title);
  const other = app.lang === "ko" ? "en" : "ko";
  return {
    key: taken.has(key) ? newKey("") : key,
    title: { ko: "", en: "", [app.lang]: title, [other]: "" },
    level,
    function: OWN_FUNCTION,
    aliases: { ko: [], en: [] },
    value: { ko: "", en: "" },
  };
}
