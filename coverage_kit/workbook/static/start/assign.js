// Assigning accounts: filter, choose some or all, choose the colleague. Long lists come page by page.
import { plain, withText, withTick } from "../core/dom.js";
import { pageLink } from "../core/link.js";
import { MoveTeams } from "./moved.js";
import { html, useState } from "../vendor/preact.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import { Colleague } from "../messages.d.ts" */
/** @import { Assignable, Assigned, StartApp } from "./app.js" */

/** Accounts on one page. */
const AT_ONCE = 50;
const FREE = " free";
const NEW = " new";
/** @typedef {"industry" | "segment" | "region"} Field */
/** @type {Field[]} */
const FIELDS = ["industry", "segment", "region"];
const NO_FILTER = { text: "", owner: FREE, industry: "", segment: "", region: "", least: "" };
/** @typedef {typeof NO_FILTER} Filter */
/** @typedef {(some: Partial<Filter>) => void} Change */
/** @typedef {(some: Assigned[], isOn: boolean) => void} Tick */

/** @param {{ app: StartApp }} props */
export function AssignPage({ app }) {
  const { list, t } = app;
  const [filter, setFilter] = useState(NO_FILTER);
  const [ticked, setTicked] = useState(/** @type {Set<string>} */ (new Set()));
  const [from, setFrom] = useState(0);
  const found = list.accounts.filter((each) => fits(each, filter));
  /** @param {Partial<Filter>} some */
  const change = (some) => {
    setFilter({ ...filter, ...some });
    setFrom(0);
  };
  /**
   * @param {Assigned[]} some
   * @param {boolean} isOn
   */
  const tick = (some, isOn) => {
    const ids = new Set(ticked);
    for (const { id } of some) isOn ? ids.add(id) : ids.delete(id);
    setTicked(ids);
  };
  const chosen = list.accounts.filter(({ id }) => ticked.has(id));
  /**
   * @param {string} to
   * @param {string} name
   */
  const assign = async (to, name) => {
    const isDone = await app.assign(chosen, to, name);
    if (isDone) setTicked(new Set());
    if (isDone) setFrom(0);
    return isDone;
  };
  const parts = { app, found, ticked, tick, from, setFrom, filter, change };
  return html`
    <main class="front assign" aria-busy=${String(app.isBusy)} aria-label=${t("start_owners")}>
      <p>
        <button type="button" class="link" data-key="back" onClick=${() => app.openHome()}>
          ${t("start_back")}
        </button>
      </p>
      <h2 tabindex="-1" data-key="title">${t("start_owners")}</h2>
      <p class="quiet">${t("assign_lead")}</p>
      <${Done} app=${app} />
      <${MoveTeams} app=${app} />
      ${
        list.accounts.length > 0
          ? html`<${Filters} ...${parts} /><${Accounts} ...${parts} />`
          : html`
              <p class="empty-line">
                ${t("assign_no_accounts")}${" "}
                <a ...${pageLink("import_accounts")}>${t("start_accounts_open")}</a>
              </p>
            `
      }
      <${Giving} app=${app} n=${chosen.length} clear=${() => setTicked(new Set())} give=${assign} />
    </main>
  `;
}

/**
 * @param {Assigned} each
 * @param {Filter} filter
 */
function fits(each, { text, owner, least, ...fields }) {
  if (owner === FREE ? !each.is_free : owner && each.owner !== owner) return false;
  if (FIELDS.some((name) => fields[name] && each[name] !== fields[name])) return false;
  const number = Number(least.replaceAll(",", ""));
  if (number && !((each.value ?? 0) >= number)) return false;
  return each.plain.includes(plain(text));
}

/**
 * What was done last, with its Undo.
 * @param {{ app: StartApp }} props
 */
function Done({ app }) {
  const { last, t } = app;
  if (!last) return html`<div role="status"></div>`;
  const act = last.isMove ? "start_moved" : "assign";
  const text = t(`${act}_${last.editId ? "done" : "undone"}`, {
    n: last.n.toLocaleString(),
    rep: last.name,
  });
  return html`
    <div class="recorded" role="status">
      <span>${text}</span>
      ${
        last.editId &&
        html`
          <button
            type="button"
            data-key="assign-undo"
            disabled=${app.isBusy}
            onClick=${() => app.undo()}
          >
            ${t("undo")}
          </button>
        `
      }
    </div>
  `;
}

// The filters ------------------------------------------------------------------------------------

/** @param {{ app: StartApp, filter: Filter, change: Change }} props */
function Filters({ app, filter, change }) {
  const { list, t } = app;
  const names = namesOf(list);
  const owners = distinct(list.accounts, "owner").map((id) => [id, names[id] ?? id]);
  const hasValues = list.accounts.some(({ value }) => value !== null);
  const all = [[FREE, t("assign_free")], ["", t("assign_anybody")], ...owners];
  return html`
    <div class="assign-filters" role="search">
      <label class="field grow">
        <span class="label">${t("assign_account")}</span>
        <input
          type="search"
          placeholder=${t("assign_search")}
          autocomplete="off"
          data-key="assign-search"
          value=${filter.text}
          onInput=${withText((text) => change({ text }))}
        />
      </label>
      <${Filter} label=${t("assign_owner")} name="owner" options=${all} ...${{ filter, change }} />
      ${FIELDS.map((name) => {
        const values = distinct(list.accounts, name).map((value) => [value, value]);
        const options = [["", t("assign_any")], ...values];
        const label = t(`assign_${name}`);
        const parts = { label, name, options, filter, change };
        return values.length > 1 && html`<${Filter} key=${name} ...${parts} />`;
      })}
      ${
        hasValues &&
        html`
          <label class="field least">
            <span class="label">${t("assign_least")}</span>
            <input
              type="text"
              inputmode="numeric"
              autocomplete="off"
              value=${filter.least}
              onInput=${withText((text) => change({ least: text }))}
            />
          </label>
        `
      }
    </div>
  `;
}

/**
 * @param {{ label: string, name: keyof Filter, options: string[][], filter: Filter, change: Change }} props
 */
function Filter({ label, name, options, filter, change }) {
  return html`
    <label class="field">
      <span class="label">${label}</span>
      <select
        data-key=${`filter-${name}`}
        value=${filter[name]}
        onChange=${withText((text) => change({ [name]: text }))}
      >
        ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
      </select>
    </label>
  `;
}

/**
 * @param {Assigned[]} accounts
 * @param {Field | "owner"} name
 */
function distinct(accounts, name) {
  return [...new Set(accounts.map((each) => each[name]))].filter(Boolean).sort();
}

/** @param {Assignable} list */
function namesOf({ colleagues }) {
  return Object.fromEntries(colleagues.map(({ id, name }) => [id, name]));
}

// The accounts -----------------------------------------------------------------------------------

/**
 * @param {{
 *   app: StartApp, found: Assigned[], ticked: Set<string>, tick: Tick, from: number,
 *   setFrom: (from: number) => void, filter: Filter, change: Change,
 * }} props
 */
function Accounts({ app, found, ticked, tick, from, setFrom, filter, change }) {
  const { list, t } = app;
  const names = namesOf(list);
  const some = found.slice(from, from + AT_ONCE);
  const columns = FIELDS.filter((name) => list.accounts.some((each) => each[name]));
  const hasValues = list.accounts.some(({ value }) => value !== null);
  if (!found.length) return html`<${Nothing} app=${app} filter=${filter} change=${change} />`;
  return html`
    <${ChooseAll} t=${t} found=${found} ticked=${ticked} tick=${tick} />
    <div class="scroll">
      <table class="listed assign-table">
        <thead>
          <tr>
            <th scope="col">${t("assign_account")}</th>
            ${columns.map((name) => html`<th scope="col">${t(`assign_${name}`)}</th>`)}
            ${hasValues && html`<th scope="col" class="number">${t("assign_value")}</th>`}
            <th scope="col" class="number">${t("assign_contacts")}</th>
            <th scope="col">${t("assign_owner")}</th>
          </tr>
        </thead>
        <tbody>
          ${some.map(
            (each) => html`
              <tr key=${each.id} class=${ticked.has(each.id) ? "ticked" : ""}>
                <th scope="row">
                  <label class="tick">
                    <input
                      type="checkbox"
                      checked=${ticked.has(each.id)}
                      data-key=${`tick-${each.id}`}
                      onChange=${withTick((isOn) => tick([each], isOn))}
                    />
                    <span>${each.name}</span>
                  </label>
                </th>
                ${columns.map((name) => html`<td>${each[name]}</td>`)}
                ${hasValues && html`<td class="number">${each.value?.toLocaleString() ?? ""}</td>`}
                <td class="number" data-label=${t("assign_contacts")}>
                  ${each.people.toLocaleString()}
                </td>
                <td class=${each.is_free ? "quiet" : ""}>
                  ${each.owner ? (names[each.owner] ?? each.owner) : t("assign_free")}
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    <${Turn} t=${t} n=${found.length} from=${from} setFrom=${setFrom} />
  `;
}

/** @param {{ t: Translate, found: Assigned[], ticked: Set<string>, tick: Tick }} props */
function ChooseAll({ t, found, ticked, tick }) {
  const n = found.filter(({ id }) => ticked.has(id)).length;
  return html`
    <label class="tick all">
      <input
        type="checkbox"
        data-key="assign-all"
        checked=${n === found.length}
        indeterminate=${n > 0 && n < found.length}
        onChange=${withTick((isOn) => tick(found, isOn))}
      />
      ${t("assign_all", { n: found.length.toLocaleString() })}
    </label>
  `;
}

/** @param {{ app: StartApp, filter: Filter, change: Change }} props */
function Nothing({ app, filter, change }) {
  const { list, t } = app;
  const isOnlyFree = JSON.stringify(filter) === JSON.stringify(NO_FILTER);
  const isDone = isOnlyFree && list.accounts.length > 0;
  const owner = isDone ? "" : filter.owner;
  return html`
    <p class="empty-line" role="status">
      ${t(isDone ? "assign_all_done" : "assign_none")}${" "}
      <button type="button" class="link" onClick=${() => change({ ...NO_FILTER, owner })}>
        ${t("assign_show_all")}
      </button>
    </p>
  `;
}

/**
 * The pages of a long list.
 * @param {{ t: Translate, n: number, from: number, setFrom: (from: number) => void }} props
 */
function Turn({ t, n, from, setFrom }) {
  if (n <= AT_ONCE) return null;
  const to = Math.min(from + AT_ONCE, n);
  const range = { from: from + 1, to, n: n.toLocaleString() };
  return html`
    <nav class="turn" aria-label=${t("start_owners")}>
      <button type="button" disabled=${!from} onClick=${() => setFrom(from - AT_ONCE)}>
        ${t("assign_before")}
      </button>
      <span role="status">${t("assign_range", range)}</span>
      <button type="button" disabled=${to === n} onClick=${() => setFrom(from + AT_ONCE)}>
        ${t("assign_after")}
      </button>
    </nav>
  `;
}

// The colleague ----------------------------------------------------------------------------------

/**
 * @param {{ app: StartApp, n: number, clear: () => void, give: (to: string, name: string) => Promise<boolean> }} props
 */
function Giving({ app, n, clear, give }) {
  const { list, t } = app;
  const present = list.colleagues.filter(({ gone }) => !gone);
  const [whom, setWhom] = useState("");
  const [name, setName] = useState("");
  const isNew = whom === NEW || !present.length;
  const to = isNew ? name.trim() : whom;
  const press = async () => {
    const rep = isNew ? to : (present.find(({ id }) => id === whom)?.name ?? whom);
    if (!(await give(to, rep))) return;
    setName("");
    setWhom("");
  };
  const number = n.toLocaleString();
  return html`
    <div class="giving">
      ${!present.length && html`<p class="empty-line">${t("assign_no_staff")}</p>`}
      <span role="status">${t("assign_chosen", { n: number })}</span>
      ${n > 0 && html`<button type="button" class="link" onClick=${clear}>${t("assign_clear")}</button>`}
      <span class="grow"></span>
      ${present.length > 0 && html`<${Whom} t=${t} present=${present} whom=${whom} choose=${setWhom} />`}
      ${
        isNew &&
        html`
          <input
            type="text"
            maxlength="80"
            autocomplete="off"
            placeholder=${t("assign_new_name")}
            aria-label=${t("assign_new_name")}
            data-key="assign-new"
            value=${name}
            onInput=${withText(setName)}
          />
        `
      }
      <button
        type="button"
        class="primary"
        data-key="assign"
        disabled=${app.isBusy || !n || !to}
        onClick=${press}
      >
        ${t("assign_give", { n: number })}
      </button>
    </div>
  `;
}

/**
 * The choice of a colleague; reps come first.
 * @param {{ t: Translate, present: Colleague[], whom: string, choose: (whom: string) => void }} props
 */
function Whom({ t, present, whom, choose }) {
  /** @param {Colleague} each */
  const isRep = (each) => each.function === "rep";
  /** @param {Colleague} each */
  const line = (each) =>
    html`<option key=${each.id} value=${each.id}>
      ${isRep(each) ? each.name : `${each.name} · ${t(`function_of_${each.function}`)}`}
    </option>`;
  const others = present.filter((each) => !isRep(each));
  return html`
    <select
      aria-label=${t("assign_whom")}
      data-key="assign-whom"
      value=${whom}
      onChange=${withText(choose)}
    >
      <option value="">${t("assign_choose")}</option>
      ${present.filter(isRep).map(line)} ${others.map(line)}
      <option value=${NEW}>${t("assign_new")}</option>
    </select>
  `;
}
