"""Layers of images and sequences, in float64: PyTorch's values and gradients, in Aviary's layouts and words.

Output: LayersTests/Golden/structured_layers.json.
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import LayerCases, Numbers, versions, write

torch.set_num_threads(1)
r = Numbers(1610)
n = r.normal
layer = LayerCases(r)


def first(function):
    """A function of PyTorch's layout, channels first, on inputs whose channels are last."""
    return lambda x, p: function(x.movedim(-1, 1), p).movedim(1, -1)


def total_padding(size, window, stride, dilation):
    """The padding of 'same' before and after: the odd one comes after."""
    missing = max((-(-size // stride) - 1) * stride + (window - 1) * dilation + 1 - size, 0)
    return missing // 2, missing - missing // 2


def bias(p):
    return p.get("bias")


# Convolutions of sequences

for name, shape, window, filters, stride, padding, dilation, has_bias in [
    ("valid", (2, 7, 3), 3, 4, 1, "valid", 1, True), ("same", (2, 6, 2), 4, 3, 1, "same", 1, True),
    ("same-strides", (3, 8, 2), 3, 2, 2, "same", 1, True), ("border", (1, 5, 2), 3, 2, 2, 2, 1, True),
    ("causal", (2, 6, 2), 3, 3, 1, "causal", 1, True), ("causal-dilated", (1, 9, 2), 2, 3, 1, "causal", 4, False),
    ("causal-strides", (2, 7, 1), 3, 2, 2, "causal", 1, True), ("dilated", (2, 9, 3), 3, 2, 2, "valid", 2, False),
    ("one-step", (2, 4, 3), 1, 5, 1, "valid", 1, True), ("whole", (2, 5, 1), 5, 2, 1, "valid", 1, True),
]:
    reach = (window - 1) * dilation
    around = {"valid": (0, 0), "causal": (reach, 0), "same": total_padding(shape[1], window, stride, dilation)}.get(
        padding, (padding, padding))
    parameters = {"weight": n(window, shape[2], filters)}
    if has_bias:
        parameters["bias"] = n(filters)
    layer("conv1d", name,
          first(lambda x, p: F.conv1d(F.pad(x, around), p["weight"].permute(2, 1, 0), bias(p), stride, 0, dilation)),
          n(*shape), parameters, filters=filters, window=window, strides=stride, padding=padding, dilation=dilation,
          bias=has_bias)
layer("conv1d", "relu", first(lambda x, p: torch.relu(F.conv1d(x, p["weight"].permute(2, 1, 0), p["bias"]))), n(2, 6, 2),
      {"weight": n(2, 2, 3), "bias": n(3)}, filters=3, window=2, activation="relu")

# Convolutions of each channel by itself


def depthwise(x, w, bias, strides, padding, dilation):
    """w [height, width, in, multiplier], x channels first."""
    height, width, channels, multiplier = w.shape
    filters = w.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    return F.conv2d(x, filters, bias, strides, padding, dilation, channels)


for name, shape, window, multiplier, strides, padding, dilation, has_bias in [
    ("valid", (2, 5, 6, 3), (3, 3), 1, (1, 1), "valid", 1, True), ("two-filters", (2, 4, 5, 2), (2, 3), 2, (1, 1), "valid", 1, True),
    ("border", (2, 5, 5, 2), (3, 3), 1, (2, 2), 1, 1, True), ("strides", (1, 7, 8, 3), (3, 2), 3, (2, 3), [2, 1], 1, False),
    ("dilated", (2, 7, 6, 2), (2, 3), 1, (1, 1), "valid", 2, True), ("many-channels", (1, 4, 4, 37), (3, 3), 1, (1, 1), 1, 1, True),
    ("one-channel", (2, 4, 4, 1), (3, 3), 4, (1, 1), 1, 1, True),
]:
    around = 0 if padding == "valid" else tuple(padding) if isinstance(padding, list) else padding
    parameters = {"weight": n(*window, shape[-1], multiplier)}
    if has_bias:
        parameters["bias"] = n(shape[-1] * multiplier)
    layer("depthwise-conv2d", name,
          first(lambda x, p: depthwise(x, p["weight"], bias(p), strides, around, dilation)), n(*shape), parameters,
          multiplier=multiplier, window=list(window), strides=list(strides), padding=padding, dilation=dilation, bias=has_bias)
odd = total_padding(6, 3, 2, 1), total_padding(5, 2, 2, 1)
layer("depthwise-conv2d", "same", first(lambda x, p: torch.tanh(depthwise(
    F.pad(x, (*odd[1], *odd[0])), p["weight"], p["bias"], 2, 0, 1))), n(2, 6, 5, 2), {"weight": n(3, 2, 2, 2), "bias": n(4)},
    multiplier=2, window=[3, 2], strides=2, padding="same", activation="tanh")

for name, shape, window, multiplier, filters, strides, padding, has_bias in [
    ("valid", (2, 5, 5, 3), (3, 3), 1, 4, (1, 1), "valid", True), ("two-filters", (2, 4, 5, 2), (2, 3), 2, 3, (1, 2), "valid", False),
    ("border", (1, 6, 5, 2), (3, 3), 1, 5, (2, 2), 1, True),
]:
    around = 0 if padding == "valid" else padding
    parameters = {"depthwise": n(*window, shape[-1], multiplier), "pointwise": n(1, 1, shape[-1] * multiplier, filters)}
    if has_bias:
        parameters["bias"] = n(filters)
    layer("separable-conv2d", name,
          first(lambda x, p: F.conv2d(depthwise(x, p["depthwise"], None, strides, around, 1),
                                      p["pointwise"].permute(3, 2, 0, 1), bias(p))), n(*shape), parameters,
          filters=filters, multiplier=multiplier, window=list(window), strides=list(strides), padding=padding, bias=has_bias)

# Transposed convolutions


def transposed(x, p, **options):
    return F.conv_transpose2d(x, p["weight"].permute(3, 2, 0, 1).contiguous(), bias(p), **options)


for name, shape, window, filters, strides, padding, extra, dilation, has_bias in [
    ("valid", (2, 3, 4, 2), (3, 3), 3, (1, 1), "valid", 0, 1, True), ("strides", (2, 3, 2, 2), (2, 3), 2, (2, 3), "valid", 0, 1, True),
    ("border", (1, 4, 3, 3), (3, 3), 2, (2, 2), 1, 0, 1, False), ("output-padding", (2, 3, 3, 2), (3, 3), 2, (2, 2), 1, 1, 1, True),
    ("gaps", (1, 2, 3, 2), (1, 2), 2, (3, 2), "valid", 1, 1, True), ("two-borders", (2, 4, 4, 1), (4, 5), 2, (2, 3), [1, 2], 1, 1, True),
    ("dilated", (1, 3, 3, 2), (2, 2), 3, (2, 2), 1, 0, 2, True),
]:
    around = 0 if padding == "valid" else tuple(padding) if isinstance(padding, list) else padding
    parameters = {"weight": n(*window, filters, shape[-1])}
    if has_bias:
        parameters["bias"] = n(filters)
    layer("conv2d-transposed", name,
          first(lambda x, p: transposed(x, p, stride=strides, padding=around, output_padding=extra, dilation=dilation)),
          n(*shape), parameters, filters=filters, window=list(window), strides=list(strides), padding=padding,
          outputPadding=extra, dilation=dilation, bias=has_bias)
for name, window, stride in [("same", 3, 2), ("same-even", 4, 2), ("same-one", 3, 1)]:
    # PyTorch gives all that the filters write; 'same' keeps stride times the input of it, an odd missing one after it.
    before = max(window - stride, 0) // 2
    layer("conv2d-transposed", name,
          first(lambda x, p: torch.sigmoid(transposed(x, p, stride=stride)[:, :, before:before + 3 * stride, before:before + 4 * stride])),
          n(2, 3, 4, 2), {"weight": n(window, window, 2, 2), "bias": n(2)}, filters=2, window=window, strides=stride,
          padding="same", activation="sigmoid")

# Poolings

for name, steps, window, stride, padding in [
    ("default", 6, 2, 2, "valid"), ("overlapping", 7, 3, 2, "valid"), ("border", 6, 3, 2, 1), ("cover", 8, 3, 2, "cover"),
]:
    around, covers = (padding if isinstance(padding, int) else 0), padding == "cover"
    layer("max-pool1d", name, first(lambda x, p: F.max_pool1d(x, window, stride, around, ceil_mode=covers)),
          r.distinct(2, steps, 3), window=window, strides=stride, padding=padding)
    layer("average-pool1d", name,
          first(lambda x, p: F.avg_pool1d(x, window, stride, around, ceil_mode=covers, count_include_pad=False)),
          n(2, steps, 3), window=window, strides=stride, padding=padding)
layer("max-pool1d", "same", first(lambda x, p: F.max_pool1d(F.pad(x, (0, 1), value=-1e300), 3, 2)), r.distinct(2, 6, 2), window=3,
      strides=2, padding="same")

for height, width, size in [(6, 8, (2, 4)), (5, 7, (2, 3)), (4, 5, (3, 5)), (3, 2, (4, 3)), (7, 7, (1, 1))]:
    name = f"{height}x{width}-to-{size[0]}x{size[1]}"
    layer("adaptive-max-pool2d", name, first(lambda x, p: F.adaptive_max_pool2d(x, size)), r.distinct(2, height, width, 2),
          size=list(size))
    layer("adaptive-average-pool2d", name, first(lambda x, p: F.adaptive_avg_pool2d(x, size)), n(2, height, width, 2),
          size=list(size))
for steps, size in [(6, 3), (7, 3), (3, 5)]:
    layer("adaptive-max-pool1d", f"{steps}-to-{size}", first(lambda x, p: F.adaptive_max_pool1d(x, size)),
          r.distinct(2, steps, 3), size=size)
    layer("adaptive-average-pool1d", f"{steps}-to-{size}", first(lambda x, p: F.adaptive_avg_pool1d(x, size)), n(2, steps, 3),
          size=size)
for name, shape in [("image", (2, 3, 4, 3)), ("sequence", (2, 5, 2)), ("volume", (1, 2, 3, 2, 2))]:
    axes = tuple(range(1, len(shape) - 1))
    layer("global-max-pool", name, lambda x, p: x.amax(axes), r.distinct(*shape))
    layer("global-average-pool", name, lambda x, p: x.mean(axes), n(*shape))

# Margins

for mode in ["constant", "reflect", "replicate"]:
    options = {"value": 1.5} if mode == "constant" else {}
    layer("pad2d", mode, first(lambda x, p: F.pad(x, (3, 0, 1, 2), mode, **options)), n(2, 4, 5, 2), mode=mode,
          margins=[1, 2, 3, 0], **options)
    layer("pad1d", mode, first(lambda x, p: F.pad(x, (2, 1), mode, **options)), n(2, 4, 3), mode=mode, margins=[2, 1], **options)
layer("pad2d", "zeros", first(lambda x, p: F.pad(x, (2, 2, 1, 1))), n(1, 2, 3, 2), margins=[1, 2])
layer("crop2d", "sides", lambda x, p: x[:, 1:-2, 2:], n(2, 5, 4, 2), margins=[1, 2, 2, 0])
layer("crop1d", "ends", lambda x, p: x[:, 2:-1], n(2, 5, 3), margins=[2, 1])

# Greater images and longer sequences

for shape, factor in [((2, 3, 4, 2), (2, 2)), ((1, 2, 3, 3), (3, 1)), ((2, 1, 5, 1), (2, 4))]:
    for mode in ["nearest", "bilinear"]:
        layer("upsample2d", f"{mode}-{factor[0]}x{factor[1]}-of-{shape[1]}x{shape[2]}",
              first(lambda x, p: F.interpolate(x, scale_factor=factor, mode=mode)), n(*shape), factor=list(factor),
              interpolation=mode)
for mode in ["nearest", "linear"]:
    layer("upsample1d", mode, first(lambda x, p: F.interpolate(x, scale_factor=3, mode=mode)), n(2, 4, 3), factor=3,
          interpolation=mode)

# Steps by themselves


def dense(x, p, name):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


layer("time-distributed", "dense", lambda x, p: torch.tanh(dense(x, p, "layers.0.dense")), n(2, 4, 3),
      {"layers.0.dense.weight": n(3, 5), "layers.0.dense.bias": n(5)}, layers=[{"name": "dense", "units": 5}, "tanh"])


def each_image(x, p):
    images = x.reshape(-1, *x.shape[2:]).movedim(-1, 1)
    y = F.conv2d(images, p["layers.0.conv2d.weight"].permute(3, 2, 0, 1), p["layers.0.conv2d.bias"]).movedim(1, -1)
    return y.reshape(*x.shape[:2], -1)


layer("time-distributed", "images", each_image, n(2, 3, 3, 4, 2),
      {"layers.0.conv2d.weight": n(2, 2, 2, 3), "layers.0.conv2d.bias": n(3)},
      layers=[{"name": "conv2d", "filters": 3, "window": 2}, "flatten"])

write("LayersTests/Golden/structured_layers.json", {
    "generator": "Tests/Reference/structured_layers.py", "versions": versions(np, torch),
    "conventions": "images [rows, height, width, channels], sequences [rows, steps, channels]; filters [height, width, in, "
                   "out], of sequences [steps, in, out], of one channel [height, width, in, multiplier], transposed "
                   "[height, width, out, in]",
}, layer.cases)
