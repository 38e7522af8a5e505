// The personal link a page was opened with, and links to other pages.
import { h } from "./dom.js";

/** @import { Translate } from "./types.d.ts" */

/**
 * The person and the signature of the page's address, null if it names nobody. The signature stands in the
 * fragment, which a browser sends to no server; the page sends it to its kernel.
 */
export function personalLink() {
  const person = new URLSearchParams(location.search).get("person");
  if (!person) return null;
  const signature = new URLSearchParams(location.hash.slice(1)).get("signature") ?? "";
  return { person, signature };
}

/**
 * The attributes of a link to another page: the same person, signature and token go along. JupyterLab is one page
 * that holds notebooks, so there a new tab opens.
 * @param {string} page
 * @param {Record<string, string>} query
 */
export function pageLink(page, query = {}) {
  const address = new URL(`${page}.ipynb`, location.href);
  const {
    rep: _rep,
    view: _view,
    account: _account,
    ...kept
  } = Object.fromEntries(new URLSearchParams(location.search));
  address.search = String(new URLSearchParams({ ...kept, ...query }));
  address.hash = location.hash;
  const isAlone = "voila" in document.body.dataset;
  return isAlone ? { href: address.href } : { href: address.href, target: "_blank" };
}

/**
 * The way back to the start page, for the head of a screen.
 * @param {Translate} t
 */
export function startLink(t) {
  return h("a", { class: "to-start", "data-key": "start", ...pageLink("start") }, t("start_page"));
}
