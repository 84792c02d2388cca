"""Writes bootstrap.json: units of ratings.csv drawn with replacement, alpha by
the PyPI package krippendorff 0.9.0, the middle 95 %."""
import csv
import json
from collections import defaultdict

import krippendorff
import numpy as np

cells = defaultdict(dict)
for row in csv.DictReader(open("ratings.csv")):
    cells[row["set"]][int(row["rater"]), int(row["unit"])] = float(row["value"]) if row["value"] else np.nan
out = {}
rng = np.random.default_rng(3)
for name, level in (("krippendorff", "nominal"), ("jury", "ordinal"), ("measured", "interval"), ("shrout_fleiss", "ratio")):
    values = cells[name]
    table = np.full((max(r for r, _ in values), max(u for _, u in values)), np.nan)
    for (r, u), v in values.items():
        table[r - 1, u - 1] = v
    table = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    alphas = []
    for _ in range(6000):
        try:
            alphas.append(krippendorff.alpha(reliability_data=table[:, rng.integers(0, table.shape[1], table.shape[1])], level_of_measurement=level))
        except ValueError:  # no value varies
            pass
    out[name] = {"level": level, "interval": np.nanquantile(alphas, [0.025, 0.975]).tolist(), "spread": float(np.nanstd(alphas))}
json.dump(out, open("bootstrap.json", "w"), indent=1)
