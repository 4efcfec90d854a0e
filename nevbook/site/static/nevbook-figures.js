/* Figures: live on demand, values at the pointer or by the arrow keys, and a PNG to keep.
   A classic script, so that it works from a folder; Vega itself is loaded when a figure is first touched. */
(function () {
  "use strict";
  var vegaAt = document.documentElement.dataset.vega;
  var NEAR = 60, EDGE = 12, LINES = { title: [24, "bold 19px "], under: [18, "13px "], foot: [15, "11px "] };
  var loading, current;

  function make(name, className, parent) {
    var one = document.createElement(name);
    one.className = className;
    if (parent) parent.appendChild(one);
    return one;
  }

  function each(list, what) {
    Array.prototype.forEach.call(list, what);
  }

  /* A name without the marks of its line breaks. */
  function plain(name) {
    return String(name).replace(/\|/g, " ");
  }

  /* The build has heard what Vega-Lite has to say. */
  var quiet = {};
  ["level", "error", "warn", "info", "debug"].forEach(function (name) { quiet[name] = function () { return quiet; }; });

  /* Vega, once a page; the browser keeps it for the others. */
  function vega() {
    loading = loading || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = vegaAt;
      script.onload = function () { done(window.nevVega); };
      script.onerror = function () { loading = null; failed(new Error(script.src)); };
      document.head.appendChild(script);
    });
    return loading;
  }

  function Figure(figure) {
    this.figure = figure;
    this.drawing = figure.querySelector(".nev-drawing");
    this.held = JSON.parse(figure.querySelector(".nev-live-spec").textContent);
    this.rows = this.read(figure.querySelector(".nev-tools tbody"));
    this.size = "";
    this.views = {};
    this.choices = figure.querySelector(".nev-choices");
    this.choice = {};
    this.picked = [];
    this.ways = this.rows.some(function (row) { return row.basis !== this.rows[0].basis; }, this);
    this.tip = make("div", "nev-tip", figure);
    this.tip.hidden = true;
    this.said = make("div", "nev-said", figure);
    this.said.setAttribute("aria-live", "polite");
    this.dot = make("div", "nev-dot", figure);
    this.dot.hidden = true;
    this.at = -1;
  }

  /* The table of the figure, a row an object: what a tooltip says is what the table says. */
  Figure.prototype.read = function (body) {
    var columns = this.held.columns, rows = [];
    each(body ? body.rows : [], function (line) {
      var row = {}, raw = line.querySelector("data");
      each(line.cells, function (cell, place) { row[columns[place]] = cell.textContent; });
      row.number = raw ? Number(raw.value) : NaN;
      rows.push(row);
    });
    return rows;
  };

  /* The row that a mark stands for: the same value, and of those the one that agrees in most. */
  Figure.prototype.rowOf = function (datum) {
    var best = -1, most = -1;
    if (!datum || typeof datum.value !== "number") return -1;
    this.rows.forEach(function (row, place) {
      var score = 0;
      if (row.number !== datum.value) return;
      if (datum.period === row.period || (datum.period === undefined && row.period.indexOf(datum.year) >= 0)) score += 4;
      else if (datum.period !== undefined) return;
      if (plain(datum.series) === row.series) score += 2;
      if (datum.basis === row.basis) score += 1;
      Object.keys(datum).forEach(function (name) { // a row may be named by more than the mark's series
        if (typeof datum[name] === "string" && datum[name] && row.series.indexOf(plain(datum[name])) >= 0) score += 0.25;
      });
      if (score > most) { best = place; most = score; }
    });
    return best;
  };

  Figure.prototype.shown = function () {
    var narrow = this.drawing.querySelector(".nev-narrow");
    return narrow && getComputedStyle(narrow).display !== "none" ? "narrow" : "wide";
  };

  /* The live chart takes the place of the drawing, of the same size; at another width it is drawn again. */
  Figure.prototype.live = function () {
    var self = this, size = this.shown();
    if (this.size === size) return this.ready;
    this.size = size;
    this.ready = vega().then(function (lib) {
      var box = self.drawing.querySelector(".nev-" + size), fixed = box.querySelector("svg"), place = box.querySelector(".nev-live");
      var spec = JSON.parse(JSON.stringify(self.held.spec)), view;
      if (place) return self.views[size];
      spec.width = size === "wide" ? 720 : 360;
      place = make("div", "nev-live", box);
      if (self.choices) self.choices.textContent = "";
      view = new lib.View(lib.parse(lib.compile(spec, { config: lib.config, logger: quiet }).spec, null, { ast: true }), {
        container: place, bind: self.choices, renderer: "svg", hover: true, expr: lib.interpreter, logLevel: 0
      });
      view.tooltip(function () {});
      self.views[size] = view;
      (spec.params || []).forEach(function (one) {
        if (!one.bind) return;
        if (one.name in self.choice) view.signal(one.name, self.choice[one.name]);
        view.addSignalListener(one.name, function (name, value) { self.choice[name] = value; self.hush(); });
      });
      return view.runAsync().then(function () {
        var svg = place.querySelector("svg");
        ["role", "aria-label", "aria-roledescription"].forEach(function (one) { place.removeAttribute(one); }); // Vega's English
        svg.setAttribute("aria-hidden", "true");
        svg.setAttribute("focusable", "false");
        box.classList.add("nev-on");
        self.figure.classList.add("nev-is-live");
        return view;
      });
    });
    this.ready.catch(function () { self.size = ""; });
    return this.ready;
  };

  /* Every mark that stands for a row of the table, with its place on the screen. */
  Figure.prototype.marks = function () {
    var self = this, view = this.views[this.shown()], found = [];
    function walk(items, marktype, owner) {
      items.forEach(function (item) {
        if (item.items && item.marktype) walk(item.items, item.marktype, item);
        else if (item.items) item.items.forEach(function (mark) { walk(mark.items, mark.marktype, mark); });
        else if (marktype !== "text" && marktype !== "group") keep(item, marktype, owner);
      });
    }
    function keep(item, marktype, owner) {
      var row = self.rowOf(item.datum), node = item._svg || (owner.items[0] && owner.items[0]._svg), matrix, box, x, y;
      if (row < 0 || !node || !node.parentNode || item.opacity === 0) return;
      if (marktype === "rect") box = node.getBoundingClientRect();
      else {
        matrix = node.parentNode.getScreenCTM();
        x = (marktype === "rule" && item.x2 !== undefined ? (item.x + item.x2) / 2 : item.x);
        y = (marktype === "rule" && item.y2 !== undefined ? (item.y + item.y2) / 2 : item.y);
        x = matrix.a * x + matrix.e;
        y = matrix.d * y + matrix.f;
        box = { left: x, right: x, top: y, bottom: y };
      }
      found.push({ row: row, box: box, point: marktype === "symbol" || marktype === "line", series: item.datum.series });
    }
    if (view) walk([view.scenegraph().root], "group", null);
    return found;
  };

  function away(box, x, y) {
    var dx = Math.max(box.left - x, 0, x - box.right), dy = Math.max(box.top - y, 0, y - box.bottom);
    return Math.sqrt(dx * dx + dy * dy);
  }

  Figure.prototype.near = function (x, y) {
    var best = null, least = NEAR;
    this.marks().forEach(function (mark) {
      var far = away(mark.box, x, y);
      if (far < least || (far === least && best && mark.point && !best.point)) { best = mark; least = far; }
    });
    return best;
  };

  Figure.prototype.tell = function (mark, aloud) {
    var row, home, line, tip = this.tip, frame, middle, top, wide;
    if (!mark) return this.hush();
    if (current && current !== this) current.hush();
    current = this;
    row = this.rows[mark.row];
    if (this.at !== mark.row || tip.hidden) {
      this.at = mark.row;
      tip.textContent = "";
      make("strong", "", tip).textContent = row.unit && row.unit !== this.held.bare ? row.value + " " + row.unit : row.value;
      make("div", "", tip).textContent = row.series;
      line = make("div", "", tip);
      line.textContent = [row.period, row.kind].filter(Boolean).join(", ");
      if (row.basis && this.ways) make("div", "", tip).textContent = row.basis;
      if (row.source) make("div", "nev-tip-source", tip).textContent = row.source;
      this.highlight(mark.series);
    }
    if (aloud) this.said.textContent = Array.prototype.map.call(tip.children, function (one) { return one.textContent; }).join(". ");
    tip.hidden = false;
    home = this.figure.getBoundingClientRect();
    frame = this.drawing.getBoundingClientRect();
    middle = (Math.max(mark.box.left, frame.left) + Math.min(mark.box.right, frame.right)) / 2;
    wide = tip.offsetWidth;
    top = mark.box.top - home.top - tip.offsetHeight - 12;
    if (mark.box.top - tip.offsetHeight - 12 < 0) top = mark.box.bottom - home.top + 14;
    tip.style.left = Math.max(0, Math.min(middle - home.left - wide / 2, home.width - wide)) + "px";
    tip.style.top = top + "px";
    this.dot.hidden = !mark.point;
    this.dot.style.left = mark.box.left - home.left + "px";
    this.dot.style.top = mark.box.top - home.top + "px";
  };

  Figure.prototype.hush = function () {
    this.tip.hidden = this.dot.hidden = true;
    this.said.textContent = "";
    this.at = -1;
    this.highlight(undefined);
    if (current === this) current = null;
  };

  /* The series at the pointer stands out, and those that were picked; the others step back. */
  Figure.prototype.highlight = function (series) {
    var view = this.views[this.shown()], kept = series === undefined ? this.picked : this.picked.concat(series);
    var known = this.marks().map(function (mark) { return mark.series; });
    function walk(items) {
      items.forEach(function (item) {
        var own = item.datum && item.datum.series;
        if (item.items) item.items.forEach(function (mark) { walk(mark.items); });
        else if (item._svg) item._svg.style.opacity = kept.length && own !== undefined && known.indexOf(own) >= 0 && kept.indexOf(own) < 0 ? 0.3 : "";
      });
    }
    if (view) walk(view.scenegraph().root.items);
  };

  Figure.prototype.pick = function (series) {
    var at = this.picked.indexOf(series);
    if (series === undefined) this.picked = [];
    else if (at < 0) this.picked.push(series);
    else this.picked.splice(at, 1);
    this.highlight(undefined);
  };

  Figure.prototype.step = function (by) {
    var marks = {}, places, at;
    this.marks().forEach(function (mark) { if (!marks[mark.row] || mark.point) marks[mark.row] = mark; });
    places = Object.keys(marks).map(Number).sort(function (a, b) { return a - b; });
    if (!places.length) return;
    at = places.indexOf(this.at);
    at = at < 0 ? (by > 0 ? 0 : places.length - 1) : (at + by + places.length) % places.length;
    this.here = marks[places[at]];
    this.tell(this.here, true);
  };

  Figure.prototype.listen = function () {
    var self = this, box = this.drawing, wake = function () { self.live().catch(function () {}); };
    box.tabIndex = 0;
    box.setAttribute("aria-description", box.dataset.hint);
    this.figure.addEventListener("pointerenter", wake);
    this.figure.addEventListener("focusin", wake);
    box.addEventListener("pointerdown", wake);
    box.addEventListener("pointermove", function (event) {
      if (event.pointerType !== "touch") self.tell(self.near(event.clientX, event.clientY));
    });
    box.addEventListener("click", function (event) {
      var x = event.clientX, y = event.clientY, mouse = event.pointerType !== "touch";
      self.live().then(function () {
        var mark = self.near(x, y);
        if (mouse) self.pick(mark ? mark.series : undefined);
        self.tell(mark);
      }, function () {});
    });
    box.addEventListener("pointerleave", function (event) {
      if (event.pointerType !== "touch" && document.activeElement !== box) self.hush();
    });
    box.addEventListener("blur", function () { self.hush(); });
    box.addEventListener("keydown", function (event) {
      var by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") {
        self.pick(undefined);
        self.hush();
      }
      if ((event.key === "Enter" || event.key === " ") && self.here && self.at >= 0) {
        event.preventDefault();
        self.pick(self.here.series);
      }
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      self.live().then(function () { self.step(by); }, function () {});
    });
  };

  /* Files. From a folder a browser shows a link's file instead of keeping it, so it gets a copy to keep. */
  function keep(name, blob) {
    var link = document.createElement("a");
    link.download = name;
    link.href = URL.createObjectURL(blob);
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  function wrapped(pen, text, width) {
    var lines = [], line = "";
    text.split(/\s+/).forEach(function (part) {
      var longer = line ? line + " " + part : part;
      if (line && pen.measureText(longer).width > width) { lines.push(line); line = part; }
      else line = longer;
    });
    return line ? lines.concat(line) : lines;
  }

  /* The wide drawing with title and sources, in its own light colours, on white. */
  function picture(figure, done) {
    var drawn = figure.querySelector(".nev-wide > svg").cloneNode(true), image = new Image();
    var wide = Number(drawn.getAttribute("width")), tall = Number(drawn.getAttribute("height"));
    image.onload = function () {
      var sheet = document.createElement("canvas"), pen = sheet.getContext("2d"), top = EDGE, jobs = [], scale = 2;
      function write(selector, kind, ink) {
        each(figure.querySelectorAll(selector), function (one) {
          pen.font = LINES[kind][1] + "Arial, Helvetica, 'Liberation Sans', sans-serif";
          wrapped(pen, one.textContent.trim(), wide).forEach(function (text) {
            top += LINES[kind][0];
            jobs.push([text, top - 6, pen.font, ink]);
          });
        });
      }
      write(".nev-title", "title", "#1c2733");
      write(".nev-subtitle", "under", "#5b6672");
      var above = top + 6;
      top = above + tall + 4;
      write("figcaption > p", "foot", "#5b6672");
      sheet.width = (wide + 2 * EDGE) * scale;
      sheet.height = (top + EDGE) * scale;
      pen.scale(scale, scale);
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, sheet.width, sheet.height);
      jobs.forEach(function (job) {
        pen.font = job[2];
        pen.fillStyle = job[3];
        pen.fillText(job[0], EDGE, job[1]);
      });
      pen.drawImage(image, EDGE, above, wide, tall);
      sheet.toBlob(done, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(drawn));
  }

  function tools(figure) {
    var name = figure.id.replace(/^fig-/, ""), button = figure.querySelector(".nev-png"), link = figure.querySelector(".nev-link");
    if (button && figure.querySelector(".nev-wide > svg")) {
      button.parentNode.hidden = false;
      button.addEventListener("click", function () {
        picture(figure, function (blob) { keep(name + ".png", blob); });
      });
    }
    if (link && navigator.clipboard) {
      link.addEventListener("click", function () {
        navigator.clipboard.writeText(link.href).then(function () {
          var text = link.textContent;
          if (text === link.dataset.copied) return;
          link.textContent = link.dataset.copied;
          window.setTimeout(function () { link.textContent = text; }, 1500);
        }, function () {});
      });
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    var all = [], timer;
    each(document.querySelectorAll(".nev-figure"), function (figure) {
      tools(figure);
      if (!figure.querySelector(".nev-live-spec") || !vegaAt || !window.PointerEvent) return;
      all.push(new Figure(figure));
      all[all.length - 1].listen();
    });
    document.addEventListener("pointerdown", function (event) {
      if (current && !current.drawing.contains(event.target)) current.hush();
    });
    window.addEventListener("resize", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        all.forEach(function (one) {
          if (current === one) one.hush();
          if (one.size && one.size !== one.shown()) one.live().catch(function () {});
        });
      }, 150);
    });
  });
})();
