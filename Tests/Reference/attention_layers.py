"""Attention and transformer blocks in float64: PyTorch's values and gradients, in Aviary's layouts and words.

Output: LayersTests/Golden/attention_layers.json. `kind` and `configuration` are a layer's name and configuration as the
registries know them.
"""

import numpy as np
import torch

from golden import LayerCases, Numbers, versions, write

torch.set_num_threads(1)
r = Numbers(2207)
n = r.normal
layer = LayerCases(r)


def attention_parameters(width, prefix=""):
    parameters = {}
    for name in ("query", "key", "value", "output"):
        parameters[prefix + name] = n(width, width) * 0.6
        parameters[prefix + name + "Bias"] = n(width)
    return parameters


def attention_names(p, prefix="", to=""):
    """Our parameters as those of torch.nn.MultiheadAttention: one matrix for all three maps, transposed."""
    maps = [prefix + name for name in ("query", "key", "value")]
    return {to + "in_proj_weight": torch.cat([p[k].T for k in maps]),
            to + "in_proj_bias": torch.cat([p[k + "Bias"] for k in maps]),
            to + "out_proj.weight": p[prefix + "output"].T, to + "out_proj.bias": p[prefix + "outputBias"]}


def mask(steps, causal):
    return torch.triu(torch.full((steps, steps), -torch.inf, dtype=torch.float64), 1) if causal else None


def attention(name, rows, steps, width, heads, causal=False):
    module = torch.nn.MultiheadAttention(width, heads, batch_first=True, dtype=torch.float64)

    def run(x, p):
        return torch.func.functional_call(
            module, attention_names(p), (x, x, x), {"attn_mask": mask(steps, causal), "need_weights": False})[0]

    layer("attention", name, run, n(rows, steps, width), attention_parameters(width), heads=heads, causal=causal)


def block(name, rows, steps, width, heads, hidden, activation="gelu", first=True, causal=False):
    module = torch.nn.TransformerEncoderLayer(
        width, heads, hidden, 0.0, activation, batch_first=True, norm_first=first, dtype=torch.float64)
    parameters = {"norm1.scale": n(width), "norm1.shift": n(width)} | attention_parameters(width, "attention.")
    parameters |= {"norm2.scale": n(width), "norm2.shift": n(width), "hidden.weight": n(width, hidden) * 0.5,
                   "hidden.bias": n(hidden), "output.weight": n(hidden, width) * 0.5, "output.bias": n(width)}

    def run(x, p):
        names = attention_names(p, "attention.", "self_attn.")
        for ours, theirs in (("norm1", "norm1"), ("norm2", "norm2")):
            names |= {theirs + ".weight": p[ours + ".scale"], theirs + ".bias": p[ours + ".shift"]}
        for ours, theirs in (("hidden", "linear1"), ("output", "linear2")):
            names |= {theirs + ".weight": p[ours + ".weight"].T, theirs + ".bias": p[ours + ".bias"]}
        return torch.func.functional_call(module, names, (x,), {"src_mask": mask(steps, causal)})

    layer("transformer-block", name, run, n(rows, steps, width), parameters, heads=heads, hidden=hidden,
          activation=activation, normalizesFirst=first, causal=causal)


attention("one-head", 2, 4, 3, 1)
attention("three-heads", 3, 5, 6, 3)
attention("causal", 2, 7, 4, 2, causal=True)
attention("many-steps", 1, 70, 4, 2, causal=True)
block("first", 2, 4, 6, 2, 5)
block("last", 2, 5, 4, 1, 7, activation="relu", first=False)
block("causal", 3, 4, 4, 4, 8, causal=True)

write("LayersTests/Golden/attention_layers.json", {
    "generator": "Tests/Reference/attention_layers.py", "versions": versions(np, torch),
    "conventions": "sequences [rows, steps, features]; weights [in, out], heads side by side in the columns",
}, layer.cases)
