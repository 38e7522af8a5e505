// How the file was read: rows left out, columns not read, and what only a person can decide.
import { html } from "../vendor/preact.js";
import { Button, Choice, Listed } from "./parts.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import * as Messages from "../messages.d.ts" */
/** @import { ColumnView, PlanView } from "../messages.d.ts" */
/** @import { ImportApp } from "./app.js" */

/**
 * One line about the file; rows left out and columns not read fold out below it.
 * @param {{ app: ImportApp, plan: PlanView }} props
 */
export function Reading({ app, plan }) {
  const { shown, t } = app;
  const unread = plan.unread.length;
  const parts = [
    shown.file,
    t("import_read", { n: plan.counts.rows.toLocaleString() }),
    unread && t("import_unread_n", { n: unread, names: plan.unread.join(", ") }),
    plan.n_left_out && t("import_left_out_n", { n: plan.n_left_out, why: reasons(app, plan) }),
  ];
  return html`
    <p class="quiet reading">${parts.filter(Boolean).join(" · ")}</p>
    <${Unread} app=${app} plan=${plan} />
    <${LeftOut} app=${app} plan=${plan} />
  `;
}

/**
 * @param {{ t: Translate }} props
 * @param {PlanView} plan
 */
function reasons({ t }, plan) {
  const counts = Object.entries(plan.left_out_by);
  return counts.map(([why, n]) => `${t(`import_why_${why}`)} ${n.toLocaleString()}`).join(", ");
}

/**
 * The columns that hold something and are not read; one press reads a column and tries the file out again.
 * @param {{ app: ImportApp, plan: PlanView }} props
 */
function Unread({ app, plan }) {
  const { shown, t } = app;
  const columns = (shown.preview?.columns ?? []).filter(({ theirs }) =>
    plan.unread.includes(theirs),
  );
  if (!columns.length) return null;
  return html`
    <details class="of-unread">
      <summary data-key="unread">
        ${t("import_unread")} <span class="quiet">${columns.length}</span>
      </summary>
      <table class="listed columns">
        <tbody>
          ${columns.map((column) => html`<${UnreadRow} key=${column.theirs} app=${app} column=${column} />`)}
        </tbody>
      </table>
    </details>
  `;
}

/** @param {{ app: ImportApp, column: ColumnView }} props */
function UnreadRow({ app, column: { theirs, samples, guess } }) {
  const { shown, t } = app;
  const options = app.options(shown.choices, "field_");
  /** @param {string} ours */
  const read = (ours) => app.tryAgain({ columns: { [theirs]: ours } });
  return html`
    <tr>
      <th scope="row">${theirs}</th>
      <td class="samples">
        ${samples.filter(Boolean).map((text) => html`<span class="sample">${text}</span>`)}
      </td>
      ${
        !shown.done &&
        html`<td>
          <div class="choose">
            ${
              guess &&
              html`<${Button} app=${app} name=${`guess-${theirs}`} press=${() => read(guess)}>
                ${t("import_read_as_guess", { ours: t(`field_${guess}`) })}
              <//>`
            }
            <${Choice}
              app=${app}
              name=${`unread-${theirs}`}
              label=${t("import_read_as", { column: theirs })}
              options=${options}
              value=""
              empty=${t("import_not_read")}
              change=${read}
            />
          </div>
        </td>`
      }
    </tr>
  `;
}

/** @param {{ app: ImportApp, plan: PlanView }} props */
function LeftOut({ app, plan }) {
  const { t } = app;
  if (!plan.n_left_out) return null;
  const rows = plan.left_out.map(({ row, why, text }) => [row, t(`import_why_${why}`), text]);
  return html`
    <details>
      <summary data-key="left-out">
        ${t("import_left_out")} <span class="quiet">${plan.n_left_out.toLocaleString()}</span>
      </summary>
      <${Listed}
        app=${app}
        name="left_out"
        isNamed=${false}
        heads=${["row", "why", "text"]}
        rows=${rows}
        n=${plan.n_left_out}
      />
    </details>
  `;
}

/**
 * What only a person can decide; each decision tries the file out again.
 * @param {{ app: ImportApp, plan: PlanView }} props
 */
export function Questions({ app, plan }) {
  const { shown, t } = app;
  const isDecided = plan.unclear !== "ask";
  const asks = plan.n_unclear || isDecided || plan.owners.length || plan.n_who;
  if (shown.done || !(asks || plan.people_columns.length)) return null;
  return html`
    <section class="panel questions">
      <h3>${t("import_decide")}</h3>
      ${(plan.n_unclear > 0 || isDecided) && html`<${AccountQuestion} app=${app} plan=${plan} />`}
      ${plan.owners.map((owner) => html`<${OwnerQuestion} key=${owner.name} app=${app} owner=${owner} />`)}
      ${plan.who.map((person) => html`<${PersonQuestion} key=${person.row} app=${app} person=${person} />`)}
      ${
        plan.n_who > plan.who.length &&
        html`<p class="quiet">${t("import_who_more", { n: plan.n_who - plan.who.length })}</p>`
      }
      ${plan.people_columns.length > 0 && html`<${PeopleQuestion} app=${app} plan=${plan} />`}
    </section>
  `;
}

/** @type {("same" | "new")[]} What accounts whose key and name disagree can be. */
const DECISIONS = ["same", "new"];
/** @type {"ask"[]} */
const AGAIN = ["ask"];

/** @param {{ app: ImportApp, plan: PlanView }} props */
function AccountQuestion({ app, plan }) {
  const { t } = app;
  const isDecided = plan.unclear !== "ask";
  const text = isDecided
    ? t(`import_unclear_${plan.unclear}_done`)
    : t("import_unclear", { n: plan.n_unclear.toLocaleString() });
  return html`
    <div class="question">
      <span class="grow">${text}</span>
      ${(isDecided ? AGAIN : DECISIONS).map(
        (unclear) => html`
          <${Button}
            app=${app}
            name=${`unclear-${unclear}`}
            press=${() => app.tryAgain({ unclear })}
          >
            ${t(`import_unclear_${unclear}`)}
          <//>
        `,
      )}
    </div>
  `;
}

/** @param {{ app: ImportApp, owner: Messages.OwnerQuestion }} props */
function OwnerQuestion({ app, owner: { name, n, colleagues, chosen } }) {
  const { t } = app;
  const text = chosen
    ? t("import_owner_done", { name })
    : t("import_owner", { n: n.toLocaleString(), name });
  return html`
    <div class="question">
      <span class="grow">${text}</span>
      <${Choice}
        app=${app}
        name=${`owner-${name}`}
        label=${t("import_owner_who", { name })}
        options=${colleagues.map((each) => [each.id, `${each.name} (${each.id})`])}
        value=${chosen}
        empty=${t("import_owner_open")}
        change=${(/** @type {string} */ key) => app.tryAgain({ owners: { [name]: key } })}
      />
    </div>
  `;
}

/** @param {{ app: ImportApp, person: Messages.PersonQuestion }} props */
function PersonQuestion({ app, person }) {
  const { t } = app;
  const { row, name, account, people, chosen, in_brackets: inBrackets } = person;
  const open = inBrackets ? "import_who_brackets" : "import_who";
  /** @param {Messages.Named} each */
  const about = ({ id, name: said }) =>
    /^\d+$/.test(id) ? t("import_who_row", { row: id, about: said }) : said;
  const options = people.map((each) => [each.id, about(each)]);
  options.push(["new", t("import_who_new")]);
  /** @param {string} id */
  const choose = (id) => app.tryAgain({ who: { [row]: id } });
  return html`
    <div class="question">
      <span class="grow">${t(chosen ? "import_who_done" : open, { row, name, account })}</span>
      <${Choice}
        app=${app}
        name=${`who-${row}`}
        label=${t("import_who_label", { name, row })}
        options=${options}
        value=${chosen}
        empty=${t("import_owner_open")}
        change=${choose}
      />
    </div>
  `;
}

/**
 * Columns of a file of accounts that name people: the customer's, or our own.
 * @param {{ app: ImportApp, plan: PlanView }} props
 */
function PeopleQuestion({ app, plan: { people_columns: columns, may_be_owner: mayBeOwner } }) {
  const { t } = app;
  return html`
    <div class="question people-columns">
      <span class="grow">${t("import_people", { columns: columns.join(", ") })}</span>
      ${
        mayBeOwner &&
        html`
          <${Button}
            app=${app}
            name="people-owner"
            press=${() => app.tryAgain({ columns: { [columns[0]]: "owner" } })}
          >
            ${t("import_people_owner", { column: columns[0] })}
          <//>
        `
      }
    </div>
  `;
}
