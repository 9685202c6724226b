"""Facts about NumPy, legacy random permutations, Philox, and elementary functions to the last digit.

Output: CoreTests/Golden/{broadcasting,printing,numpy_legacy_permutation,philox,elementary,integers}.json
"""

import hashlib
import itertools

import mpmath
import numpy as np

from golden import Numbers, number, tensor, versions, write

FOLDER = "CoreTests/Golden/"
head = {"generator": "Tests/Reference/core.py", "versions": versions(np, mpmath)}

# Broadcasting: the result's shape, or null where NumPy refuses

shapes = [(), (1,), (3,), (4,), (0,), (1, 1), (3, 1), (1, 4), (3, 4), (2, 3, 4), (2, 1, 4), (2, 0, 4), (5, 1, 3, 1)]
cases = []
for a, b in itertools.product(shapes, shapes):
    try:
        result = list(np.broadcast_shapes(a, b))
    except ValueError:
        result = None
    cases.append({"left": list(a), "right": list(b), "result": result})
write(FOLDER + "broadcasting.json", head, cases)

# Printing. Large arrays are given by a formula of the row-major index

FORMULAS = {"index": lambda i: i, "index/7": lambda i: i / 7, "index-500": lambda i: i - 500}
cases = []


def printed(name, array, formula=None):
    content = {"formula": formula} if formula else {"values": tensor(array)["values"]}
    cases.append({
        "name": name, "dtype": array.dtype.name, "shape": list(array.shape), **content, "str": str(array),
        "repr": repr(array), "precision4": np.array2string(array, precision=4),
    })


for dtype in ("float64", "float32", "int64", "bool"):
    for shape in [(), (3,), (2, 3), (2, 2, 3), (0, 3)]:
        values = np.array([0.5, -1.25, 3.0, 100.0, 2.0, 0.125, 7.0, -8.5, 9.75, 1.0, 0.0, -3.0])
        values = {"bool": values > 0, "int64": np.round(values * 10)}.get(dtype, values)
        printed(f"{dtype}-{'x'.join(map(str, shape)) or 'scalar'}", values[: int(np.prod(shape))].reshape(shape).astype(dtype))
printed("thirds", np.array([1 / 3, 2 / 3, 1.0]))
printed("thirds-float32", np.array([1 / 3, 2 / 3, 1.0], dtype=np.float32))
printed("wide-range", np.array([1e-10, 1.0, 12345.678]))
printed("large", np.array([1e16, 2e20]))
printed("tiny", np.array([1e-5, 2.5e-7]))
printed("not-finite", np.array([np.nan, np.inf, -np.inf, 1.5]))
printed("negative-zero", np.array([-0.0, 0.0]))
printed("uint8", np.array([[0, 255], [17, 3]], dtype=np.uint8))
for name, shape, formula, dtype in [
    ("1000", (1000,), "index", "int64"), ("1001", (1001,), "index", "int64"), ("1001-signed", (1001,), "index-500", "float64"),
    ("60x60", (60, 60), "index/7", "float64"), ("60x60-float32", (60, 60), "index/7", "float32"),
    ("11x11x11", (11, 11, 11), "index", "int64"), ("2x1000", (2, 1000), "index", "float64"),
]:
    printed(name, FORMULAS[formula](np.arange(np.prod(shape))).reshape(shape).astype(dtype), formula)
write(FOLDER + "printing.json", {**head, "conventions": "NumPy's defaults: 8 digits, 75 columns, summarized above 1000 "
                                 "elements with 3 at each edge; `formula` is of the row-major index"}, cases)

# NumPy's legacy permutation: MT19937, mask and reject, shuffle from the end


def own_permutation(words, n):
    """The legacy algorithm from its description, on the generator's raw 32-bit words."""
    x = list(range(n))
    for i in range(n - 1, 0, -1):
        mask = (1 << i.bit_length()) - 1
        j = next(words) & mask
        while j > i:
            j = next(words) & mask
        x[i], x[j] = x[j], x[i]
    return x


def mt19937(seed):
    state = [seed]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + i) & 0xFFFFFFFF)
    while True:
        for i in range(624):
            y = state[i] & 0x80000000 | state[(i + 1) % 624] & 0x7FFFFFFF
            state[i] = state[(i + 397) % 624] ^ y >> 1 ^ (0x9908B0DF if y & 1 else 0)
        for y in state:
            y ^= y >> 11
            y ^= y << 7 & 0x9D2C5680
            y ^= y << 15 & 0xEFC60000
            yield y ^ y >> 18


cases = []
for seed, n in [(0, 1), (0, 2), (0, 10), (1, 3), (42, 100), (100, 10), (100, 2790), (123, 2790), (4294967295, 1000),
                (100, 70000)]:
    state, words = np.random.RandomState(seed), mt19937(seed)
    raw = np.random.RandomState(seed)._bit_generator.random_raw(5)
    for draw in (1, 2):
        p = state.permutation(n).astype("<i8")
        assert own_permutation(words, n) == p.tolist()
        cases.append({"seed": seed, "n": n, "draw": draw, "rawWords": [int(w) for w in raw], "first": p[:20].tolist(),
                      "last": p[-5:].tolist(), "sha256": hashlib.sha256(p.tobytes()).hexdigest()})
write(FOLDER + "numpy_legacy_permutation.json", {
    **head,
    "conventions": "np.random.RandomState(seed).permutation(n), called `draw` times; first: up to 20 entries; sha256: of all "
                   "as little-endian int64; rawWords: the seeded MT19937's first 32-bit outputs",
    "algorithm": "x = 0 ..< n; for i from n - 1 down to 1: j = a raw word masked to i's bits, drawn again while above i; "
                 "swap x[i], x[j]",
}, cases)

# Philox 4x32-10 (Salmon et al., 2011)


def philox(counter, key, rounds=10):
    c, k = list(counter), list(key)
    for _ in range(rounds):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & 0xFFFFFFFF, a >> 32 ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [k[0] + 0x9E3779B9 & 0xFFFFFFFF, k[1] + 0xBB67AE85 & 0xFFFFFFFF]
    return c


ones = 0xFFFFFFFF
PUBLISHED = [  # Random123's file of known answers
    ("zeros", [0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ("ones", [ones] * 4, [ones] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ("pi", [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
]
cases = []
for name, counter, key, expected in PUBLISHED:
    assert philox(counter, key) == expected, name
    cases.append({"name": f"published/{name}", "rounds": 10, "counter": counter, "key": key, "output": expected})
for name, counter, key in [
    ("counter-1", [1, 0, 0, 0], [0, 0]), ("counter-2", [2, 0, 0, 0], [0, 0]), ("word-1", [0, 1, 0, 0], [0, 0]),
    ("word-2", [0, 0, 1, 0], [0, 0]), ("word-3", [0, 0, 0, 1], [0, 0]), ("key-low", [0] * 4, [1, 0]),
    ("key-high", [0] * 4, [0, 1]), ("carry", [ones, ones, 0, 0], [7, 9]), ("after-carry", [0, 0, 1, 0], [7, 9]),
]:
    cases.append({"name": name, "rounds": 10, "counter": counter, "key": key, "output": philox(counter, key)})
write(FOLDER + "philox.json", {**head, "conventions": "words in order, counter[0] the lowest; unsigned 32-bit"}, cases)

# Elementary functions, rounded once from 400 digits. Every x is a float32, so that one table serves both precisions

mpmath.mp.dps = 400
r = Numbers(9)
everywhere = [0.0, 1e-30, 1e-8, 1e-4, 0.01, 0.1, 0.25, 0.5, 0.6931472, 0.75, 1.0, 1.5, 2.0, 3.1415927, 5.0, 8.5, 10.0, 17.25,
              20.0, 30.0, 60.0, 87.0, 88.5, 100.0]
signed = [-x for x in reversed(everywhere[1:])] + everywhere + r.uniform(-9, 9, 16).tolist()
above = [1e-30, 1e-10, 1e-3, 0.1, 0.5, 0.7, 0.9999, 0.99999994, 1.0, 1.0000001, 1.001, 1.5, 2.0, 2.7182817, 10.0, 12345.678,
         1e10, 1e30] + r.uniform(0.01, 9, 16).tolist()
m = mpmath
FUNCTIONS = {
    "exp": (m.exp, signed), "expm1": (m.expm1, signed), "log": (m.log, above),
    "log1p": (m.log1p, [x for x in signed if x > -1] + [-0.9999, -0.99999994, 1e10, 1e30]),
    "sin": (m.sin, signed + [1000.0, 1e5]), "cos": (m.cos, signed + [1000.0, 1e5]), "tanh": (m.tanh, signed),
    "sigmoid": (lambda x: 1 / (1 + m.exp(-x)), signed), "softplus": (lambda x: m.log1p(m.exp(x)), signed),
    "erf": (m.erf, signed), "sqrt": (m.sqrt, [0.0] + above), "rsqrt": (lambda x: 1 / m.sqrt(x), above),
}
cases = []
for name, (function, points) in FUNCTIONS.items():
    xs = sorted({float(np.float32(x)) for x in points})
    cases.append({"op": name, "x": xs, "y": [number(float(function(m.mpf(x)))) for x in xs]})
write(FOLDER + "elementary.json", {
    **head, "conventions": "y: f(x) rounded once to float64; every x is exactly a float32; for float32 round y"}, cases)

# What has no gradient: integers that wrap, comparisons, logic

cases = []


def case(op, function, *inputs, **attributes):
    arrays = [np.asarray(i) for i in inputs]
    with np.errstate(all="ignore"):
        output = np.asarray(function(*arrays))
    name = f"{op}/{'-'.join(dict.fromkeys(a.dtype.name for a in arrays))}"
    cases.append({"name": name, "op": op, "attributes": attributes, "inputs": [tensor(a) for a in arrays],
                  "outputs": [tensor(output)]})


for dtype in (np.int8, np.int32, np.int64, np.uint8):
    info = np.iinfo(dtype)
    low, high = (info.min, info.max) if info.bits < 64 else (-(2**40), 2**40)
    a = np.array([low, -7 if info.min else 7, 0, 1, 5, 100, high], dtype)
    b = np.array([3, 2, 5, -1 if info.min else 1, -3 if info.min else 3, 100, 2], dtype)
    for op, function in [("add", np.add), ("subtract", np.subtract), ("multiply", np.multiply), ("mod", np.mod),
                         ("minimum", np.minimum), ("maximum", np.maximum)]:
        case(op, function, a, b)
    for op, function in [("negate", np.negative), ("abs", np.abs), ("sign", np.sign), ("square", np.square)]:
        case(op, function, a)
    case("sum", lambda x: np.sum(x, dtype=x.dtype), a[1:-1], axes=[0], keepingDimensions=False)
    case("max", np.max, a, axes=[0], keepingDimensions=False)
    case("argmax", np.argmax, a, axis=0, keepingDimensions=False)
    case("cumulativeSum", lambda x: np.cumsum(x, dtype=x.dtype), a[1:-1], axis=0)
a, b = np.array([1.0, np.nan, np.inf, -0.0, -2.5, 3.0]), np.array([1.0, np.nan, -np.inf, 0.0, 4.0, np.nan])
for dtype in (np.float64, np.float32, np.int64, np.uint8):
    x, y = (a, b) if dtype in (np.float64, np.float32) else (np.array([1, 2, 3, 255]), np.array([1, 3, 2, 0]))
    for op, function in [("equal", np.equal), ("notEqual", np.not_equal), ("less", np.less), ("lessOrEqual", np.less_equal),
                         ("greater", np.greater), ("greaterOrEqual", np.greater_equal)]:
        case(op, function, x.astype(dtype), y.astype(dtype))
for op, function in [("isNaN", np.isnan), ("isFinite", np.isfinite), ("isInfinite", np.isinf)]:
    case(op, function, a)
    case(op, function, a.astype(np.float32))
p, q = np.array([False, False, True, True]), np.array([False, True, False, True])
for op, function in [("logicalAnd", np.logical_and), ("logicalOr", np.logical_or), ("logicalXor", np.logical_xor)]:
    case(op, function, p, q)
case("logicalNot", np.logical_not, p)
case("all", np.all, p, axes=[0], keepingDimensions=False)
case("any", np.any, p, axes=[0], keepingDimensions=False)
case("oneHot", lambda i: np.eye(4)[i], np.array([2, 0, 3, 3]), depth=4)
write(FOLDER + "integers.json", {
    **head, "conventions": "integers wrap around; mod has the divisor's sign; comparisons with NaN are false but for "
                           "notEqual; sums stay in the input's dtype here"}, cases)
