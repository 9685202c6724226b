"""Trajectories of torch.optim in float64, schedules and clipping from plain formulas.

Output: OptimizersTests/Golden/optimizers.json, schedules.json and clipping.json. Each trajectory is made twice,
by torch.optim and by the formula that stands beside it in the file, and the script stops if the two disagree; those
that torch.optim has not, or not in float64, by the paper's formula alone.
"""

import math

import numpy as np
import torch

from golden import tensor, versions, write
from trajectory import BLOCKS, FUNCTION, STEPS, gradient, r, start, value

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)  # of numbers that rules keep, such as NAdam's product
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


def nadam(x, g, s, t, learningRate, beta1, beta2, epsilon, momentumDecay, weightDecay=0.0):
    g = g + weightDecay * x
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    mu, after = (beta1 * (1 - 0.5 * 0.96 ** (i * momentumDecay)) for i in (t, t + 1))
    s["product"] = s.get("product", 1) * mu
    direction = (1 - mu) / (1 - s["product"]) * g + after / (1 - s["product"] * after) * s["m"]
    return x - learningRate * direction / (np.sqrt(s["s"] / (1 - beta2**t)) + epsilon)


def radam(x, g, s, t, learningRate, beta1, beta2, epsilon, weightDecay=0.0):
    g = g + weightDecay * x
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    mean, limit = s["m"] / (1 - beta1**t), 2 / (1 - beta2) - 1
    rho = limit - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return x - learningRate * mean
    r = np.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))
    return x - learningRate * r * mean * np.sqrt(1 - beta2**t) / (np.sqrt(s["s"]) + epsilon)


def averaged_sgd(x, g, s, t, learningRate, decay, power, averageAfter, weightDecay=0.0):
    g = g + weightDecay * x
    rate = learningRate / (1 + decay * learningRate * (t - 1)) ** power
    x = (1 - decay * rate) * x - rate * g
    s["average"] = s.get("average", 0) + (x - s.get("average", 0)) / max(1, t - 1 - averageAfter)
    return x


def lion(x, g, s, t, learningRate, beta1, beta2, weightDecay=0.0):
    m = s.get("m", 0)
    s["m"] = beta2 * m + (1 - beta2) * g
    return x - learningRate * (np.sign(beta1 * m + (1 - beta1) * g) + weightDecay * x)


def lars(x, g, s, t, learningRate, momentum, trustCoefficient, epsilon, weightDecay=0.0, scalesVectors=False):
    ratio = np.ones(7)
    for part, shape in BLOCKS:
        if len(shape) > 1 or scalesVectors:
            w = np.linalg.norm(x[part])
            ratio[part] = trustCoefficient * w / (np.linalg.norm(g[part]) + weightDecay * w + epsilon)
    s["v"] = momentum * s.get("v", 0) + ratio * (g + weightDecay * x)
    return x - learningRate * s["v"]


def lamb(x, g, s, t, learningRate, beta1, beta2, epsilon, weightDecay=0.0, scalesVectors=False):
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    u = s["m"] / (1 - beta1**t) / (np.sqrt(s["s"] / (1 - beta2**t)) + epsilon) + weightDecay * x
    rate = np.full(7, learningRate)
    for part, shape in BLOCKS:
        if len(shape) > 1 or scalesVectors:
            rate[part] *= np.linalg.norm(x[part]) / np.linalg.norm(u[part])
    return x - rate * u


def muon(x, g, s, t, learningRate, momentum, weightDecay, nesterov=True, iterations=5):
    beta1, beta2 = np.full(7, 0.9), 0.95
    beta1[:4] = momentum
    s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
    s["s"] = beta2 * s.get("s", 0) + (1 - beta2) * g**2
    step = s["m"] / (1 - beta1**t) / (np.sqrt(s["s"] / (1 - beta2**t)) + 1e-8)
    u = (momentum * s["m"] + (1 - momentum) * g if nesterov else s["m"])[:4].reshape(2, 2)
    u = u / np.linalg.norm(u)
    for _ in range(iterations):
        square = u @ u.T
        u = 3.4445 * u + (-4.775 * square + 2.0315 * square @ square) @ u
    step[:4] = 0.2 * np.sqrt(2) * u.ravel()
    return (1 - learningRate * weightDecay) * x - learningRate * step


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
    nadam: "g += weightDecay x; m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g²; mu(t) = beta1 (1 - 0.96^(t momentumDecay) / 2); "
           "p = mu(1) ... mu(t); x -= learningRate ((1 - mu(t)) / (1 - p) g + mu(t + 1) / (1 - p mu(t + 1)) m) / "
           "(√(s / (1 - beta2^t)) + epsilon), t from 1",
    radam: "as adam, with L = 2 / (1 - beta2) - 1, R = L - 2 t beta2^t / (1 - beta2^t); R <= 5: x -= learningRate m / (1 - beta1^t); else "
           "x -= learningRate √((R - 4)(R - 2) L / ((L - 4)(L - 2) R)) m / (1 - beta1^t) √(1 - beta2^t) / (√s + epsilon)",
    averaged_sgd: "g += weightDecay x; r = learningRate / (1 + decay learningRate (t - 1))^power; x = (1 - decay r) x - r g; "
                  "average += (x - average) / max(1, t - 1 - averageAfter), t from 1",
    lion: "x -= learningRate (sign(beta1 m + (1 - beta1) g) + weightDecay x); m = beta2 m + (1 - beta2) g",
    lars: "w: x[:4], and x[4:] if scalesVectors: r = trustCoefficient |w| / (|g| + weightDecay |w| + epsilon), else r = 1; "
          "v = momentum v + r (g + weightDecay x); x -= learningRate v",
    lamb: "u = adam's direction + weightDecay x; w: x[:4], and x[4:] if scalesVectors: r = |w| / |u|, else r = 1; "
          "x -= learningRate r u",
    muon: "m = momentum m + (1 - momentum) g; u = momentum m + (1 - momentum) g if nesterov, else m; x[:4] as a matrix: u = u / |u|, "
          "iterations times u = 3.4445 u + (-4.775 u u' + 2.0315 (u u')²) u; x = (1 - learningRate weightDecay) x - "
          "0.2 √2 learningRate u; x[4:]: adamw with 0.9, 0.95, 1e-8",
}
TORCH = {
    "learningRate": "lr", "momentum": "momentum", "nesterov": "nesterov", "weightDecay": "weight_decay", "epsilon": "eps",
    "centered": "centered", "amsgrad": "amsgrad", "initialStep": "lr",
    "momentumDecay": "momentum_decay", "decay": "lambd", "power": "alpha", "averageAfter": "t0",
}


def torch_arguments(kind, hyper):
    arguments = {TORCH[k]: v for k, v in hyper.items() if k in TORCH and (k != "decay" or kind is torch.optim.ASGD)}
    if "beta1" in hyper:
        arguments["betas"] = (hyper["beta1"], hyper["beta2"])
    if "decay" in hyper and kind is not torch.optim.ASGD:
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
    ("nadam/defaults", o.NAdam, nadam, {**ADAM, "momentumDecay": 0.004}),
    ("nadam/all", o.NAdam, nadam,
     {"learningRate": 0.04, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "momentumDecay": 0.1, "weightDecay": 0.1}),
    ("radam/defaults", o.RAdam, radam, ADAM),
    ("radam/all", o.RAdam, radam,
     {"learningRate": 0.04, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "weightDecay": 0.1}),
    ("averaged-sgd/defaults", o.ASGD, averaged_sgd,
     {"learningRate": 0.05, "decay": 1e-4, "power": 0.75, "averageAfter": 0}),
    ("averaged-sgd/all", o.ASGD, averaged_sgd,
     {"learningRate": 0.08, "decay": 0.7, "power": 0.6, "averageAfter": 6, "weightDecay": 0.1}),
    ("lion/defaults", None, lion, {"learningRate": 0.02, "beta1": 0.9, "beta2": 0.99}),
    ("lion/all", None, lion, {"learningRate": 0.05, "beta1": 0.6, "beta2": 0.8, "weightDecay": 0.2}),
    ("lars/matrix", None, lars, {"learningRate": 0.05, "momentum": 0.8, "trustCoefficient": 0.7, "epsilon": 0.01}),
    ("lars/all", None, lars,
     {"learningRate": 0.1, "momentum": 0.5, "trustCoefficient": 0.4, "epsilon": 0.1, "weightDecay": 0.2,
      "scalesVectors": True}),
    ("lamb/matrix", None, lamb, {**ADAM, "epsilon": 1e-6}),
    ("lamb/all", None, lamb,
     {"learningRate": 0.04, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.1, "weightDecay": 0.3, "scalesVectors": True}),
    ("muon/nesterov", None, muon, {"learningRate": 0.1, "momentum": 0.8, "weightDecay": 0.1}),
    ("muon/plain", None, muon,
     {"learningRate": 0.2, "momentum": 0.6, "weightDecay": 0.0, "nesterov": False, "iterations": 3}),
]


def trajectory(kind, rule, hyper):
    averages = []
    if kind is None:
        x, state, parameters, gradients = start.copy(), {}, [], []
        for t in range(1, STEPS + 1):
            gradients.append(gradient(x))
            x = rule(x, gradients[-1], state, t, **hyper)
            parameters.append(x)
        assert value(x) < value(start), rule
        return np.array(parameters), np.array(gradients), averages
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
        if "average" in state:
            averages.append(optimizer.state[x]["ax"].numpy().copy())
            assert np.allclose(state["average"], averages[-1], rtol=1e-11, atol=1e-13), (kind, t)
    assert value(parameters[-1]) < value(start), kind
    return np.array(parameters), np.array(gradients), averages


cases = []
for name, kind, rule, hyper in CASES:
    parameters, gradients, averages = trajectory(kind, rule, hyper)
    cases.append({
        "name": name, "optimizer": name.split("/")[0], "hyperparameters": hyper, "formula": FORMULAS[rule],
        "parameters": parameters.tolist(), "gradients": gradients.tolist(), "finalLoss": value(parameters[-1]),
        **({"averages": np.array(averages).tolist()} if averages else {}),
    })
write("OptimizersTests/Golden/optimizers.json", {
    "generator": "Tests/Reference/optimizers.py",
    "versions": versions(np, torch),
    "function": FUNCTION,
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
