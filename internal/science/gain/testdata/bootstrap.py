"""Writes bootstrap.json: replicates of a mean, drawn by numpy, and what
scipy makes of them. scipy's BCa counts replicates equal to the estimate half,
as we do, only since 1.11; so the formula stands here, with scipy's own
normal distribution and numpy's quantiles."""
import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(7)
out = []
for n, round_to in ((9, 0), (25, 0), (40, 3)):
    x = np.round(rng.gamma(2.0, 3.0, n), round_to)
    draws = np.sort(x[rng.integers(0, n, (999, n))].mean(axis=1))
    estimate = float(x.mean())
    left = np.array([np.delete(x, i).mean() for i in range(n)])
    share = ((draws < estimate).sum() + (draws <= estimate).sum()) / (2 * len(draws))
    z0 = stats.norm.ppf(share)
    u = left.mean() - left
    a = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
    levels = [float(stats.norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))) for z in stats.norm.ppf([0.025, 0.975])]
    out.append({
        "estimate": estimate, "left": left.tolist(), "replicates": draws.tolist(),
        "percentile": np.quantile(draws, [0.025, 0.975]).tolist(),
        "bca": np.quantile(draws, levels).tolist(),
    })
json.dump(out, open("bootstrap.json", "w"))
