// The frame of every screen: head, language, theme, messages, and the connection to the kernel.
import { openDialog } from "./dialogs.js";
import { button, filled, findIn, h, quietly } from "./dom.js";
import { settleMenu } from "./menu.js";
import { bringFonts } from "./fonts.js";
import { Connection } from "./connection.js";
import { redraw, rememberFocus } from "./focus.js";
import { recall, remember } from "./local_store.js";
import { Toasts } from "./toasts.js";

/** @import { Bilingual, Problem, Progress } from "../messages.d.ts" */
/** @import { Child, Language, Model, Option, Outgoing, Saved, Screen, Status } from "./types.d.ts" */

let count = 0;

/** @template {Screen} S */
export class App {
  /**
   * @param {Model} model
   * @param {HTMLElement} el
   */
  constructor(model, el) {
    this.model = model;
    this.id = `ck${++count}`;
    bringFonts();
    this.words = model.get("words");
    /** The values of each list, in the method's order. */
    this.choices = model.get("vocabulary");
    this.lang = this.firstLanguage();
    this.t = this.t.bind(this);
    /** @type {EventTarget | null} */
    this.composing = null;
    /** @type {Status} */
    this.state = { pending: 0, late: false, gone: false, trouble: null, savedAt: "" };
    this.body = h("div", { class: "body", tabIndex: -1 });
    this.toasts = new Toasts(this.t, () => this.home());
    this.root = h(
      "div",
      {
        class: "coverage-kit",
        "data-lm-suppress-shortcuts": "true",
        "data-state": "loading",
        lang: this.lang,
      },
      h("p", { class: "empty", role: "status" }, this.t("loading")),
    );
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.root.addEventListener("compositionstart", ({ target }) => (this.composing = target));
    this.root.addEventListener("compositionend", () => (this.composing = null));
    /** The state of the connection in the head; null before the first drawing. */
    this.saved = /** @type {HTMLElement | null} */ (null);
    this.banner = h("div", { class: "banner", role: "alert", hidden: true });
    el.append(this.root);
    this.themes = this.followTheme();
    /** @type {Connection<S>} */
    this.connection = new Connection(model, {
      response: (message, response) => this.responded(message, response),
      state: (state) => this.showState(state),
      base: (account, role) => this.versionOf(account, role),
      clock: (response) => this.askClock(response),
      progress: (progress) => this.showProgress(progress),
    });
    this.prepare();
    this.begin();
  }

  /** Make what a screen needs before its first message. */
  prepare() {}

  /** Ask for the first facts and show them. */
  async begin() {}

  /**
   * A response to an edit arrived.
   * @param {Outgoing} _message
   * @param {Saved<S>} _response
   */
  responded(_message, _response) {}

  /**
   * The version of a slot that this page has seen.
   * @param {string} _account
   * @param {string} _role
   * @returns {number | undefined}
   */
  versionOf(_account, _role) {
    return undefined;
  }

  /**
   * A long job of the kernel goes on.
   * @param {Progress} _progress
   */
  showProgress(_progress) {}

  close() {
    this.connection.close();
    this.themes.disconnect();
  }

  /**
   * Ask whether the computer's date is right; resolves to the decision. Escape is a no.
   * @param {Problem} response
   * @returns {Promise<boolean>}
   */
  askClock(response) {
    const { t } = this;
    return new Promise((resolve) => {
      let isRight = false;
      const confirm = () => {
        isRight = true;
        dialog.close();
      };
      const no = button(t("clock_wrong"), () => dialog.close(), { "data-key": "clock-wrong" });
      const yes = button(t("clock_right"), confirm, { "data-key": "clock-right" });
      const body = [h("p", {}, this.errorText(response)), h("p", {}, t("clock_kept"))];
      const dialog = openDialog(this.root, t("clock_title"), body, {
        actions: [h("span", { class: "grow" }), yes, no],
      });
      dialog.addEventListener("close", () => resolve(isRight));
    });
  }

  /** @param {{ text?: Bilingual }} response */
  fail(response) {
    this.root.replaceChildren(h("p", { class: "empty", role: "alert" }, this.errorText(response)));
    this.root.dataset.state = "error";
  }

  /** The first response is late. If it still arrives, the screen shows as usual. */
  stuck() {
    const again = button(this.t("load_again"), () => location.reload(), { class: "primary" });
    this.root.replaceChildren(
      h("div", { class: "empty", role: "alert" }, h("p", {}, this.t("no_start")), again),
    );
    this.root.dataset.state = "stuck";
  }

  ready() {
    this.root.dataset.state = "ready";
    this.root.dataset.ready = "true";
  }

  // Language and theme ---------------------------------------------------------------------------

  /** @returns {Language} */
  firstLanguage() {
    const linked = new URLSearchParams(location.search).get("lang");
    const wanted = [linked, recall("coverage-kit:lang"), this.model.get("lang")];
    const first = wanted.find((lang) => lang && lang in this.words);
    return this.langs.find((lang) => lang === first) ?? "en";
  }

  /** The languages that the program has texts in. */
  get langs() {
    return /** @type {Language[]} */ (Object.keys(this.words));
  }

  /**
   * The text of a key in the chosen language.
   * @param {string} key
   * @param {Record<string, unknown>} values
   */
  t(key, values = {}) {
    const word = this.words[this.lang][key] ?? key;
    const text = typeof word === "string" ? word : word[this.plural(values[word.by])];
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      name in values ? String(values[name]) : whole,
    );
  }

  /**
   * The text of a key, or another one where the chosen language has none.
   * @param {string} key
   * @param {string} otherwise
   */
  textOr(key, otherwise) {
    return key in this.words[this.lang] ? this.t(key) : otherwise;
  }

  /**
   * Values as options of a choice, each with its text.
   * @param {string[]} values
   * @param {string} prefix of the texts' keys
   */
  options(values, prefix) {
    return values.map((value) => /** @type {Option} */ ([value, this.t(prefix + value)]));
  }

  /** @param {unknown} n */
  plural(n) {
    return new Intl.PluralRules(this.lang).select(Number(n)) === "one" ? "one" : "other";
  }

  /** @param {{ text?: Bilingual }} response */
  errorText(response) {
    return response.text?.[this.lang] ?? response.text?.en ?? this.t("no_answer");
  }

  /** @param {{ text?: Bilingual }} response */
  showProblem(response) {
    this.toasts.show(this.errorText(response), "problem");
  }

  /** @param {Language} lang */
  setLanguage(lang) {
    this.lang = lang;
    remember("coverage-kit:lang", lang);
    this.render();
  }

  switchLanguage() {
    this.setLanguage(this.langs[(this.langs.indexOf(this.lang) + 1) % this.langs.length]);
  }

  followTheme() {
    const follow = () => {
      const light = document.body.dataset.jpThemeLight;
      const dark =
        light === undefined
          ? matchMedia("(prefers-color-scheme: dark)").matches
          : light === "false";
      this.root.dataset.theme = dark ? "dark" : "light";
    };
    const themes = new MutationObserver(follow);
    themes.observe(document.body, {
      attributes: true,
      attributeFilter: ["data-jp-theme-light", "class"],
    });
    follow();
    return themes;
  }

  // The frame ------------------------------------------------------------------------------------

  /** Resolves once no syllable is being composed: drawing its field again would break it. */
  async composed() {
    while (this.composing instanceof Node && this.composing.isConnected)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  render() {
    const restore = rememberFocus(this.root, () => this.home());
    const hadFocus = this.root.contains(document.activeElement);
    this.root.lang = this.lang;
    this.saved = h("span", { class: "saved", role: "status" });
    this.banner = h("div", { class: "banner", role: "alert", hidden: true });
    const tools = [this.saved, this.tools(), this.languages(), this.help()];
    const head = h("header", { class: "head" }, this.title(), h("div", { class: "tools" }, tools));
    this.replaceAll(head, this.banner, this.notice(), this.hint(), this.body, this.toasts.node);
    quietly(() => this.fill());
    settleMenu(this.root);
    this.showState(this.state);
    if (hadFocus) restore();
  }

  /**
   * Replace the parts of the frame without touching those that stay, open dialogs, or a menu.
   * @param {(Element | null)[]} parts
   */
  replaceAll(...parts) {
    const wanted = parts.filter((part) => part !== null);
    quietly(() => {
      for (const part of [...this.root.children])
        if (!wanted.includes(part) && !part.matches("dialog[open], .menu")) part.remove();
      wanted.forEach((part, i) => {
        if (this.root.children[i] !== part)
          this.root.insertBefore(part, this.root.children[i] ?? null);
      });
    });
  }

  languages() {
    const langs = this.langs.map((lang) =>
      button(String(this.words[lang].this_language), () => this.setLanguage(lang), {
        "aria-pressed": String(lang === this.lang),
        lang,
        "data-key": `lang-${lang}`,
      }),
    );
    return h("span", { class: "langs", role: "group", "aria-label": this.t("language") }, langs);
  }

  /**
   * The element with this `data-key`.
   * @param {string} key
   */
  find(key) {
    return findIn(this.root, `[data-key="${CSS.escape(key)}"]`);
  }

  /**
   * Where the focus goes when the control that had it is gone.
   * @returns {HTMLElement | null}
   */
  home() {
    return findIn(this.body, "section[tabindex]") ?? this.body;
  }

  /**
   * The left of the head.
   * @returns {Child}
   */
  title() {
    return null;
  }

  /**
   * The buttons of the head, before the languages.
   * @returns {Child}
   */
  tools() {
    return null;
  }

  /** @returns {Child} */
  help() {
    return null;
  }

  /**
   * What needs a decision before work goes on, above the body.
   * @returns {Element | null}
   */
  notice() {
    return null;
  }

  /** @returns {Element | null} */
  hint() {
    return null;
  }

  /** Fill the body. */
  fill() {}

  // The state of the connection ------------------------------------------------------------------

  /** @param {Status} state */
  showState(state) {
    this.state = state;
    if (!this.saved) {
      if (state.late) this.stuck();
      return;
    }
    const { t } = this;
    const saved = state.savedAt ? t("saved_at", { at: state.savedAt }) : "";
    this.saved.textContent = state.pending ? t("saving") : saved;
    this.root.dataset.saved = state.pending ? "pending" : state.savedAt ? "saved" : "";
    const { banner } = this;
    const show = () => {
      banner.hidden = !state.late;
      if (state.late) this.fillBanner(state);
    };
    redraw(banner, show, () => this.home());
  }

  /** @param {Status} state */
  fillBanner(state) {
    const { t } = this;
    // In JupyterLab the cells must be run again, which a screen cannot do.
    const alone = "voila" in document.body.dataset;
    const late = state.gone ? "program_gone" : alone ? "no_answer" : "no_answer_lab";
    const text = state.trouble ? state.trouble[this.lang] : t(late);
    const kept = state.pending ? t("text_is_kept", { n: state.pending }) : "";
    const acts = [
      !state.gone &&
        button(t("send_again"), () => this.connection.again(), { "data-key": "again" }),
      alone &&
        !state.trouble &&
        button(t("load_again"), () => location.reload(), { "data-key": "load" }),
    ];
    this.banner.replaceChildren(
      h("span", {}, text, " ", kept),
      h("span", { class: "grow" }),
      ...filled(acts),
    );
  }
}
