// The desk by keyboard, and the papers larger or turned. Comfort only: every page works without it.

const isOn = () => localStorage.getItem("keys") !== "off";
const keyed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);
const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio)$/.test(element.type);

// A key presses the button or follows the link that carries it, and takes the focus to a field.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "j" || event.key === "k") return row(event.key === "j" ? 1 : -1);
  const found = keyed(event.key);
  if (!found) return;
  event.preventDefault();
  if (typing(found)) found.focus();
  else found.click();
});

// j and k walk the rows of a list: the focus goes to the link of each, so that Enter opens it.
const row = (step) => {
  const links = [...document.querySelectorAll("[data-row] a")];
  const now = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, now + step))]?.focus();
};

const onoff = document.getElementById("keys-on");
if (onoff) {
  onoff.checked = isOn();
  onoff.addEventListener("change", () => localStorage.setItem("keys", onoff.checked ? "on" : "off"));
}

// Larger, smaller, turned: kept while one works, the turn for the papers it was made for.
for (const tools of document.querySelectorAll("[data-tools]")) {
  const box = tools.closest(".card").querySelector("[data-papers]");
  if (!box) continue;
  tools.hidden = false;
  const first = box.querySelector("[data-page]")?.pathname;
  let size = Number(sessionStorage.getItem("size") ?? 1);
  let quarter = sessionStorage.getItem("turned") === first ? Number(sessionStorage.getItem("quarter")) : 0;
  const show = () => {
    for (const page of box.querySelectorAll("[data-page]")) {
      const { naturalWidth, naturalHeight } = page.firstElementChild;
      if (naturalWidth) page.style.setProperty("--lying", naturalHeight / naturalWidth);
    }
    box.dataset.size = size;
    box.dataset.quarter = quarter;
  };
  box.addEventListener("load", show, true);
  tools.addEventListener("click", (event) => {
    const { zoom } = event.target.dataset;
    if (zoom) size = Math.max(0, Math.min(3, size + Number(zoom)));
    if ("turn" in event.target.dataset) quarter = (quarter + 1) % 4;
    sessionStorage.setItem("size", size);
    sessionStorage.setItem("turned", first);
    sessionStorage.setItem("quarter", quarter);
    show();
  });
  show();
}
