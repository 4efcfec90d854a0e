/* Before anything is drawn: light or dark, as the reader chose or the system has it. */
(function () {
  "use strict";
  var root = document.documentElement, mode, system;
  try {
    mode = window.localStorage.getItem("mode");
  } catch (forbidden) { /* a reader may forbid storage */ }
  system = window.matchMedia("(prefers-color-scheme: dark)");
  function show() {
    var dark = root.dataset.mode === "dark" || (root.dataset.mode === "auto" && system.matches);
    root.dataset.theme = dark ? "dark" : "light";
  }
  window.nevMode = function (chosen) {
    root.dataset.mode = chosen === "light" || chosen === "dark" ? chosen : "auto";
    show();
  };
  root.classList.add("nev-scripts");
  window.nevMode(mode);
  if (system.addEventListener) system.addEventListener("change", show);
})();
