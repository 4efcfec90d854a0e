/* The book's own script: a classic one, so that it works from a folder. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var place = document.querySelector(".nev-editions");
    var known = window.nevEditions || [];
    if (place && known.length) {
      var list = document.createElement("ul");
      known.forEach(function (one) {
        var item = document.createElement("li");
        var link = document.createElement("a");
        link.href = place.dataset.root + one.path + "index.html";
        link.textContent = one.label;
        if (one.path === place.dataset.edition) link.setAttribute("aria-current", "true");
        item.appendChild(link);
        list.appendChild(item);
      });
      place.appendChild(list);
    }
  });
})();
