/* The pages of markets: tables that sort and filter, and a comparison of the markets a reader chooses.
   A classic script without requests: it works from a folder. Without it the tables stand as they are. */
(function () {
  "use strict";

  function make(name, className, parent, text) {
    var one = document.createElement(name);
    if (className) one.className = className;
    if (name === "button") one.type = "button";
    if (text) one.textContent = text;
    if (parent) parent.appendChild(one);
    return one;
  }

  function each(list, what) {
    Array.prototype.forEach.call(list, what);
  }

  /* What a cell is sorted by: its own figure, else its text; what is not known comes last either way. */
  function keyOf(row, column) {
    var cell = row.cells[column], own = cell.querySelector("data, time");
    if (own) return own.value !== undefined ? Number(own.value) : own.dateTime;
    var text = cell.textContent.trim();
    return text === "\u2013" ? null : text;
  }

  function order(body, column, down) {
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, key: keyOf(row, column), place: place };
    });
    rows.sort(function (a, b) {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      var by = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), "en");
      return (down ? -by : by) || a.place - b.place;
    });
    rows.forEach(function (one) { body.appendChild(one.row); });
  }

  function sortable(table) {
    var body = table.tBodies[0];
    each(table.tHead.rows[0].cells, function (head, column) {
      var button = make("button", "nev-sort", null, head.textContent);
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        // figures are first wanted from the largest, names from A
        var keys = Array.prototype.map.call(body.rows, function (row) { return keyOf(row, column); });
        var numbers = keys.some(function (key) { return typeof key === "number"; });
        var now = head.getAttribute("aria-sort");
        var down = now ? now === "ascending" : numbers;
        each(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        order(body, column, down);
      });
    });
  }

  /* Words alone, a space before each: a filter is the beginning of words. */
  function plain(text) {
    return " " + text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s,;:()/\-\u2013]+/g, " ").trim();
  }

  function filterable(box) {
    var table = box.querySelector("table");
    var bar = make("p", "nev-filter");
    var label = make("label", "", bar, box.getAttribute("data-filter") + " ");
    var field = make("input", "", label);
    var count = make("span", "nev-small", bar);
    field.type = "search";
    count.setAttribute("role", "status");
    field.addEventListener("input", function () {
      var words = plain(field.value).trim().split(" "), shown = 0, rows = table.tBodies[0].rows, named;
      function holds(cells) {
        var text = Array.prototype.map.call(cells, function (cell) { return plain(cell.textContent); }).join("");
        return words.every(function (one) { return text.indexOf(" " + one) >= 0 || (/[\u3400-\u9fff]/.test(one) && text.indexOf(one) >= 0); });
      }
      named = Array.prototype.some.call(rows, function (row) { return holds([row.cells[0]]); }); // else anything in the row
      each(rows, function (row) {
        row.hidden = !holds(named ? [row.cells[0]] : row.cells);
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = field.value.trim() ? " " + box.getAttribute("data-shown").replace("{n}", shown) : "";
    });
    box.parentNode.insertBefore(bar, box);
  }

  /* The chosen markets' files are loaded as scripts: a page from a folder may not read files otherwise. */
  var known = {}, waiting = {};

  window.nevMarket = function (code, told) {
    known[code] = told;
  };

  function load(code, then) {
    if (known[code]) return then();
    if (waiting[code]) return waiting[code].push(then);
    waiting[code] = [then];
    var script = make("script");
    script.src = "data/" + code + ".js";
    script.onload = script.onerror = function () {
      waiting[code].forEach(function (one) { one(); });
      delete waiting[code];
    };
    document.head.appendChild(script);
  }

  function comparison(box) {
    var table = box.querySelector("table"), form = document.querySelector(".nev-compare-form");
    var said = table.caption.textContent, topics = [];
    each(table.tBodies, function (body) { // the order of topics and attributes is the page's
      topics.push({ body: body, rows: Array.prototype.slice.call(body.querySelectorAll("tr[data-key]")) });
    });
    function chosen() {
      var codes = [];
      each(form.querySelectorAll("select"), function (one) {
        if (one.value && codes.indexOf(one.value) < 0) codes.push(one.value);
      });
      return codes;
    }
    function fill(codes) {
      var head = table.tHead.rows[0];
      codes = codes.filter(function (code) { return known[code]; });
      while (head.cells.length > 1) head.removeChild(head.lastChild);
      codes.forEach(function (code) {
        var cell = make("th", "", head), link = make("a", "", cell, known[code].name);
        cell.scope = "col";
        link.href = code + ".html";
      });
      topics.forEach(function (topic) {
        var some = false;
        each(topic.body.querySelectorAll("th[colspan]"), function (cell) { cell.colSpan = codes.length + 1; });
        topic.rows.forEach(function (row) {
          var any = false;
          while (row.cells.length > 1) row.removeChild(row.lastChild);
          codes.forEach(function (code) {
            var inner = known[code].cells[row.getAttribute("data-key")];
            any = any || Boolean(inner);
            make("td", inner ? "" : "nev-gap", row).innerHTML = inner || row.getAttribute("data-none") || box.getAttribute("data-none"); // written and escaped by the build
          });
          row.hidden = !any;
          some = some || any;
        });
        topic.body.hidden = !some;
      });
      table.caption.textContent = said.split(":")[0] + ": " + codes.map(function (code) { return known[code].name; }).join(", ");
    }
    function draw() {
      var codes = chosen(), left = codes.length;
      codes.forEach(function (code) {
        load(code, function () { if (!--left) fill(codes); });
      });
    }
    function read() {
      var codes = window.location.hash.slice(1).split(/,|%2C/i).filter(function (code) { return /^[A-Z]{3}$/.test(code); });
      if (!codes.length) return;
      each(form.querySelectorAll("select"), function (one, n) { one.value = codes[n] || ""; });
      draw();
    }
    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("change", function () {
      window.history.replaceState(null, "", "#" + chosen().join(","));
      draw();
    });
    window.addEventListener("hashchange", read);
    read();
  }

  document.addEventListener("DOMContentLoaded", function () {
    each(document.querySelectorAll(".nev-sortable table"), sortable);
    each(document.querySelectorAll("[data-filter]"), filterable);
    each(document.querySelectorAll("[data-compare]"), comparison);
  });
})();
