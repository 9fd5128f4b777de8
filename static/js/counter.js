// The characters of a long text, counted while it is typed; the server counts them too. Said once one pauses.
const grouped = (count) => count.toLocaleString("fr-FR").replace(/\s/g, "\u202f");

for (const text of document.querySelectorAll("[data-counted]")) {
  const counter = document.getElementById(`${text.id}_compteur`);
  if (!counter) continue;
  const most = Number(text.dataset.counted);
  const said = document.createElement("span");
  said.className = "vh";
  said.setAttribute("role", "status");
  counter.after(said);
  let pause;
  const count = () => {
    const typed = [...text.value].length;
    counter.textContent = `${grouped(typed)} caractère${typed > 1 ? "s" : ""} sur ${grouped(most)}`;
    counter.toggleAttribute("data-over", typed > most);
    clearTimeout(pause);
    pause = setTimeout(() => {
      said.textContent = typed > most * 0.9 ? counter.textContent : "";
    }, 1000);
  };
  text.addEventListener("input", count);
}
