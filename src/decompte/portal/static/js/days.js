// A browser writes a day field by its own language. The page says the day again in words of its own,
// so that 3/4 is never taken for the wrong month. Comfort only: the field works without it.

const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const words = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });

const written = (day) => (language === "fr" ? words.format(day).replace(" 1 ", " 1er ") : words.format(day));

for (const field of document.querySelectorAll('input[type="date"]')) {
  const said = document.createElement("output");
  said.className = "help";
  said.htmlFor = field.id;
  field.after(said);
  const say = () => { said.textContent = field.valueAsDate ? written(field.valueAsDate) : ""; };
  field.addEventListener("input", say);
  say();
}
