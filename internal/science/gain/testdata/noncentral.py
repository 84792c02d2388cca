"""Writes noncentral.json: the noncentral t by mpmath with 40 digits, and the
interval of d_z for each set of pairs.csv, found by its own root finder."""
import csv
import json
from collections import defaultdict

from mpmath import mp, mpf, quad, sqrt, exp, log, loggamma, erfc, findroot, inf

mp.dps = 30


def cdf(t, df, delta):
    """P(T <= t): integral over s = sqrt(chi2/df) of Phi(t*s - delta) and its density."""
    t, df, delta = mpf(t), mpf(df), mpf(delta)
    front = log(2) + df / 2 * log(df / 2) - loggamma(df / 2)
    wide = 12 / sqrt(2 * df)
    cuts = sorted({max(mpf(0), 1 + wide * mpf(k) / 6) for k in range(-12, 13)} | ({delta / t} if t and 0 < delta / t < 1 + 2 * wide else set()))
    if t:
        cuts = sorted(set(cuts) | {c for k in range(-8, 9, 2) for c in [delta / t + k / t] if 0 < c < 1 + 2 * wide})

    def f(s):
        if s <= 0:
            return mpf(0)
        return exp(front + (df - 1) * log(s) - df * s * s / 2) * erfc((delta - t * s) / sqrt(mpf(2))) / 2

    return quad(f, cuts + [cuts[-1] * 2])


points = []
for t, df, delta in [(2.93, 15, 0), (2.93, 15, 1.5), (2.93, 15, 5), (-1.2, 4, .7), (0, 9, 1), (0.001, 30, -2), (12, 6, 9), (40, 24, 38), (40, 24, 50),
                     (150, 11, 120), (900, 11, 700), (1500, 11, 1700), (3, 399, 2), (25, 399, 24), (1, 5000, .2), (70, 5000, 69.5), (6000, 20, 5000), (300, 4, 200)]:
    points.append({"t": t, "df": df, "delta": delta, "p": float(cdf(t, df, delta))})

pairs = defaultdict(list)
for row in csv.DictReader(open("pairs.csv")):
    pairs[row["set"]].append((mpf(row["post"]) - mpf(row["pre"])))
intervals = {}
for name, d in pairs.items():
    n = len(d)
    mean = sum(d) / n
    s = sqrt(sum((x - mean) ** 2 for x in d) / (n - 1))
    dz = mean / s
    t = dz * sqrt(mpf(n))
    half = 2 * sqrt(1 + t * t / (2 * (n - 1)))
    mp.dps = 20
    low, high = [findroot(lambda delta: cdf(t, n - 1, delta) - p, (t + side * half, t + side * half * mpf("1.02")), tol=1e-15)
                 for p, side in ((mpf("0.975"), -1), (mpf("0.025"), 1))]
    mp.dps = 30
    intervals[name] = [float(low / sqrt(mpf(n))), float(high / sqrt(mpf(n)))]
    print(name, intervals[name], flush=True)
json.dump({"points": points, "intervals": intervals}, open("noncentral.json", "w"), indent=1)
