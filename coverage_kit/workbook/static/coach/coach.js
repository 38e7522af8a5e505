// The coach's screen: whom to coach, then one step after the other; everything is saved as it is said.
import { button, h, openDialog } from "../core/dom.js";
import { Shelf, newEditId } from "../core/connection.js";
import { App } from "../core/app.js";
import { openStart } from "./start.js";
import { buildStep } from "./steps.js";
import { openDraft } from "./commitment_form.js";
import { FocusStar } from "../rep/account.js";
import { SlotGrid } from "../rep/grid.js";
import { openVerification } from "../rep/forms.js";
import { keptWindows } from "../core/drafts.js";
import { openPerson } from "../rep/person.js";
import { buildPicture } from "../rep/picture.js";

const DUE = new Set(["due_soon", "stale", "never"]);

export class CoachApp extends App {
  async begin() {
    this.session = null;
    this.at = null;
    this.desk = await this.talk.ask("desk");
    if (this.desk.kind !== "desk") {
      this.fail(this.desk);
      return;
    }
    if (!this.desk.reps.length) {
      this.fail({ text: { ko: this.words.ko.no_reps, en: this.words.en.no_reps } });
      return;
    }
    await this.takeRep(this.desk.reps[0].id);
    this.render();
    this.talk.resume(new Shelf(`${this.shelfName}:outbox`));
    if (this.desk.current)
      await this.enter(this.talk.ask("resume", { session: this.desk.current }));
    this.ready();
  }

  repName(id) {
    return this.desk.reps.find((rep) => rep.id === id)?.name ?? id;
  }

  async takeRep(rep) {
    this.talk.extra = { rep };
    const data = await this.talk.ask("hello");
    if (data.kind === "hello") this.takeUp(data);
    else this.say(this.errorText(data), "problem");
  }

  /** Go into the session an answer tells of. */
  async enter(asked) {
    const answer = await asked;
    if (answer.kind !== "session") {
      this.say(this.errorText(answer), "problem");
      return false;
    }
    const fresh = this.session?.id !== answer.session.id;
    this.session = answer.session;
    if (fresh) {
      this.at = null;
      await this.takeRep(answer.session.reps[0]);
    }
    this.render();
    return true;
  }

  /** One act in the session; what was refused is said, and what was typed stays; `done` is called once it is saved. */
  async act(act, body = {}, done = () => {}) {
    const { id, kind, reps } = this.session;
    const answer = await this.once({ act, ...(kind === "group" ? {} : { rep: reps[0] }), ...body });
    if (this.session?.id !== id) return false;
    if (answer.kind === "refused" && answer.code === "commitment.many") {
      this.say(this.errorText(answer), "problem", [
        [this.t("take_it_anyway"), () => this.act(act, { ...body, confirmed: true }, done)],
      ]);
      return false;
    }
    if (answer.code === "commitment.changed")
      await this.enter(this.talk.ask("resume", { session: this.session.id }));
    const saved = await this.enter(Promise.resolve(answer));
    if (saved) done();
    return saved;
  }

  /** One act whose answer a window waits for: the window says itself what was refused. */
  async tell(act, body) {
    const answer = await this.once({ act, ...body });
    if (answer.kind === "session") await this.enter(Promise.resolve(answer));
    else if (!this.root.querySelector("dialog[open]")) this.say(this.errorText(answer), "problem");
    return answer;
  }

  /** The same said again before it was answered is said once. */
  once(body) {
    const print = JSON.stringify(body);
    if (this.said?.print === print) return this.said.answered;
    const said = (this.said = { print, answered: this.talk.ask("act", body) });
    said.answered.then(() => {
      if (this.said === said) this.said = null;
    });
    return said.answered;
  }

  // What is on the screen --------------------------------------------------------------------------------------------

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
      session && this.stepList(),
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

  tools() {
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
    const desk = await this.talk.ask("desk");
    if (desk.kind !== "desk") {
      this.say(this.errorText(desk), "problem");
      return;
    }
    this.desk = desk;
    this.session = this.at = this.pane = null;
    this.render();
  }

  hint() {
    return null;
  }

  keys() {
    return [
      ["1–6", "key_settle"],
      ["1–3", "key_sweep"],
      ["F", "key_focus"],
      ...this.keysEverywhere(),
    ];
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
            (this.kept = h("div")),
            buildStep(this),
            this.bar(),
          )
        : openStart(this),
    );
    this.showKept();
  }

  /** Windows left half-way, as they stand now. */
  showKept() {
    this.kept?.replaceChildren(...[this.session && keptWindows(this)].filter(Boolean));
  }

  /** The card of a person, in their account. */
  async showCard(account, person) {
    if (this.session.step !== "accounts") {
      this.say(this.t("kept_in_accounts"), "kept");
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
      button(t("undo_said"), () => this.act("undo"), { class: "link", "data-key": "undo-said" }),
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

  // One account of the session ---------------------------------------------------------------------------------------

  /** Claim first, then the account; `gaps` are the slots with a next move. */
  async openAccount(account, week = null) {
    const answer = await this.talk.ask("account", { account });
    this.leaveField();
    if (answer.kind === "account") {
      this.at = { account, claimed: answer.claimed, gaps: new Set(answer.gaps), all: false };
      this.take(answer.page, true);
      if (!this.session.opened.includes(account)) this.session.opened.push(account);
    } else if (answer.code === "session.claim_account") this.at = { account, claimed: null };
    else {
      this.say(this.errorText(answer), "problem");
      return;
    }
    this.account = account;
    this.week = week;
    this.render();
    this.root
      .querySelector(this.at.claimed === null ? ".claim input" : "[data-key=account-name]")
      ?.focus();
  }

  /** The slots of the account: those with a next move, or all; the ones one call covers stand first. */
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

  /** Who stands how to whom at the account, in a window of its own. */
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

  /** A commitment for a slot. */
  promise(role, account = this.account, rep = this.session.reps[0]) {
    const gap = this.session.gaps?.[rep]?.find((each) => each.account === account);
    const name = this.lines.get(account)?.name ?? gap?.account_name ?? account;
    openDraft(this, { account, role, rep }, name, (body, done) =>
      this.act("commit", { account, role, rep, edit_id: newEditId(), ...body }, done),
    );
  }
}
