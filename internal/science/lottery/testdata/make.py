#!/usr/bin/env python3
"""Writes leximin.json: small selections with the LEXIMIN chances of everybody.

Independent of the package: all panels are enumerated, and every linear program over
them is solved by HiGHS through scipy.optimize.linprog.
"""

import itertools
import json
import random

import numpy as np
from scipy.optimize import linprog

CASES = 400


def problem(rng):
    people = rng.randint(4, 12)
    seats = rng.randint(1, 5)
    sizes = [2, rng.randint(2, 3), rng.randint(2, 4)][: rng.randint(1, 3)]
    categories = ["c%d" % c for c in range(len(sizes))]
    applicants = []
    for i in range(people):
        applicants.append({
            "id": "p%d" % i,
            "values": ["abcd"[min(rng.randrange(n), rng.randrange(n))] for n in sizes],
            "household": "h%d" % rng.randrange(people // 2 + 1) if rng.random() < 0.5 else "",
            "selected": rng.random() < 0.04,
        })
    quotas = []
    for c, n in enumerate(sizes):
        for v in range(n):
            if rng.random() < 0.25:
                continue
            low = max(0, seats // n - rng.randint(0, 1))
            high = low + rng.randint(0, 2)
            quotas.append({"category": categories[c], "value": "abcd"[v], "min": low,
                           "max": -1 if rng.random() < 0.25 else high})
    return {"seats": seats, "categories": categories, "applicants": applicants, "quotas": quotas,
            "at_most": rng.choice([0, 0, 1, 2])}


def panels(p):
    people = p["applicants"]
    for panel in itertools.combinations(range(len(people)), p["seats"]):
        inside = [people[i] for i in panel]
        if any(a["selected"] and i not in panel for i, a in enumerate(people)):
            continue
        homes = [a["household"] for a in inside if a["household"]]
        if p["at_most"] and any(homes.count(h) > p["at_most"] for h in set(homes)):
            continue
        ok = True
        for q in p["quotas"]:
            c = p["categories"].index(q["category"])
            n = sum(a["values"][c] == q["value"] for a in inside)
            ok = ok and n >= q["min"] and (q["max"] < 0 or n <= q["max"])
        if ok:
            yield panel


def leximin(n, found):
    """Chances of n people over the panels found."""
    member = np.zeros((n, len(found)))
    for k, panel in enumerate(found):
        member[list(panel), k] = 1
    fixed = {}
    while len(fixed) < n:
        free = [i for i in range(n) if i not in fixed]
        # maximise t: member w >= t (free), = fixed (fixed); sum w = 1
        a, b = [], []
        for i in range(n):
            a.append(np.append(-member[i], 1.0 if i not in fixed else 0.0))
            b.append(0.0 if i not in fixed else -fixed[i] + 1e-10)
        ones = [np.append(np.ones(len(found)), 0.0)]
        r = linprog(np.append(np.zeros(len(found)), -1.0), a, b, ones, [1.0], bounds=(0, 1), method="highs")
        assert r.status == 0, r.message
        level = -r.fun
        # who cannot rise above the level?
        b = [-(fixed[i] if i in fixed else level) + 1e-10 for i in range(n)]
        held = []
        for i in free:
            r = linprog(-member[i], -member, b, [np.ones(len(found))], [1.0], bounds=(0, 1), method="highs")
            assert r.status == 0, r.message
            if -r.fun <= level + 1e-7:
                held.append(i)
        assert held
        for i in held:
            fixed[i] = level
    return [fixed[i] for i in range(n)]


def main():
    rng = random.Random(20260105)
    cases = []
    while len(cases) < CASES:
        p = problem(rng)
        found = list(panels(p))
        if not found:
            continue
        p["chances"] = [round(x, 9) for x in leximin(len(p["applicants"]), found)]
        p["panels"] = len(found)
        cases.append(p)
    with open("leximin.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


main()
