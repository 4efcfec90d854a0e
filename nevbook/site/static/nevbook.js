/* The book's own script: a classic one, so that it works from a folder. */
(function () {
  "use strict";

  /* Whether an edition has a PDF is known to the site, not to its pages: they do not change when one is made. */
  function print(place, path) {
    var item = document.createElement("li"), link = document.createElement("a");
    link.href = place.dataset.root + path;
    link.textContent = place.dataset.pdf;
    item.appendChild(link);
    document.querySelector(".nev-links ul").appendChild(item);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var place = document.querySelector(".nev-editions");
    var known = window.nevEditions || [], here = window.location.pathname.split("/"), page = here.pop();
    var inside = place && new URL(place.dataset.root + place.dataset.edition, window.location.href).pathname === here.join("/") + "/";
    if (place && known.length) {
      var list = document.createElement("ul");
      known.forEach(function (one) {
        var item = document.createElement("li");
        var link = document.createElement("a");
        link.href = place.dataset.root + one.path + (inside && one.pages && one.pages.indexOf(page) >= 0 ? page : "index.html");
        link.textContent = one.label;
        if (one.path === place.dataset.edition) link.setAttribute("aria-current", "true");
        item.appendChild(link);
        list.appendChild(item);
        if (one.pdf && one.path === place.dataset.edition) print(place, one.pdf);
      });
      place.appendChild(list);
    }
  });
})();

/* A number's card: a copy of its entry in the list at the chapter's end, beside the number.
   A pointer opens it by resting on the number, the keyboard by reaching it, a finger by a tap.
   It is a dialog that is not modal, for it holds links, which a tooltip may not; a number is
   described by the first line of its entry, so that a screen reader says what it is at once,
   and Enter leads into the card. */
(function () {
  "use strict";
  var GAP = 6, EDGE = 8, OPEN = 150, CLOSE = 300, LEAST = 160;
  var words, card, link, trail, side, timer, held, pointer, quiet;

  function make(name, className, parent) {
    var one = document.createElement(name);
    one.className = className;
    if (name === "button") one.type = "button";
    if (parent) parent.appendChild(one);
    return one;
  }

  function entryOf(one) {
    return document.getElementById(one.getAttribute("href").slice(1));
  }

  function stop() {
    window.clearTimeout(timer);
  }

  function later(what, wait) {
    stop();
    timer = window.setTimeout(what, wait);
  }

  function close(back) {
    stop();
    if (!link) return;
    var was = link;
    link.setAttribute("aria-expanded", "false");
    link.removeAttribute("aria-controls");
    link = null;
    held = false;
    card.hidden = true;
    if (back) {
      quiet = true; // the number has the focus again, and its card stays shut
      was.focus({ preventScroll: true });
      quiet = false;
    }
  }

  function fill(entry) {
    var bar, button, body, copy, more;
    card.textContent = "";
    bar = make("div", "nev-pop-bar", card);
    if (trail.length) {
      button = make("button", "nev-pop-back", bar);
      button.textContent = "\u2039 " + trail[trail.length - 1].querySelector("strong").textContent;
      button.setAttribute("aria-label", words.back + ": " + button.textContent.slice(2));
      button.addEventListener("click", function (event) {
        fill(trail.pop());
        follow(event);
      });
    }
    button = make("button", "nev-pop-close", bar);
    button.textContent = "\u00d7";
    button.setAttribute("aria-label", words.close);
    button.addEventListener("click", function () { close(true); });
    body = make("div", "nev-pop-body", card);
    copy = entry.cloneNode(true);
    Array.prototype.forEach.call(copy.querySelectorAll(".nev-back"), function (one) {
      one.parentNode.removeChild(one);
    });
    Array.prototype.forEach.call(copy.querySelectorAll("[id], [tabindex]"), function (one) {
      one.removeAttribute("id");
      one.removeAttribute("tabindex"); // the list is one stop of the keyboard, the card is not
    });
    while (copy.firstChild) body.appendChild(copy.firstChild);
    Array.prototype.forEach.call(body.querySelectorAll('a[href^="#nev-"]'), function (input) {
      input.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        trail.push(entry);
        fill(entryOf(input));
        follow(event);
      });
    });
    more = make("a", "nev-pop-more", make("p", "nev-pop-foot", card));
    more.href = "#" + entry.id;
    more.textContent = words.list;
    more.addEventListener("click", function () { close(false); });
    card.setAttribute("aria-label", body.querySelector(".nev-what").textContent);
    card.scrollTop = 0;
    place();
  }

  /* What was pressed is gone once the card holds something else; a key's user goes on in the card. */
  function follow(event) {
    if (event.detail === 0 || held) card.focus({ preventScroll: true });
  }

  /* Below the number or above it, never over it, and inside the window. */
  function place() {
    if (!link) return;
    var box = link.getBoundingClientRect();
    var width = document.documentElement.clientWidth, height = window.innerHeight;
    var out = box.bottom < 0 || box.top > height;
    card.style.visibility = out ? "hidden" : ""; // a number that the keyboard reached may still be scrolling in
    if (out && side) close(inside(document.activeElement));
    if (out) return;
    var rooms = { below: height - box.bottom - GAP - EDGE, above: box.top - GAP - EDGE };
    var other = rooms.below >= rooms.above ? "below" : "above", read = card.scrollTop;
    card.style.maxHeight = "none";
    card.style.left = card.style.top = "0px";
    var tall = card.offsetHeight, wide = card.offsetWidth;
    if (!side) side = tall <= rooms.below ? "below" : other;
    else if (rooms[side] < Math.min(tall, LEAST)) side = other; // else it stays where the eye and the pointer are
    tall = Math.min(tall, Math.max(rooms[side], 0));
    card.style.maxHeight = Math.max(rooms[side], 0) + "px";
    card.scrollTop = read;
    card.style.left = Math.max(EDGE, Math.min(box.left, width - wide - EDGE)) + "px";
    card.style.top = (side === "below" ? box.bottom + GAP : box.top - GAP - tall) + "px";
  }

  function open(one) {
    stop();
    if (link === one) return;
    if (!entryOf(one)) return;
    close(false);
    link = one;
    trail = [];
    side = "";
    card.hidden = false;
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", card.id);
    fill(entryOf(link));
  }

  function byKeyboard(one) {
    try {
      return one.matches(":focus-visible");
    } catch (unknown) { // a browser from before 2022
      return pointer === undefined;
    }
  }

  /* Whether the keyboard is at the number or in its card, which then stays whatever the pointer does. */
  function kept() {
    var at = document.activeElement;
    return held || inside(at) || (at === link && byKeyboard(link));
  }

  function numberAt(target) {
    return target && target.closest ? target.closest("a.nev-ref") : null;
  }

  function inside(target) {
    return Boolean(target && card.contains(target));
  }

  /* Ways back from an entry to the numbers that lead to it, in the order of the page. */
  function prepare(numbers) {
    var ways = {};
    Array.prototype.forEach.call(numbers, function (one) {
      var entry = entryOf(one), what = entry && entry.querySelector(".nev-what");
      if (!what) return;
      (ways[entry.id] = ways[entry.id] || []).push(one);
      one.id = entry.id + "-at-" + ways[entry.id].length;
      one.setAttribute("aria-description", what.textContent); // by its id none is read while the list is folded
      one.setAttribute("aria-haspopup", "dialog");
      one.setAttribute("aria-expanded", "false");
    });
    Object.keys(ways).forEach(function (id) {
      var entry = document.getElementById(id), all = make("span", "nev-back");
      ways[id].forEach(function (one, place) {
        var back = make("a", "", all), order = ways[id].length > 1 ? String(place + 1) : "";
        back.href = "#" + one.id;
        back.textContent = "\u2191" + order;
        back.title = words.text;
        back.setAttribute("aria-label", (words.text + " " + order).trim());
      });
      entry.insertBefore(all, entry.firstChild);
    });
  }

  /* A link to an entry opens the list that it stands in; newer browsers do it by themselves. */
  function reveal() {
    var target = document.getElementById(window.location.hash.slice(1)), fold = target && target.closest("details.nev-provenance");
    if (!fold || fold.open) return;
    fold.open = true;
    target.scrollIntoView();
  }

  function listen() {
    document.addEventListener("pointerover", function (event) {
      if (event.pointerType !== "mouse") return;
      var one = numberAt(event.target);
      if (one && one !== link) later(function () { open(one); }, OPEN);
      else if (one || inside(event.target)) stop();
      else if (link && !kept()) later(function () { close(false); }, CLOSE);
      else stop();
    });
    document.documentElement.addEventListener("pointerleave", function (event) {
      if (event.pointerType === "mouse" && link && !kept()) later(function () { close(false); }, CLOSE);
    });
    document.addEventListener("pointerdown", function (event) {
      pointer = event.pointerType;
      stop();
      if (link && !inside(event.target) && numberAt(event.target) !== link) close(false);
    });
    document.addEventListener("focusin", function (event) {
      var one = numberAt(event.target);
      if (one && !quiet && byKeyboard(one)) open(one);
      else if (link && !quiet && one !== link && !inside(event.target)) close(false);
    });
    document.addEventListener("click", function (event) {
      var one = numberAt(event.target);
      if (!one || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // a card that was asked for stays until it is closed, and has a link to the list
      open(one);
      held = true;
      if (event.detail === 0) card.focus({ preventScroll: true }); // Enter: into the card
    });
    document.addEventListener("keydown", function (event) {
      if (!link) return;
      var within = inside(document.activeElement);
      if (event.key === "Escape") {
        close(within);
      } else if (event.key === "Tab" && within) { // the card stands where its number stands in the order of the page
        var stops = card.querySelectorAll("a[href], button"), here = document.activeElement;
        if (event.shiftKey && (here === stops[0] || here === card)) {
          event.preventDefault();
          close(true);
        } else if (!event.shiftKey && here === stops[stops.length - 1]) {
          close(true); // and the key goes on from the number
        }
      }
    });
    window.addEventListener("resize", place);
    window.addEventListener("scroll", function (event) {
      if (!inside(event.target)) window.requestAnimationFrame(place);
    }, true);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var list = document.querySelector("ol.nev-entries");
    if (!list || !window.PointerEvent) return;
    words = list.dataset;
    card = make("div", "nev-pop", document.body);
    card.id = "nev-card";
    card.hidden = true;
    card.tabIndex = -1;
    card.setAttribute("role", "dialog");
    prepare(document.querySelectorAll("a.nev-ref"));
    listen();
    reveal();
    window.addEventListener("hashchange", reveal);
  });
})();
