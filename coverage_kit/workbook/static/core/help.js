// The help window.
import { openReader } from "./dialogs.js";
import { h } from "./dom.js";
import { shortcutsOf } from "./keyboard.js";

/** @import { AccountApp } from "./account_app.js" */

/**
 * Show the keys and the meaning of the rungs.
 * @param {AccountApp} app
 */
export function openHelp(app) {
  const { t } = app;
  const rungs = [0, 1, 2, 3, 4, 5].map((rung) =>
    h("li", {}, h("b", {}, t(`rung_${rung}`)), ` – ${t(`rung_${rung}_means`)}`),
  );
  openReader(
    app,
    t("help"),
    [
      h(
        "dl",
        { class: "keys" },
        shortcutsOf(app.screen).map(({ key, help }) => [
          h("dt", {}, h("kbd", {}, key)),
          h("dd", {}, t(help)),
        ]),
      ),
      h("h3", {}, t("ladder")),
      h("ol", { class: "ladder" }, rungs),
      h("p", { class: "quiet" }, t("help_kept")),
      h("p", { class: "quiet" }, t("help_author", { name: app.staffName(app.data.actor) })),
    ],
    "wide",
  );
}
