// The paths to an account: its steps, those that are taken, and steps of its own where it must be won.
import { openDialog } from "./dialogs.js";
import { button, choice, filled, h } from "./dom.js";

/** @import { AccountApp } from "./account_app.js" */
/** @import { Option } from "./types.d.ts" */
/** @import { AccountPathView, PathsResponse, PathStep, StepTakenView } from "../messages.d.ts" */

const MOST_STEPS = 3;
/** @type {(keyof PathStep)[]} */
const PARTS = ["role", "route", "stage"];

export class PathsPart {
  /** @param {AccountApp} app */
  constructor(app) {
    this.app = app;
    this.account = "";
    this.node = h("div", { class: "account-paths", "data-part": "paths", hidden: true });
  }

  /**
   * Show the paths of an account as it is now; of the past, on a shared screen, or where no
   * path is set they are not even asked for.
   * @param {string} account
   */
  async load(account) {
    const { app } = this;
    if (account !== this.account) this.node.hidden = true;
    this.account = account;
    if (app.week !== null || app.discreet || !app.data.has_paths) {
      this.node.hidden = true;
      return;
    }
    const response = await app.connection.ask("paths", { account });
    if ("code" in response || response.account !== this.account) return;
    this.node.hidden = !response.paths.length;
    this.node.replaceChildren(...response.paths.map((path) => this.line(response, path)));
  }

  /**
   * @param {PathsResponse} response
   * @param {AccountPathView} path
   */
  line(response, path) {
    const { app } = this;
    const { t } = app;
    const name = path.title[app.lang];
    const state = path.steps.every((step) => step.taken)
      ? t("path_done")
      : path.still && t("path_still", { n: path.idle_weeks });
    return h(
      "div",
      { class: "account-path", "data-offering": path.offering },
      h(
        "p",
        {},
        h("b", {}, t("path_to", { offering: name })),
        path.own ? h("span", { class: "tag" }, t("path_own")) : null,
        state ? h("span", { class: path.still ? "still" : "quiet" }, ` ${state}`) : null,
        " ",
        response.may_depart
          ? button(t("path_depart"), () => this.open(path), {
              class: "link",
              "data-key": `depart-${path.offering}`,
              "aria-label": `${name}: ${t("path_depart")}`,
            })
          : null,
      ),
      h(
        "ol",
        { class: "path-steps" },
        path.steps.map((step) => this.step(step)),
      ),
    );
  }

  /** @param {StepTakenView} step */
  step(step) {
    const { t } = this.app;
    const words = t("path_step", {
      role: this.app.roleTitle(step.role),
      route: t(`route_${step.route}`),
      stage: t(`stage_${step.stage}`),
    });
    const mark = step.taken && t(step.other_route ? "path_other_route" : "path_taken");
    return h(
      "li",
      { class: step.taken ? "taken" : "" },
      words,
      mark ? h("span", { class: "mark-taken" }, ` ✓ ${mark}`) : null,
    );
  }

  /**
   * Choose steps of its own for a must-win account.
   * @param {AccountPathView} path
   */
  open(path) {
    const { app, account } = this;
    const { t } = app;
    /** @type {PathStep[]} */
    const steps = Array.from({ length: MOST_STEPS }, (_, at) => {
      const { role = "", route = "", stage = "" } = path.steps[at] ?? {};
      return { role, route, stage };
    });
    /** @type {Record<keyof PathStep, Option[]>} */
    const options = {
      role: (app.page?.slots ?? []).map(({ role }) => [role, app.roleTitle(role)]),
      route: app.options(app.choices.route, "route_"),
      stage: app.options(app.choices.stage, "stage_"),
    };
    const rows = steps.map((step, at) => stepFields(app, at, step, options));
    const refused = h("p", { class: "refused", role: "alert", hidden: true });
    /** @param {PathStep[]} chosen */
    const save = async (chosen) => {
      const value = { offering: path.offering, steps: chosen };
      const name = path.title[app.lang];
      const response = await app.save("", "own_route", value, name, account, path.version);
      if (response.kind === "saved") {
        dialog.close();
        await this.load(account);
        return;
      }
      refused.hidden = false;
      refused.textContent = app.errorText("text" in response ? response : {});
    };
    const dialog = openDialog(
      app.root,
      t("path_to", { offering: path.title[app.lang] }),
      [h("p", { class: "quiet" }, t("path_depart_lead")), ...rows, refused],
      {
        kind: "wide",
        actions: filled([
          path.own && button(t("path_follow"), () => save([]), { "data-key": "path-follow" }),
          h("span", { class: "grow" }),
          button(t("cancel"), () => dialog.close()),
          button(
            t("path_own_saved"),
            () => save(steps.filter((step) => PARTS.some((part) => step[part]))),
            { class: "primary", "data-key": "path-own" },
          ),
        ]),
      },
    );
  }
}

/**
 * @param {AccountApp} app
 * @param {number} at
 * @param {PathStep} step each choice changes it
 * @param {Record<keyof PathStep, Option[]>} options
 */
function stepFields(app, at, step, options) {
  const { t } = app;
  return h(
    "fieldset",
    { class: "path-step" },
    h("legend", {}, t("path_nth", { n: at + 1 })),
    PARTS.map((part) => {
      const name = t("path_nth_part", { n: at + 1, part: t(`path_${part}`) });
      /** @param {string} value */
      const set = (value) => {
        step[part] = value;
      };
      const select = choice(name, options[part], step[part], set, "–");
      select.dataset.key = `own-${at}-${part}`;
      return h(
        "label",
        { class: "field" },
        h("span", { class: "label" }, t(`path_${part}`)),
        select,
      );
    }),
  );
}
