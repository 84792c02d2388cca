"""Writes pairs.csv: sets of invented pre and post scores, from easy to nasty."""
import csv
import random

draw = random.Random(20261122)
sets = {}


def course(name, n, top, ability, gain, noise, step=1.0):
    rows = []
    for _ in range(n):
        base = draw.gauss(ability * top, 0.15 * top)
        snap = lambda x: min(top, max(0, round(round(x / step) * step, 6)))
        rows.append((snap(base), snap(base + gain * top + draw.gauss(0, noise * top))))
    sets[name] = (top, rows)


# its figures are those that are promised for the format; see gain_test.go
sets["promised"] = (20, [(5, 12), (7, 9), (7, 12), (8, 12), (8, 13), (9, 10), (9, 10), (10, 18), (11, 11), (11, 14),
                         (12, 8), (13, 11), (14, 14), (14, 16), (15, 19), (17, 18)])
sets["five"] = (10, [(3, 5), (4, 4), (2, 7), (6, 5), (5, 9)])
course("small", 8, 12, 0.5, 0.15, 0.15)
course("class", 25, 20, 0.55, 0.1, 0.12)
course("tenths", 40, 10, 0.5, 0.08, 0.1, 0.1)
course("loss", 30, 30, 0.6, -0.05, 0.1)
course("ceiling", 35, 10, 0.85, 0.15, 0.1)
course("hundred", 100, 100, 0.45, 0.2, 0.15)
course("no_ties", 60, 100, 0.5, 0.02, 0.1, 0.000001)
course("large", 400, 50, 0.5, 0.03, 0.12)
course("strong", 20, 1000, 0.2, 0.5, 0.01)
course("very_strong", 12, 1000, 0.2, 0.5, 0.001)
course("nothing", 50, 20, 0.5, 0.0, 0.1)
sets["at_edges"] = (4, [(4, 4), (0, 0), (4, 3), (0, 4), (2, 2), (1, 3), (4, 4), (3, 4), (2, 1)])
sets["all_up"] = (10, [(i % 7, i % 7 + 1 + i % 3) for i in range(11)])

with open("pairs.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["set", "max", "pre", "post"])
    for name, (top, rows) in sets.items():
        for pre, post in rows:
            out.writerow([name, top, f"{pre:g}" if pre == int(pre) else repr(pre), f"{post:g}" if post == int(post) else repr(post)])
