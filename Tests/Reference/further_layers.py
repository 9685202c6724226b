"""Maxout, paddings and poolings, in float64: PyTorch's values and gradients, in Aviary's layouts and words.

Output: LayersTests/Golden/further_layers.json. `kind` and `configuration` are a layer's name and configuration as the
registries know them.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import Numbers, tensor, versions, write

torch.set_num_threads(1)
r = Numbers(1302)
n = r.normal
cases = []


def leaf(array):
    return torch.from_numpy(np.array(array)).requires_grad_(True)


def layer(kind, name, function, x, parameters={}, mode="training", **configuration):
    """function(x, parameters) → output; pulls a random cotangent back to the input and to every parameter."""
    input, leaves = leaf(x), {k: leaf(v) for k, v in parameters.items()}
    output = function(input, leaves)
    cotangent = r.away_from_zero(*output.shape)
    output.backward(torch.from_numpy(np.array(cotangent)))
    cases.append({
        "name": f"{kind}/{name}", "kind": kind, "mode": mode, "configuration": configuration, "input": tensor(x),
        "parameters": {k: tensor(v) for k, v in parameters.items()}, "output": tensor(output),
        "cotangent": tensor(cotangent), "inputGradient": tensor(input.grad),
        "parameterGradients": {k: tensor(v.grad) for k, v in leaves.items()},
    })


def conv(x, p, strides=1, padding=0):
    y = F.conv2d(x.movedim(-1, 1), p["weight"].permute(3, 2, 0, 1), None, strides, padding).movedim(1, -1)
    return y + p["bias"] if "bias" in p else y


def pool(function, **options):
    return lambda x, p: function(x.movedim(-1, 1), **options).movedim(1, -1)


def pieces(z, count):
    return z.reshape(*z.shape[:-1], -1, count).amax(-1)


# Maxout: the pieces of a unit are neighbours

for name, rows, inputs, units, count, bias in [
    ("two-pieces", 4, 5, 3, 2, True), ("five-pieces", 3, 4, 2, 5, True), ("no-bias", 2, 3, 4, 3, False),
    ("one-piece", 2, 3, 4, 1, True), ("many-units", 2, 3, 37, 5, True),
]:
    parameters = {"weight": n(inputs, units * count)}
    if bias:
        parameters["bias"] = n(units * count)
    layer("maxout", name, lambda x, p: pieces(x @ p["weight"] + p.get("bias", 0), count), n(rows, inputs), parameters,
          units=units, pieces=count, bias=bias)

for name, image, kernel, channels, count, strides, padding in [
    ("valid", (2, 5, 4, 2), (3, 2), 2, 2, (1, 1), "valid"), ("border", (2, 4, 5, 1), (4, 4), 3, 2, (1, 1), 3),
    ("two-borders", (1, 5, 4, 2), (3, 4), 2, 4, (2, 1), [1, 2]),
]:
    border = 0 if padding == "valid" else padding
    layer("maxout-conv2d", name, lambda x, p: pieces(conv(x, p, strides, border), count), n(*image),
          {"weight": n(*kernel, image[-1], channels * count), "bias": n(channels * count)}, channels=channels,
          pieces=count, window=list(kernel), strides=list(strides), padding=padding)

# Paddings of convolutions

for name, image, kernel, strides, padding in [
    ("border", (2, 5, 4, 2), (3, 3), (1, 1), 1), ("wide-border", (1, 3, 3, 1), (4, 3), (1, 1), [3, 2]),
    ("border-and-strides", (2, 6, 7, 1), (5, 4), (2, 3), [2, 3]),
]:
    layer("conv2d", name, lambda x, p: conv(x, p, strides, padding), n(*image),
          {"weight": n(*kernel, image[-1], 3), "bias": n(3)}, filters=3, window=list(kernel), strides=list(strides),
          padding=padding)

# Poolings: 'cover' is PyTorch's ceil_mode

for size, window, stride in [(5, 4, 2), (6, 4, 2), (7, 4, 2), (8, 3, 2), (5, 2, 3), (6, 2, 3), (7, 2, 2), (5, 1, 2)]:
    layer("max-pool2d", f"cover-{size}-{window}-{stride}", pool(F.max_pool2d, kernel_size=window, stride=stride, ceil_mode=True),
          r.distinct(2, size, size + 1, 2), window=window, strides=stride, padding="cover")
layer("max-pool2d", "border", pool(F.max_pool2d, kernel_size=(3, 2), stride=2, padding=1), r.distinct(1, 6, 5, 3),
      window=[3, 2], strides=2, padding=1)
layer("average-pool2d", "cover", pool(F.avg_pool2d, kernel_size=4, stride=2, ceil_mode=True), n(2, 7, 5, 2), window=4,
      strides=2, padding="cover")
layer("average-pool2d", "border", pool(F.avg_pool2d, kernel_size=4, stride=3, padding=(2, 1), count_include_pad=False),
      n(1, 7, 6, 2), window=4, strides=3, padding=[2, 1])

write("LayersTests/Golden/further_layers.json", {
    "generator": "Tests/Reference/further_layers.py", "versions": versions(np, torch),
    "conventions": "images [rows, height, width, channels], filters [height, width, in, out]; the pieces of a maxout unit "
                   "are neighbours along the last axis",
}, cases)
