// The parts of the page of contacts.
import { counted, withText } from "../core/dom.js";
import { html } from "../vendor/preact.js";
import { MatchLine } from "./match.js";
import { BulkBar, SweepLine } from "./sweep.js";

/** @import { ContactsApp, View } from "./app.js" */

const FILTERS = {
  match: ["todo", "suits", "all"],
  sweep: ["todo", "all", "suits", "confirmed", "gone"],
};

/** @param {{ app: ContactsApp }} props */
export function ContactsHead({ app }) {
  const { accounts, shown, t } = app;
  const one = accounts.get(shown.account);
  const {
    contacts: all,
    confirmed,
    stale,
    never_checked: never,
    gone,
  } = one?.counts ?? {
    contacts: 0,
    confirmed: 0,
    stale: 0,
    never_checked: 0,
    gone: 0,
  };
  const counts = counted({ all, confirmed, stale, never, gone });
  return html`
    <div class="who">
      <h1>${one ? one.name : t("contacts_page")}</h1>
      <p class="headline" data-key="counts">
        ${one ? t("contacts_checked", counts) : t("contacts_waiting", { n: shown.n })}
      </p>
    </div>
  `;
}

/** @param {{ app: ContactsApp }} props */
export function ContactsPage({ app }) {
  const { shown, t, view } = app;
  const name = app.accounts.get(shown.account)?.name;
  const title = name ? t("contacts_of", { account: name }) : t("contacts_match");
  return html`
    <main class="front contacts-page" aria-label=${t("contacts_page")} data-view=${view}>
      <h2 class="sr" tabindex="-1" data-key="title">${title}</h2>
      ${shown.account && html`<${Views} app=${app} />`}
      <p class="contact-lead">${t(`contacts_${view}_lead`)}</p>
      <${Tools} app=${app} />
      ${view === "sweep" && html`<${BulkBar} app=${app} />`}
      <${List} app=${app} />
    </main>
  `;
}

/** @param {{ app: ContactsApp }} props */
function Views({ app }) {
  const { shown, t, view } = app;
  /** @type {View[]} */
  const views = ["match", "sweep"];
  return html`
    <div class="contact-views">
      ${views.map(
        (each) => html`
          <button
            type="button"
            data-key=${`view-${each}`}
            aria-pressed=${String(each === view)}
            onClick=${() => app.go(shown.account, each)}
          >
            ${t(`contacts_${each}`)}
          </button>
        `,
      )}
      <span class="grow"></span>
      <button
        type="button"
        class="link"
        data-key="all-accounts"
        onClick=${() => app.go("", "match")}
      >
        ${t("contacts_all")}
      </button>
    </div>
  `;
}

/** @param {{ app: ContactsApp }} props */
function Tools({ app }) {
  const { shown, t, view } = app;
  const find = t(shown.account ? "contacts_find_here" : "contacts_find");
  /** @param {string} only */
  const filter = (only) => {
    app.only = only;
    app.draw();
  };
  /** @param {string} how */
  const choose = (how) => {
    app.how = how;
    app.draw();
  };
  return html`
    <div class="contact-tools">
      <input
        type="search"
        data-key="search"
        aria-label=${find}
        placeholder=${find}
        value=${app.text}
        onInput=${withText((text) => app.search(text))}
      />
      ${
        shown.account &&
        html`
          <label>
            <span class="quiet">${t("contacts_show")}</span>
            <select data-key="only" value=${app.only} onChange=${withText(filter)}>
              ${FILTERS[view].map((each) => html`<option value=${each}>${t(`contacts_only_${each}`)}</option>`)}
            </select>
          </label>
        `
      }
      <label>
        <span class="quiet">${t("contacts_how")}</span>
        <select data-key="how" value=${app.how} onChange=${withText(choose)}>
          ${app
            .options(app.choices.verified_how, "how_")
            .map(([key, text]) => html`<option value=${key}>${text}</option>`)}
        </select>
      </label>
      <span class="quiet keys">${t(`contacts_keys_${view}`)}</span>
    </div>
  `;
}

/** @param {{ app: ContactsApp }} props */
function List({ app }) {
  const { most, t, view } = app;
  const lines = app.lines();
  const Line = view === "match" ? MatchLine : SweepLine;
  if (!lines.length) return html`<p class="empty-line" role="status">${t(emptyText(app))}</p>`;
  const drawn = lines.slice(0, most);
  const current = drawn.some((line) => line.employment === app.current)
    ? app.current
    : drawn[0].employment;
  const onlySkipped = app.only === "todo" && app.skipped.has(drawn[0].employment);
  const more = () => {
    app.most += most;
    app.draw();
  };
  return html`
    ${onlySkipped && html`<p class="quiet" role="status">${t("contacts_done")}</p>`}
    <ul class="contact-lines">
      ${drawn.map(
        (line) => html`
          <${Line}
            key=${line.employment}
            app=${app}
            line=${line}
            isCurrent=${line.employment === current}
          />
        `,
      )}
    </ul>
    ${
      lines.length > most &&
      html`<button type="button" data-key="more" onClick=${more}>
        ${t("contacts_more", { n: Math.min(most, lines.length - most) })}
      </button>`
    }
  `;
}

/** @param {ContactsApp} app */
function emptyText({ shown, text, view }) {
  if (text) return "contacts_none_found";
  return view === "match" && !shown.account ? "contacts_none_match" : "contacts_none";
}
