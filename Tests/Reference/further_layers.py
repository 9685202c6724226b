"""Maxout, paddings, poolings, graphs, and the means that replace dropout in inference, in float64: PyTorch's values and gradients,
in Aviary's layouts and words.

Output: LayersTests/Golden/further_layers.json. `kind` and `configuration` are a layer's name and configuration as the
registries know them.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import LayerCases, Numbers, versions, write

torch.set_num_threads(1)
r = Numbers(1302)
n = r.normal
layer = LayerCases(r)


def conv(x, p, strides=1, padding=0):
    y = F.conv2d(x.movedim(-1, 1), p["weight"].permute(3, 2, 0, 1), None, strides, padding).movedim(1, -1)
    return y + p["bias"] if "bias" in p else y


def pool(function, **options):
    return lambda x, p: function(x.movedim(-1, 1), **options).movedim(1, -1)


def pieces(z, count):
    return z.reshape(*z.shape[:-1], -1, count).amax(-1)


# Maxout: the pieces of a unit are neighbors

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

# Graphs

def dense(x, p, name):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


layer("residual", "identity",
      lambda x, p: torch.tanh(dense(x, p, "layers.0.dense")) @ p["layers.2.dense.weight"] + x, n(3, 4),
      {"layers.0.dense.weight": n(4, 5), "layers.0.dense.bias": n(5), "layers.2.dense.weight": n(5, 4)},
      layers=[{"name": "dense", "units": 5}, "tanh", {"name": "dense", "units": 4, "bias": False}])


def convolution(x, p, name, padding):
    return conv(x, {"weight": p[f"{name}.weight"], "bias": p[f"{name}.bias"]}, 1, padding)


layer("residual", "projection",
      lambda x, p: convolution(torch.relu(convolution(x, p, "layers.0.conv2d", 1)), p, "layers.2.conv2d", 1)
      + convolution(x, p, "shortcut.0.conv2d", 0), n(2, 4, 3, 2),
      {"layers.0.conv2d.weight": n(3, 3, 2, 3), "layers.0.conv2d.bias": n(3), "layers.2.conv2d.weight": n(3, 3, 3, 4),
       "layers.2.conv2d.bias": n(4), "shortcut.0.conv2d.weight": n(1, 1, 2, 4), "shortcut.0.conv2d.bias": n(4)},
      layers=[{"name": "conv2d", "filters": 3, "window": 3, "padding": "same"}, "relu",
              {"name": "conv2d", "filters": 4, "window": 3, "padding": "same"}],
      shortcut=[{"name": "conv2d", "filters": 4, "window": 1}])
layer("concatenate", "inception",
      lambda x, p: torch.cat([x, torch.tanh(convolution(x, p, "1.0.conv2d", 1)), pool(F.max_pool2d, kernel_size=3, stride=1,
                              padding=1)(x, p)], -1), r.distinct(2, 4, 3, 2),
      {"1.0.conv2d.weight": n(3, 3, 2, 3), "1.0.conv2d.bias": n(3)},
      branches=[[], [{"name": "conv2d", "filters": 3, "window": 3, "padding": "same"}, "tanh"],
                [{"name": "max-pool2d", "window": 3, "strides": 1, "padding": 1}]])

# The means that replace dropout in inference, as in the papers

layer("standout", "inference",
      lambda x, p: torch.relu(x @ p["weight"] + p["bias"]) * torch.sigmoid(0.5 * (x @ p["weight"] + p["bias"]) - 0.3),
      n(3, 4), {"weight": n(4, 5), "bias": n(5)}, "inference", units=5, alpha=0.5, beta=-0.3)
layer("drop-connect", "mean", lambda x, p: torch.tanh(0.7 * (x @ p["weight"] + p["bias"])), n(3, 4),
      {"weight": n(4, 5), "bias": n(5)}, "inference", units=5, rate=0.3, activation="tanh")


def gaussian_mean(f, keep, x, p):
    """∫ f(μ + σz) φ(z) dz, by Gauss and Hermite's rule of 120 points: σ and tanh are smooth, so it is exact."""
    mean = keep * (x @ p["weight"] + p["bias"])
    deviation = (keep * (1 - keep) * (x**2 @ p["weight"] ** 2 + p["bias"] ** 2)).sqrt()
    places, weights = np.polynomial.hermite_e.hermegauss(120)
    return sum(w * f(mean + deviation * z) for z, w in zip(places, weights)) / np.sqrt(2 * np.pi)


for f, function in [("sigmoid", torch.sigmoid), ("tanh", torch.tanh)]:
    layer("drop-connect", f"gaussian-{f}", lambda x, p: gaussian_mean(function, 0.6, x, p), n(3, 4, scale=0.3),
          {"weight": n(4, 5, scale=0.3), "bias": n(5, scale=0.3)}, "inference", units=5, rate=0.4, activation=f, inference="gaussian",
          samples=121)
layer("selu", "points", lambda x, p: torch.selu(x), np.concatenate([r.away_from_zero(3, 4), [[800.0, -800.0, 1.5, -1e-3]]]))
far = [[800.0, -800.0, 1.5, -1e-3], [30.0, -30.0, 8.0, -8.0]]
for kind, name, function, options in [
    ("elu", "points", F.elu, {}), ("elu", "alpha", lambda x: F.elu(x, 0.3), {"alpha": 0.3}), ("gelu", "points", F.gelu, {}),
    ("silu", "points", F.silu, {}),
    # Above PyTorch's own threshold of 20 it gives x, which is 2e-9 less.
    ("softplus", "points", lambda x: F.softplus(x, threshold=700), {}),
]:
    layer(kind, name, lambda x, p: function(x), np.concatenate([r.away_from_zero(3, 4), far]), **options)

write("LayersTests/Golden/further_layers.json", {
    "generator": "Tests/Reference/further_layers.py", "versions": versions(np, torch),
    "conventions": "images [rows, height, width, channels], filters [height, width, in, out]; the pieces of a maxout unit "
                   "are neighbors along the last axis",
}, layer.cases)
