/* From a folder a page cannot read its neighbours: results then come without an excerpt. */
if (window.location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
