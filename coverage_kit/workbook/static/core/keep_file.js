// Gives a calendar file to the browser.
import { h } from "./dom.js";

/** @import { ListFile } from "../messages.d.ts" */

/** @param {ListFile} file */
export function keepFile({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/calendar;charset=utf-8" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
