"""Activations, losses and penalties: values, gradients and second derivatives by PyTorch in float64.

Output: LayersTests/Golden/functions.json, and LayersTests/Golden/function_layers.json for activations that are layers,
because they have parameters or change the shape. What PyTorch lacks is written here as its paper has it.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import LayerCases, Numbers, tensor, versions, write

torch.set_num_threads(1)
r = Numbers(2016)
n = r.normal
cases = []


def derivatives(function, x, second=True):
    """Gradient and Hessian of a scalar function of one array."""
    point = torch.from_numpy(np.array(x)).requires_grad_(True)
    gradient, = torch.autograd.grad(function(point), point)
    if not second:  # straight pieces, which PyTorch differentiates once only
        return {"inputGradient": tensor(gradient), "hessian": tensor(np.zeros(x.shape * 2))}
    hessian = torch.autograd.functional.hessian(function, torch.from_numpy(np.array(x)))
    return {"inputGradient": tensor(gradient), "hessian": tensor(hessian)}


# Activations: rows [rows, channels]; the scalar that is differentiated is the sum of cotangent · output


def sparsemax(x):
    """The nearest point of the simplex, its threshold by bisection: max(x - τ, 0)."""
    low, high = x.detach().amax(-1, keepdim=True) - 1, x.detach().amax(-1, keepdim=True)
    for _ in range(100):
        middle = (low + high) / 2
        isLow = torch.clamp(x.detach() - middle, min=0).sum(-1, keepdim=True) > 1
        low, high = torch.where(isLow, middle, low), torch.where(isLow, high, middle)
    support = (x.detach() > high).to(x.dtype)
    threshold = ((x * support).sum(-1, keepdim=True) - 1) / support.sum(-1, keepdim=True)
    return torch.clamp(x - threshold, min=0)


def activation(name, case, function, x, **configuration):
    cotangent = r.away_from_zero(*x.shape)
    weights = torch.from_numpy(cotangent)
    cases.append({
        "name": f"{name}/{case}", "kind": "activation", "entry": name, "configuration": configuration, "input": tensor(x),
        "output": tensor(function(torch.from_numpy(x))), "cotangent": tensor(cotangent),
        **derivatives(lambda x: (function(x) * weights).sum(), x, not name.startswith("hard")),
    })


def hard_sigmoid(x):
    """F.hardsigmoid, whose derivative PyTorch rounds to float32."""
    y = F.hardtanh(x / 6 + 0.5, 0.0, 1.0)
    assert torch.allclose(y, F.hardsigmoid(x))
    return y


corners = np.array([[-3.0, -1.0, 0.0], [1.0, 3.0, 0.5]])
for name, function in [
    ("mish", F.mish), ("softsign", F.softsign), ("hard-sigmoid", hard_sigmoid), ("hard-tanh", F.hardtanh),
    ("log-softmax", lambda x: torch.log_softmax(x, -1)), ("sparsemax", sparsemax),
]:
    activation(name, "near", function, n(2, 3))
    activation(name, "wide", function, n(3, 4, scale=4.0))
    activation(name, "one", function, r.away_from_zero(3, 1))
for name, function in [("hard-sigmoid", hard_sigmoid), ("hard-tanh", F.hardtanh), ("softsign", F.softsign)]:
    activation(name, "corners", function, corners)
activation("mish", "far", F.mish, np.array([[-30.0, -12.0, 25.0], [0.0, -100.0, 100.0]]))
activation("sparsemax", "far", sparsemax, np.array([[1e6, 1e6 + 0.25, -1e6], [0.0, 0.3, 0.6], [-800.0, 0.0, 900.0]]))
activation("sparsemax", "many", sparsemax, n(2, 9, scale=0.3))

# Losses: rows of outputs; the value is the mean of the rows' losses


def loss(name, case, function, x, target, **configuration):
    t = torch.from_numpy(np.array(target))
    scalar = lambda x: function(x, t)
    cases.append({
        "name": f"{name}/{case}", "kind": "loss", "entry": name, "configuration": configuration, "input": tensor(x),
        "target": tensor(target), "value": scalar(torch.from_numpy(x)).item(), **derivatives(scalar, x),
    })


def shares(*shape):
    """Rows of probabilities, of four digits each."""
    rows = r.uniform(0.05, 1.0, *shape)
    rows = np.round(rows / rows.sum(1, keepdims=True), 4)
    rows[:, -1] = np.round(1 - rows[:, :-1].sum(1), 4)
    return rows


def one_hot(t, x):
    return F.one_hot(t, x.shape[1]).to(x.dtype) if t.ndim == 1 else t


labels, soft = r.integers(0, 4, 5), shares(5, 4)
some_zero = np.array([[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], [0.25, 0.25, 0.25, 0.25]])
weights = [0.5, 2.0, 0.0, 1.25]
w = torch.tensor(weights, dtype=torch.float64)
logs = lambda *shape: torch.log_softmax(torch.from_numpy(n(*shape)), -1).numpy()

kl = lambda y, t: F.kl_div(y, one_hot(t, y), reduction="batchmean")
loss("kl-divergence", "probabilities", kl, logs(5, 4), soft)
loss("kl-divergence", "zeros", kl, logs(3, 4), some_zero)
loss("kl-divergence", "labels", kl, logs(5, 4), labels)
nll = lambda y, t: F.nll_loss(y, t)
loss("negative-log-likelihood", "labels", nll, logs(5, 4), labels)
loss("negative-log-likelihood", "probabilities", lambda y, t: -(t * y).sum(1).mean(), logs(5, 4), soft)
loss("negative-log-likelihood", "weights", lambda y, t: F.nll_loss(y, t, w, reduction="none").mean(), logs(5, 4), labels,
     classWeights=weights)
for name, epsilon, given in [("smooth", 0.1, None), ("weights", 0.0, weights), ("both", 0.3, weights)]:
    cross = lambda z, t: F.cross_entropy(z, t, w if given else None, label_smoothing=epsilon, reduction="none").mean()
    extra = {**({"labelSmoothing": epsilon} if epsilon else {}), **({"classWeights": given} if given else {})}
    loss("softmax-cross-entropy", f"{name}-labels", cross, n(5, 4), labels, **extra)
    loss("softmax-cross-entropy", f"{name}-probabilities", cross, n(5, 4), soft, **extra)


def focal(z, t, gamma, weights=1.0):
    p = torch.softmax(z, -1)
    return -(weights * one_hot(t, z) * (1 - p) ** gamma * torch.log_softmax(z, -1)).sum(1).mean()


for gamma in [2.0, 0.0, 0.5, 3.5]:
    loss("focal", f"labels-{gamma}", lambda z, t: focal(z, t, gamma), n(5, 4), labels, gamma=gamma)
loss("focal", "probabilities", lambda z, t: focal(z, t, 1.5), n(5, 4), soft, gamma=1.5)
loss("focal", "weights", lambda z, t: focal(z, t, 2.0, w), n(5, 4), labels, classWeights=weights)


def sigmoid_focal(z, t, gamma=2.0, alpha=0.25):
    """torchvision.ops.sigmoid_focal_loss for targets of 0 and 1; linear in t between them."""
    p = torch.sigmoid(z)
    yes, no = F.logsigmoid(z), F.logsigmoid(-z)
    return -(alpha * t * (1 - p) ** gamma * yes + (1 - alpha) * (1 - t) * p**gamma * no).mean()


yes_or_no = r.integers(0, 2, 4, 3).astype(float)
loss("sigmoid-focal", "elements", sigmoid_focal, n(4, 3), yes_or_no)
loss("sigmoid-focal", "shares", lambda z, t: sigmoid_focal(z, t, 0.7, 0.6), n(4, 3), r.uniform(0, 1, 4, 3), gamma=0.7, alpha=0.6)
loss("sigmoid-focal", "sum", lambda z, t: sigmoid_focal(z, t) * 3, n(4, 3), yes_or_no, reduction="sum")
loss("sigmoid-focal", "far", sigmoid_focal, np.array([[30.0], [-25.0], [12.0]]), np.array([[1.0], [1.0], [0.0]]))

log_cosh = lambda y, t: torch.log(torch.cosh(y - t)).mean()
loss("log-cosh", "elements", log_cosh, n(4, 3, scale=2.0), n(4, 3))
loss("log-cosh", "sum", lambda y, t: 3 * log_cosh(y, t), n(4, 3), n(4, 3), reduction="sum")
loss("log-cosh", "equal-and-far", log_cosh, np.array([[1.0, 300.0], [-250.0, 0.5]]), np.array([[1.0, 0.0], [0.0, 0.5]]))
poisson = lambda y, t: F.poisson_nll_loss(y, t)
counts = r.integers(0, 6, 4, 3).astype(float)
loss("poisson", "elements", poisson, n(4, 3), counts)
loss("poisson", "sum", lambda y, t: 3 * poisson(y, t), n(4, 3), counts, reduction="sum")
loss("poisson", "labels", lambda y, t: poisson(y, one_hot(t, y)), n(5, 4), labels)

signs = lambda t, x: torch.where(one_hot(t, x) > 0, 1.0, -1.0).to(x.dtype)
for name, power in [("hinge", 1), ("squared-hinge", 2)]:
    hinge = lambda y, t: (torch.clamp(1 - signs(t, y) * y, min=0) ** power).mean()
    loss(name, "signs", hinge, n(4, 3, scale=2.0), yes_or_no * 2 - 1)
    loss(name, "zeros-and-ones", hinge, n(4, 3, scale=2.0), yes_or_no)
    loss(name, "labels", hinge, n(5, 4, scale=2.0), labels)
    loss(name, "sum", lambda y, t: 3 * hinge(y, t), n(4, 3), yes_or_no, reduction="sum")
for power, margin in [(1, 1.0), (2, 1.0), (1, 0.3), (2, 2.5)]:
    x = n(5, 4)

    def multi(y, t):
        """multi_margin_loss, which PyTorch differentiates once only."""
        lacks = torch.clamp(margin - y.gather(1, t[:, None]) + y, min=0) ** power * (1 - one_hot(t, y))
        return lacks.mean(1).mean()

    t = torch.from_numpy(labels)
    assert torch.isclose(multi(torch.from_numpy(x), t), F.multi_margin_loss(torch.from_numpy(x), t, power, margin))
    loss("multi-class-hinge", f"{power}-{margin}", multi, x, labels, power=power, margin=margin)

cosine = lambda y, t: (1 - F.cosine_similarity(y, t)).mean()
loss("cosine-distance", "rows", cosine, n(4, 3), n(4, 3))
loss("cosine-distance", "one", cosine, r.away_from_zero(3, 1), r.away_from_zero(3, 1))
for q in [0.5, 0.9, 0.05]:
    pinball = lambda y, t: torch.maximum(q * (t - y), (q - 1) * (t - y)).mean()
    loss("quantile", f"{q}", pinball, n(4, 3), n(4, 3), quantile=q)
loss("quantile", "sum", lambda y, t: 3 * torch.maximum(0.5 * (t - y), -0.5 * (t - y)).mean(), n(4, 3), n(4, 3), reduction="sum")


def gaussian(y, t, floor=1e-6):
    """gaussian_nll_loss of the variance e^s, but that a variance at its floor has no derivative."""
    mean, s = y.chunk(2, 1)
    s = torch.clamp(s, min=float(np.log(floor)))
    return (0.5 * (s + (t.reshape(mean.shape) - mean) ** 2 * torch.exp(-s))).mean()


x, t = n(4, 6), n(4, 3)
mean, s = (torch.from_numpy(v) for v in (x[:, :3], x[:, 3:]))
assert torch.isclose(gaussian(torch.from_numpy(x), torch.from_numpy(t)), F.gaussian_nll_loss(mean, torch.from_numpy(t), s.exp()))
loss("gaussian", "elements", gaussian, x, t)
loss("gaussian", "column", gaussian, n(5, 2), n(5))
loss("gaussian", "floor", lambda y, t: gaussian(y, t, 0.5), n(4, 6), n(4, 3), floor=0.5)
loss("gaussian", "sum", lambda y, t: 3 * gaussian(y, t), n(4, 6), n(4, 3), reduction="sum")

# Penalties of parameters


def penalty(name, case, function, w, **configuration):
    cases.append({
        "name": f"{name}/{case}", "kind": "regularizer", "entry": name, "configuration": configuration, "input": tensor(w),
        "value": function(torch.from_numpy(w)).item(), **derivatives(function, w),
    })


def orthogonality(w, rate):
    """‖WᵀW - 1‖², of the smaller of both products; filters [height, width, in, out] as [height·width·in, out]."""
    matrix = w.reshape(-1, w.shape[-1]) if w.ndim > 1 else w.reshape(-1, 1)
    short = matrix if matrix.shape[0] < matrix.shape[1] else matrix.T
    return rate * ((short @ short.T - torch.eye(short.shape[0], dtype=w.dtype)) ** 2).sum()


for case, shape, rate in [
    ("tall", (4, 2), 0.3), ("wide", (2, 3), 0.01), ("square", (3, 3), 1.0), ("filters", (2, 1, 2, 2), 0.5), ("vector", (4,), 0.7),
]:
    penalty("orthogonal", case, lambda w: orthogonality(w, rate), n(*shape), rate=rate)
for name, function in [
    ("l1-l2", lambda w: 0.3 * w.abs().sum() + 0.7 * (w**2).sum()), ("elastic-net", lambda w: 0.3 * w.abs().sum() + 0.7 * (w**2).sum()),
]:
    penalty(name, "matrix", function, r.away_from_zero(3, 2), l1=0.3, l2=0.7)

head = {"generator": "Tests/Reference/functions.py", "versions": versions(np, torch)}
write("LayersTests/Golden/functions.json", {
    **head,
    "conventions": "hessian: of the scalar whose gradient is stored, its shape twice the input's",
}, cases)

# Activations that are layers

own = Numbers(2015)
layer = LayerCases(own)
for name, shape in [("rows", (4, 3)), ("images", (2, 2, 2, 3))]:
    layer("prelu", name, lambda x, p: torch.where(x > 0, x, p["slope"] * x), own.away_from_zero(*shape),
          {"slope": own.normal(3)})
layer("prelu", "shared", lambda x, p: F.prelu(x, p["slope"]), own.away_from_zero(4, 3), {"slope": own.normal(1)}, shared=True)
layer("prelu", "at-zero", lambda x, p: F.prelu(x, p["slope"]), np.array([[0.0, -1.0], [0.0, 2.0]]),
      {"slope": np.array([0.5, -0.25])})
for gate, function in [
    ("sigmoid", torch.sigmoid), ("gelu", F.gelu), ("silu", F.silu), ("relu", torch.relu), ("identity", lambda x: x),
    ("tanh", torch.tanh),
]:
    for name, shape in [("rows", (3, 6)), ("images", (2, 2, 1, 4))]:
        layer("glu", f"{gate}-{name}", lambda x, p: x.chunk(2, -1)[0] * function(x.chunk(2, -1)[1]), own.away_from_zero(*shape),
              gate=gate)
x = torch.from_numpy(own.normal(2, 4))
assert torch.equal(F.glu(x, -1), x.chunk(2, -1)[0] * torch.sigmoid(x.chunk(2, -1)[1]))
write("LayersTests/Golden/function_layers.json", {
    **head, "conventions": "channels are the last axis; glu: the first half of the channels times the gates of the second",
}, layer.cases)
