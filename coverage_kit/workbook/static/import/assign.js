// Giving accounts to a rep: a list to search and tick, and whom they go to.
import { openDialog } from "../core/dialogs.js";
import { button, h, plain } from "../core/dom.js";

/** So many lines are drawn; the rest is found by search. */
const DRAWN = 200;

/** The window in which accounts are ticked; what was given can be taken back beside the response. */
export async function openAssign(app) {
  const { t } = app;
  const response = await app.connection.ask("unassigned");
  if (response.kind !== "unassigned") {
    app.toasts.show(app.errorText(response), "problem");
    return;
  }
  const ticked = new Set();
  const search = h("input", {
    type: "search",
    class: "search",
    placeholder: t("assign_search"),
    "aria-label": t("assign_search"),
    autocomplete: "off",
    "data-key": "assign-search",
  });
  const everyone = h("input", { type: "checkbox" });
  const list = h("ul", { class: "assign-list" });
  const count = h("p", { class: "quiet", role: "status" });
  const whom = h("input", {
    type: "text",
    list: `${app.id}-reps`,
    maxlength: 80,
    autocomplete: "off",
    "data-key": "assign-rep",
  });
  const give = button(t("assign_give"), () => assign(), {
    class: "primary",
    disabled: true,
    "data-key": "assign-give",
  });
  const problem = h("p", { class: "refused", role: "alert", hidden: true });
  const fits = () =>
    response.accounts.filter((each) =>
      plain(`${each.name} ${each.industry}`).includes(plain(search.value)),
    );

  const look = () => {
    give.disabled = !ticked.size || !whom.value.trim();
    const found = fits();
    everyone.checked = found.length > 0 && found.every((each) => ticked.has(each.id));
    everyone.indeterminate = !everyone.checked && found.some((each) => ticked.has(each.id));
    count.textContent = t("assign_count", {
      ticked: ticked.size.toLocaleString(),
      n: found.length.toLocaleString(),
    });
  };
  const draw = () => {
    list.replaceChildren(
      ...fits()
        .slice(0, DRAWN)
        .map((each) => {
          const box = h("input", {
            type: "checkbox",
            checked: ticked.has(each.id),
            onchange: () => {
              if (box.checked) ticked.add(each.id);
              else ticked.delete(each.id);
              look();
            },
          });
          return h(
            "li",
            {},
            h(
              "label",
              { class: "tick" },
              box,
              h(
                "span",
                { class: "grow" },
                each.name,
                each.industry && h("span", { class: "quiet" }, ` · ${each.industry}`),
              ),
              h(
                "span",
                { class: "quiet" },
                t("assign_people", { n: each.people.toLocaleString() }),
              ),
            ),
          );
        }),
    );
    look();
  };
  async function assign() {
    const rep =
      response.reps.find((each) => each.name === whom.value.trim())?.id ?? whom.value.trim();
    const response = await app.connection.ask("assign", { accounts: [...ticked], rep });
    const refused =
      response.kind === "import" ? response.problem?.[app.lang] : app.errorText(response);
    problem.hidden = !refused;
    if (refused) {
      problem.textContent = refused;
      whom.focus();
      return;
    }
    dialog.close();
    app.hear(response);
    const back = async () =>
      app.hear(await app.connection.ask("take_back", { edit_id: response.edit_id }));
    app.toasts.show(
      t("assign_done", { n: ticked.size.toLocaleString(), rep: whom.value.trim() }),
      "done",
      [[t("undo"), back]],
    );
  }

  everyone.addEventListener("change", () => {
    for (const each of fits()) {
      if (everyone.checked) ticked.add(each.id);
      else ticked.delete(each.id);
    }
    draw();
  });
  search.addEventListener("input", draw);
  whom.addEventListener("input", look);
  const dialog = openDialog(
    app.root,
    t("assign_title"),
    [
      h("p", { class: "quiet" }, t("assign_lead")),
      search,
      h("label", { class: "tick all" }, everyone, t("assign_all")),
      list,
      count,
      h("label", { class: "field" }, h("span", { class: "label" }, t("assign_whom")), whom),
      h(
        "datalist",
        { id: `${app.id}-reps` },
        response.reps.map((each) => h("option", { value: each.name })),
      ),
      problem,
    ],
    {
      kind: "wide",
      actions: [h("span", { class: "grow" }), button(t("cancel"), () => dialog.close()), give],
    },
  );
  draw();
  search.focus();
}
