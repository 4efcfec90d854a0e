"""English: the tools of a figure."""

EN: dict[str, str] = {
    "figure.table": "Table",
    "figure.csv": "CSV",
    "figure.csv.about": "Download the data of this figure as CSV",
    "figure.svg": "SVG",
    "figure.svg.about": "Download this figure as SVG, a picture that can be enlarged",
    "figure.png": "PNG",
    "figure.png.about": "Download this figure as PNG, a picture",
    "figure.spec": "Vega-Lite",
    "figure.spec.about": "Download what this figure is drawn from, as Vega-Lite",
    "figure.link": "Link",
    "figure.link.about": "Link to this figure",
    "figure.copied": "Copied",
    "figure.ends": "From {low} to {high}.",
    "figure.show": "Show",
    "figure.cut": "The scale does not begin at zero.",
    "figure.hint": "The arrow keys read its values one by one; Enter keeps a series in view, Escape lets go.",
}
