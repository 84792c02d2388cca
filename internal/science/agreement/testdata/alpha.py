"""Writes alpha.json: what the PyPI package krippendorff 0.9.0 says of ratings.csv."""
import csv
import json
from collections import defaultdict

import krippendorff
import numpy as np

cells = defaultdict(dict)
for row in csv.DictReader(open("ratings.csv")):
    cells[row["set"]][int(row["rater"]), int(row["unit"])] = float(row["value"]) if row["value"] else np.nan
out = {}
for name, values in cells.items():
    table = np.full((max(r for r, _ in values), max(u for _, u in values)), np.nan)
    for (r, u), v in values.items():
        table[r - 1, u - 1] = v
    out[name] = {}
    for level in ("nominal", "ordinal", "interval", "ratio"):
        a = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
        out[name][level] = None if np.isnan(a) else float(a)
json.dump(out, open("alpha.json", "w"), indent=1)
