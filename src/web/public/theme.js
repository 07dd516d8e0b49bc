// Sets the colour scheme before the first paint. A file of its own, because the page allows no inline script.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("mantine-color-scheme-value");
  } catch (_) {
    // Storage is switched off: the system's scheme is used.
  }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
