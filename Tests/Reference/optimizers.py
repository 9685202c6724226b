"""Trajectories of torch.optim in float64, schedules and clipping from plain formulas.

Output: OptimizersTests/Golden/optimizers.json, schedules.json and clipping.json. Each trajectory is made twice,
by torch.optim and by the formula that stands beside it in the file, and the script stops if the two disagree.
"""

import math

import numpy as np
import torch

from golden import Numbers, tensor, versions, write

torch.set_num_threads(1)
STEPS = 20
r = Numbers(77)
a, c, start = r.normal(7), r.uniform(0.3, 2.0, 7), r.normal(7, scale=1.5)
COUPLING = 0.4


def value(x):
    d = x - a
    return float(np.sum(c * (d**4 / 4 + d**2 / 2)) + COUPLING * np.sum(d[:-1] * d[1:]))


def gradient(x):
    d = x - a
    g = c * (d**3 + d)
    g[:-1] += COUPLING * d[1:]
    g[1:] += COUPLING * d[:-1]
    return g


# The rules, written from their formulas; x, g and the state are arrays, t counts from 1.


def sgd(x, g, s, t, learningRate, momentum=0.0, nesterov=False, weightDecay=0.0):
    g = g + weightDecay * x
    s["v"] = momentum * s.get("v", 0) + g
    return x - learningRate * (g + momentum * s["v"] if nesterov else s["v"])


def adagrad(x, g, s, t, learningRate, epsilon):
    s["s"] = s.get("s", 0) + g**2
    return x - learningRate * g / (np.sqrt(s["s"]) + epsilon)


def rmsprop(x, g, s, t, learningRate, decay, epsilon, momentum=0.0, centered=False):
    s["s"] = decay * s.get("s", 0) + (1 - decay) * g**2
    s["m"] = decay * s.get("m", 0) + (1 - decay) * g
    s["v"] = momentum * s.get("v", 0) + g / (np.sqrt(s["s"] - (s["m"] ** 2 if centered else 0)) + epsilon)
    return x - learningRate * s["v"]


def adadelta(x, g, s, t, learningRate, decay, epsilon):
    s["s"] = decay * s.get("s", 0) + (1 - decay) * g**2
    d = np.sqrt(s.get("d", 0) + epsilon) / np.sqrt(s["s"] + epsilon) * g
    s["d"] = decay * s.get("d", 0) + (1 - decay) * d**2
    return x - learningRate * d


def adam(x, g, s, t, learningRate, beta1, beta2, epsilon, weightDecay=0.0, decoupled=False, amsgrad=False):
    if decoupled:
        x = x - learningRate * weightDecay * x
    else:
        g = g + weightDecay * x
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    s["max"] = np.maximum(s.get("max", 0), s["s"])
    second = s["max"] if amsgrad else s["s"]
    return x - learningRate * (s["m"] / (1 - beta1**t)) / (np.sqrt(second / (1 - beta2**t)) + epsilon)


def adamax(x, g, s, t, learningRate, beta1, beta2, epsilon):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["u"] = np.maximum(beta2 * s.get("u", np.zeros(7)), np.abs(g) + epsilon)
    return x - learningRate / (1 - beta1**t) * s["m"] / s["u"]


def rprop(x, g, s, t, initialStep, shrink, growth, minimumStep, maximumStep):
    agreement = g * s.get("g", 0)
    factor = np.where(agreement > 0, growth, np.where(agreement < 0, shrink, 1))
    s["step"] = np.clip(s.get("step", initialStep) * factor, minimumStep, maximumStep)
    s["g"] = np.where(agreement < 0, 0, g)
    return x - s["step"] * np.sign(s["g"])


FORMULAS = {
    sgd: "g += weightDecay x; v = momentum v + g (v = 0 at the start); x -= learningRate (g + momentum v if nesterov else v)",
    adagrad: "s += g²; x -= learningRate g / (√s + epsilon)",
    rmsprop: "s = decay s + (1 - decay) g²; if centered: m = decay m + (1 - decay) g, s' = s - m², else s' = s; "
             "v = momentum v + g / (√s' + epsilon); x -= learningRate v",
    adadelta: "s = decay s + (1 - decay) g²; δ = √(d + epsilon) / √(s + epsilon) g; d = decay d + (1 - decay) δ²; "
              "x -= learningRate δ",
    adam: "x -= learningRate weightDecay x if decoupled, else g += weightDecay x; m = beta1 m + (1 - beta1) g; "
          "s = beta2 s + (1 - beta2) g²; s' = largest s so far if amsgrad, else s; "
          "x -= learningRate (m / (1 - beta1^t)) / (√(s' / (1 - beta2^t)) + epsilon), t from 1",
    adamax: "m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + epsilon); x -= learningRate / (1 - beta1^t) m / u, t from 1",
    rprop: "step = min(max(step f, minimumStep), maximumStep), f = growth where g g' > 0, shrink where g g' < 0, else 1; "
           "g = 0 where g g' < 0; x -= step sign(g); g' = g (g' = 0, step = initialStep at the start)",
}
TORCH = {
    "learningRate": "lr", "momentum": "momentum", "nesterov": "nesterov", "weightDecay": "weight_decay", "epsilon": "eps",
    "centered": "centered", "amsgrad": "amsgrad", "initialStep": "lr",
}


def torch_arguments(kind, hyper):
    arguments = {TORCH[k]: v for k, v in hyper.items() if k in TORCH}
    if "beta1" in hyper:
        arguments["betas"] = (hyper["beta1"], hyper["beta2"])
    if "decay" in hyper:
        arguments["alpha" if kind is torch.optim.RMSprop else "rho"] = hyper["decay"]
    if kind is torch.optim.Rprop:
        arguments["etas"] = (hyper["shrink"], hyper["growth"])
        arguments["step_sizes"] = (hyper["minimumStep"], hyper["maximumStep"])
    return arguments


RPROP = {"initialStep": 0.01, "shrink": 0.5, "growth": 1.2, "minimumStep": 1e-6, "maximumStep": 50.0}
ADAM = {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
o = torch.optim
CASES = [
    ("sgd/plain", o.SGD, sgd, {"learningRate": 0.05}),
    ("sgd/momentum", o.SGD, sgd, {"learningRate": 0.02, "momentum": 0.9}),
    ("sgd/nesterov", o.SGD, sgd, {"learningRate": 0.02, "momentum": 0.9, "nesterov": True}),
    ("sgd/weight-decay", o.SGD, sgd, {"learningRate": 0.05, "weightDecay": 0.1}),
    ("sgd/all", o.SGD, sgd, {"learningRate": 0.02, "momentum": 0.8, "nesterov": True, "weightDecay": 0.1}),
    ("adagrad/defaults", o.Adagrad, adagrad, {"learningRate": 0.3, "epsilon": 1e-10}),
    ("adagrad/large-epsilon", o.Adagrad, adagrad, {"learningRate": 0.3, "epsilon": 0.1}),
    ("rmsprop/plain", o.RMSprop, rmsprop, {"learningRate": 0.02, "decay": 0.99, "epsilon": 1e-8}),
    ("rmsprop/large-epsilon", o.RMSprop, rmsprop, {"learningRate": 0.05, "decay": 0.9, "epsilon": 0.1}),
    ("rmsprop/momentum", o.RMSprop, rmsprop, {"learningRate": 0.01, "decay": 0.99, "epsilon": 1e-8, "momentum": 0.9}),
    ("rmsprop/centered", o.RMSprop, rmsprop, {"learningRate": 0.02, "decay": 0.9, "epsilon": 1e-8, "centered": True}),
    ("rmsprop/all", o.RMSprop, rmsprop,
     {"learningRate": 0.01, "decay": 0.9, "epsilon": 1e-3, "momentum": 0.5, "centered": True}),
    ("adadelta/defaults", o.Adadelta, adadelta, {"learningRate": 1.0, "decay": 0.9, "epsilon": 1e-6}),
    ("adadelta/large-epsilon", o.Adadelta, adadelta, {"learningRate": 0.5, "decay": 0.95, "epsilon": 1e-2}),
    ("adam/rate-0.001", o.Adam, adam, {**ADAM, "learningRate": 1e-3}),
    ("adam/rate-0.05", o.Adam, adam, ADAM),
    ("adam/large-epsilon", o.Adam, adam, {**ADAM, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.1}),
    ("adam/weight-decay", o.Adam, adam, {**ADAM, "weightDecay": 0.1}),
    ("adam/amsgrad", o.Adam, adam, {**ADAM, "beta2": 0.6, "amsgrad": True}),
    ("adamw/defaults", o.AdamW, adam, {**ADAM, "weightDecay": 0.01}),
    ("adamw/large-decay", o.AdamW, adam, {**ADAM, "weightDecay": 0.5}),
    ("adamax/defaults", o.Adamax, adamax, ADAM),
    ("rprop/defaults", o.Rprop, rprop, RPROP),
    ("rprop/turning", o.Rprop, rprop, {**RPROP, "initialStep": 0.3, "shrink": 0.4, "growth": 1.5}),
    ("rprop/bounded", o.Rprop, rprop, {**RPROP, "initialStep": 0.2, "minimumStep": 0.05, "maximumStep": 0.25}),
]


def trajectory(kind, rule, hyper):
    x = torch.from_numpy(start.copy()).requires_grad_(True)
    optimizer = kind([x], foreach=False, **torch_arguments(kind, hyper))
    own, state, parameters, gradients = start.copy(), {}, [], []
    extra = {"decoupled": True} if kind is o.AdamW else {}
    for t in range(1, STEPS + 1):
        g = gradient(x.detach().numpy())
        gradients.append(g)
        x.grad = torch.from_numpy(g.copy())
        optimizer.step()
        own = rule(own, gradient(own), state, t, **hyper, **extra)
        parameters.append(x.detach().numpy().copy())
        assert np.allclose(own, parameters[-1], rtol=1e-11, atol=1e-13), (kind, t, own - parameters[-1])
    assert value(parameters[-1]) < value(start), kind
    return np.array(parameters), np.array(gradients)


cases = []
for name, kind, rule, hyper in CASES:
    parameters, gradients = trajectory(kind, rule, hyper)
    cases.append({
        "name": name, "optimizer": name.split("/")[0], "hyperparameters": hyper, "formula": FORMULAS[rule],
        "parameters": parameters.tolist(), "gradients": gradients.tolist(), "finalLoss": value(parameters[-1]),
    })
write("OptimizersTests/Golden/optimizers.json", {
    "generator": "Tests/Reference/optimizers.py",
    "versions": versions(np, torch),
    "function": {
        "formula": "f(x) = sum_i c[i] (d[i]^4 / 4 + d[i]^2 / 2) + coupling sum_{i<6} d[i] d[i+1], d = x - a",
        "gradient": "g[i] = c[i] (d[i]^3 + d[i]) + coupling (d[i-1] + d[i+1]), neighbours that do not exist count 0",
        "a": a.tolist(), "c": c.tolist(), "coupling": COUPLING,
    },
    "start": start.tolist(), "startLoss": value(start), "steps": STEPS,
    "conventions": "parameters[k]: after step k + 1; gradients[k]: the one that step k + 1 was given",
}, cases)

# Schedules: the rate of step i, i from 0

AT = [0, 1, 2, 3, 9, 10, 11, 19, 20, 50, 99, 100, 999]
SCHEDULES = [
    ("constant", "initial", lambda i, initial: initial, {"initial": 0.01}),
    ("step", "initial factor^floor(i / every)", lambda i, initial, factor, every: initial * factor ** (i // every),
     {"initial": 0.1, "factor": 0.5, "every": 10}),
    ("exponential", "initial factor^(i / every)", lambda i, initial, factor, every: initial * factor ** (i / every),
     {"initial": 0.1, "factor": 0.9, "every": 10}),
    ("exponential", "initial factor^(i / every)", lambda i, initial, factor, every: initial * factor ** (i / every),
     {"initial": 0.1, "factor": 0.995, "every": 1}),
    ("inverseTime", "initial / (1 + rate i / every)", lambda i, initial, rate, every: initial / (1 + rate * i / every),
     {"initial": 0.1, "rate": 0.5, "every": 10}),
    ("inverseTime", "initial / (1 + rate i / every)", lambda i, initial, rate, every: initial / (1 + rate * i / every),
     {"initial": 0.01, "rate": 1e-6, "every": 1}),
    ("inverseSquareRoot", "alpha / (n sqrt(i + 1)): the course's alpha / (n sqrt i), whose i counts from 1",
     lambda i, alpha, n: alpha / (n * math.sqrt(i + 1)), {"alpha": 0.5, "n": 40}),
    ("inverseSquareRoot", "alpha / (n sqrt(i + 1)): the course's alpha / (n sqrt i), whose i counts from 1",
     lambda i, alpha, n: alpha / (n * math.sqrt(i + 1)), {"alpha": 1.0, "n": 1}),
    ("linear", "initial + (final - initial) min(i / steps, 1)",
     lambda i, initial, final, steps: initial + (final - initial) * min(i / steps, 1),
     {"initial": 0.5, "final": 0.7, "steps": 50}),
    ("cosine", "final + (initial - final) (1 + cos(π min(i / steps, 1))) / 2",
     lambda i, initial, final, steps: final + (initial - final) * (1 + math.cos(math.pi * min(i / steps, 1))) / 2,
     {"initial": 0.1, "final": 0.001, "steps": 100}),
]
write("OptimizersTests/Golden/schedules.json", {
    "generator": "Tests/Reference/optimizers.py", "versions": versions(np), "steps": AT,
    "conventions": "values[k]: the schedule at step steps[k]; steps count from 0",
}, [{"name": name, "formula": formula, "attributes": attributes, "values": [float(f(i, **attributes)) for i in AT]}
    for name, formula, f, attributes in SCHEDULES])

# Clipping, over all gradients of a model together


def by_norm(gradients, limit):
    """torch adds 1e-6 to the norm; here the exact rule, checked against torch to that accuracy."""
    norm = math.sqrt(sum(float((g**2).sum()) for g in gradients))
    leaves = [torch.zeros(g.shape, dtype=torch.float64) for g in gradients]
    for leaf, g in zip(leaves, gradients):
        leaf.grad = torch.from_numpy(g.copy())
    torch.nn.utils.clip_grad_norm_(leaves, limit)
    clipped = [g * min(1.0, limit / norm) if norm > 0 else g for g in gradients]
    assert all(np.allclose(l.grad.numpy(), x, rtol=2e-6) for l, x in zip(leaves, clipped))
    return clipped, norm


groups = [("typical", [r.normal(2, 3), r.normal(3), r.normal(2, scale=10)]), ("small", [r.normal(3, scale=0.01)]),
          ("zero", [np.zeros(4)])]
cases = []
for name, gradients in groups:
    clipped, norm = by_norm(gradients, 1.5)
    cases.append({"name": f"globalNorm/{name}", "rule": "g min(1, limit / norm), norm = √(Σ g²) over all", "limit": 1.5,
                  "norm": norm, "inputs": [tensor(g) for g in gradients], "outputs": [tensor(g) for g in clipped]})
    cases.append({"name": f"value/{name}", "rule": "min(max(g, -limit), limit)", "limit": 0.5,
                  "inputs": [tensor(g) for g in gradients],
                  "outputs": [tensor(np.clip(g, -0.5, 0.5)) for g in gradients]})
write("OptimizersTests/Golden/clipping.json",
      {"generator": "Tests/Reference/optimizers.py", "versions": versions(np, torch)}, cases)
