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
