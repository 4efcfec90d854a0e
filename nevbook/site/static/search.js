/* One search for everything: chapters, terms, claims, indicators, sources, markets. Loaded when it is asked for; the
   indexes are classic scripts, so that it works from a folder. Every word has to be there: at the beginning of a word,
   or anywhere in Chinese; a word that is nowhere is read as the nearest one that is somewhere. */
(function () {
  "use strict";
  var MOST = 300, AROUND = 70, docs = [], known = {}, waiting = null, spelt;
  var HAN = /\p{Script=Han}/u;

  /* Letters, figures and spaces alone, one space at either end. */
  function words(text) {
    return " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/(\d),(?=\d{3})/g, "$1").replace(/(\d)\.(?=\d)/g, "$1\u00b7")
      .replace(/(\p{Script=Han})(?=[a-z\d])/gu, "$1 ").replace(/([a-z\d])(?=\p{Script=Han})/gu, "$1 ")
      .replace(/[^\p{L}\p{N}\u00b7&]+/gu, " ").trim() + " ";
  }

  function stem(word) {
    return /^[a-z]{5,}$/.test(word) ? word.replace(/s$/, "").replace(/(.{4})(?:ie|e|ing|ed|y)$/, "$1") : word;
  }

  /* How often a word begins in a text, up to a few times. */
  function count(text, term) {
    var n = 0, at = -1, wanted = HAN.test(term) ? term : " " + term;
    while (n < 9 && (at = text.indexOf(wanted, at + 1)) >= 0) n++;
    return n;
  }

  /* What the indexes call: the folder that they tell of, and what is there. */
  window.nevSearch = function (place, listed) {
    listed.forEach(function (one) {
      docs.push({
        kind: one[0], weight: one[1], place: place, path: one[2], title: one[3], name: words(one[3]),
        also: one[4].split(";").map(words), more: words(one[6]),
        parts: one[5].map(function (part) { return { id: part[0], head: part[1], text: part[2], hay: words(part[1] + " " + part[2]) }; })
      });
    });
  };

  function load(files, then) {
    var left = files.length;
    if (waiting) return waiting.push(then);
    waiting = [then];
    files.forEach(function (file) {
      var script = document.createElement("script");
      script.src = file;
      script.onload = script.onerror = function () {
        if (--left) return;
        var all = waiting;
        waiting = { push: function (late) { late(); } };
        all.forEach(function (one) { one(); });
      };
      document.head.appendChild(script);
    });
  }

  /* Letters to put in, take out, change or swap, as far as two. */
  function distance(a, b) {
    var before, row = [], last, i, j, next;
    if (Math.abs(a.length - b.length) > 2) return 3;
    for (j = 0; j <= b.length; j++) row[j] = j;
    for (i = 1; i <= a.length; i++) {
      before = last;
      last = row;
      row = [i];
      for (j = 1; j <= b.length; j++) {
        next = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next = Math.min(next, before[j - 2] + 1);
        row[j] = next;
      }
    }
    return row[b.length];
  }

  /* The word nearest to one that is nowhere: of names before that of texts, and the one met more often. */
  function nearest(word) {
    var most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2, best = "", least = Infinity;
    if (!spelt) {
      spelt = new Map();
      docs.forEach(function (one) {
        var named = one.weight >= 0.8 ? 50 : 1;
        (one.name + one.also.join(" ")).split(" ").forEach(function (w) { spelt.set(w, (spelt.get(w) || 0) + named); });
        one.parts.forEach(function (part) { part.hay.split(" ").forEach(function (w) { spelt.set(w, (spelt.get(w) || 0) + 1); }); });
      });
    }
    spelt.forEach(function (times, other) {
      if (other.length < 4 || HAN.test(other) || other[0] !== word[0] && other.length < 5) return;
      var off = distance(word, other), rank = off - Math.min(times, 999) / 1000;
      if (off <= most && rank < least) { least = rank; best = other; }
    });
    return best;
  }

  function inName(name, word, begun) {
    if (HAN.test(word)) return name.indexOf(word) >= 0 ? 40 : 0;
    return name.indexOf(" " + word + " ") >= 0 ? 60 : name.indexOf(" " + begun) >= 0 ? 40 : 0;
  }

  function score(doc, terms, whole) {
    var total = 0, all = terms.every(function (term) {
      var value = inName(doc.name, term.word, term.begun);
      doc.also.forEach(function (one) { value = Math.max(value, inName(one, term.word, term.begun) - 10); });
      var inText = 0;
      doc.parts.forEach(function (part) { inText += count(part.hay, term.begun); });
      value += inText ? 10 + Math.min(inText, 20) : 0;
      if (!value && count(doc.more, term.begun)) value = 3;
      total += value + (count(doc.name, term.begun) ? 30 / doc.name.trim().split(" ").length : 0); // little else is better
      return value > 0;
    });
    if (!all) return 0;
    if (doc.name !== whole && doc.also.indexOf(whole) < 0) return total * doc.weight;
    return (total + 200) * doc.weight + (terms.length > 2 ? 200 : 0); // who types a whole title wants it
  }

  /* The part of a page that holds most of what was asked for. */
  function part(doc, terms) {
    var best, most = 0;
    doc.parts.forEach(function (one) {
      var value = 0;
      terms.forEach(function (term) {
        value += Math.min(count(one.hay, term.begun), 3) + (count(one.hay, term.begun) ? 10 : 0) + (count(words(one.head), term.begun) ? 8 : 0);
      });
      if (value > most) { most = value; best = one; }
    });
    return best;
  }

  function find(asked) {
    var whole = words(asked), instead = false, hits = [];
    var terms = whole.split(" ").filter(Boolean).map(function (word) {
      var begun = stem(word), there = docs.some(function (doc) {
        return count(doc.name, begun) || count(doc.more, begun) || doc.also.some(function (one) { return count(one, begun); }) ||
          doc.parts.some(function (one) { return count(one.hay, begun); });
      });
      if (there) return { word: word, begun: begun };
      var other = nearest(word);
      instead = instead || Boolean(other);
      return { word: other || word, begun: stem(other || word) };
    });
    if (!terms.length) return { hits: [], instead: "" };
    if (instead) whole = " " + terms.map(function (term) { return term.word; }).join(" ") + " ";
    docs.forEach(function (doc, order) {
      var value = score(doc, terms, whole);
      if (value) hits.push({ doc: doc, value: value, order: order });
    });
    hits.sort(function (a, b) { return b.value - a.value || a.order - b.order; });
    return { hits: hits, terms: terms, instead: instead ? whole.trim() : "" };
  }

  function make(name, className, parent, text) {
    var one = document.createElement(name);
    if (className) one.className = className;
    if (text) one.textContent = text;
    parent.appendChild(one);
    return one;
  }

  /* The text about the first word found, what was asked for marked. */
  function excerpt(text, terms, place) {
    var marks = terms.map(function (term) {
      var letters = term.begun.split("").map(function (c) { return c === "\u00b7" ? "\\." : c; }).join(/^\d+$/.test(term.begun) ? ",?" : "");
      return HAN.test(term.begun) ? letters : "\\b" + letters + "\\w*";
    });
    var found = new RegExp(marks.join("|"), "giu"), first = text.search(found), start, end, piece, at = 0, hit;
    start = Math.max(0, first - AROUND);
    if (start) start = text.indexOf(" ", start) + 1 || start;
    end = Math.min(text.length, Math.max(first, 0) + 2 * AROUND);
    if (start > Math.max(first, 0)) start = Math.max(first, 0);
    piece = (start ? "\u2026 " : "") + text.slice(start, end) + (end < text.length ? " \u2026" : "");
    while ((hit = found.exec(piece)) && hit[0]) {
      place.appendChild(document.createTextNode(piece.slice(at, hit.index)));
      make("mark", "", place, hit[0]);
      at = hit.index + hit[0].length;
    }
    place.appendChild(document.createTextNode(piece.slice(at)));
  }

  function show(box, asked, most) {
    var found = find(asked), list;
    box.textContent = "";
    if (!words(asked).trim()) return;
    var said = make("p", "nev-found", box);
    said.textContent = (found.hits.length ? box.dataset.found : box.dataset.none).replace("{n}", found.hits.length) +
      (found.instead ? " " + box.dataset.instead.replace("{words}", found.instead) : "");
    list = make("ol", "nev-hits", box);
    found.hits.slice(0, most).forEach(function (hit) {
      var doc = hit.doc, best = part(doc, found.terms) || doc.parts[0], item = make("li", "", list), link = make("a", "", item, doc.title);
      link.href = (doc.place ? box.dataset.root + doc.place : box.dataset.base) + doc.path + (best && best.id ? "#" + best.id : "");
      make("small", "", item, doc.kind + (best && best.head ? " \u203a " + best.head : ""));
      if (best && best.text) excerpt(best.text, found.terms, make("p", "", item));
    });
  }

  /* Fill a box with what a field asks for, as it is typed. */
  window.nevSearchIn = function (field, box, most) {
    var files = [box.dataset.base + "search-index.js"];
    if (box.dataset.root) files.push(box.dataset.root + "indicators/search-index.js", box.dataset.root + "markets/search-index.js");
    function draw() {
      load(files, function () { show(box, field.value, most); });
    }
    field.addEventListener("input", draw);
    if (field.value) draw();
  };

  var page = document.getElementById("nev-results");
  if (page) {
    var field = page.parentNode.querySelector("input");
    field.value = new URLSearchParams(window.location.search).get("q") || "";
    window.nevSearchIn(field, page, MOST);
  }
})();
