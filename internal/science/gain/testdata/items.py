"""Writes items_*.csv: invented answers, and LSAT6 from its published table of
patterns (Bock & Lieberman 1970, doi:10.1007/BF02291262)."""
import csv
import math
import random

draw = random.Random(6)


def write(name, head, rows):
    with open(f"items_{name}.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)


counts = [3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298]
write("lsat6", [f"i{k}" for k in range(1, 6)], [[pattern >> (4 - k) & 1 for k in range(5)] for pattern, n in enumerate(counts) for _ in range(n)])


def logistic(ability, hard, slope=1.3):
    return 1 / (1 + math.exp(-slope * (ability - hard)))


rows = []
for _ in range(137):
    ability = draw.gauss(0, 1)
    rows.append([int(draw.random() < logistic(ability, -1.5 + 3 * k / 11, -0.8 if k == 4 else 1.3)) for k in range(12)])
write("binary", [f"q{k}" for k in range(1, 13)], rows)

rows = []
most = [1, 2, 4, 1, 5, 3, 10]
for _ in range(61):
    ability = draw.gauss(0, 1)
    points = [sum(draw.random() < logistic(ability, draw.gauss(0.3 * k - 0.8, 0.5)) for _ in range(m)) for k, m in enumerate(most)]
    points[4] = points[4] / 2
    rows.append([f"{p:g}" for p in points])
most[4] = 2.5
write("points", [f"task {k}[{m:g}]" for k, m in enumerate(most, 1)], rows)
