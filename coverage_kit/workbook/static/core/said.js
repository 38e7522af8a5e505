// What people said and were given: one line and one press, what was done about it, and value against a need.
// Long because the forms of voices and of values are the same but for their words.
import { openDialog } from "./dialogs.js";
import { button, choice, filled, findIn, h, labelled, onEnter } from "./dom.js";
import { redraw } from "./focus.js";
import { nameWithTitle } from "./person_name.js";

/** @import { AccountApp } from "./account_app.js" */
/** @import { Option, Translate } from "./types.d.ts" */
/** @import { BalanceView, SaidResponse, ValueView, VoiceView } from "../messages.d.ts" */
/** @typedef {{ account: string, person: string, name: string }} Speaker */

/**
 * One line of what a person just said; a press on a kind saves it. `current` says who speaks, null for nobody yet.
 * @param {AccountApp} app
 * @param {() => Speaker | null} current
 * @param {{ label: string, place: string, saved?: () => void }} options
 */
export function heardLine(app, current, { label, place, saved }) {
  const { t } = app;
  const first = current();
  const input = h("input", {
    type: "text",
    class: "heard",
    maxlength: 300,
    value: first ? (app.drafts.at(first.account, first.person).heard ?? "") : "",
    placeholder: t("just_heard"),
    "aria-label": label,
    title: t("write_kindly"),
    autocomplete: "off",
    "data-key": `heard-${place}`,
  });
  /** @param {string | null} text */
  const keep = (text) => {
    const who = current();
    if (who) app.drafts.keep(who.account, who.person, "heard", text);
  };
  /** @param {string} kind */
  const save = async (kind) => {
    const who = current();
    const text = input.value.trim();
    if (!who || !text) {
      input.focus();
      return;
    }
    const pending = app.save("", "voice", { person: who.person, kind, text }, text, who.account);
    keep(null);
    input.value = "";
    if (group.contains(document.activeElement)) input.focus();
    show();
    const response = await pending;
    if (response.kind === "saved") saved?.();
    else if (!input.value) {
      input.value = text;
      keep(text);
      show();
    }
  };
  const tags = app
    .options(app.choices.voice, "note_")
    .map(([kind, text]) =>
      button(text, () => save(kind), { "data-key": `tag-${place}-${kind}`, class: "tag-button" }),
    );
  const group = h("div", { class: "tags", role: "group", "aria-label": t("tag_lead") }, tags);
  const show = () => {
    group.hidden = !input.value.trim();
  };
  input.addEventListener("input", () => {
    keep(input.value || null);
    show();
  });
  onEnter(input, () => {
    if (input.value.trim()) tags[0].focus();
  });
  show();
  return {
    node: h("div", { class: "heard-line" }, input, group),
    /** What is typed and has no kind yet is saved as a need, so that somebody answers it. */
    flush() {
      if (input.value.trim()) save("need");
    },
  };
}

/** What was said and given, of one person or of all people of an account, with the acts on it. */
export class SaidPart {
  /**
   * @param {AccountApp} app
   * @param {{ account: string, person?: string, name?: string }} about
   */
  constructor(app, about) {
    this.app = app;
    this.about = about;
    this.node = h("section", { class: "said-part", tabIndex: -1, "data-key": "said" });
    this.speaker = about.person ?? "";
    this.load();
  }

  async load() {
    const { account, person } = this.about;
    const response = await this.app.connection.ask("said", { account, person: person ?? null });
    if (response.kind !== "said") {
      this.node.replaceChildren(h("p", { role: "alert" }, this.app.errorText(response)));
      return;
    }
    this.show(response);
    this.node.dataset.ready = String(Number(this.node.dataset.ready ?? 0) + 1);
  }

  /**
   * The focus stays where it was, goes to the next act on the same voice or value, or to the button for more.
   * @param {SaidResponse} said
   */
  show(said) {
    const { node } = this;
    const line = document.activeElement?.closest("[data-voice], [data-value]");
    const { voice, value } = line instanceof HTMLElement ? line.dataset : {};
    const place = voice ? `[data-voice="${voice}"]` : `[data-value="${value}"]`;
    redraw(
      node,
      () => this.draw(said),
      () => findIn(node, `${place} :is(input, button)`) ?? findIn(node, "[data-key=give]") ?? node,
    );
  }

  /** @param {SaidResponse} said */
  draw(said) {
    const { app, about } = this;
    const { t } = app;
    const names = new Map(said.people.map((each) => [each.person, nameOf(app, each)]));
    const now = app.week === null;
    const own = about.person ? said.people[0] : null;
    const nothing = said.people.filter((each) => each.can_meet && !each.given);
    const speaker = () => {
      const person = about.person ?? this.speaker;
      return person ? { account: about.account, person, name: names.get(person) ?? "" } : null;
    };
    const line = heardLine(app, speaker, {
      label: about.person ? t("just_heard_from", { name: about.name ?? "" }) : t("just_heard"),
      place: about.person ?? "account",
      saved: () => this.load(),
    });
    const who = choice(
      t("said_who"),
      [...names],
      this.speaker,
      (value) => {
        this.speaker = value;
        this.show(said);
      },
      t("said_who"),
    );
    who.dataset.key = "said-who";
    this.node.replaceChildren(
      ...filled([
        h("h3", {}, t(about.person ? "said" : "said_here")),
        own && balanceLine(app, own),
        !about.person &&
          nothing.length > 0 &&
          h(
            "p",
            { class: "quiet nothing-given" },
            t("value_nothing", { names: nothing.map((each) => names.get(each.person)).join(", ") }),
          ),
        now &&
          said.people.length > 0 &&
          h("div", { class: "said-new" }, about.person ? null : who, speaker() && line.node),
        h(
          "ul",
          { class: "voices" },
          said.voices.length
            ? said.voices.map((voice) => this.voice(voice))
            : h("li", { class: "quiet" }, t("said_none")),
        ),
        (said.values.length > 0 || now) && h("h3", {}, t("values_given")),
        said.values.length > 0 &&
          h(
            "ul",
            { class: "voices" },
            said.values.map((value) => this.value(said, value)),
          ),
        now &&
          said.people.length > 0 &&
          button(t("value_give"), () => this.give(said, names), { "data-key": "give" }),
      ]),
    );
  }

  /** @param {VoiceView} voice */
  voice(voice) {
    const { app } = this;
    const { t } = app;
    const waits = voice.state === "open" || voice.state === "done";
    const facts = [
      this.about.person ? null : nameOf(app, voice),
      t(`note_${voice.kind}`),
      waits ? waitText(t, voice.days) : voice.heard_on,
      waits && voice.owner,
    ].filter(Boolean);
    const done = [
      voice.done && t("said_done", { by: voice.done_by, done: voice.done }),
      voice.state === "answered" && t("said_answered", { on: voice.answered_on }),
      voice.state === "done" && t("said_not_told"),
    ].filter(Boolean);
    return h(
      "li",
      { class: `voice ${voice.state}`, "data-voice": voice.id },
      h("q", {}, voice.body),
      h("p", { class: "quiet" }, facts.join(" · ")),
      done.length ? h("p", { class: "quiet" }, done.join(" · ")) : null,
      app.week === null ? this.voiceActs(voice) : null,
    );
  }

  /** @param {VoiceView} voice */
  voiceActs(voice) {
    const { app } = this;
    const { t } = app;
    const { id, version } = voice;
    /**
     * @param {string | null} done
     * @param {boolean} answered
     */
    const close = (done, answered) =>
      this.act(
        app.save(
          "",
          "voice_closed",
          { voice: id, done, answered },
          done ?? "",
          voice.account,
          version,
        ),
      );
    if (voice.state === "done")
      return button(t("said_tell"), () => close(null, true), {
        class: "primary",
        "data-key": `tell-${id}`,
      });
    if (voice.state === "answered")
      return button(
        t("said_reopen"),
        () =>
          this.act(
            app.save("", "voice_reopened", { voice: id }, voice.body, voice.account, version),
          ),
        { class: "link", "data-key": `reopen-${id}` },
      );
    if (voice.state !== "open") return null;
    const text = h("input", {
      type: "text",
      maxlength: 300,
      placeholder: t("said_what_done_short"),
      "aria-label": t("said_what_done", { body: voice.body }),
      autocomplete: "off",
      "data-key": `done-${id}`,
      value: app.drafts.at(voice.account, id).done ?? "",
    });
    text.addEventListener("input", () =>
      app.drafts.keep(voice.account, id, "done", text.value || null),
    );
    /** @param {boolean} answered */
    const send = async (answered) => {
      const done = text.value.trim();
      if (!done) {
        text.focus();
        return;
      }
      if (await close(done, answered)) app.drafts.keep(voice.account, id, "done", null);
    };
    return h(
      "div",
      { class: "voice-acts" },
      text,
      button(t("said_close_told"), () => send(true), {
        class: "primary",
        "data-key": `answered-${id}`,
      }),
      button(t("said_close"), () => send(false), { "data-key": `close-${id}` }),
    );
  }

  /**
   * Show what is there after an act; resolves to success.
   * @param {Promise<{ kind: string }>} pending
   */
  async act(pending) {
    const response = await pending;
    await this.load();
    return response.kind === "saved";
  }

  /**
   * @param {SaidResponse} said
   * @param {ValueView} value
   */
  value(said, value) {
    const { app } = this;
    const { t } = app;
    const facts = [
      this.about.person ? null : value.name,
      kindName(app, said, value.kind),
      value.given_on,
      value.given_by,
      t("value_need_line", { need: value.need }),
    ].filter(Boolean);
    return h(
      "li",
      { class: "voice", "data-value": value.id },
      h("span", {}, value.what),
      h("p", { class: "quiet" }, facts.join(" · ")),
      value.received ? h("q", {}, value.received) : this.words(value),
    );
  }

  /** @param {ValueView} value */
  words(value) {
    const { app } = this;
    const { t } = app;
    if (app.week !== null) return h("p", { class: "quiet" }, t("value_waits"));
    const text = h("input", {
      type: "text",
      maxlength: 300,
      placeholder: t("value_words"),
      "aria-label": `${t("value_words")}: ${value.what}`,
      autocomplete: "off",
      "data-key": `words-${value.id}`,
      value: app.drafts.at(this.about.account, value.id).words ?? "",
    });
    text.addEventListener("input", () =>
      app.drafts.keep(this.about.account, value.id, "words", text.value || null),
    );
    const send = async () => {
      const words = text.value.trim();
      if (!words) {
        text.focus();
        return;
      }
      const pending = app.save(
        "",
        "value_received",
        { given: value.id, words },
        words,
        this.about.account,
        value.version,
      );
      if (await this.act(pending)) app.drafts.keep(this.about.account, value.id, "words", null);
    };
    onEnter(text, send);
    return h(
      "div",
      { class: "voice-acts" },
      text,
      button(t("value_words_save"), send, { "data-key": `words-save-${value.id}` }),
    );
  }

  /**
   * A form for value given: to whom, what it was, and which need it answers.
   * @param {SaidResponse} said
   * @param {Map<string, string>} names
   */
  give(said, names) {
    const { app, about } = this;
    const { t } = app;
    const who = choice(t("said_who"), [...names], about.person ?? this.speaker, () => fill());
    const kind = choice(
      t("value_kind"),
      said.kinds.map(({ key, title }) => /** @type {Option} */ ([key, title[app.lang]])),
      said.kinds[0]?.key,
      () => {},
    );
    const what = h("input", {
      type: "text",
      maxlength: 300,
      "aria-label": t("value_what"),
      autocomplete: "off",
    });
    const need = choice(t("value_need"), [], "", () => showNew());
    const fresh = h("input", {
      type: "text",
      maxlength: 300,
      "aria-label": t("value_need_new"),
      placeholder: t("value_need_new"),
      autocomplete: "off",
    });
    const showNew = () => {
      fresh.hidden = need.value !== "new";
    };
    const fill = () => {
      const asked = said.voices.filter(
        (voice) => voice.person === who.value && !["received", "reaction"].includes(voice.kind),
      );
      const line = said.people.find((each) => each.person === who.value)?.need;
      need.replaceChildren(
        ...filled([
          line && h("option", { value: "" }, line),
          asked.map((voice) => h("option", { value: voice.id }, `“${voice.body}”`)),
          h("option", { value: "new" }, t("value_need_new")),
        ]),
      );
      showNew();
    };
    if (!who.value) who.selectedIndex = 0;
    fill();
    const refused = h("p", { class: "refused", role: "alert", hidden: true });
    const save = async () => {
      if (!what.value.trim()) {
        what.focus();
        return;
      }
      const given = {
        person: who.value,
        kind: kind.value,
        what: what.value.trim(),
        need: need.value === "new" ? fresh.value.trim() : need.value || null,
      };
      const response = await app.save("", "value_given", given, given.what, about.account);
      if (response.kind === "saved") {
        dialog.close();
        this.load();
        return;
      }
      refused.hidden = false;
      refused.textContent = app.errorText("text" in response ? response : {});
      what.focus();
    };
    const dialog = openDialog(
      app.root,
      t("values_given"),
      [
        about.person ? null : labelled(t("said_who"), who),
        labelled(t("value_kind"), kind),
        labelled(t("value_what"), what),
        h("p", { class: "quiet" }, t("value_hint")),
        labelled(t("value_need"), h("div", {}, need, fresh)),
        refused,
      ],
      {
        actions: [
          h("span", { class: "grow" }),
          button(t("cancel"), () => dialog.close()),
          button(t("value_save"), save, { class: "primary" }),
        ],
      },
    );
    what.focus();
  }
}

/**
 * Show what one person said and was given, in a dialog.
 * @param {AccountApp} app
 * @param {{ person: string, name: string | null, title?: string | null }} who
 */
export function openSaid(app, who) {
  const { account, t } = app;
  if (!account) return;
  const name = nameOf(app, who);
  const part = new SaidPart(app, { account, person: who.person, name });
  const dialog = openDialog(app.root, name, part.node, {
    kind: "wide",
    actions: [h("span", { class: "grow" }), button(t("close"), () => dialog.close())],
  });
}

/**
 * What was asked of a person and given to them in 90 days, in one line.
 * @param {AccountApp} app
 * @param {Pick<BalanceView, "asked" | "given"> & { received?: number }} balance
 */
export function balanceLine(app, balance) {
  const { asked, given, received } = balance;
  const words = [
    app.t("balance", { asked, given }),
    received ? app.t("balance_received", { received }) : null,
  ];
  return h("p", { class: "quiet balance" }, words.filter(Boolean).join(" · "));
}

/**
 * @param {AccountApp} app
 * @param {{ name: string | null, title?: string | null }} person
 */
function nameOf(app, { name, title }) {
  return nameWithTitle(name ?? app.t("erased"), title);
}

/**
 * How long a voice waits, in words.
 * @param {Translate} t
 * @param {number} days
 */
function waitText(t, days) {
  return days ? t("said_wait", { days }) : t("said_today");
}

/**
 * @param {AccountApp} app
 * @param {SaidResponse} said
 * @param {string} kind
 */
function kindName(app, said, kind) {
  return said.kinds.find(({ key }) => key === kind)?.title[app.lang] ?? kind;
}
