/* From a folder a page cannot read its neighbours: results then come without an excerpt. */
if (window.location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* The pages that are made beside Sphinx are not in its index: a list of the site's names them. */
document.addEventListener("DOMContentLoaded", () => {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const words = plain(new URLSearchParams(window.location.search).get("q") || "").split(/\s+/).filter(Boolean);
  const place = document.getElementById("nev-pages");
  const found = words.length ? (window.nevPages || []).filter(([, name]) => words.every((word) => plain(name).includes(word))) : [];
  for (const [path, name] of found) {
    const link = document.createElement("a");
    link.href = place.dataset.up + path;
    link.textContent = name;
    place.querySelector("ul").append(document.createElement("li"));
    place.querySelector("li:last-child").append(link);
  }
  place.hidden = !found.length;
});
