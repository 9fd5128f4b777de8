// The phone menu is a <details> and works alone; this closes it as one expects: Escape, or a press elsewhere.
for (const menu of document.querySelectorAll("[data-menu]")) {
  const close = () => {
    menu.open = false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      close();
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) close();
  });
}
