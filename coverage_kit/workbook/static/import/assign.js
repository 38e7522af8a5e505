// Assigning accounts to a rep: search, tick, and choose the rep.
import { plain } from "../core/dom.js";
import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { Button, Dialog } from "./parts.js";

/** Number of accounts shown; the others are found by search. */
const SHOWN = 200;

export function AssignDialog({ app, accounts, reps }) {
  const { t } = app;
  const [search, setSearch] = useState("");
  const [ticked, setTicked] = useState(new Set());
  const [rep, setRep] = useState("");
  const [problem, setProblem] = useState("");
  const repField = useRef();
  const name = rep.trim();
  const found = accounts.filter((each) => fits(each, search));
  const tick = (some, isOn) => {
    const others = [...ticked].filter((id) => !some.includes(id));
    setTicked(new Set(isOn ? [...others, ...some] : others));
  };
  const assign = async () => {
    const id = reps.find((each) => each.name === name)?.id ?? name;
    const refused = await app.assign([...ticked], id, name);
    if (!refused) return;
    setProblem(refused);
    repField.current.focus();
  };
  const actions = html`
    <span class="grow"></span>
    <${Button} app=${app} press=${() => app.closeDialog()}>${t("cancel")}<//>
    <${Button}
      app=${app}
      name="assign-give"
      kind="primary"
      disabled=${!ticked.size || !name}
      press=${assign}
    >
      ${t("assign_give")}
    <//>
  `;
  return html`
    <${Dialog} app=${app} title=${t("assign_title")} kind="wide" actions=${actions}>
      <p class="quiet">${t("assign_lead")}</p>
      <${Search} t=${t} text=${search} change=${setSearch} />
      <${Accounts} t=${t} found=${found} ticked=${ticked} tick=${tick} />
      <label class="field">
        <span class="label">${t("assign_whom")}</span>
        <input
          ref=${repField}
          type="text"
          list=${`${app.id}-reps`}
          maxlength="80"
          autocomplete="off"
          data-key="assign-rep"
          value=${rep}
          onInput=${({ target }) => setRep(target.value)}
        />
      </label>
      <datalist id=${`${app.id}-reps`}>
        ${reps.map((each) => html`<option value=${each.name}></option>`)}
      </datalist>
      ${problem && html`<p class="refused" role="alert">${problem}</p>`}
    <//>
  `;
}

function fits({ name, industry }, search) {
  return plain(`${name} ${industry}`).includes(plain(search));
}

/** The search field; it has the focus when the dialog opens. */
function Search({ t, text, change }) {
  const field = useRef();
  useLayoutEffect(() => {
    // After the dialog around it has opened.
    queueMicrotask(() => field.current.focus());
  }, []);
  return html`
    <input
      ref=${field}
      type="search"
      class="search"
      placeholder=${t("assign_search")}
      aria-label=${t("assign_search")}
      autocomplete="off"
      data-key="assign-search"
      value=${text}
      onInput=${({ target }) => change(target.value)}
    />
  `;
}

function Accounts({ t, found, ticked, tick }) {
  const n = found.filter((each) => ticked.has(each.id)).length;
  const isAll = found.length > 0 && n === found.length;
  const tickAll = ({ target }) =>
    tick(
      found.map(({ id }) => id),
      target.checked,
    );
  const count = { ticked: ticked.size.toLocaleString(), n: found.length.toLocaleString() };
  return html`
    <label class="tick all">
      <input
        type="checkbox"
        checked=${isAll}
        indeterminate=${!isAll && n > 0}
        onChange=${tickAll}
      />
      ${t("assign_all")}
    </label>
    <ul class="assign-list">
      ${found.slice(0, SHOWN).map(
        (each) => html`
          <li key=${each.id}>
            <label class="tick">
              <input
                type="checkbox"
                checked=${ticked.has(each.id)}
                onChange=${({ target }) => tick([each.id], target.checked)}
              />
              <span class="grow">
                ${each.name}
                ${each.industry && html`<span class="quiet">${` · ${each.industry}`}</span>`}
              </span>
              <span class="quiet">${t("assign_people", { n: each.people.toLocaleString() })}</span>
            </label>
          </li>
        `,
      )}
    </ul>
    <p class="quiet" role="status">${t("assign_count", count)}</p>
  `;
}
