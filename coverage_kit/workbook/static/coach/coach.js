// The coach's screen: choose a rep or a group, then one step after the other. Everything is saved at once.
// Long because it holds the state that all steps share.
import { AccountApp } from "../core/account_app.js";
import { newEditId } from "../core/connection.js";
import { button, filled, findIn, h } from "../core/dom.js";
import { startLink } from "../core/link.js";
import { closeMenu } from "../core/menu.js";
import { weekName } from "../core/week_name.js";
import { AnswersPart } from "./answers.js";
import { AskPart } from "./asks.js";
import { MinutesPart } from "./minutes.js";
import { PreparePart } from "./prepare.js";
import { openStart } from "./start.js";
import { TeamPart } from "./team.js";
import { buildStep } from "./steps.js";
import { openDraft } from "./commitment_form.js";
import { draftWindows } from "../core/draft_fields.js";
import { openPerson } from "../rep/person.js";

/** @import { SaidPart } from "../core/said.js" */
/** @import { Pane } from "../core/account_app.js" */
/** @import { AccountScreen, ActBody, Body, Outgoing, Reply } from "../core/types.d.ts" */
/** @import { Act, DeskResponse, Problem, SavedResponse, SessionResponse, SessionView } from "../messages.d.ts" */

/** Refusals because somebody else was first: the session shows what is there now. */
const CHANGED = new Set(["commitment.changed", "commitment.holder", "session.changed"]);

/** Two requests that say the same have the same print. */
const printOf = (/** @type {string} */ kind, /** @type {object} */ body) =>
  JSON.stringify([kind, body]);

/**
 * The open account: the claim (null until it is made), the slots with a next move, whether all slots show, and what was
 * said there.
 * @typedef {{
 *   account: string, claimed: number | null, gaps: Set<string>, all: boolean, said?: SaidPart,
 * }} OpenedAccount
 */
/** @typedef {Reply<AccountScreen, "act" | "account" | "start" | "record_answer">} ActReply */

export class CoachApp extends AccountApp {
  get screen() {
    return "coach";
  }

  get commitTo() {
    return (/** @type {string} */ role) => this.openCommitment(role);
  }

  prepare() {
    super.prepare();
    /** @type {SessionView | null} */
    this.session = null;
    /** @type {OpenedAccount | null} */
    this.at = null;
    /** @type {Pane | null} */
    this.pane = null;
    /** @type {string} What is typed into the search for another account. */
    this.sought = "";
    /** @type {string} How the sweep's people are checked. */
    this.sweepHow = "call";
    /** @type {Set<string>} The reps whose lists in the sweep are folded. */
    this.sweepFolded = new Set();
    /** @type {string | null} The rep whose list is open on a shared screen. */
    this.sweepShared = null;
    /**
     * Acts on their way, keyed by their content.
     * @type {Map<string, { editId: string, pending: Promise<ActReply> | null }>}
     */
    this.sent = new Map();
    /** @type {HTMLElement} */
    this.draftList = h("div");
    /** @type {AnswersPart} */
    this.answers = new AnswersPart(this);
    /** @type {MinutesPart} */
    this.minutes = new MinutesPart(this);
    /** @type {TeamPart} */
    this.team = new TeamPart(this);
    /** @type {PreparePart | null} The page on which the coach prepares, while it is open. */
    this.prepared = null;
    /** @type {{ of: string, part: AskPart } | null} The drafts that show, and of which session or desk they are. */
    this.askPart = null;
  }

  async begin() {
    const desk = await this.connection.ask("desk");
    if (desk.kind !== "desk") {
      this.fail(desk);
      return;
    }
    /** @type {DeskResponse} */
    this.desk = desk;
    if (!desk.reps.length) {
      this.fail({ text: { [this.lang]: this.t("no_reps") } });
      return;
    }
    const problem = await this.takeRep(desk.reps[0].id);
    if (problem) return this.fail(problem);
    this.render();
    this.resume();
    if (desk.current) await this.enter(this.connection.ask("resume", { session: desk.current }));
    this.ready();
  }

  /**
   * Requests to leaders, for the reps of a session that has ended, else for all.
   * @param {string} of
   * @param {string[]} reps
   */
  asks(of, reps = []) {
    if (this.askPart?.of !== of) this.askPart = { of, part: new AskPart(this, reps) };
    return this.askPart.part.draw();
  }

  /** @param {string} rep */
  prepareHour(rep) {
    return new PreparePart(this).open(rep);
  }

  /** @param {string} id */
  repName(id) {
    return this.desk.reps.find((rep) => rep.id === id)?.name ?? id;
  }

  /**
   * Take in a rep's accounts; resolves to the problem, if there is one.
   * @param {string} rep
   */
  async takeRep(rep) {
    this.connection.extra = { rep };
    const data = await this.connection.ask("hello");
    if (data.kind !== "hello") return data;
    this.load(data);
    return null;
  }

  /**
   * Show the session of a response.
   * @param {Promise<SessionResponse | Problem>} pending
   */
  async enter(pending) {
    const response = await pending;
    if (response.kind !== "session") {
      this.showProblem(response);
      return false;
    }
    const fresh = this.session?.id !== response.session.id;
    this.prepared = null;
    this.session = response.session;
    if (fresh) {
      this.at = null;
      this.undo.clear();
      this.sought = "";
      const problem = await this.takeRep(response.session.reps[0]);
      if (problem) this.showProblem(problem);
    }
    await this.composed();
    this.render();
    if (fresh) this.focusFirstOpen();
    return true;
  }

  /**
   * Send an act of the session. A refusal is shown and typed text stays; `done` is called when it is saved.
   * @template {Act["act"]} A
   * @param {A} act
   * @param {ActBody<A>} body
   */
  async act(act, body, done = () => {}) {
    if (!this.session) return false;
    const { id, reps } = this.session;
    const whole = { ...(reps.length > 1 ? {} : { rep: reps[0] }), ...body };
    const response = await this.send(act, whole);
    if (this.session?.id !== id) return false;
    if (response.kind === "refused" && response.code === "commitment.many") {
      this.toasts.show(this.errorText(response), "problem", [
        [this.t("take_it_anyway"), () => this.act(act, { ...body, confirmed: true }, done)],
      ]);
      return false;
    }
    if (isOutdated(response)) await this.reload();
    const saved = await this.enter(Promise.resolve(response));
    if (saved) done();
    return saved;
  }

  /**
   * Send an act of a dialog, which shows a refusal itself.
   * @template {Act["act"]} A
   * @param {A} act
   * @param {ActBody<A>} body
   */
  async tell(act, body) {
    const response = await this.send(act, body);
    if (isOutdated(response)) await this.reload();
    if (response.kind === "session") await this.enter(Promise.resolve(response));
    else if (!this.root.querySelector("dialog[open]")) this.showProblem(response);
    return response;
  }

  /**
   * Send an act of the session; what it wrote can be undone.
   * @template {Act["act"]} A
   * @param {A} act
   * @param {ActBody<A>} body
   */
  async send(act, body) {
    const isFirst = !this.sent.get(printOf("act", { act, ...body }))?.pending;
    // The body is the act's own; TypeScript cannot follow that through the union of all acts.
    const whole = /** @type {Body<AccountScreen, "act">} */ ({ act, ...body });
    const response = await this.once("act", whole);
    if (response.kind === "session" && response.edit_id && isFirst)
      this.undo.push("", response.edit_id, () => this.actName(act, body));
    return response;
  }

  /**
   * Send a request that writes only once while its response is pending, and under the same id after a fault.
   * @template {"act" | "account" | "start" | "record_answer"} K
   * @param {K} kind
   * @param {Body<AccountScreen, K>} body
   * @returns {Promise<Reply<AccountScreen, K>>}
   */
  once(kind, body) {
    const print = printOf(kind, body);
    const sent = this.sent.get(print) ?? { editId: newEditId(), pending: null };
    this.sent.set(print, sent);
    if (!sent.pending) {
      sent.pending = this.connection.ask(kind, { ...body, edit_id: sent.editId });
      sent.pending.then((response) => {
        sent.pending = null;
        if (response.kind !== "unavailable") this.sent.delete(print);
      });
    }
    return /** @type {Promise<Reply<AccountScreen, K>>} */ (sent.pending);
  }

  /**
   * What an act did, as the Undo button names it.
   * @param {string} act
   * @param {{ rep?: string | null }} body
   */
  actName(act, { rep }) {
    const name = (this.session?.reps.length ?? 0) > 1 && rep ? this.repName(rep) : null;
    return [this.t(`did_${act}`), name].filter(Boolean).join(" · ");
  }

  /** Show the session as it is now. */
  reload() {
    return this.enter(this.connection.ask("resume", { session: this.session?.id }));
  }

  /**
   * @param {Outgoing} message
   * @param {SavedResponse} response
   */
  editSaved(message, response) {
    super.editSaved(message, response);
    if (message.kind !== "undo" || message.account) return;
    if (this.session) this.reload();
    else this.leave();
  }

  /** @param {DeskResponse} desk */
  showDesk(desk) {
    this.desk = desk;
    this.render();
  }

  // The frame ------------------------------------------------------------------------------------

  title() {
    const { session, t } = this;
    const ready = this.prepared?.ready;
    const names = session
      ? session.reps.map((rep) => this.repName(rep)).join(", ")
      : ready
        ? t("prepare_of", { name: ready.name })
        : t("choose_whom");
    return [
      h(
        "div",
        { class: "who" },
        h("h1", {}, `${t("coaching")} · ${names}`),
        session
          ? h("p", { class: "headline" }, weekName(t, session.week))
          : h("p", { class: "headline" }, t("coaching_lead")),
      ),
      session ? this.stepList(session) : startLink(t),
    ];
  }

  /** @param {SessionView} session */
  stepList(session) {
    const { t } = this;
    const here = session.steps.indexOf(session.step);
    return h(
      "ol",
      { class: "steps", "aria-label": t("steps") },
      session.steps.map((step, i) =>
        h(
          "li",
          {
            class: i < here || session.step === "closed" ? "past-step" : "",
            "aria-current": i === here ? "step" : null,
          },
          h("span", { class: "n", "aria-hidden": "true" }, String(i + 1)),
          t(`step_name_${step}`),
        ),
      ),
    );
  }

  moreTools() {
    const share = button(
      this.t("share_mode"),
      () => {
        this.discreet = !this.discreet;
        this.root.toggleAttribute("data-discreet", this.discreet);
        this.render();
      },
      { "aria-pressed": String(Boolean(this.discreet)), class: "share", "data-key": "share" },
    );
    const leave = () => this.leave();
    if (this.session) return [share, button(this.t("leave"), leave, { "data-key": "leave" })];
    if (!this.prepared) return null;
    return [
      share,
      button(this.t("prepare_print"), () => window.print(), {
        "data-key": "print",
        disabled: Boolean(this.discreet),
      }),
      button(this.t("prepare_back"), leave, { "data-key": "leave" }),
    ];
  }

  async leave() {
    const desk = await this.connection.ask("desk");
    if (desk.kind !== "desk") return this.showProblem(desk);
    this.desk = desk;
    this.session = this.at = this.pane = this.askPart = this.prepared = null;
    this.undo.clear();
    this.render();
  }

  fill() {
    this.nav = null;
    this.pane = null;
    this.root.dataset.step = this.session?.step ?? (this.prepared ? "prepare" : "start");
    const { session } = this;
    this.draftList = h("div");
    this.body.replaceChildren(
      session
        ? h(
            "section",
            { class: "session", tabIndex: -1, "aria-label": this.t("coaching") },
            this.draftList,
            buildStep(this, session),
            this.bar(session),
          )
        : (this.prepared?.draw() ?? openStart(this)),
    );
    this.showDrafts();
  }

  showDrafts() {
    const { session } = this;
    this.draftList.replaceChildren(...filled([session && draftWindows(this, session)]));
  }

  /**
   * Open the card of a person in their account.
   * @param {string} account
   * @param {string} person
   */
  async showCard(account, person) {
    if (this.session?.step !== "accounts") {
      this.toasts.show(this.t("kept_in_accounts"), "kept");
      return;
    }
    await this.openAccount(account);
    if (this.page?.account.id === account) openPerson(this, person);
  }

  /** @param {SessionView} session */
  bar(session) {
    const { t } = this;
    if (session.step === "closed")
      return h(
        "div",
        { class: "session-bar" },
        h("span", { class: "grow" }),
        button(t("another_session"), () => this.leave(), {
          class: "primary",
          "data-key": "another",
        }),
      );
    const last = session.steps.indexOf(session.step) === session.steps.length - 1;
    const first = session.steps.indexOf(session.step) === 0;
    const ends = session.reps.every(
      (rep) => !session.made?.[rep]?.length || session.agreed?.includes(rep),
    );
    return h(
      "div",
      { class: "session-bar" },
      button(t("step_back"), () => this.go("back"), { disabled: first, "data-key": "step-back" }),
      h("span", { class: "grow" }),
      last
        ? button(t("end_session"), () => this.act("close", {}, () => this.minutes.make(false)), {
            class: "primary",
            disabled: !ends,
            "data-key": "end",
          })
        : button(
            t("step_on", {
              step: t(`step_name_${session.steps[session.steps.indexOf(session.step) + 1]}`),
            }),
            () => this.go("next"),
            {
              class: "primary",
              "data-key": "step-on",
              disabled: session.step === "claims" && !session.revealed,
            },
          ),
    );
  }

  /** The first commitment of last time that waits for its key. */
  focusFirstOpen() {
    if (this.session?.step === "promises")
      findIn(this.root, '.commitment[data-open="true"]')?.focus();
  }

  /** @param {"next" | "back"} where */
  async go(where) {
    if (!(await this.act(where, { step: this.session?.step }))) return;
    findIn(this.root, ".session")?.focus();
    this.focusFirstOpen();
  }

  // One account of the session -------------------------------------------------------------------

  /**
   * Open an account of the session, or ask for the claim first. `gaps` are the slots with a next move.
   * @param {string} account
   * @param {string | null} week
   */
  async openAccount(account, week = null) {
    const response = await this.once("account", { account });
    this.leaveField();
    closeMenu(this.root);
    if (response.kind === "account") {
      this.at = { account, claimed: response.claimed, gaps: new Set(response.gaps), all: false };
      this.takePage(response.page, true);
      const { opened } = this.session ?? {};
      if (opened && !opened.includes(account)) opened.push(account);
    } else if (response.code === "session.claim_account")
      this.at = { account, claimed: null, gaps: new Set(), all: false };
    else return this.showProblem(response);
    this.setPlace(account, week);
    this.render();
    const isClaimed = this.at.claimed !== null;
    findIn(this.root, isClaimed ? "[data-key=account-name]" : ".claim input")?.focus();
  }

  /**
   * Look at another role than the one in which most are blind.
   * @param {string} role
   */
  async chooseBlindRole(role) {
    const response = await this.connection.ask("blind", { role });
    if (response.kind !== "blind") return this.showProblem(response);
    if (!this.session) return;
    this.session.blind = response.blind;
    this.render();
  }

  /**
   * Open the form of a commitment for a slot.
   * @param {string} role
   */
  openCommitment(role, account = this.account ?? "", rep = this.session?.reps[0] ?? "") {
    const gap = this.session?.gaps?.[rep]?.find((each) => each.account === account);
    const name = this.lines.get(account)?.name ?? gap?.account_name ?? account;
    openDraft(this, { account, role, rep }, name, (body, done) =>
      this.act("commit", { account, role, rep, ...body }, done),
    );
  }
}

/**
 * Whether somebody else was first.
 * @param {ActReply} response
 */
function isOutdated(response) {
  return "code" in response && CHANGED.has(response.code);
}
