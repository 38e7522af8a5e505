// The minutes of a closed session: made by themselves, and mailed on request.
import { button, h } from "../core/dom.js";

/** @import { SessionView } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */
/** @typedef {{ session: string, isBusy: boolean, mailed: string[], failed: string[] }} MinutesState */

export class MinutesPart {
  /** @param {CoachApp} app */
  constructor(app) {
    this.app = app;
    /** @type {MinutesState | null} */
    this.state = null;
  }

  /**
   * Where the minutes are, who got them, and what went wrong with them; the session is closed anyhow.
   * @param {SessionView} session
   */
  draw(session) {
    const { t } = this.app;
    const state = this.state?.session === session.id ? this.state : null;
    const files = session.minutes ?? [];
    const said = [
      state?.isBusy && t("minutes_making"),
      files.length > 0 && t("minutes_made", { files: files.join(", ") }),
      state && state.mailed.length > 0 && t("minutes_mailed", { names: state.mailed.join(", ") }),
      ...(state?.failed ?? []).map((why) => t("minutes_failed", { why })),
    ].filter(Boolean);
    return h(
      "section",
      { class: "minutes", role: "status" },
      said.map((line) => h("p", {}, line)),
      !state?.isBusy &&
        h(
          "div",
          { class: "actions" },
          !files.length &&
            button(t("minutes_make"), () => this.make(false), { "data-key": "minutes-make" }),
          files.length > 0 &&
            button(t("minutes_mail"), () => this.make(true), { "data-key": "minutes-mail" }),
        ),
    );
  }

  /**
   * Make the minutes of the closed session; mail them where asked for.
   * @param {boolean} mail
   */
  async make(mail) {
    const { app } = this;
    const id = app.session?.id;
    if (!id) return;
    this.state = { session: id, isBusy: true, mailed: [], failed: [] };
    app.render();
    const response = await app.connection.ask(
      "make_minutes",
      { session: id, mail },
      { long: true },
    );
    if (response.kind === "minutes") {
      this.state = { ...response, isBusy: false };
      if (app.session?.id === id) app.session.minutes = response.files;
    } else {
      this.state = { session: id, isBusy: false, mailed: [], failed: [app.errorText(response)] };
    }
    if (app.session?.id === id) app.render();
  }
}
