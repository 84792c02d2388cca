"""Writes ratings.csv: published and invented ratings of units by raters."""
import csv
import random

draw = random.Random(2011)
sets = {}

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: 4 observers, 12 units
sets["krippendorff"] = [[None if c == "." else int(c) for c in row.split()] for row in (
    "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")]
# Shrout & Fleiss 1979, table 2: 4 judges, 6 targets
sets["shrout_fleiss"] = list(map(list, zip(*[(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)])))


def invent(name, raters, units, low, high, noise, missing=0.0, step=1.0, bias=0.0):
    truth = [draw.uniform(low, high) for _ in range(units)]
    rows = []
    for r in range(raters):
        row = []
        for t in truth:
            value = min(high, max(low, round(round((t + r * bias + draw.gauss(0, noise)) / step) * step, 4)))
            row.append(None if draw.random() < missing else value)
        rows.append(row)
    sets[name] = rows


invent("two", 2, 40, 1, 5, 0.8)
invent("two_missing", 2, 60, 0, 4, 1.0, 0.15)
invent("two_gap", 2, 25, 1, 9, 0.9, step=2.0)
invent("jury", 3, 50, 1, 7, 1.1, bias=0.7)
invent("pool", 6, 30, 0, 10, 2.0, 0.5)
invent("measured", 4, 35, 0.5, 90, 6.0, step=0.01)
invent("measured_missing", 3, 80, 0, 3, 0.4, 0.2, step=0.01)
invent("strangers", 3, 45, 1, 5, 9.0)
invent("far", 3, 20, 100000, 100009, 1.0)

with open("ratings.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["set", "unit", "rater", "value"])
    for name, rows in sets.items():
        for r, row in enumerate(rows):
            for u, value in enumerate(row):
                out.writerow([name, u + 1, r + 1, "" if value is None else f"{value:.10g}"])
