"""Recurrent layers in float64: PyTorch's values and gradients, in Aviary's layouts and words; peepholes by the formula.

Output: LayersTests/Golden/recurrent_layers.json. `kind` and `configuration` are a layer's name and configuration as the
registries know them.
"""

import numpy as np
import torch

from golden import LayerCases, Numbers, versions, write

torch.set_num_threads(1)
r = Numbers(2203)
n = r.normal
layer = LayerCases(r)


GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def torch_names(p, prefix, suffix, gru):
    """Our parameters as PyTorch's: weights transposed, the GRU's second bias only for the candidate."""
    weight, recurrent, bias = (p[prefix + k] for k in ("weight", "recurrent", "bias"))
    other = torch.zeros_like(bias)
    if gru:
        other = torch.cat([other[: 2 * other.shape[0] // 3], p[prefix + "recurrentBias"]])
    return {f"weight_ih_l0{suffix}": weight.T, f"weight_hh_l0{suffix}": recurrent.T, f"bias_ih_l0{suffix}": bias,
            f"bias_hh_l0{suffix}": other}


def recurrent(kind, name, rows, steps, features, units, direction="forward", outputs="last", **configuration):
    ways = {"forward": [""], "backward": [""], "both": ["forward.", "backward."]}[direction]
    parameters = {}
    for way in ways:
        gates = GATES[kind] * units
        parameters[way + "weight"] = n(features, gates)
        parameters[way + "recurrent"] = n(units, gates) * 0.5
        parameters[way + "bias"] = n(gates)
        if kind == "gru":
            parameters[way + "recurrentBias"] = n(units)
    options = {"nonlinearity": configuration["activation"]} if "activation" in configuration else {}
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](
        features, units, batch_first=True, bidirectional=direction == "both", dtype=torch.float64, **options)

    def run(x, p):
        names = {}
        for way, suffix in zip(ways, ["", "_reverse"]):
            names |= torch_names(p, way, suffix, kind == "gru")
        y, _ = torch.func.functional_call(module, names, (x.flip(1) if direction == "backward" else x,))
        if outputs == "all":
            return y.flip(1) if direction == "backward" else y
        if direction == "both":
            return torch.cat([y[:, -1, :units], y[:, 0, units:]], dim=1)
        return y[:, -1]

    layer(kind, name, run, n(rows, steps, features), parameters, units=units, direction=direction, outputs=outputs,
          **configuration)


recurrent("rnn", "last", 3, 4, 5, 2)
recurrent("rnn", "relu-all", 2, 5, 3, 6, outputs="all", activation="relu")
recurrent("rnn", "both", 4, 3, 2, 5, direction="both")
for kind in ["lstm", "gru"]:
    recurrent(kind, "last", 3, 4, 5, 2)
    recurrent(kind, "all", 2, 6, 3, 9, outputs="all")
    recurrent(kind, "backward-all", 2, 3, 4, 3, direction="backward", outputs="all")
    recurrent(kind, "backward", 2, 3, 4, 3, direction="backward")
    recurrent(kind, "both", 3, 4, 2, 5, direction="both")
    recurrent(kind, "both-all", 2, 4, 2, 3, direction="both", outputs="all")
    recurrent(kind, "one-step", 2, 1, 3, 4)
    recurrent(kind, "several-blocks", 19, 3, 2, 17)


def peepholes(x, p):
    h = c = torch.zeros(x.shape[0], p["recurrent"].shape[0], dtype=torch.float64)
    one, two, three = p["peepholes"].chunk(3)
    for t in range(x.shape[1]):
        i, f, g, o = (x[:, t] @ p["weight"] + h @ p["recurrent"] + p["bias"]).chunk(4, dim=1)
        i, f = torch.sigmoid(i + one * c), torch.sigmoid(f + two * c)
        c = f * c + i * torch.tanh(g)
        h = torch.sigmoid(o + three * c) * torch.tanh(c)
    return h


layer("lstm", "peepholes", peepholes, n(3, 5, 2),
      {"weight": n(2, 12), "recurrent": n(3, 12), "bias": n(12), "peepholes": n(9)}, units=3, peepholes=True)

write("LayersTests/Golden/recurrent_layers.json", {
    "generator": "Tests/Reference/recurrent_layers.py", "versions": versions(np, torch),
    "conventions": "sequences [rows, steps, features]; weights [features, gates·units], gates in PyTorch's order",
}, layer.cases)
