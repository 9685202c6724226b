"""Values and gradients of Aviary's primitives by PyTorch's autograd in float64.

Output: AutogradTests/Golden/primitives.json and AutogradTests/Golden/convolution.json (same form).
"""

import numpy as np
import torch
import torch.nn.functional as F

from golden import Numbers, tensor, versions, write

torch.set_num_threads(1)
cases = []
r = Numbers(20240501)


def case(op, function, inputs, name="", gradients=None, note=None, **attributes):
    """Runs `function` on float64 leaves, pulls a random cotangent back, and records everything.

    `gradients`: indices of the inputs whose gradient is stored (default: every float input).
    """
    arrays = [np.asarray(i) for i in inputs]
    floating = [a.dtype == np.float64 for a in arrays]
    leaves = [torch.from_numpy(np.array(a)).requires_grad_(f) for a, f in zip(arrays, floating)]
    outputs = function(*leaves)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    cotangents = [r.away_from_zero(*o.shape) if o.dtype == torch.float64 else None for o in outputs]
    pulled = [(o, torch.from_numpy(np.array(c))) for o, c in zip(outputs, cotangents) if c is not None]
    wanted = [bool(pulled) and f and (gradients is None or i in gradients) for i, f in enumerate(floating)]
    if any(wanted):
        torch.autograd.backward([o for o, _ in pulled], [c for _, c in pulled])
    record = {
        "name": op + (f"/{name}" if name else ""),
        "op": op,
        "attributes": attributes,
        "inputs": [tensor(a) for a in arrays],
        "outputs": [tensor(o) for o in outputs],
        "cotangents": [None if c is None else tensor(c) for c in cotangents],
        "gradients": [tensor(l.grad) if w else None for l, w in zip(leaves, wanted)],
    }
    for g, w in zip(record["gradients"], wanted):
        assert not w or "NaN" not in g["values"], record["name"]
    if note:
        record["note"] = note
    assert all(record["name"] != c["name"] for c in cases), record["name"]
    cases.append(record)


# Two operands, broadcast

SHAPES = {
    "same": ((2, 3), (2, 3)),
    "column-by-row": ((3, 1), (1, 4)),
    "scalar": ((2, 3), ()),
    "leading": ((2, 1, 3), (4, 3)),
}


def binary(op, function, left, right, gradients=None, names=SHAPES):
    for name in names:
        a, b = SHAPES[name]
        case(op, function, [left(*a), right(*b)], name, gradients)


n, nz = r.normal, r.away_from_zero
positive = lambda *s: r.uniform(0.2, 3, *s)
binary("add", torch.add, n, n)
binary("subtract", torch.subtract, n, n)
binary("multiply", torch.multiply, n, n)
binary("divide", torch.divide, n, lambda *s: nz(*s, low=0.5))
case("divide", torch.divide, [np.array([1.0, -3.0, 0.0]), np.array([1e-300, 1e300, -7.0])], "extreme", [0])
binary("mod", torch.remainder, lambda *s: nz(*s, high=9), lambda *s: nz(*s, low=0.7), [0])
case("mod", torch.remainder, [np.array([5.5, -5.5, 5.5, -5.5]), np.array([2.0, 2.0, -2.0, -2.0])], "signs", [0],
     "the result has the divisor's sign, as in NumPy")
binary("pow", torch.pow, positive, n)
case("pow", torch.pow, [np.array([-1.5, -0.3, 0.4, 2.0]), np.array(3.0)], "negative-base", [0])
case("pow", torch.pow, [np.array([-1.5, 0.0, 0.4, 2.0]), np.array(2.0)], "square-of-zero", [0])
case("pow", torch.pow, [np.array([1e-3, 0.5, 4.0, 100.0]), np.array(-0.5)], "negative-exponent")
binary("minimum", torch.minimum, r.distinct, lambda *s: r.distinct(*s) + 0.1)
binary("maximum", torch.maximum, r.distinct, lambda *s: r.distinct(*s) + 0.1)

# One operand


def leaky(slope):
    return lambda x: torch.where(x > 0, x, slope * x)


def softplus(x):
    return torch.logaddexp(x, torch.zeros_like(x))


def with_slope(function, slope):
    """The function with a derivative that keeps its digits where PyTorch's, which is written with the result, is 0."""

    class WithSlope(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            context.save_for_backward(x)
            return function(x)

        @staticmethod
        def backward(context, dy):
            return dy * slope(context.saved_tensors[0])

    return WithSlope.apply


def unary(op, function, typical, extreme=None, gradients=None, **attributes):
    case(op, function, [typical(2, 3)], "matrix", gradients, **attributes)
    case(op, function, [typical()], "scalar", gradients, **attributes)
    case(op, function, [typical(7)], "odd", gradients, **attributes)
    if extreme is not None:
        case(op, function, [np.array(extreme)], "extreme", gradients, **attributes)


wide = [-1000.0, -745.2, -40.0, -1e-8, 0.0, 1e-8, 40.0, 709.5, 1000.0]
unary("negate", torch.neg, n, [0.0, 1e308, -1e-300])
unary("abs", torch.abs, nz, [1e308, -1e-300])
unary("sign", torch.sign, nz, [1e308, -1e-300])
case("sign", torch.sign, [np.array([0.0, -0.0])], "zero", [], "value only")
unary("reciprocal", torch.reciprocal, nz, [1e150, -1e-150])
unary("square", torch.square, n, [0.0, 1e150, -1e-150])
unary("round", torch.round, n)
case("round", torch.round, [np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.4999, 1e15 + 0.5])], "halves", [],
     "halves go to the even neighbor; value only")
unary("sqrt", torch.sqrt, positive, [1e-300, 1e300])
unary("rsqrt", torch.rsqrt, positive, [1e-200, 1e200])
unary("exp", torch.exp, n, [-1000.0, -700.0, -1e-10, 0.0, 1e-10, 709.0])
unary("expm1", torch.expm1, n, [-1000.0, -1e-10, 0.0, 1e-10, 1e-300, 709.0])
unary("log", torch.log, positive, [1e-300, 1.0, 1.0000000001, 1e300])
unary("log1p", torch.log1p, lambda *s: r.uniform(-0.9, 3, *s), [-0.999999, -1e-10, 0.0, 1e-10, 1e-300, 1e300])
unary("sin", torch.sin, lambda *s: n(*s, scale=3), [0.0, 1e-10, 1e5, -1e5])
unary("cos", torch.cos, lambda *s: n(*s, scale=3), [0.0, 1e-10, 1e5, -1e5])
unary("tanh", with_slope(torch.tanh, lambda x: 4 * torch.sigmoid(2 * x) * torch.sigmoid(-2 * x)), n, wide)
unary("sigmoid", with_slope(torch.sigmoid, lambda x: torch.sigmoid(x) * torch.sigmoid(-x)), n, wide)
unary("relu", torch.relu, nz, [1e308, -1e308, 1e-300])
unary("leakyRelu", leaky(0.2), nz, [1e300, -1e300], slope=0.2)
case("leakyRelu", leaky(0.01), [nz(2, 4)], "slope-0.01", slope=0.01)
unary("softplus", softplus, n, wide)
unary("erf", torch.erf, n, [-6.0, -1e-10, 0.0, 1e-10, 0.5, 6.0])
case("clamp", lambda x: torch.clamp(x, -0.505, 1.005), [n(3, 4)], "both", lower=-0.505, upper=1.005)
case("clamp", lambda x: torch.clamp(x, min=0.0005), [n(7)], "lower", lower=0.0005)
case("clamp", lambda x: torch.clamp(x, max=0.2505), [n(2, 1, 3)], "upper", upper=0.2505)

# Reductions

REDUCTIONS = [
    ("all", (2, 3), [0, 1], False), ("rows", (3, 4), [1], False), ("columns-kept", (3, 4), [0], True),
    ("middle", (2, 3, 4), [1], False), ("outer-kept", (2, 3, 4), [0, 2], True), ("one", (5, 1), [1], False),
]


def reduction(op, function, values, names=None, **attributes):
    for name, shape, axes, keeping in REDUCTIONS:
        if names is None or name in names:
            case(op, lambda x: function(x, axes, keeping), [values(*shape)], name, axes=axes, keepingDimensions=keeping,
                 **attributes)


def product(x, axes, keeping):
    for axis in sorted(axes, reverse=True):
        x = torch.prod(x, axis, keeping)
    return x


reduction("sum", lambda x, a, k: torch.sum(x, a, k), n)
reduction("mean", lambda x, a, k: torch.mean(x, a, k), n)
reduction("product", product, nz)
case("product", lambda x: torch.prod(x, 1), [np.array([[2.0, 0.0, -3.0], [0.0, 0.0, 4.0], [1.5, 2.0, -1.0]])], "zeros",
     axes=[1], keepingDimensions=False)
reduction("max", lambda x, a, k: torch.amax(x, a, k), r.distinct)
reduction("min", lambda x, a, k: torch.amin(x, a, k), r.distinct)
reduction("variance", lambda x, a, k: torch.var(x, a, correction=0, keepdim=k), n)
case("variance", lambda x: torch.var(x, [0], correction=0), [np.array([1e8, 1e8 + 1, 1e8 + 3])], "large-mean", axes=[0],
     keepingDimensions=False)
reduction("logSumExp", lambda x, a, k: torch.logsumexp(x, a, k), n)
big = np.array([[1000.0, 1001.0, 999.5], [-1000.0, -1001.5, -1000.5], [1000.0, -1000.0, 0.0]])
case("logSumExp", lambda x: torch.logsumexp(x, 1), [big], "extreme", axes=[1], keepingDimensions=False)

for op, function in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
    case(op, lambda x: function(x, 1), [n(3, 5)], "rows", axis=1)
    case(op, lambda x: function(x, 0), [n(3, 4)], "columns", axis=0)
    case(op, lambda x: function(x, 1), [n(2, 3, 4)], "middle", axis=1)
    case(op, lambda x: function(x, -1), [n(2, 1)], "one", axis=-1)
    case(op, lambda x: function(x, 1), [big], "extreme", axis=1)

for op, function in [("cumulativeSum", torch.cumsum)]:
    case(op, lambda x: function(x, 0), [n(7)], "vector", axis=0)
    case(op, lambda x: function(x, 1), [n(3, 4)], "rows", axis=1)
    case(op, lambda x: function(x, 0), [n(3, 2, 2)], "outer", axis=0)

case("argmax", lambda x: torch.argmax(x, 1), [r.distinct(3, 5)], "rows", axis=1, keepingDimensions=False)
case("argmax", lambda x: torch.argmax(x, 0), [r.distinct(3, 5)], "columns", axis=0, keepingDimensions=False)
case("argmax", lambda x: torch.argmax(x, 1, keepdim=True), [r.distinct(2, 3, 4)], "middle-kept", axis=1,
     keepingDimensions=True)
case("argmax", lambda x: torch.argmax(x, 0), [np.array([1.0, 3.0, 3.0, 2.0])], "tie", axis=0, keepingDimensions=False,
     note="the first maximum wins")
for name, shape, count, axis, largest in [("largest", (3, 5), 2, 1, True), ("smallest", (3, 5), 3, 1, False),
                                          ("columns", (4, 3), 2, 0, True), ("all", (4,), 4, 0, True)]:
    case("topK", lambda x: tuple(torch.topk(x, count, axis, largest, True)), [r.distinct(*shape)], name, k=count,
         axis=axis, largest=largest, note="outputs: values in order, then their indices (int64)")

# Products


def matmul(left, right):
    return lambda a, b: torch.matmul(a.mT if left else a, b.mT if right else b)


for left, right in [(False, False), (True, False), (False, True), (True, True)]:
    case("matmul", matmul(left, right), [n(4, 3) if left else n(3, 4), n(2, 4) if right else n(4, 2)],
         f"{'transposed' if left else 'plain'}-{'transposed' if right else 'plain'}", transposesLeft=left,
         transposesRight=right)
for name, a, b, left, right in [
    ("one", (1, 1), (1, 1), False, False), ("outer", (5, 1), (1, 3), False, False), ("inner", (1, 7), (7, 1), False, False),
    ("batched", (2, 2, 3), (2, 3, 2), False, False), ("batch-by-matrix", (2, 2, 3), (3, 4), False, False),
    ("matrix-by-batch", (2, 3), (3, 3, 2), False, False), ("broadcast", (2, 1, 2, 3), (3, 3, 1), False, False),
    ("batched-transposed", (2, 3, 2), (1, 2, 3), True, True),
]:
    case("matmul", matmul(left, right), [n(*a), n(*b)], name, transposesLeft=left, transposesRight=right)

# Movement of data

case("transpose", lambda x: x.permute(1, 0), [n(2, 3)], "matrix", permutation=[1, 0])
case("transpose", lambda x: x.permute(2, 0, 1), [n(2, 3, 4)], "cycle", permutation=[2, 0, 1])
case("transpose", lambda x: x.permute(0, 3, 1, 2), [n(2, 2, 3, 1)], "nhwc-to-nchw", permutation=[0, 3, 1, 2])
case("reshape", lambda x: x.reshape(3, 4), [n(2, 6)], "matrix", shape=[3, 4])
case("reshape", lambda x: x.reshape(()), [n(1, 1)], "to-scalar", shape=[])
case("reshape", lambda x: x.reshape(1, 3, 1, 2), [n(6)], "ones", shape=[1, 3, 1, 2])
case("broadcast", lambda x: x.expand(2, 3), [n()], "scalar", shape=[2, 3])
case("broadcast", lambda x: x.expand(4, 2, 3), [n(2, 1)], "leading-and-one", shape=[4, 2, 3])
case("broadcast", lambda x: x.expand(2, 3), [n(2, 3)], "same", shape=[2, 3])
case("concatenate", lambda *x: torch.cat(x, 0), [n(2, 3), n(1, 3)], "rows", axis=0)
case("concatenate", lambda *x: torch.cat(x, 1), [n(2, 1), n(2, 3), n(2, 2)], "columns", axis=1)
case("concatenate", lambda *x: torch.cat(x, 1), [n(2, 2, 2), n(2, 0, 2), n(2, 1, 2)], "one-empty", axis=1)
case("stack", lambda *x: torch.stack(x, 0), [n(3), n(3)], "vectors", axis=0)
case("stack", lambda *x: torch.stack(x, 1), [n(2, 3), n(2, 3), n(2, 3)], "middle", axis=1)
case("stack", lambda *x: torch.stack(x, 2), [n(2, 2), n(2, 2)], "last", axis=2)
case("pad", lambda x: F.pad(x, (1, 2)), [n(3)], "vector", before=[1], after=[2], value=0.0)
case("pad", lambda x: F.pad(x, (0, 1, 2, 0), value=-1.5), [n(2, 3)], "matrix", before=[2, 0], after=[0, 1], value=-1.5)
case("pad", lambda x: F.pad(x, (0, 0, 1, 1, 1, 0)), [n(2, 2, 2)], "cube", before=[1, 1, 0], after=[0, 1, 0], value=0.0)
case("slice", lambda x: x[1:4], [n(6)], "vector", starts=[1], ends=[4], strides=[1])
case("slice", lambda x: x[0:3:2, 1:6:3], [n(3, 6)], "strided", starts=[0, 1], ends=[3, 6], strides=[2, 3])
case("slice", lambda x: x[1:2, :, 0:2], [n(2, 3, 3)], "cube", starts=[1, 0, 0], ends=[2, 3, 2], strides=[1, 1, 1])
case("slice", lambda x: x[2:2], [n(4)], "empty", starts=[2], ends=[2], strides=[1])

index = np.array([2, 0, 2, 1], dtype=np.int64)
case("gather", lambda x, i: x.index_select(0, i), [n(3, 2), index], "rows-repeated", axis=0)
case("gather", lambda x, i: x.index_select(1, i), [n(2, 3, 2), index], "middle", axis=1)
case("gather", lambda x, i: x.index_select(0, i), [n(5), np.array([4], dtype=np.int64)], "one", axis=0)
case("gatherElements", lambda x, i: x.gather(1, i), [n(3, 4), r.integers(0, 4, 3, 2)], "rows", axis=1)
case("gatherElements", lambda x, i: x.gather(0, i), [n(3, 4), r.integers(0, 3, 2, 4)], "columns", axis=0)
case("gatherElements", lambda x, i: x.gather(1, i), [n(2, 3, 2), r.integers(0, 3, 2, 4, 2)], "middle", axis=1)
adding = "inputs: target, index vector, updates; every updates[.., k, ..] is added to target[.., index[k], ..]"
case("scatterAdd", lambda x, i, u: x.index_add(0, i, u), [n(3, 2), index, n(4, 2)], "rows-repeated", axis=0, note=adding)
case("scatterAdd", lambda x, i, u: x.index_add(1, i, u), [n(2, 3, 2), index, n(2, 4, 2)], "middle", axis=1, note=adding)
case("scatterAdd", lambda x, i, u: x.index_add(0, i, u), [n(5), np.array([4], dtype=np.int64), n(1)], "one", axis=0,
     note=adding)
elements = "inputs: target, indices, updates of the indices' shape; the adjoint of gatherElements"
case("scatterAddElements", lambda x, i, u: x.scatter_add(1, i, u), [n(3, 4), r.integers(0, 4, 3, 2), n(3, 2)], "rows",
     axis=1, note=elements)
case("scatterAddElements", lambda x, i, u: x.scatter_add(0, i, u), [n(2, 3), r.integers(0, 2, 4, 3), n(4, 3)], "columns",
     axis=0, note=elements)
for name, c, a, b in [("same", (2, 3), (2, 3), (2, 3)), ("broadcast", (3, 1), (1, 4), ()), ("leading", (3,), (2, 3), (2, 1))]:
    case("where", torch.where, [r.integers(0, 2, *c).astype(bool), n(*a), n(*b)], name)

# Losses


def rowwise(x, t):
    return F.cross_entropy(x, t, reduction="none")


def hard(shape, scale=1.0):
    return [n(*shape, scale=scale), r.integers(0, shape[1], shape[0])]


def soft(*shape):
    p = np.round(r.state.dirichlet(np.ones(shape[1]), shape[0]), 3)
    p[:, -1] = np.round(1 - p[:, :-1].sum(1), 3)
    return p


labels = "one loss a row: logSumExp(logits) - logits[label]"
case("softmaxCrossEntropy", rowwise, hard((4, 3)), "labels", targets="labels", note=labels)
case("softmaxCrossEntropy", rowwise, hard((1, 5), 5), "one-row", targets="labels", note=labels)
case("softmaxCrossEntropy", rowwise, [big, np.array([0, 2, 1], dtype=np.int64)], "extreme", targets="labels", note=labels)
targets = "one loss a row: -sum(targets * logSoftmax(logits))"
case("softmaxCrossEntropy", rowwise, [n(4, 3), soft(4, 3)], "probabilities", targets="probabilities", note=targets)
case("softmaxCrossEntropy", rowwise, [n(3, 4), np.eye(4)[[1, 3, 0]]], "one-hot", targets="probabilities", note=targets)
case("softmaxCrossEntropy", rowwise, [big, soft(3, 3)], "probabilities-extreme", targets="probabilities", note=targets)


def sigmoid_cross_entropy(x, t):
    return F.binary_cross_entropy_with_logits(x, t, reduction="none")


note = "element by element: max(x, 0) - x t + log1p(exp(-|x|))"
case("sigmoidCrossEntropy", sigmoid_cross_entropy, [nz(3, 2), r.integers(0, 2, 3, 2).astype(float)], "binary", note=note)
case("sigmoidCrossEntropy", sigmoid_cross_entropy, [nz(7), r.uniform(0, 1, 7)], "probabilities", note=note)
case("sigmoidCrossEntropy", sigmoid_cross_entropy,
     [np.array([1000.0, 1000.0, -1000.0, -1000.0, 40.0, -40.0]), np.array([1.0, 0.0, 1.0, 0.0, 0.0, 1.0])], "extreme",
     note=note)

# Linear algebra


def well_conditioned(*shape):
    return n(*shape) + 3 * np.eye(shape[-1])


case("solve", torch.linalg.solve, [well_conditioned(3, 3), n(3, 2)], "matrix")
case("solve", torch.linalg.solve, [well_conditioned(1, 1), n(1, 1)], "one")
case("solve", torch.linalg.solve, [np.array([[0.0, 2.0, 1.0], [1.0, 0.0, 3.0], [2.0, 1.0, 0.0]]), n(3, 1)], "pivoting")
case("solve", torch.linalg.solve, [well_conditioned(2, 4, 4), n(2, 4, 1)], "batched")
spd = lambda a: np.round(a @ np.swapaxes(a, -1, -2), 6) + np.eye(a.shape[-1])
symmetric = ("the lower factor; the stored gradient is symmetric, (g + gᵀ)/2: make yours so before comparing. "
             "The cotangent's upper triangle has no effect")
case("cholesky", torch.linalg.cholesky, [spd(n(3, 3))], "matrix", note=symmetric)
case("cholesky", torch.linalg.cholesky, [np.array([[4.0]])], "one", note=symmetric)
case("cholesky", torch.linalg.cholesky, [spd(n(5, 5))], "odd", note=symmetric)
case("cholesky", torch.linalg.cholesky, [spd(n(2, 2, 2))], "batched", note=symmetric)


def batch_norm(epsilon):
    def apply(x, scale, shift):
        axes = list(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes, correction=0)
        y = (x - mean) * torch.rsqrt(variance + epsilon) * scale + shift
        moved = F.batch_norm(x.movedim(-1, 1), None, None, scale, shift, training=True, eps=epsilon).movedim(1, -1)
        assert torch.allclose(y, moved, rtol=1e-12, atol=1e-12)
        return moved
    return apply


note = "inputs: x, scale, shift; statistics over all axes but the last; biased variance"
for name, shape, epsilon in [("matrix", (5, 3), 1e-3), ("images", (2, 3, 2, 2), 1e-5), ("constant-column", (4, 2), 1e-3)]:
    x = n(*shape)
    if name == "constant-column":
        x[:, 0] = 2.5
    case("batchNorm", batch_norm(epsilon), [x, r.uniform(0.5, 1.5, shape[-1]), n(shape[-1])], name, epsilon=epsilon, note=note)

head = {
    "generator": "Tests/Reference/primitives.py",
    "versions": versions(np, torch),
    "conventions": "values row-major; bool as 0 and 1; null: no cotangent (integer result) or no gradient stored; "
                   "gradients are the cotangents pulled back through all outputs at once; "
                   "images are NHWC, filters HWIO",
}
write("AutogradTests/Golden/primitives.json", head, cases)

# Convolution and pooling, in a file of their own because of their size

cases = []


def padding(mode, size, kernel, stride, dilation=1):
    """[before, after] of one axis. 'same' is TensorFlow's rule: ceil(size / stride) places, the odd pixel last."""
    if mode == "valid":
        return [0, 0]
    total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return [total // 2, total - total // 2]


def conv(explicit, stride, dilation):
    def apply(x, w):
        padded = F.pad(x, (0, 0, *explicit[1], *explicit[0]))
        return F.conv2d(padded.movedim(-1, 1), w.permute(3, 2, 0, 1).contiguous(), None, stride, 0, dilation).movedim(1, -1)
    return apply


for name, image, filters, stride, mode, dilation in [
    ("valid", (2, 4, 4, 2), (3, 3, 2, 2), (1, 1), "valid", (1, 1)),
    ("same", (1, 4, 5, 1), (3, 3, 1, 2), (1, 1), "same", (1, 1)),
    ("same-even-filter", (1, 4, 4, 2), (2, 2, 2, 1), (1, 1), "same", (1, 1)),
    ("valid-stride", (1, 6, 5, 1), (3, 3, 1, 2), (2, 2), "valid", (1, 1)),
    ("same-stride-even", (1, 6, 6, 1), (3, 3, 1, 2), (2, 2), "same", (1, 1)),
    ("same-stride-odd", (2, 5, 5, 1), (3, 3, 1, 1), (2, 2), "same", (1, 1)),
    ("same-stride-past-filter", (1, 5, 5, 2), (1, 1, 2, 3), (2, 2), "same", (1, 1)),
    ("unequal", (1, 5, 7, 1), (2, 3, 1, 2), (1, 2), "same", (1, 1)),
    ("valid-dilated", (1, 6, 6, 1), (3, 3, 1, 1), (1, 1), "valid", (2, 2)),
    ("same-dilated", (1, 5, 4, 2), (3, 2, 2, 2), (1, 1), "same", (2, 2)),
    ("same-dilated-unequal", (1, 5, 6, 1), (2, 3, 1, 1), (1, 1), "same", (1, 2)),
    ("pointwise", (2, 2, 2, 3), (1, 1, 3, 4), (1, 1), "valid", (1, 1)),
    ("filter-as-large-as-image", (2, 3, 3, 2), (3, 3, 2, 3), (1, 1), "valid", (1, 1)),
    ("filter-larger-than-image", (1, 2, 3, 1), (5, 5, 1, 2), (1, 1), "same", (1, 1)),
    ("course", (1, 7, 7, 1), (5, 5, 1, 4), (1, 1), "same", (1, 1)),
]:
    explicit = [padding(mode, image[i + 1], filters[i], stride[i], dilation[i]) for i in range(2)]
    case("conv2d", conv(explicit, stride, dilation), [n(*image), n(*filters)], name, strides=list(stride), padding=mode,
         dilations=list(dilation), explicitPadding=explicit)


def pool(kind, explicit, window, stride):
    def apply(x):
        if kind == "max":
            padded = F.pad(x, (0, 0, *explicit[1], *explicit[0]), value=-torch.inf)
            return F.max_pool2d(padded.movedim(-1, 1), window, stride).movedim(1, -1)
        return F.avg_pool2d(x.movedim(-1, 1), window, stride).movedim(1, -1)
    return apply


for kind, op in [("max", "maxPool2d"), ("average", "averagePool2d")]:
    for name, image, window, stride, mode in [
        ("2-by-2", (2, 4, 4, 2), (2, 2), (2, 2), "valid"), ("2-by-2-odd", (1, 5, 5, 1), (2, 2), (2, 2), "valid"),
        ("2-overlapping", (1, 4, 3, 2), (2, 2), (1, 1), "valid"), ("3-overlapping", (1, 5, 5, 1), (3, 3), (2, 2), "valid"),
        ("3-by-2", (1, 4, 4, 1), (3, 2), (1, 2), "valid"), ("whole", (2, 3, 3, 2), (3, 3), (1, 1), "valid"),
        ("2-same-odd", (1, 5, 5, 1), (2, 2), (2, 2), "same"), ("3-same", (1, 4, 4, 1), (3, 3), (1, 1), "same"),
        ("3-same-stride", (2, 5, 6, 1), (3, 3), (2, 2), "same"),
    ]:
        if kind == "max" or mode == "valid":
            explicit = [padding(mode, image[i + 1], window[i], stride[i]) for i in range(2)]
            case(op, pool(kind, explicit, window, stride), [r.distinct(*image)], name, window=list(window),
                 strides=list(stride), padding=mode, explicitPadding=explicit)
tied = np.array([1.0, 1.0, 0.0, 2.0, 1.0, 0.5, 2.0, 2.0]).reshape(1, 2, 4, 1)
case("maxPool2d", pool("max", [[0, 0], [0, 0]], (2, 2), (2, 2)),
     [tied], "ties", window=[2, 2], strides=[2, 2], padding="valid", explicitPadding=[[0, 0], [0, 0]],
     note="the first maximum in row-major order of the window takes the gradient")
negative = -1 - np.abs(n(1, 3, 3, 1))
case("maxPool2d", pool("max", [[0, 1], [0, 1]], (2, 2), (2, 2)), [negative], "padding-never-wins", window=[2, 2],
     strides=[2, 2], padding="same", explicitPadding=[[0, 1], [0, 1]])
write("AutogradTests/Golden/convolution.json", head, cases)
