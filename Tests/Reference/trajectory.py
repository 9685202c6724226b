"""The function that the optimizers' stored trajectories are of, and where they begin."""

import numpy as np

from golden import Numbers

STEPS = 20
r = Numbers(77)
a, c, start = r.normal(7), r.uniform(0.3, 2.0, 7), r.normal(7, scale=1.5)
COUPLING = 0.4
# The vector of rules that look at whole parameters: a matrix of 2 by 2 and a vector of 3.
BLOCKS = [(slice(0, 4), (2, 2)), (slice(4, 7), (3,))]


def value(x):
    d = x - a
    return float(np.sum(c * (d**4 / 4 + d**2 / 2)) + COUPLING * np.sum(d[:-1] * d[1:]))


def gradient(x):
    d = x - a
    g = c * (d**3 + d)
    g[:-1] += COUPLING * d[1:]
    g[1:] += COUPLING * d[:-1]
    return g


def curvature(x):
    """The diagonal of the Hessian, which is positive."""
    return c * (3 * (x - a) ** 2 + 1)


def hessian(x):
    return np.diag(curvature(x)) + COUPLING * (np.eye(7, k=1) + np.eye(7, k=-1))


FUNCTION = {
    "formula": "f(x) = sum_i c[i] (d[i]^4 / 4 + d[i]^2 / 2) + coupling sum_{i<6} d[i] d[i+1], d = x - a",
    "gradient": "g[i] = c[i] (d[i]^3 + d[i]) + coupling (d[i-1] + d[i+1]), neighbors that do not exist count 0",
    "a": a.tolist(), "c": c.tolist(), "coupling": COUPLING,
}
