"""Trajectories in float64 of rules that need more than a gradient, and of rules that wrap another rule.

Output: OptimizersTests/Golden/further-optimizers.json. L-BFGS is torch.optim.LBFGS; conjugate gradients take the line search
of torch.optim.lbfgs; the others are their papers' formulas in NumPy, AdaSecant in the order of its authors' program
(github.com/caglar/adasecant_wshp_paper).
"""

import numpy as np
import torch
from torch.optim.lbfgs import _strong_wolfe

from golden import versions, write
from trajectory import BLOCKS, FUNCTION, STEPS, curvature, gradient, hessian, start, value

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def sgd(x, g, s, t, learningRate=0.01, momentum=0.0):
    s["v"] = momentum * s.get("v", 0) + g
    return x - learningRate * s["v"]


def adam(x, g, s, t, learningRate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    return x - learningRate * (s["m"] / (1 - beta1**t)) / (np.sqrt(s["s"] / (1 - beta2**t)) + epsilon)


RULES = {"sgd": sgd, "adam": adam}


def inner(optimizer, x, g, s, t):
    hyper = {k: v for k, v in optimizer.items() if k != "name"}
    return RULES[optimizer["name"]](x, g, s.setdefault("inner", {}), t, **hyper)


def lookahead(x, s, t, optimizer, period, share):
    slow = s.setdefault("slow", x.copy())
    x = inner(optimizer, x, gradient(x), s, t)
    if t % period == 0:
        s["slow"] = x = slow + share * (x - slow)
    return x, s["slow"]


def weight_average(x, s, t, optimizer, decay, averageAfter):
    x = inner(optimizer, x, gradient(x), s, t)
    s["mean"] = x if t <= averageAfter + 1 else decay * s["mean"] + (1 - decay) * x
    return x, s["mean"]


def gradient_accumulation(x, s, t, optimizer, batches):
    s["sum"] = s.get("sum", 0) + gradient(x)
    if t % batches == 0:
        x = inner(optimizer, x, s.pop("sum") / batches, s, t // batches)
    return x, None


def sharpness_aware(x, s, t, optimizer, radius, adaptive):
    g = gradient(x)
    g = gradient(x + radius * (x**2 * g / np.linalg.norm(x * g) if adaptive else g / np.linalg.norm(g)))
    return inner(optimizer, x, g, s, t), None


def vsgd(x, s, t, sharing, slowStart, caution, epsilon):
    g, h = gradient(x), np.abs(curvature(x))
    parts = {"element": [slice(i, i + 1) for i in range(7)], "tensor": [b for b, _ in BLOCKS], "all": [slice(0, 7)]}[sharing]
    if t <= slowStart:
        seen = s.setdefault("seen", [])
        seen.append((g, h))
        if t == slowStart:
            s["g"] = np.mean([g for g, _ in seen], axis=0)
            s["h"] = np.mean([h for _, h in seen], axis=0)
            s["v"] = [caution * np.mean([np.sum(g[p] ** 2) for g, _ in seen]) for p in parts]
            s["tau"] = [float(slowStart)] * len(parts)
        return x, None
    x = x.copy()
    for i, p in enumerate(parts):
        w = 1 / s["tau"][i]
        s["g"][p] = (1 - w) * s["g"][p] + w * g[p]
        s["h"][p] = (1 - w) * s["h"][p] + w * h[p]
        s["v"][i] = (1 - w) * s["v"][i] + w * np.sum(g[p] ** 2)
        share = np.sum(s["g"][p] ** 2) / s["v"][i]
        s["tau"][i] = (1 - share) * s["tau"][i] + 1
        x[p] -= share / max(np.max(s["h"][p]), epsilon) * g[p]
    return x, None


def adasecant(x, s, t, decay, correctionLimit, correctsAfter, adagrad, epsilon):
    e, plain = epsilon, gradient(x)
    g = np.concatenate([plain[p] / (np.linalg.norm(plain[p]) + e) for p, _ in BLOCKS])
    if t == 1:
        s.update({k: np.full(7, e) for k in ("mg", "mg2", "num", "den", "corrected", "last", "mc", "mc2", "cov")})
        s.update(tau=np.full(7, 2.1 * (1 + e)), md=g, md2=g**2, squares=np.zeros(7))
    tau = s["tau"]

    def mean(old, new):
        return old * (1 - 1 / tau) + new / tau

    gamma = np.minimum(np.sqrt(s["num"]) / np.sqrt(s["den"] + e), correctionLimit)
    mg, mg2 = decay * s["mg"] + (1 - decay) * g, decay * s["mg2"] + (1 - decay) * g**2
    old = s["corrected"]
    num, den = mean(s["num"], ((g - old) * (old - mg)) ** 2), mean(s["den"], ((mg - g) * (old - mg)) ** 2)
    corrected = (g + gamma * mg) / (1 + gamma) if t > correctsAfter else g
    alpha = g - s["last"]
    mc, mc2 = mean(s["mc"], alpha), mean(s["mc2"], alpha**2)
    rate = np.sqrt(s["md2"] + e) / np.sqrt(mc2 + e) - s["cov"] / (mc2 + e)
    squares = s["squares"] + corrected**2
    delta = -rate * corrected / (np.maximum(np.sqrt(squares), 1) if adagrad else 1)
    longer = (1 - s["md"] ** 2 / (s["md2"] + e)) * tau + 1 + e
    outlier = (np.abs(g - mg) > 2 * np.sqrt(np.maximum(mg2 - mg**2, 0))) | (
        np.abs(alpha - mc) > 2 * np.sqrt(np.maximum(mc2 - mc**2, 0)))
    s["outliers"] = s.get("outliers", 0) + int(outlier.sum())
    s.update(mg=mg, mg2=mg2, num=num, den=den, corrected=corrected, last=g, mc=mc, mc2=mc2, squares=squares,
             cov=mean(s["cov"], delta * alpha), md=mean(s["md"], delta), md2=mean(s["md2"], delta**2),
             tau=np.clip(np.where(outlier, 2.2, longer), 1.5, 1e8))
    return x + delta, None


def lbfgs(x, s, t, memory, initialStep=1.0):
    if t == 1:
        s["x"] = torch.from_numpy(x.copy()).requires_grad_(True)
        s["o"] = torch.optim.LBFGS([s["x"]], lr=initialStep, max_iter=1, history_size=memory, tolerance_grad=0,
                                   tolerance_change=0, line_search_fn="strong_wolfe")

    def closure():
        point = s["x"].detach().numpy()
        s["x"].grad = torch.from_numpy(gradient(point))
        return torch.tensor(value(point))

    s["o"].step(closure)
    return s["x"].detach().numpy().copy(), None


def conjugate_gradient(x, s, t, formula, restart=None, flatness=0.1, initialStep=1.0):
    g, d = gradient(x), -gradient(x)
    if t > 1 and (restart is None or (t - 1) % restart):
        y, last, before = g - s["g"], s["d"], s["g"]
        d = -g + {"polak-ribiere": max(0, g @ y / (before @ before)), "fletcher-reeves": g @ g / (before @ before),
                  "hestenes-stiefel": max(0, g @ y / (last @ y)), "dai-yuan": g @ g / (last @ y)}[formula] * last
    if g @ d >= 0:
        d = -g
    step = s["t"] * s["slope"] / (g @ d) if t > 1 else min(1, 1 / np.abs(g).sum()) * initialStep

    def at(_, step, direction):
        point = x + float(step) * direction.numpy()
        return torch.tensor(value(point)), torch.from_numpy(gradient(point))

    found = _strong_wolfe(at, None, step, torch.from_numpy(d), torch.tensor(value(x)), torch.from_numpy(g),
                          torch.tensor(g @ d), c2=flatness)
    s.update(g=g, d=d, slope=g @ d, t=float(found[2]))
    return x + s["t"] * d, None


def quadratic_model(matrix):
    def rule(x, s, t, control, radius=1.0, greatestRadius=100.0, damping=1.0, products=100, tolerance=0.5):
        limit, extra = s.setdefault("radius", radius), s.setdefault("damping", damping)
        g, B = gradient(x), matrix(x) + (extra * np.eye(7) if control == "damping" else 0)
        p, r, d, edge = np.zeros(7), g, -g, False
        goal = min(tolerance, 0.5, np.sqrt(np.linalg.norm(g))) * np.linalg.norm(g)
        for _ in range(products):
            bend = d @ B @ d
            assert bend > 0
            step = r @ r / bend
            if control == "trust-region" and np.linalg.norm(p + step * d) >= limit:
                roots = np.roots([d @ d, 2 * p @ d, p @ p - limit**2])
                p, edge = p + max(roots) * d, True
                break
            p, rest = p + step * d, r + step * B @ d
            if np.linalg.norm(rest) <= goal:
                break
            r, d = rest, -rest + rest @ rest / (r @ r) * d
        if control == "none":
            return x + p, None
        share = (value(x) - value(x + p)) / -(g @ p + p @ B @ p / 2)
        if share < 0.25:
            s.update(radius=np.linalg.norm(p) / 4, damping=1.5 * extra)
        elif share > 0.75:
            s.update(radius=min(2 * limit, greatestRadius) if edge else limit, damping=extra / 1.5)
        return (x + p if share > 1e-4 else x), None
    return rule


newton, gauss_newton = quadratic_model(hessian), quadratic_model(lambda x: np.diag(curvature(x)))
MOMENTUM = {"name": "sgd", "learningRate": 0.02, "momentum": 0.8}
ADAM = {"name": "adam", "learningRate": 0.05, "beta2": 0.9}
SECANT = {"decay": 0.95, "correctionLimit": 1.8, "correctsAfter": 0, "adagrad": True, "epsilon": 1e-7}
VSGD = {"slowStart": 3, "caution": 1.5, "epsilon": 1e-6}
TRUST = {"control": "trust-region"}
CASES = [
    ("lookahead/sgd", lookahead, {"optimizer": MOMENTUM, "period": 4, "share": 0.3}),
    ("lookahead/adam", lookahead, {"optimizer": ADAM, "period": 3, "share": 0.8}),
    ("weight-average/sgd", weight_average, {"optimizer": MOMENTUM, "decay": 0.9, "averageAfter": 0}),
    ("weight-average/later", weight_average, {"optimizer": ADAM, "decay": 0.7, "averageAfter": 6}),
    ("gradient-accumulation/adam", gradient_accumulation, {"optimizer": ADAM, "batches": 3}),
    ("gradient-accumulation/sgd", gradient_accumulation, {"optimizer": MOMENTUM, "batches": 2}),
    ("sharpness-aware/sgd", sharpness_aware, {"optimizer": MOMENTUM, "radius": 0.3, "adaptive": False}),
    ("sharpness-aware/adaptive", sharpness_aware, {"optimizer": ADAM, "radius": 0.4, "adaptive": True}),
    ("vsgd/element", vsgd, {"sharing": "element", **VSGD}),
    ("vsgd/tensor", vsgd, {"sharing": "tensor", **VSGD}),
    ("vsgd/all", vsgd, {"sharing": "all", **VSGD, "slowStart": 2, "caution": 4.0}),
    ("adasecant/defaults", adasecant, SECANT),
    ("adasecant/plain", adasecant, {**SECANT, "adagrad": False, "correctsAfter": 5}),
    ("adasecant/all", adasecant,
     {"decay": 0.7, "correctionLimit": 0.6, "correctsAfter": 2, "adagrad": True, "epsilon": 1e-5}),
    ("lbfgs/defaults", lbfgs, {"memory": 10}),
    ("lbfgs/short", lbfgs, {"memory": 2, "initialStep": 0.7}),
    ("conjugate-gradient/polak-ribiere", conjugate_gradient, {"formula": "polak-ribiere"}),
    ("conjugate-gradient/fletcher-reeves", conjugate_gradient, {"formula": "fletcher-reeves", "flatness": 0.05}),
    ("conjugate-gradient/hestenes-stiefel", conjugate_gradient, {"formula": "hestenes-stiefel", "restart": 4}),
    ("conjugate-gradient/dai-yuan", conjugate_gradient, {"formula": "dai-yuan", "initialStep": 0.3}),
    ("newton/trust-region", newton, {**TRUST, "radius": 0.5}),
    ("newton/small-region", newton, {**TRUST, "radius": 0.1, "greatestRadius": 0.4, "tolerance": 0.01}),
    ("newton/damping", newton, {"control": "damping", "damping": 3.0}),
    ("newton/none", newton, {"control": "none", "tolerance": 1e-6}),
    ("gauss-newton/damping", gauss_newton, {"control": "damping", "damping": 0.5}),
    ("gauss-newton/trust-region", gauss_newton, {**TRUST, "radius": 2.0, "products": 3}),
]

END = {"lbfgs/defaults": 4e-3}  # from there on torch stays where it is

cases = []
for name, rule, hyper in CASES:
    x, state, parameters, solutions = start.copy(), {}, [], []
    for t in range(1, STEPS + 1):
        x, solution = rule(x, state, t, **hyper)
        parameters.append(x.copy())
        if solution is not None:
            solutions.append(solution.copy())
        # Beyond the minimum of a search rounding decides; what is stored ends where the gradient is small.
        if rule in (lbfgs, conjugate_gradient, newton, gauss_newton) and np.linalg.norm(gradient(x)) < END.get(name, 1e-4):
            break
    assert value(parameters[-1]) < value(start), name
    if len(parameters) > 5 and name.split("/")[0] in ("newton", "gauss-newton"):
        assert np.linalg.norm(gradient(x)) < 0.1, name
    cases.append({
        "name": name, "optimizer": name.split("/")[0], "hyperparameters": hyper,
        "parameters": np.array(parameters).tolist(), "finalLoss": value(parameters[-1]),
        **({"averages": np.array(solutions).tolist()} if solutions else {}),
    })
write("OptimizersTests/Golden/further-optimizers.json", {
    "generator": "Tests/Reference/further_optimizers.py", "versions": versions(np, torch), "function": FUNCTION,
    "start": start.tolist(), "startLoss": value(start), "steps": STEPS,
    "conventions": "parameters[k]: after step k + 1; averages[k]: the solution then; the Gauss-Newton matrix is the "
                   "Hessian without the coupling",
}, cases)
