// The role lists page, drawn with Preact: lists at the left, roles in the middle, whom and what it costs at the right.
import { plain, withText } from "../core/dom.js";
import { html, useState } from "../vendor/preact.js";
import { Bands } from "./bands.js";
import { HistoryDialog, OfferingsDialog } from "./dialogs.js";
import { FilesDialog, NameDialog, NewListDialog } from "./list_dialogs.js";
import { problemOf, titleOf } from "./page_texts.js";
import { PathDialog, PathsPanel } from "./paths.js";
import { PinsDialog } from "./pins.js";
import { PreviewPanel } from "./preview.js";
import { AddRoleDialog, RoleDialog } from "./role_dialogs.js";
import { WhomPanel } from "./whom.js";

/** @import { ListForm } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */
/** @typedef {keyof typeof DIALOGS} DialogName */

/** With more lists than this, there is a search. */
const MANY_LISTS = 15;

const DIALOGS = {
  role: RoleDialog,
  add_role: AddRoleDialog,
  new_list: NewListDialog,
  name: NameDialog,
  files: FilesDialog,
  history: HistoryDialog,
  offerings: OfferingsDialog,
  pins: PinsDialog,
  path: PathDialog,
};

/** @param {{ app: RolesApp }} props */
export function RolesPage({ app }) {
  const { dialog } = app;
  const Dialog = dialog && DIALOGS[dialog.kind];
  return html`
    <div class="role-lists" aria-busy=${String(app.isBusy)}>
      <${ListNav} app=${app} />
      ${app.list && html`<${ListCard} key=${app.selected} app=${app} />`}
      <div class="side">
        <${PreviewPanel} app=${app} />
        ${app.list && html`<${WhomPanel} key=${app.selected} app=${app} />`}
        ${app.list && html`<${PathsPanel} app=${app} />`}
        ${app.list && html`<${UsedPanel} app=${app} />`}
      </div>
      ${Dialog && html`<${Dialog} key=${`${dialog.kind}-${dialog.role ?? ""}`} app=${app} ...${dialog} />`}
    </div>
  `;
}

/** @param {{ app: RolesApp }} props */
function ListNav({ app }) {
  const { t } = app;
  const [text, setText] = useState("");
  const { all } = app.drafts;
  const wanted = plain(text);
  const found = all.filter(({ title }) => plain(`${title.ko} ${title.en}`).includes(wanted));
  return html`
    <nav class="lists" aria-label=${t("lists_title")}>
      ${
        all.length > MANY_LISTS &&
        html`<input
          type="search"
          class="search"
          placeholder=${t("lists_search")}
          aria-label=${t("lists_search")}
          autocomplete="off"
          data-key="list-search"
          value=${text}
          onInput=${withText(setText)}
        />`
      }
      <ul>
        ${found.map((list) => html`<${ListLine} key=${list.key} app=${app} list=${list} />`)}
        ${!found.length && html`<li class="quiet none">${t("lists_none_found")}</li>`}
      </ul>
      <button
        type="button"
        class="new-list"
        data-key="new-list"
        onClick=${() => app.openDialog({ kind: "new_list" })}
      >
        <b>${`+ ${t("lists_new")}`}</b>
        <span class="quiet">${t("lists_new_lead")}</span>
      </button>
    </nav>
  `;
}

/** @param {{ app: RolesApp, list: ListForm }} props */
function ListLine({ app, list }) {
  const { drafts, t } = app;
  const { key } = list;
  const n = (app.under[key]?.n ?? 0).toLocaleString();
  const count = [t("lists_n_roles", { n: list.roles.length }), t("n_accounts", { n })];
  const state = drafts.isRemoved(key)
    ? "removed"
    : drafts.isNew(key)
      ? "new"
      : drafts.isChanged(key) && "changed";
  return html`
    <li>
      <button
        type="button"
        class=${`list-line ${state || ""}`}
        aria-current=${key === app.selected ? "true" : null}
        data-key=${`list-${key}`}
        onClick=${() => app.select(key)}
      >
        <b title=${titleOf(app, list)}>${titleOf(app, list)}</b>
        <span class="quiet">${count.join(" · ")}</span>
        <span class="tags">
          ${list.kind === "offering" && html`<span class="tag">${t("lists_offering")}</span>`}
          ${list.default && html`<span class="tag">${t("lists_default")}</span>`}
          ${state && html`<span class="tag mark">${t(`lists_is_${state}`)}</span>`}
        </span>
      </button>
    </li>
  `;
}

/** @param {{ app: RolesApp }} props */
function ListCard({ app }) {
  const { drafts, list, t } = app;
  if (!list) return null;
  const { key } = list;
  const isRemoved = drafts.isRemoved(key);
  const isDraft = app.shown.lists.some((each) => each.key === key && each.is_draft);
  const problem = problemOf(app, "title") ?? problemOf(app, "");
  return html`
    <section class="panel list-card" aria-labelledby=${`${app.id}-list`}>
      <div class="card-head">
        <h2 id=${`${app.id}-list`} tabindex="-1" data-key="list-title">${titleOf(app, list)}</h2>
        <span class="grow"></span>
        <${ListActs} app=${app} isRemoved=${isRemoved} />
      </div>
      <p class="quiet">
        ${t("lists_about", { n: list.roles.length, days: list.freshness_days })} ${" "}
        ${isDraft && !drafts.isChanged(key) && html`<span class="tag">${t("lists_is_draft")}</span>`}
      </p>
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
      ${drafts.isStale(key) && html`<${Stale} app=${app} />`}
      ${isRemoved ? html`<${Removed} app=${app} />` : html`<${Bands} app=${app} />`}
    </section>
  `;
}

/** @param {{ app: RolesApp, isRemoved: boolean }} props */
function ListActs({ app, isRemoved }) {
  const { list, t } = app;
  if (isRemoved || !list) return null;
  /** @type {[string, () => void][]} */
  const acts = [
    ["name", () => app.openDialog({ kind: "name" })],
    ["copy", () => app.addList(copyOf(app, list), app.drafts.freeKey(`${list.key}_copy`))],
    ["remove", () => app.removeList(list.key)],
  ];
  return html`
    <span class="acts">
      ${acts.map(
        ([name, act]) => html`
          <button type="button" data-key=${`list-${name}`} disabled=${app.isBusy} onClick=${act}>
            ${t(`lists_act_${name}`)}
          </button>
        `,
      )}
    </span>
  `;
}

/**
 * A copy says so in its title, and is no default.
 * @param {RolesApp} app
 * @param {ListForm} list
 */
function copyOf(app, list) {
  const title = Object.fromEntries(
    Object.entries(list.title).map(([lang, text]) => [
      lang,
      `${text} ${app.words[lang === "ko" ? "ko" : "en"].lists_copy_of}`,
    ]),
  );
  return { ...list, title, default: false };
}

/** @param {{ app: RolesApp }} props */
function Stale({ app }) {
  const { t } = app;
  const rebase = () => {
    app.drafts.rebase(app.selected);
    app.changed();
    app.focusFirst("[data-key=list-title]");
  };
  return html`
    <div class="refused stale" role="alert">
      <p>${t("lists_stale")}</p>
      <button type="button" data-key="keep-mine" onClick=${rebase}>${t("lists_keep_mine")}</button>
      <button type="button" data-key="take-theirs" onClick=${() => app.discard(app.selected)}>
        ${t("lists_take_theirs")}
      </button>
    </div>
  `;
}

/** @param {{ app: RolesApp }} props */
function Removed({ app }) {
  const { t } = app;
  return html`
    <p>${t("lists_removed_lead")}</p>
    <p>
      <button type="button" data-key="bring-back" onClick=${() => app.discard(app.selected)}>
        ${t("lists_keep_list")}
      </button>
    </p>
  `;
}

/**
 * The accounts of the list, and those where somebody chose it by hand.
 * @param {{ app: RolesApp }} props
 */
function UsedPanel({ app }) {
  const { t } = app;
  const { n = 0, names = [] } = app.under[app.selected] ?? {};
  const pinned = app.shown.pins.filter((pin) => pin.pinned.includes(app.selected));
  const more = n - names.length;
  return html`
    <section class="panel">
      <h3>${t("lists_used")} <span class="quiet">${n.toLocaleString()}</span></h3>
      <p>
        ${names.join(", ") || html`<span class="quiet">${t("lists_used_nowhere")}</span>`}
        ${more > 0 && html` <span class="quiet">${t("lists_more", { n: more.toLocaleString() })}</span>`}
      </p>
      ${
        pinned.length > 0 &&
        html`<p class="quiet">
          ${t("lists_pinned_here", { n: pinned.length })}${": "}
          ${pinned.map((pin) => pin.name).join(", ")}
        </p>`
      }
    </section>
  `;
}
