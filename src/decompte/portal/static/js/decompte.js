// Comfort only: every page works without this file, and the server checks everything again.

// Step 2: once an agency is chosen, the complementary of another one is out of sight. An answer
// already given stays in sight, so that nothing changes behind the student's back.
for (const form of document.querySelectorAll("form[data-choice]")) {
  const show = () => {
    const chosen = form.elements.agency.value;
    for (const radio of form.elements.complementary) {
      const isOthers = chosen && radio.value && radio.value !== chosen;
      radio.closest("[data-option]").hidden = Boolean(isOthers) && !radio.checked;
    }
  };
  form.addEventListener("change", show);
  show();
}

// After a refused form the summary of what is wrong takes the focus.
document.querySelector("[data-summary]")?.focus();

// On a phone the line of places is pushed so far that one sees where one is.
document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// What was typed before a new sign-in goes back into its form, to be corrected before it is sent.
const typed = document.querySelector("[data-typed]");
if (typed) {
  const fields = JSON.parse(document.getElementById("typed-fields").textContent);
  const here = (form) => new URL(form.action).pathname === typed.dataset.typed;
  const form = [...document.querySelectorAll("main form[method=post]")].find(here);
  for (const [name, value] of form ? fields : []) {
    const inputs = form.elements.namedItem(name);
    for (const input of inputs instanceof RadioNodeList ? inputs : inputs ? [inputs] : []) {
      if (input.type === "radio" || input.type === "checkbox") input.checked ||= input.value === value;
      else if (input.type !== "hidden" && input.type !== "file") input.value = value;
    }
    form.dispatchEvent(new Event("change"));
  }
}
