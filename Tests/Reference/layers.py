"""Layers, losses and penalties: values and gradients by PyTorch in float64, in Aviary's layouts.

Output: LayersTests/Golden/layers.json and AutogradTests/Golden/worked.json.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import LayerCases, Numbers, leaf, tensor, versions, write

torch.set_num_threads(1)
r = Numbers(4242)
n = r.normal
layer = LayerCases(r)
cases = layer.cases

ACTIVATIONS = {
    "identity": (lambda x: x, {}),
    "sigmoid": (torch.sigmoid, {}),
    "tanh": (torch.tanh, {}),
    "relu": (torch.relu, {}),
    "leakyRelu": (lambda x: torch.where(x > 0, x, 0.2 * x), {"slope": 0.2}),
    "softmax": (lambda x: torch.softmax(x, -1), {}),
}


def same(size, kernel, stride=1):
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def conv(x, p, strides=(1, 1), padding="same"):
    if padding == "same":
        (top, bottom), (left, right) = (same(x.shape[i + 1], p["weight"].shape[i], strides[i]) for i in range(2))
        x = F.pad(x, (0, 0, left, right, top, bottom))
    y = F.conv2d(x.movedim(-1, 1), p["weight"].permute(3, 2, 0, 1).contiguous(), None, strides).movedim(1, -1)
    return y + p["bias"] if "bias" in p else y


for activation, (function, extra) in ACTIVATIONS.items():
    layer("dense", activation, lambda x, p: function(x @ p["weight"] + p["bias"]), n(3, 4),
          {"weight": n(4, 5), "bias": n(5)}, units=5, activation={"name": activation, **extra}, usesBias=True)
layer("dense", "no-bias", lambda x, p: x @ p["weight"], n(2, 3), {"weight": n(3, 1)}, units=1,
      activation={"name": "identity"}, usesBias=False)
layer("dense", "one-example", lambda x, p: torch.tanh(x @ p["weight"] + p["bias"]), n(1, 7),
      {"weight": n(7, 3), "bias": n(3)}, units=3, activation={"name": "tanh"}, usesBias=True)

for activation, image, kernel, filters, strides, padding in [
    ("identity", (2, 4, 4, 1), (3, 3), 2, (1, 1), "same"), ("relu", (2, 5, 4, 2), (3, 3), 3, (1, 1), "valid"),
    ("sigmoid", (1, 5, 5, 2), (2, 2), 2, (2, 2), "same"), ("tanh", (1, 6, 5, 1), (3, 2), 2, (2, 1), "valid"),
    ("leakyRelu", (1, 4, 4, 2), (1, 1), 3, (1, 1), "same"), ("relu", (1, 6, 6, 1), (5, 5), 4, (1, 1), "same"),
]:
    function, extra = ACTIVATIONS[activation]
    layer("conv2d", f"{activation}-{padding}-{kernel[0]}x{kernel[1]}",
          lambda x, p: function(conv(x, p, strides, padding)), n(*image),
          {"weight": n(*kernel, image[-1], filters), "bias": n(filters)}, filters=filters, kernelSize=list(kernel),
          strides=list(strides), padding=padding, activation={"name": activation, **extra}, usesBias=True)

pool = lambda x, p: F.max_pool2d(x.movedim(-1, 1), 2).movedim(1, -1)
layer("maxPool2d", "even", pool, r.distinct(2, 4, 4, 1), {}, window=[2, 2], strides=[2, 2], padding="valid")
layer("maxPool2d", "odd", pool, r.distinct(1, 5, 5, 2), {}, window=[2, 2], strides=[2, 2], padding="valid")
layer("flatten", "images", lambda x, p: x.reshape(2, 12), n(2, 2, 3, 2), {})


def batch_norm(x, p, epsilon=1e-3):
    return F.batch_norm(x.movedim(-1, 1), None, None, p["scale"], p["shift"], training=True, eps=epsilon).movedim(1, -1)


def running_statistics(name, *shape):
    """Three training batches, then one in inference mode. Running values: Keras' convention, by hand."""
    momentum, epsilon, channels = 0.99, 1e-3, shape[-1]
    scale, shift = r.uniform(0.5, 1.5, channels), n(channels)
    mean, variance = np.zeros(channels), np.ones(channels)
    torch_mean, torch_variance = torch.zeros(channels, dtype=torch.float64), torch.ones(channels, dtype=torch.float64)
    unbiased = np.ones(channels)
    steps = []
    for k in range(3):
        x = n(*shape, scale=k + 1) + k
        axes = tuple(range(x.ndim - 1))
        batch_mean, batch_variance = x.mean(axes), x.var(axes)
        count = x.size // channels
        mean = momentum * mean + (1 - momentum) * batch_mean
        variance = momentum * variance + (1 - momentum) * batch_variance
        # PyTorch keeps the unbiased variance; with it our recurrence must give PyTorch's.
        unbiased = momentum * unbiased + (1 - momentum) * batch_variance * count / (count - 1)
        y = F.batch_norm(torch.from_numpy(x).movedim(-1, 1), torch_mean, torch_variance, torch.from_numpy(scale),
                         torch.from_numpy(shift), True, 1 - momentum, epsilon).movedim(1, -1)
        own = (x - batch_mean) / np.sqrt(batch_variance + epsilon) * scale + shift
        assert np.allclose(own, y.numpy(), rtol=1e-12, atol=1e-12)
        assert np.allclose(mean, torch_mean.numpy()) and np.allclose(unbiased, torch_variance.numpy())
        steps.append({"input": tensor(x), "output": tensor(y), "runningMean": tensor(mean),
                      "runningVariance": tensor(variance)})
    x = n(*shape)
    y = (x - mean) / np.sqrt(variance + epsilon) * scale + shift
    cases.append({
        "name": f"batchNormStatistics/{name}", "kind": "batchNormStatistics",
        "configuration": {"momentum": momentum, "epsilon": epsilon},
        "note": "running = momentum running + (1 - momentum) batch, from mean 0 and variance 1; biased batch variance",
        "parameters": {"scale": tensor(scale), "shift": tensor(shift)}, "training": steps,
        "inference": {"input": tensor(x), "output": tensor(y)},
    })


layer("batchNorm", "rows", batch_norm, n(5, 3), {"scale": r.uniform(0.5, 1.5, 3), "shift": n(3)}, epsilon=1e-3)
layer("batchNorm", "images", batch_norm, n(2, 3, 2, 2), {"scale": r.uniform(0.5, 1.5, 2), "shift": n(2)}, epsilon=1e-3)
running_statistics("rows", 4, 3)
running_statistics("images", 2, 2, 3, 2)

# Losses


def loss(kind, name, function, prediction, target, **configuration):
    input = leaf(prediction)
    value = function(input, torch.from_numpy(np.array(target)))
    value.backward()
    cases.append({"name": f"{kind}/{name}", "kind": kind, "configuration": configuration, "input": tensor(prediction),
                  "target": tensor(target), "value": value.item(), "inputGradient": tensor(input.grad)})


elements, batch = "mean over all elements", "sum over all axes but the first, mean over the first"
loss("meanSquaredError", "elements", F.mse_loss, n(4, 3), n(4, 3), reduction=elements)
loss("meanSquaredError", "batch", lambda x, t: ((x - t) ** 2).sum(1).mean(), n(4, 3), n(4, 3), reduction=batch)
loss("meanSquaredError", "column", F.mse_loss, n(5, 1), n(5, 1), reduction=elements + " (a row has one, so both agree)")
loss("softmaxCrossEntropy", "labels", F.cross_entropy, n(4, 3), r.integers(0, 3, 4), reduction="mean over the rows")
loss("softmaxCrossEntropy", "one-hot", F.cross_entropy, n(4, 3), np.eye(3)[[2, 0, 1, 0]], reduction="mean over the rows")
loss("softmaxCrossEntropy", "far", F.cross_entropy, np.array([[1000.0, -1000.0, 3.0], [0.0, 50.0, -50.0]]),
     np.array([1, 1]), reduction="mean over the rows")
bce = F.binary_cross_entropy_with_logits
loss("sigmoidCrossEntropy", "elements", bce, n(4, 3), r.integers(0, 2, 4, 3).astype(float), reduction=elements)
loss("sigmoidCrossEntropy", "batch", lambda x, t: bce(x, t, reduction="none").sum(1).mean(), n(4, 3),
     r.integers(0, 2, 4, 3).astype(float), reduction=batch)
loss("sigmoidCrossEntropy", "far", bce, np.array([[1000.0], [-1000.0], [30.0]]), np.array([[0.0], [0.0], [1.0]]),
     reduction=elements + " (a row has one, so both agree)")

for kind, formula, function in [("l1", "rate Σ|w|", lambda w: w.abs().sum()), ("l2", "rate Σw²", lambda w: (w**2).sum())]:
    for name, shape in [("matrix", (3, 4)), ("filter", (2, 2, 1, 3))]:
        w = leaf(r.away_from_zero(*shape))
        value = 0.01 * function(w)
        value.backward()
        cases.append({"name": f"{kind}/{name}", "kind": kind, "configuration": {"rate": 0.01}, "formula": formula,
                      "input": tensor(w), "value": value.item(), "inputGradient": tensor(w.grad)})

# Whole networks, loss included


def network(name, description, function, x, labels, parameters):
    leaves = {k: leaf(v) for k, v in parameters.items()}
    logits = function(torch.from_numpy(x), leaves)
    value = F.cross_entropy(logits, torch.from_numpy(labels))
    value.backward()
    cases.append({
        "name": f"network/{name}", "kind": "network", "description": description, "input": tensor(x),
        "target": tensor(labels), "parameters": {k: tensor(v) for k, v in parameters.items()},
        "output": tensor(logits), "value": value.item(),
        "parameterGradients": {k: tensor(v.grad) for k, v in leaves.items()},
    })


network("mlp", "dense 4 sigmoid, dense 3 sigmoid, dense 5; mean softmax cross-entropy",
        lambda x, p: torch.sigmoid(torch.sigmoid(x @ p["0.dense.weight"] + p["0.dense.bias"]) @ p["1.dense.weight"]
                                   + p["1.dense.bias"]) @ p["2.dense.weight"] + p["2.dense.bias"],
        n(6, 7), r.integers(0, 5, 6),
        {"0.dense.weight": n(7, 4), "0.dense.bias": n(4), "1.dense.weight": n(4, 3), "1.dense.bias": n(3),
         "2.dense.weight": n(3, 5), "2.dense.bias": n(5)})


def cnn(x, p):
    hidden = torch.relu(conv(x, {"weight": p["0.conv2d.weight"], "bias": p["0.conv2d.bias"]}))
    flat = F.max_pool2d(hidden.movedim(-1, 1), 2).movedim(1, -1).reshape(x.shape[0], -1)
    return torch.relu(flat @ p["3.dense.weight"] + p["3.dense.bias"]) @ p["4.dense.weight"] + p["4.dense.bias"]


network("cnn", "conv2d 2 filters 3x3 same relu, max pool 2x2, flatten (height, width, channel), dense 4 relu, dense 3; "
        "mean softmax cross-entropy", cnn, n(3, 6, 6, 1), r.integers(0, 3, 3),
        {"0.conv2d.weight": n(3, 3, 1, 2), "0.conv2d.bias": n(2), "3.dense.weight": n(18, 4, scale=0.5),
         "3.dense.bias": n(4), "4.dense.weight": n(4, 3), "4.dense.bias": n(3)})

# Losses that outliers do not rule. They draw from a stream of their own, so that what is stored below stays as it is.

own = Numbers(1964)
for name, shape, function, form in [
    ("elements", (4, 3), lambda f, x, t: f(x, t), elements),
    ("batch", (4, 3), lambda f, x, t: f(x, t, reduction="none").sum(1).mean(), batch),
    ("images", (2, 3, 2, 2), lambda f, x, t: f(x, t), elements),
    ("column", (5, 1), lambda f, x, t: f(x, t), elements + " (a row has one, so both agree)"),
]:
    x, t = own.normal(*shape), own.normal(*shape)
    loss("meanAbsoluteError", name, lambda x, t: function(F.l1_loss, x, t), x, t, reduction=form)
    for delta in [1.0, 0.3]:
        huber = lambda x, t, **options: F.huber_loss(x, t, delta=delta, **options)
        loss("huber", f"{name}-{delta}", lambda x, t: function(huber, x, t), x, t, reduction=form, delta=delta)
x, t = np.array([[1e200, -1e200, 0.0], [0.5, 2.0, -7.0]]), np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -7.0]])
loss("meanAbsoluteError", "far-and-equal", F.l1_loss, x, t, reduction=elements)
loss("huber", "far-equal-and-at-delta", lambda x, t: F.huber_loss(x, t, delta=0.5), x, t, reduction=elements, delta=0.5)

head = {"generator": "Tests/Reference/layers.py", "versions": versions(np, torch)}
write("LayersTests/Golden/layers.json", {
    **head,
    "conventions": "dense: x·weight + bias, weight [inputs, units]; conv2d: NHWC, weight HWIO, 'same' pads the odd pixel "
                   "at the bottom and the right; leakyRelu and softmax as in `configuration`; "
                   "batchNorm: over all axes but the last, biased variance",
}, cases)

# Worked examples for automatic differentiation

cases = []
xyz = [leaf(np.array(v)) for v in (-2.0, 5.0, -4.0)]
f = (xyz[0] + xyz[1]) * xyz[2]
f.backward()
assert f.item() == -12 and [v.grad.item() for v in xyz] == [-4, -4, 3]
cases.append({"name": "course/product-of-sum", "formula": "f = (x + y) z", "inputs": [-2.0, 5.0, -4.0], "value": -12.0,
              "gradients": [-4.0, -4.0, 3.0]})


def two_layers(name, x, t, w1, b1, w2, b2):
    """E = ½ Σ (y - t)² with the deltas of back-propagation by hand, then checked against autograd."""
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    h = sigmoid(x @ w1 + b1)
    y = sigmoid(h @ w2 + b2)
    delta2 = (y - t) * y * (1 - y)
    delta1 = (delta2 @ w2.T) * h * (1 - h)
    by_hand = {"w1": x.T @ delta1, "b1": delta1.sum(0), "w2": h.T @ delta2, "b2": delta2.sum(0)}
    p = {k: leaf(v) for k, v in {"w1": w1, "b1": b1, "w2": w2, "b2": b2}.items()}
    out = torch.sigmoid(torch.sigmoid(torch.from_numpy(x) @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"])
    error = ((out - torch.from_numpy(t)) ** 2).sum() / 2
    error.backward()
    assert all(np.allclose(by_hand[k], p[k].grad.numpy(), rtol=1e-12) for k in p)
    cases.append({
        "name": f"course/{name}", "formula": "h = σ(x w1 + b1), y = σ(h w2 + b2), E = ½ Σ (y - t)²; δ2 = (y - t) y (1 - y), "
        "δ1 = (δ2 w2ᵀ) h (1 - h); gradients: xᵀδ1, Σδ1, hᵀδ2, Σδ2", "x": tensor(x), "t": tensor(t),
        "parameters": {k: tensor(v) for k, v in p.items()}, "h": tensor(h), "y": tensor(y), "value": error.item(),
        "delta1": tensor(delta1), "delta2": tensor(delta2), "gradients": {k: tensor(v) for k, v in by_hand.items()},
    })


two_layers("two-layer-one-example", n(1, 2), np.array([[0.0, 1.0]]), n(2, 3), n(3), n(3, 2), n(2))
two_layers("two-layer-xor", np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
           np.array([[0.0], [1.0], [1.0], [0.0]]), n(2, 2), n(2), n(2, 1), n(1))

# Second derivatives


def second(name, formula, function, x, **constants):
    """Gradient, Hessian, and the Hessian times a vector, of a scalar function of one vector."""
    v = n(*x.shape)
    point = leaf(x)
    gradient, = torch.autograd.grad(function(point), point)
    hessian = torch.autograd.functional.hessian(function, torch.from_numpy(x))
    product = (hessian.reshape(x.size, x.size) @ torch.from_numpy(v).reshape(-1)).reshape(x.shape)
    cases.append({
        "name": f"second/{name}", "formula": formula, "constants": {k: tensor(c) for k, c in constants.items()},
        "x": tensor(x), "value": function(torch.from_numpy(x)).item(), "gradient": tensor(gradient),
        "hessian": tensor(hessian), "vector": tensor(v), "hessianVectorProduct": tensor(product),
    })


def jacobian(name, formula, function, x, **constants):
    cases.append({
        "name": f"jacobian/{name}", "formula": formula, "constants": {k: tensor(c) for k, c in constants.items()},
        "x": tensor(x), "value": tensor(function(torch.from_numpy(x))),
        "jacobian": tensor(torch.autograd.functional.jacobian(function, torch.from_numpy(x))),
    })


A, b, W, X = n(4, 3), n(4), n(2, 3), n(5, 3)
t = r.integers(0, 2, 5, 1).astype(float)
At, bt, Wt, Xt, tt = (torch.from_numpy(v) for v in (A, b, W, X, t))
second("rosenbrock", "Σ_{i<2} 100 (x[i+1] - x[i]²)² + (1 - x[i])²",
       lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(), np.array([-1.2, 1.0, 0.5]))
second("log-sum-exp", "logSumExp(A x + b)", lambda x: torch.logsumexp(At @ x + bt, 0), n(3), A=A, b=b)
second("product", "product(x)", lambda x: torch.prod(x), np.array([0.5, -2.0, 3.0]))
second("logistic-regression", "mean of sigmoidCrossEntropy(X x, t), x a column", lambda x: bce(Xt @ x, tt), n(3, 1), X=X, t=t)
second("tanh-of-norm", "tanh(√Σx²)", lambda x: torch.tanh(torch.sqrt((x**2).sum())), n(3))
second("quotient", "Σ sin(x) / (1 + exp(x))", lambda x: (torch.sin(x) / (1 + torch.exp(x))).sum(), n(4))
second("convolution", "Σ (x ⋆ x)², image x [1,3,3,1], filter x[0, :2, :2, :] as [2,2,1,1], valid",
       lambda x: (F.conv2d(x.movedim(-1, 1), x[0, :2, :2, 0][None, None]) ** 2).sum(), n(1, 3, 3, 1))
jacobian("tanh", "tanh(W x)", lambda x: torch.tanh(Wt @ x), n(3), W=W)
jacobian("softmax", "softmax(x)", lambda x: torch.softmax(x, 0), n(4))
jacobian("outer", "x xᵀ, shape [3, 3]; the Jacobian's shape is [3, 3, 3]", lambda x: x[:, None] * x[None, :], n(3))
for name, formula, function in [
    ("elu", "Σ elu(x), α = 0.3", lambda x: F.elu(x, 0.3)), ("gelu", "Σ x Φ(x)", F.gelu), ("silu", "Σ x σ(x)", F.silu),
    ("softplus", "Σ log(1 + exp(x))", F.softplus),
]:
    second(name, formula, lambda x: function(x).sum(), r.away_from_zero(6, high=4.0))
write("AutogradTests/Golden/worked.json", head, cases)
