// The coach's screen: choose a rep or a group, then one step after the other. Everything is saved at once.
import { AccountApp } from "../core/account_app.js";
import { newEditId } from "../core/connection.js";
import { openDialog } from "../core/dialogs.js";
import { button, h } from "../core/dom.js";
import { startLink } from "../core/link.js";
import { openStart } from "./start.js";
import { buildStep } from "./steps.js";
import { openDraft } from "./commitment_form.js";
import { FocusStar } from "../rep/account.js";
import { SlotGrid } from "../rep/grid.js";
import { openVerification } from "../rep/forms.js";
import { draftWindows } from "../core/draft_fields.js";
import { openPerson } from "../rep/person.js";
import { buildPicture } from "../rep/picture.js";

const DUE = new Set(["due_soon", "stale", "never"]);
/** Refusals because somebody else was first: the session shows what is there now. */
const CHANGED = new Set(["commitment.changed", "commitment.holder", "session.changed"]);

/** Two requests that say the same have the same print. */
const printOf = (kind, body) => JSON.stringify([kind, body]);

export class CoachApp extends AccountApp {
  get screen() {
    return "coach";
  }

  async begin() {
    this.session = null;
    this.at = null;
    /** Acts whose response is pending or did not arrive, by what they say. */
    this.sent = new Map();
    this.desk = await this.connection.ask("desk");
    if (this.desk.kind !== "desk") {
      this.fail(this.desk);
      return;
    }
    if (!this.desk.reps.length) {
      const texts = Object.entries(this.words).map(([lang, own]) => [lang, own.no_reps]);
      this.fail({ text: Object.fromEntries(texts) });
      return;
    }
    await this.takeRep(this.desk.reps[0].id);
    this.render();
    this.resume();
    if (this.desk.current)
      await this.enter(this.connection.ask("resume", { session: this.desk.current }));
    this.ready();
  }

  repName(id) {
    return this.desk.reps.find((rep) => rep.id === id)?.name ?? id;
  }

  async takeRep(rep) {
    this.connection.extra = { rep };
    const data = await this.connection.ask("hello");
    if (data.kind === "hello") this.load(data);
    else this.toasts.show(this.errorText(data), "problem");
  }

  /** Show the session of a response. */
  async enter(pending) {
    const response = await pending;
    if (response.kind !== "session") {
      this.toasts.show(this.errorText(response), "problem");
      return false;
    }
    const fresh = this.session?.id !== response.session.id;
    this.session = response.session;
    if (fresh) {
      this.at = null;
      this.undo.clear();
      this.sought = "";
      await this.takeRep(response.session.reps[0]);
    }
    await this.composed();
    this.render();
    return true;
  }

  /** Send an act of the session. A refusal is shown and typed text stays; `done` is called when it is saved. */
  async act(act, body = {}, done = () => {}) {
    const { id, kind, reps } = this.session;
    const whole = { ...(kind === "group" ? {} : { rep: reps[0] }), ...body };
    const response = await this.send(act, whole);
    if (this.session?.id !== id) return false;
    if (response.kind === "refused" && response.code === "commitment.many") {
      this.toasts.show(this.errorText(response), "problem", [
        [this.t("take_it_anyway"), () => this.act(act, { ...body, confirmed: true }, done)],
      ]);
      return false;
    }
    if (CHANGED.has(response.code)) await this.reload();
    const saved = await this.enter(Promise.resolve(response));
    if (saved) done();
    return saved;
  }

  /** Send an act of a dialog, which shows a refusal itself. */
  async tell(act, body) {
    const response = await this.send(act, body);
    if (CHANGED.has(response.code)) await this.reload();
    if (response.kind === "session") await this.enter(Promise.resolve(response));
    else if (!this.root.querySelector("dialog[open]"))
      this.toasts.show(this.errorText(response), "problem");
    return response;
  }

  /** Send an act of the session; what it wrote can be undone. */
  async send(act, body) {
    const isFirst = !this.sent.get(printOf("act", { act, ...body }))?.pending;
    const response = await this.once("act", { act, ...body });
    if (response.edit_id && isFirst)
      this.undo.push("", response.edit_id, () => this.actName(act, body));
    return response;
  }

  /** Send a request that writes only once while its response is pending, and under the same id after a fault. */
  once(kind, body) {
    const print = printOf(kind, body);
    const sent = this.sent.get(print) ?? { editId: newEditId(), pending: null };
    this.sent.set(print, sent);
    if (sent.pending) return sent.pending;
    sent.pending = this.connection.ask(kind, { ...body, edit_id: sent.editId });
    sent.pending.then((response) => {
      sent.pending = null;
      if (response.kind !== "unavailable") this.sent.delete(print);
    });
    return sent.pending;
  }

  /** What an act did, as the Undo button names it. */
  actName(act, { rep }) {
    const name = this.session?.kind === "group" && rep ? this.repName(rep) : null;
    return [this.t(`did_${act}`), name].filter(Boolean).join(" · ");
  }

  /** Show the session as it is now. */
  reload() {
    return this.enter(this.connection.ask("resume", { session: this.session.id }));
  }

  editSaved(message, response) {
    super.editSaved(message, response);
    if (message.kind === "undo" && !message.account && this.session) this.reload();
  }

  // The frame ------------------------------------------------------------------------------------

  title() {
    const { session, t } = this;
    const names = session
      ? session.reps.map((rep) => this.repName(rep)).join(", ")
      : t("choose_whom");
    return [
      h(
        "div",
        { class: "who" },
        h("h1", {}, `${t("coaching")} · ${names}`),
        session
          ? h("p", { class: "headline" }, session.week)
          : h("p", { class: "headline" }, t("coaching_lead")),
      ),
      session ? this.stepList() : startLink(t),
    ];
  }

  stepList() {
    const { session, t } = this;
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
    return this.session
      ? [share, button(this.t("leave"), () => this.leave(), { "data-key": "leave" })]
      : null;
  }

  async leave() {
    const desk = await this.connection.ask("desk");
    if (desk.kind !== "desk") {
      this.toasts.show(this.errorText(desk), "problem");
      return;
    }
    this.desk = desk;
    this.session = this.at = this.pane = null;
    this.undo.clear();
    this.render();
  }

  fill() {
    this.nav = null;
    this.pane = null;
    this.root.dataset.step = this.session?.step ?? "start";
    this.body.replaceChildren(
      this.session
        ? h(
            "section",
            { class: "session", tabIndex: -1, "aria-label": this.t("coaching") },
            (this.draftList = h("div")),
            buildStep(this),
            this.bar(),
          )
        : openStart(this),
    );
    this.showDrafts();
  }

  showDrafts() {
    this.draftList?.replaceChildren(...[this.session && draftWindows(this)].filter(Boolean));
  }

  /** Open the card of a person in their account. */
  async showCard(account, person) {
    if (this.session.step !== "accounts") {
      this.toasts.show(this.t("kept_in_accounts"), "kept");
      return;
    }
    await this.openAccount(account);
    if (this.page?.account.id === account) openPerson(this, person);
  }

  bar() {
    const { session, t } = this;
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
      (rep) => !session.made?.[rep]?.length || session.agreed.includes(rep),
    );
    return h(
      "div",
      { class: "session-bar" },
      button(t("step_back"), () => this.go("back"), { disabled: first, "data-key": "step-back" }),
      h("span", { class: "grow" }),
      last
        ? button(t("end_session"), () => this.act("close"), {
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

  async go(where) {
    if (await this.act(where, { step: this.session.step }))
      this.root.querySelector(".session")?.focus();
  }

  // One account of the session -------------------------------------------------------------------

  /** Open an account of the session, or ask for the claim first. `gaps` are the slots with a next move. */
  async openAccount(account, week = null) {
    const response = await this.once("account", { account });
    this.leaveField();
    if (response.kind === "account") {
      this.at = { account, claimed: response.claimed, gaps: new Set(response.gaps), all: false };
      this.takePage(response.page, true);
      if (!this.session.opened.includes(account)) this.session.opened.push(account);
    } else if (response.code === "session.claim_account") this.at = { account, claimed: null };
    else {
      this.toasts.show(this.errorText(response), "problem");
      return;
    }
    this.account = account;
    this.week = week;
    this.render();
    this.root
      .querySelector(this.at.claimed === null ? ".claim input" : "[data-key=account-name]")
      ?.focus();
  }

  /** The slots of the account, those with a next move or all; groups that one call covers come first. */
  accountView() {
    const { at, page, t } = this;
    const shown = at.all ? page.slots : page.slots.filter((slot) => at.gaps.has(slot.role));
    const grid = new SlotGrid(this, { ...page, slots: shown });
    const measured = h("span", { class: "calibration" });
    const calls = h("ul", { class: "calls" });
    const star = new FocusStar(this);
    const update = (now, roles = null) => {
      grid.update(now, roles);
      const counted = now.slots.filter((slot) => slot.rung !== null);
      measured.textContent = t("claim_beside", {
        claim: at.claimed,
        measured: counted.filter((slot) => slot.rung >= 2).length,
        all: counted.length,
      });
      calls.replaceChildren(...this.calls(now));
      star.show(now.account);
    };
    update(page);
    this.pane = { grid, node: grid.node, update };
    return h(
      "section",
      { class: "session-account" },
      h(
        "header",
        { class: "pane-head" },
        h(
          "div",
          { class: "title" },
          h("h2", { "data-key": "account-name", tabIndex: -1 }, page.account.name),
          h("p", {}, measured, " ", star.node),
        ),
        button(t("tab_picture"), () => this.showPicture(), { "data-key": "picture" }),
      ),
      calls,
      shown.length ? grid.node : h("p", { class: "empty" }, t("nothing_open")),
      at.gaps.size < page.slots.length
        ? button(
            t(at.all ? "only_open" : "show_all_slots", { n: page.slots.length - at.gaps.size }),
            () => {
              at.all = !at.all;
              this.render();
            },
            { class: "link", "data-key": "all-slots" },
          )
        : null,
    );
  }

  /** Show the relationship picture in a dialog. */
  showPicture() {
    const { page, t } = this;
    const dialog = openDialog(
      this.root,
      t("picture_of", { account: page.account.name }),
      buildPicture(this, page),
      {
        kind: "widest",
        actions: [h("span", { class: "grow" }), button(t("close"), () => dialog.close())],
      },
    );
  }

  calls(page) {
    const { t } = this;
    const people = Map.groupBy
      ? Map.groupBy(
          page.slots.filter((slot) => slot.holder && DUE.has(slot.state)),
          (slot) => slot.holder.person,
        )
      : new Map();
    return [...people.values()]
      .filter((slots) => slots.length > 1)
      .map((slots) =>
        h(
          "li",
          {},
          h(
            "span",
            {},
            t("one_call", {
              name: [slots[0].holder.name, slots[0].holder.title].filter(Boolean).join(" "),
              roles: slots.map((slot) => this.roleTitle(slot.role)).join(", "),
            }),
          ),
          button(t("confirm"), () => openVerification(this, slots[0])),
        ),
      );
  }

  /** Open the form of a commitment for a slot. */
  openCommitment(role, account = this.account, rep = this.session.reps[0]) {
    const gap = this.session.gaps?.[rep]?.find((each) => each.account === account);
    const name = this.lines.get(account)?.name ?? gap?.account_name ?? account;
    openDraft(this, { account, role, rep }, name, (body, done) =>
      this.act("commit", { account, role, rep, ...body }, done),
    );
  }
}
