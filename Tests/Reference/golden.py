"""Shared by the reference scripts: seeded inputs, the JSON form of a tensor, writing and checking.

Every script is run as `python SCRIPT.py` (writes its files) or `python SCRIPT.py --check` (writes nothing,
compares with the stored files, exit status 1 if a number differs by more than 1e-12 relative).
"""

import json
import math
import pathlib
import platform
import sys

import numpy as np

TESTS = pathlib.Path(__file__).resolve().parent.parent
CHECK = "--check" in sys.argv[1:]


def versions(*modules):
    """The versions that made a file; they go into it, so that a difference can be explained."""
    return {"python": platform.python_version(), **{m.__name__: m.__version__.split("+")[0] for m in modules}}


def number(value):
    """A JSON number that round-trips; NaN, infinities and integers beyond 2^53 become strings."""
    if isinstance(value, (bool, int, np.bool_, np.integer)):
        return int(value) if abs(int(value)) <= 2**53 else str(int(value))
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def tensor(array):
    """{"dtype", "shape", "values"}: row-major, bool as 0 and 1."""
    if hasattr(array, "detach"):
        array = array.detach().numpy()
    array = np.asarray(array)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": [number(v) for v in array.ravel().tolist()]}


def _differs(new, old, path=""):
    """The first place where two documents differ, or None."""
    if isinstance(new, dict) and isinstance(old, dict):
        if list(new) != list(old):
            return f"{path}: keys {sorted(set(new) ^ set(old)) or 'in another order'}"
        pairs = [(f"{path}.{k}", new[k], old[k]) for k in new if k != "versions"]
    elif isinstance(new, list) and isinstance(old, list):
        if len(new) != len(old):
            return f"{path}: {len(old)} stored, {len(new)} now"
        pairs = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(new, old))]
    elif isinstance(new, float) and isinstance(old, (int, float)):
        return None if math.isclose(new, old, rel_tol=1e-12, abs_tol=1e-14) else f"{path}: stored {old!r}, now {new!r}"
    else:
        return None if new == old else f"{path}: stored {old!r}, now {new!r}"
    return next((d for d in (_differs(a, b, p) for p, a, b in pairs) if d), None)


def write(relative, head, cases):
    """Writes Tests/<relative>: the keys of `head`, then "cases", one a line so that a change reads as one."""
    path = TESTS / relative
    document = json.loads(json.dumps({**head, "cases": cases}, allow_nan=False))
    if CHECK:
        difference = _differs(document, json.loads(path.read_text()))
        if difference:
            sys.exit(f"{relative}{difference}")
        print(f"{relative}: as stored")
        return
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in head.items()]
    body = ",\n".join(json.dumps(c, allow_nan=False, ensure_ascii=False, separators=(",", ":")) for c in cases)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{" + ",\n".join(lines) + ',\n"cases": [\n' + body + "\n]}\n")
    print(f"{relative}: {len(cases)} cases, {path.stat().st_size} bytes")


def write_bytes(relative, content):
    """Writes or checks one binary file."""
    path = TESTS / relative
    if CHECK:
        if path.read_bytes() != content:
            sys.exit(f"{relative}: other bytes than stored")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class Numbers:
    """Inputs with few digits (they are stored too), from NumPy's frozen legacy generator."""

    def __init__(self, seed):
        self.state = np.random.RandomState(seed)

    def normal(self, *shape, scale=1.0):
        return np.round(self.state.standard_normal(shape) * scale, 3) + 0.0

    def uniform(self, low, high, *shape):
        return np.round(self.state.uniform(low, high, shape), 3) + 0.0

    def away_from_zero(self, *shape, low=0.1, high=2.0):
        return np.round(self.state.uniform(low, high, shape) * self.state.choice([-1.0, 1.0], shape), 3)

    def distinct(self, *shape, step=0.25):
        """No two equal, so that maxima have one place; spread around zero."""
        count = int(np.prod(shape))
        return np.round((self.state.permutation(count) - count / 2 + 0.3) * step, 3).reshape(shape)

    def integers(self, low, high, *shape):
        return self.state.randint(low, high, shape).astype(np.int64)


def leaf(array):
    """A tensor whose gradient PyTorch computes."""
    import torch

    return torch.from_numpy(np.array(array)).requires_grad_(True)


class LayerCases:
    """Cases of layers, computed by PyTorch in float64. `kind` and `configuration` are the layer's registered name and its
    configuration."""

    def __init__(self, numbers):
        self.numbers = numbers
        self.cases = []

    def __call__(self, kind, name, function, x, parameters={}, pass_mode="training", **configuration):
        """function(x, parameters) → output; pulls a random cotangent back to the input and to every parameter."""
        import torch

        input, leaves = leaf(x), {k: leaf(v) for k, v in parameters.items()}
        output = function(input, leaves)
        cotangent = self.numbers.away_from_zero(*output.shape)
        output.backward(torch.from_numpy(np.array(cotangent)))
        assert all(f"{kind}/{name}" != c["name"] for c in self.cases), name
        self.cases.append({
            "name": f"{kind}/{name}", "kind": kind, "mode": pass_mode, "configuration": configuration, "input": tensor(x),
            "parameters": {k: tensor(v) for k, v in parameters.items()}, "output": tensor(output),
            "cotangent": tensor(cotangent), "inputGradient": tensor(input.grad),
            "parameterGradients": {k: tensor(v.grad) for k, v in leaves.items()},
        })
