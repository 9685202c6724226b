"""Autoencoders: losses and gradients by PyTorch in float64: LayersTests/Golden/autoencoders.json.

Layers: one autoencoder from its (perhaps corrupted) inputs, tied and untied, with each loss. Stacks: a deep tied and a deep
untied autoencoder. Loss per row as `loss` says, mean over the rows. The corruptions are drawn here and stored as what they
make of the inputs.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import Numbers, leaf, tensor, versions, write

torch.set_num_threads(1)
r = Numbers(2010)
n = r.normal
cases = []

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "identity": lambda x: x}
LOSSES = {
    "cross-entropy-sum": lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none").sum(1),
    "cross-entropy-mean": lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none").mean(1),
    "squared-error-sum": lambda z, t: ((z - t) ** 2).sum(1),
    "squared-error-mean": lambda z, t: ((z - t) ** 2).mean(1),
}


def corrupted(kind, x):
    """A half of the elements, or all: zeros; zeros and ones; normal noise of 0.3."""
    chosen = r.integers(0, 2, *x.shape).astype(bool)
    if kind == "masking":
        return np.where(chosen, 0.0, x)
    if kind == "salt-and-pepper":
        return np.where(chosen, r.integers(0, 2, *x.shape).astype(float), x)
    if kind == "gaussian":
        return np.round(x + n(*x.shape, scale=0.3), 3)
    return x


def layer(activation, output_activation, tied, loss, corruption, rows=5, inputs=6, units=4):
    x = r.uniform(0, 1, rows, inputs)
    noisy = corrupted(corruption, x)
    parameters = {"weight": n(inputs, units), "hidden-bias": n(units)}
    if not tied:
        parameters["decoder-weight"] = n(units, inputs)
    parameters["visible-bias"] = n(inputs)
    p = {k: leaf(v) for k, v in parameters.items()}
    code = ACTIVATIONS[activation](torch.from_numpy(noisy) @ p["weight"] + p["hidden-bias"])
    back = p["weight"].T if tied else p["decoder-weight"]
    output = ACTIVATIONS[output_activation](code @ back + p["visible-bias"])
    value = LOSSES[loss](output, torch.from_numpy(x)).mean()
    value.backward()
    cases.append({
        "name": f"{activation}-{output_activation}/{'tied' if tied else 'untied'}/{loss}/{corruption}", "kind": "layer",
        "configuration": {"units": units, "activation": activation, "outputActivation": output_activation, "tied": tied},
        "loss": loss, "input": tensor(x), "corrupted": tensor(noisy),
        "parameters": {k: tensor(v) for k, v in parameters.items()}, "code": tensor(code), "output": tensor(output),
        "value": value.item(), "parameterGradients": {k: tensor(v.grad) for k, v in p.items()},
    })


for tied in (True, False):
    for loss in LOSSES:
        layer("sigmoid", "identity", tied, loss, "none")
    for corruption in ("masking", "salt-and-pepper", "gaussian"):
        layer("sigmoid", "identity", tied, "cross-entropy-sum", corruption)
        layer("tanh", "identity", tied, "squared-error-sum", corruption)
    layer("sigmoid", "sigmoid", tied, "squared-error-mean", "masking")


def stack(tied, loss, sizes=(6, 5, 3), rows=4):
    """Sigmoid, a linear code, the mirrored way back."""
    x = r.uniform(0, 1, rows, sizes[0])
    depth = len(sizes) - 1
    parameters = {}
    for i in range(depth):
        parameters[f"{i}.dense.weight"] = n(sizes[i], sizes[i + 1])
        parameters[f"{i}.dense.bias"] = n(sizes[i + 1])
    for i in range(depth):
        above, below = sizes[depth - i], sizes[depth - i - 1]
        if not tied:
            parameters[f"{depth + i}.dense.weight"] = n(above, below)
        parameters[f"{depth + i}.dense.bias"] = n(below)
    p = {k: leaf(v) for k, v in parameters.items()}
    h = torch.from_numpy(x)
    code = None
    for i in range(2 * depth):
        weight = p[f"{2 * depth - 1 - i}.dense.weight"].T if tied and i >= depth else p[f"{i}.dense.weight"]
        h = h @ weight + p[f"{i}.dense.bias"]
        if i == depth - 1:
            code = h
        elif i < 2 * depth - 1:
            h = torch.sigmoid(h)
    value = LOSSES[loss](h, torch.from_numpy(x)).mean()
    value.backward()
    cases.append({
        "name": f"stack/{'tied' if tied else 'untied'}/{loss}", "kind": "stack", "tied": tied, "units": list(sizes[1:]),
        "loss": loss, "input": tensor(x), "parameters": {k: tensor(v) for k, v in parameters.items()},
        "code": tensor(code), "output": tensor(h), "value": value.item(),
        "parameterGradients": {k: tensor(v.grad) for k, v in p.items()},
    })


for tied in (True, False):
    stack(tied, "cross-entropy-sum")
    stack(tied, "squared-error-mean")

write("LayersTests/Golden/autoencoders.json", {
    "generator": "Tests/Reference/autoencoders.py", "versions": versions(np, torch),
    "conventions": "code = f(corrupted·weight + hidden-bias); output = g(code·weightᵀ + visible-bias), the decoder's own "
                   "weight where untied; cross-entropies are of logits; value is the mean of the rows' losses against input",
}, cases)
