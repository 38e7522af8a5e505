// A personal link for each colleague, to copy into a message.
import { pageLink } from "../core/link.js";
import { html } from "../vendor/preact.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import { LinkOf } from "../messages.d.ts" */
/** @import { StartApp } from "./app.js" */

/** @param {{ app: StartApp }} props */
export function Links({ app }) {
  const { shown, t } = app;
  const { links, may_share: mayShare } = shown;
  const isMade = links.some(({ url }) => url);
  return html`
    <section class="panel" data-panel="links">
      <h3>${t("start_links")}</h3>
      <p class="quiet">${t(mayShare ? "start_links_lead" : "start_links_own")}</p>
      ${mayShare && !links.length && html`<${NoColleagues} t=${t} />`}
      ${links.length > 0 && !isMade && html`<p class="empty-line">${t("start_links_app")}</p>`}
      <ul class="start-lines link-lines" tabindex=${links.length > 8 ? 0 : null}>
        ${links.map((line) => html`<li key=${line.id}><${LinkLine} app=${app} line=${line} /></li>`)}
      </ul>
    </section>
  `;
}

/** @param {{ app: StartApp, line: LinkOf }} props */
function LinkLine({ app, line }) {
  const { t } = app;
  const answers = line.awaited > 0 && t("start_answers", { n: line.awaited });
  const about = [t(`function_of_${line.function}`), answers].filter(Boolean).join(" · ");
  const copy = html`
    <button
      type="button"
      data-key=${`copy-${line.id}`}
      aria-label=${t("start_copy_of", { name: line.name })}
      onClick=${() => app.copyLink(line)}
    >
      ${t("start_copy")}
    </button>
  `;
  return html`
    <b class="name">${line.name}</b>
    <span class="quiet grow">${about}</span>
    ${line.url && copy}
  `;
}

/** @param {{ t: Translate }} props */
function NoColleagues({ t }) {
  return html`
    <p class="empty-line">
      ${t("start_links_none")}${" "}
      <a ...${pageLink("import_accounts")}>${t("start_accounts_open")}</a>
    </p>
  `;
}
