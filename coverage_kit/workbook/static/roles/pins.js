// Lists that were chosen by hand for one account, with the reason.
import { withText, withTick } from "../core/dom.js";
import { SearchField } from "../core/search_field.js";
import { Dialog } from "../import/parts.js";
import { html, useState } from "../vendor/preact.js";
import { titleOf } from "./page_texts.js";

/** @import { PinView } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */

const SEARCH_MS = 200;

/** @param {{ app: RolesApp }} props */
export function PinsDialog({ app }) {
  const { t } = app;
  /** @type {PinView | null} */
  const first = app.drafts.kept.forms.pin?.account ?? null;
  const [chosen, setChosen] = useState(first);
  const back = () => {
    app.drafts.keepForm("pin", null);
    setChosen(null);
  };
  return html`
    <${Dialog} app=${app} title=${t("lists_pins")} kind="wide">
      <p class="quiet">${t("pins_lead")}</p>
      ${
        chosen
          ? html`<${Pin} key=${chosen.account} app=${app} account=${chosen} back=${back} />`
          : html`<${Accounts} app=${app} choose=${setChosen} />`
      }
    <//>
  `;
}

/**
 * The accounts with lists chosen by hand, and a search for others.
 * @param {{ app: RolesApp, choose: (account: PinView) => void }} props
 */
function Accounts({ app, choose }) {
  const { shown, t } = app;
  const [text, setText] = useState("");
  const [found, setFound] = useState(/** @type {PinView[]} */ ([]));
  /** @param {string} next */
  const search = (next) => {
    setText(next);
    clearTimeout(app.searching);
    app.searching = setTimeout(async () => {
      const response = next.trim() ? await app.question("accounts", { text: next }) : null;
      setFound(response?.accounts ?? []);
    }, SEARCH_MS);
  };
  const lines = text.trim() ? found : shown.pins;
  return html`
    <${SearchField}
      label=${t("pins_search")}
      name="pin-search"
      text=${text}
      change=${search}
      isFirst=${true}
    />
    <ul class="found-roles" aria-label=${t("accounts")}>
      ${lines.map(
        (each) => html`
          <li key=${each.account}>
            <button
              type="button"
              class="found"
              data-key=${`pin-${each.account}`}
              onClick=${() => choose(each)}
            >
              <b>${each.name}</b>
              ${each.pinned.length > 0 && html`<span class="tag">${t("pins_by_hand")}</span>`}
              <span class="quiet">${listTitles(app, each.lists)}</span>
              ${each.why && html`<span class="quiet">${each.why}</span>`}
            </button>
          </li>
        `,
      )}
    </ul>
    ${!lines.length && html`<p class="quiet" role="status">${t(text.trim() ? "pins_none_found" : "pins_none")}</p>`}
  `;
}

/**
 * @param {RolesApp} app
 * @param {string[]} keys
 */
function listTitles(app, keys) {
  const lists = keys.flatMap((key) => app.shown.lists.find((list) => list.key === key) ?? []);
  return lists.map((list) => titleOf(app, list)).join(", ");
}

/** @param {{ app: RolesApp, account: PinView, back: () => void }} props */
function Pin({ app, account, back }) {
  const { t } = app;
  const { lists: first, pinned, why: reason } = account;
  // A list may have been removed since it was chosen.
  const inForce = new Set(app.shown.lists.map((list) => list.key));
  const chosen = pinned.filter((key) => inForce.has(key));
  const before = { lists: chosen.length ? chosen : first, why: reason };
  // What was chosen before a reload; the account as it was then, so that a colleague's change since is noticed.
  const [form, setForm] = useState({ ...before, ...app.drafts.kept.forms.pin });
  const { why } = form;
  /** @type {string[]} */
  const lists = form.lists.filter((/** @type {string} */ key) => inForce.has(key));
  const [problem, setProblem] = useState("");
  /** @param {{ lists?: string[], why?: string }} some */
  const change = (some) => {
    const next = { lists, why, ...some };
    setForm(next);
    app.drafts.keepForm("pin", { ...next, account });
  };
  /** @param {string[]} keys */
  const send = async (keys) => {
    const { account: id, version } = account;
    const refused = await app.write("pin", { account: id, version, lists: keys, why });
    setProblem(refused);
    if (!refused) back();
  };
  /**
   * @param {string} key
   * @param {boolean} isOn
   */
  const tick = (key, isOn) =>
    change({ lists: isOn ? [...lists, key] : lists.filter((each) => each !== key) });
  return html`
    <h3>${account.name}</h3>
    <div role="group" aria-label=${t("lists_title")} class="pin-lists">
      ${app.shown.lists.map(
        (list) => html`
          <label class="tick">
            <input
              type="checkbox"
              checked=${lists.includes(list.key)}
              data-key=${`pin-list-${list.key}`}
              onChange=${withTick((isOn) => tick(list.key, isOn))}
            />
            ${titleOf(app, list)}
          </label>
        `,
      )}
    </div>
    <label class="field">
      <span class="label">${t("pins_why")}</span>
      <input
        type="text"
        maxlength="200"
        data-key="pin-why"
        value=${why}
        onInput=${withText((text) => change({ why: text }))}
      />
    </label>
    ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    <div class="try-acts">
      <button
        type="button"
        class="primary"
        disabled=${!lists.length || app.isBusy}
        data-key="pin-save"
        onClick=${() => send(lists)}
      >
        ${t("pins_save")}
      </button>
      ${
        account.pinned.length > 0 &&
        html`<button
          type="button"
          disabled=${app.isBusy}
          data-key="pin-off"
          onClick=${() => send([])}
        >
          ${t("pins_off")}
        </button>`
      }
      <button type="button" data-key="pin-back" onClick=${back}>${t("lists_back")}</button>
    </div>
  `;
}
