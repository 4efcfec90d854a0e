"""English: growth taken apart, curves and their errors, scenarios."""

EN: dict[str, str] = {
    # a to h stand for the inputs, in their order
    "formula.number_effect": "({d} \N{MINUS SIGN} {c}) \N{MULTIPLICATION SIGN} mean of ({a} / {c}) and ({b} / {d})",
    "formula.value_effect": "(({b} / {d}) \N{MINUS SIGN} ({a} / {c})) \N{MULTIPLICATION SIGN} mean of {c} and {d}",
    "formula.contribution": "({c} \N{MINUS SIGN} {b}) / {a}",
    "formula.contribution_rest": "(({b} \N{MINUS SIGN} {d}) \N{MINUS SIGN} ({a} \N{MINUS SIGN} {c})) / {a}",
    "formula.nation_effect": "{a} \N{MULTIPLICATION SIGN} {b}",
    "formula.own_effect": "{a} \N{MINUS SIGN} {b} \N{MULTIPLICATION SIGN} (1 + {c})",
    "formula.shift_pace": (
        "({a} + {b}) \N{MULTIPLICATION SIGN} growth of the nation's total, from {e} + {f} to {g} + {h}"
    ),
    "formula.shift_mix": (
        "each kind of the region ({a}; {b}) \N{MULTIPLICATION SIGN} its growth in the nation, less the nation's pace"
    ),
    "formula.shift_own": (
        "the change of the region, from {a} + {b} to {c} + {d}, less what the growth of each kind in the nation"
        " would have brought"
    ),
    "name.number_effect": "change of {name} due to the number",
    "name.value_effect": "change of {name} due to the value of each",
    "name.contribution": "what {name} adds to the growth of the whole",
    "name.contribution_rest": "what the rest of {name} adds to its growth",
    "name.nation_effect": "change of {name} at the nation's pace",
    "name.own_effect": "change of {name} beyond the nation's pace",
    "name.shift_pace": "change of {name} at the nation's pace",
    "name.shift_mix": "change of {name} due to the mix",
    "name.shift_own": "change of {name} due to the region itself",
}
