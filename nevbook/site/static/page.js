/* What surrounds the text: colours, menu and contents, search. A classic script, so that it works from a folder.
   Without it every link still leads somewhere: to the menu, the contents, the search page. */
(function () {
  "use strict";
  var root = document.documentElement, ORDER = ["auto", "light", "dark"];

  function each(found, act) {
    Array.prototype.forEach.call(found, act);
  }

  /* Colours: as the system has them, light, dark. */
  function colours(button) {
    function name() {
      button.title = button.dataset[root.dataset.mode];
      button.setAttribute("aria-label", button.title);
    }
    button.addEventListener("click", function () {
      var next = ORDER[(ORDER.indexOf(root.dataset.mode) + 1) % ORDER.length];
      window.nevMode(next);
      try {
        window.localStorage.setItem("mode", next);
      } catch (forbidden) { /* then it holds for this page */ }
      name();
    });
    name();
  }

  /* A drawer is a column where there is room, and lies over the page where there is not. */
  function drawer(button) {
    var panel = document.getElementById(button.dataset.drawer), shut = panel.querySelector(".nev-close");
    var rest = document.querySelectorAll("main, .nev-bar, .nev-skip, .nev-drawer:not(#" + panel.id + ")");

    function over() {
      return window.getComputedStyle(panel).position === "fixed";
    }

    function shown() {
      return panel.getClientRects().length > 0;
    }

    function tell() {
      button.setAttribute("aria-expanded", String(shown()));
    }

    function close(back) {
      if (!panel.classList.contains("nev-open")) return;
      panel.classList.remove("nev-open");
      each(rest, function (one) { one.inert = false; });
      tell();
      if (back) button.focus();
    }

    button.setAttribute("role", "button");
    button.setAttribute("aria-controls", panel.id);
    button.addEventListener("keydown", function (event) {
      if (event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", function (event) {
      event.preventDefault();
      if (shown() && !over()) {
        panel.classList.add("nev-hidden");
      } else {
        panel.classList.remove("nev-hidden");
        if (over()) {
          panel.classList.add("nev-open");
          each(rest, function (one) { one.inert = true; });
          panel.focus();
        }
      }
      tell();
    });
    shut.setAttribute("role", "button");
    shut.addEventListener("click", function (event) {
      event.preventDefault();
      close(true);
    });
    panel.addEventListener("click", function (event) {
      if (event.target.closest("a[href]") && event.target.closest("a") !== shut) close(false);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") close(true);
    });
    document.addEventListener("pointerdown", function (event) {
      if (!panel.contains(event.target)) close(false);
    });
    window.addEventListener("resize", function () {
      if (!over()) close(false);
      tell();
    });
    tell();
  }

  /* Search from anywhere: Ctrl or Command and K, or a slash. */
  function search(dialog) {
    var field = dialog.querySelector("input"), box = dialog.querySelector("[data-found]"), script = document.createElement("script");
    function open(event) {
      if (!dialog.showModal || dialog.open) return;
      event.preventDefault();
      dialog.showModal();
      field.select();
      if (!box.nevReady) { // the search itself comes with the first question
        box.nevReady = true;
        script.src = box.dataset.base + "_static/search.js";
        script.onload = function () { window.nevSearchIn(field, box, 8); };
        document.head.appendChild(script);
      }
    }
    each(document.querySelectorAll(".nev-search-button"), function (one) {
      one.setAttribute("aria-keyshortcuts", "Control+K");
      one.addEventListener("click", open);
    });
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog || event.target.closest("a")) dialog.close(); // beside the box, or a place found
    });
    dialog.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], stops = [field].concat(Array.prototype.slice.call(dialog.querySelectorAll("li a")));
      if (!step) return;
      event.preventDefault();
      (stops[stops.indexOf(document.activeElement) + step] || field).focus();
    });
    document.addEventListener("keydown", function (event) {
      var typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
      if ((event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) open(event);
    });
  }

  /* The links of a table or of a long list are one stop of the keyboard: the arrows go on within it. */
  function rove(table) {
    var links = Array.prototype.slice.call(table.querySelectorAll("a[href], summary"));
    if (links.length < 8) return;
    links.forEach(function (one, n) { one.tabIndex = n ? -1 : 0; });
    table.addEventListener("focusin", function (event) {
      var at = links.indexOf(event.target);
      if (at >= 0) links.forEach(function (one, n) { one.tabIndex = n === at ? 0 : -1; });
    });
    table.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key], at = links.indexOf(event.target);
      if (event.key === "Home") step = -at;
      if (event.key === "End") step = links.length - 1 - at;
      if (at < 0 || step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      at += step;
      while (links[at] && links[at].checkVisibility && !links[at].checkVisibility({ contentVisibilityAuto: true })) at += step < 0 ? -1 : 1;
      if (links[at]) links[at].focus();
    });
  }

  /* The contents say where in the page the reader is. */
  function place(contents) {
    var links = {}, current;
    each(contents.querySelectorAll('a[href^="#"]'), function (one) {
      var target = one.getAttribute("href").length > 1 && document.getElementById(decodeURIComponent(one.hash.slice(1)));
      if (target) links[target.id] = one;
    });
    if (!window.IntersectionObserver) return;
    var seen = {}, watch = new window.IntersectionObserver(function (entries) {
      var now;
      entries.forEach(function (one) { seen[one.target.id] = one.isIntersecting; });
      Object.keys(links).forEach(function (id) { if (seen[id]) now = links[id]; }); // the innermost, last one
      if (now === current) return;
      if (current) current.removeAttribute("aria-current");
      if (now) now.setAttribute("aria-current", "true");
      current = now;
    }, { rootMargin: "-15% 0px -80% 0px" });
    Object.keys(links).forEach(function (id) { watch.observe(document.getElementById(id)); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    each(document.querySelectorAll("#nev-mode"), colours);
    each(document.querySelectorAll("[data-drawer]"), drawer);
    each(document.querySelectorAll("dialog.nev-search"), search);
    each(document.querySelectorAll("#nev-contents nav"), place);
    each(document.querySelectorAll("table, .nev-sources, .nev-regions"), rove);
  });
})();
