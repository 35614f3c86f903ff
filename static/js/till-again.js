// A sale that is reloaded leads here, for its page is kept nowhere. It goes on as it was typed, in this tab alone and for
// whoever is on shift still.
const { goesOn } = document.querySelector("[data-goes-on]").dataset;
const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
const typed = JSON.parse(sessionStorage.getItem("till-sale")) ?? [];

function goOn() {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/till/basket" });
  for (const [name, value] of typed) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

if (reloaded && typed.some(([name, value]) => name === "shift" && value === goesOn)) goOn();
