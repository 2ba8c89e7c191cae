// Loaded before the first paint, as a file of its own: the content security policy allows no inline script.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    let choice = null;
    try {
      choice = localStorage.getItem("gantry.theme");
    } catch {
      // Storage may be closed to us; the system's preference stands.
    }
    const dark = choice === "dark" || (choice !== "light" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("gantry:theme", apply);
})();
