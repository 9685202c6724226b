"""Normalizations of each example by itself, in float64: PyTorch's values and gradients, in Aviary's layouts and words.

Output: LayersTests/Golden/normalizations.json.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import LayerCases, Numbers, versions, write

torch.set_num_threads(1)
r = Numbers(1607)
n = r.normal
layer = LayerCases(r)


def affine(*shape):
    return {"scale": r.away_from_zero(*shape), "shift": n(*shape)}


for name, shape, axes, epsilon in [
    ("rows", (4, 7), 1, 1e-5), ("wide", (2, 70), 1, 1e-5), ("sequence", (2, 3, 5), 1, 1e-3), ("image", (2, 3, 2, 6), 1, 1e-5),
    ("two-axes", (2, 3, 4, 2), 2, 1e-5), ("all-axes", (2, 3, 3, 2), 3, 1e-2),
]:
    last = shape[-axes:]
    layer("layer-norm", name, lambda x, p: F.layer_norm(x, last, p["scale"], p["shift"], epsilon), n(*shape), affine(*last),
          axes=axes, epsilon=epsilon)
    layer("rms-norm", name, lambda x, p: F.rms_norm(x, last, p["scale"], epsilon), n(*shape),
          {"scale": r.away_from_zero(*last)}, axes=axes, epsilon=epsilon)
layer("layer-norm", "bare", lambda x, p: F.layer_norm(x, (5,)), n(3, 5), affine=False)


def channels_first(function):
    return lambda x, p: function(x.movedim(-1, 1), p).movedim(1, -1)


for name, shape, groups, epsilon in [
    ("one-group", (2, 3, 4, 6), 1, 1e-5), ("two-groups", (2, 3, 4, 6), 2, 1e-3), ("three-groups", (1, 5, 6), 3, 1e-5),
    ("each-channel", (2, 3, 3, 4), 4, 1e-5), ("vectors", (3, 8), 2, 1e-5), ("odd", (1, 3, 5, 9), 3, 1e-5),
    ("many-channels", (1, 2, 70), 7, 1e-5), ("few-channels", (1, 8, 8, 2), 1, 1e-5), ("volume", (2, 2, 3, 2, 4), 2, 1e-5),
]:
    layer("group-norm", name,
          channels_first(lambda x, p: F.group_norm(x, groups, p["scale"], p["shift"], epsilon)), n(*shape), affine(shape[-1]),
          groups=groups, epsilon=epsilon)
layer("group-norm", "bare", channels_first(lambda x, p: F.group_norm(x, 2)), n(2, 3, 4), groups=2, affine=False)

for name, shape, epsilon in [
    ("image", (2, 4, 3, 3), 1e-5), ("sequence", (3, 6, 2), 1e-3), ("one-channel", (2, 4, 4, 1), 1e-5),
    ("many-channels", (1, 3, 70), 1e-5),
]:
    layer("instance-norm", name,
          channels_first(lambda x, p: F.instance_norm(x, weight=p["scale"], bias=p["shift"], eps=epsilon)), n(*shape),
          affine(shape[-1]), epsilon=epsilon)
layer("instance-norm", "bare", channels_first(lambda x, p: F.instance_norm(x)), n(2, 5, 3), affine=False)

write("LayersTests/Golden/normalizations.json", {
    "generator": "Tests/Reference/normalizations.py", "versions": versions(np, torch),
    "conventions": "inputs [rows, …, channels]; the groups of a group normalization are of neighboring channels",
}, layer.cases)
