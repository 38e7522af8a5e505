// A page that the kernel made, in a new tab.
import { h } from "./dom.js";

/** @import { FileResponse, Problem } from "../messages.d.ts" */

/**
 * Show a page. The tab is opened at the click, since browsers stop one that comes later; without one the file is
 * downloaded. Resolves to the response.
 * @template {{ kind: string }} R
 * @param {Promise<FileResponse | R | Problem>} pending
 */
export async function showFile(pending) {
  const tab = window.open("", "_blank");
  const response = await pending;
  if (!isFile(response)) {
    tab?.close();
    return response;
  }
  const url = URL.createObjectURL(new Blob([response.text], { type: "text/html;charset=utf-8" }));
  if (tab) {
    tab.opener = null;
    tab.location.href = url;
  } else h("a", { href: url, download: response.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return response;
}

/**
 * @param {{ kind: string }} response
 * @returns {response is FileResponse}
 */
function isFile(response) {
  return response.kind === "file";
}
