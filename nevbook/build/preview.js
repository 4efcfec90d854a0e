/* A page of `nevbook preview`: it follows what is built, and shows what went wrong. */
(function () {
  "use strict";
  var built = Number(new URL(document.currentScript.src).searchParams.get("built"));
  var box = document.createElement("pre");
  box.id = "nev-preview";
  box.setAttribute("role", "alert");
  box.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:99;margin:0;max-height:50vh;overflow:auto;" +
    "padding:1em;background:#7a1212;color:#fff;white-space:pre-wrap;font:14px/1.4 monospace";
  new EventSource("/_preview/events").onmessage = function (event) {
    var told = JSON.parse(event.data);
    box.remove();
    if (told.error) {
      box.textContent = told.error;
      document.body.appendChild(box);
      built = told.built; // the last good page stays
    } else if (told.built !== built) {
      location.reload(); // at its place
    }
  };
}());
