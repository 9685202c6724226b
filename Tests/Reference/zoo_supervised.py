"""The zoo's supervised models in float64: linear regression by NumPy, networks by PyTorch.

Output: ZooTests/Golden/linear_regression.json (least squares, free and in a ball; posteriors), ZooTests/Golden/networks.json
(outputs, losses and gradients of lenet and maxout, in Aviary's layouts) and, where AVIARY_DATA names a folder with mnist/,
ZooTests/Golden/mnist_logistic.json (the Theano tutorial's softmax regression, which has no random number in it).
"""

import gzip
import os
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from golden import Numbers, tensor, versions, write

torch.set_num_threads(1)
r = Numbers(1302)


def centered(x, y, bias):
    if not bias:
        return x, y, np.zeros(x.shape[1]), np.zeros(y.shape[1])
    return x - x.mean(0), y - y.mean(0), x.mean(0), y.mean(0)


def free(x, y, bias):
    """Columns of norm 1, so that among many solutions it is the one of least norm in these units."""
    xc, yc, mx, my = centered(x, y, bias)
    scales = np.linalg.norm(xc, axis=0)
    scales[scales == 0] = 1
    w = np.linalg.pinv(xc / scales, rcond=1e-8) @ yc / scales[:, None]
    return w, my - mx @ w


def ball(x, y, bias, radius):
    """By the eigenvalues of XᵀX: ‖w(λ)‖² = Σ (qᵢᵀb / (eᵢ + λ))², bisected."""
    xc, yc, mx, my = centered(x, y, bias)
    e, q = np.linalg.eigh(xc.T @ xc)
    w, _ = free(x, y, bias)
    multipliers = np.zeros(y.shape[1])
    for k in range(y.shape[1]):
        if np.linalg.norm(w[:, k]) <= radius:
            continue
        c = q.T @ (xc.T @ yc[:, k])
        low, high = 0.0, np.linalg.norm(c) / radius
        for _ in range(2000):
            middle = (low + high) / 2
            if np.sqrt((c**2 / (e + middle) ** 2).sum()) > radius:
                low = middle
            else:
                high = middle
        multipliers[k] = (low + high) / 2
        w[:, k] = q @ (c / (e + multipliers[k]))
    return w, my - mx @ w, multipliers


cases = []


def fit(name, x, y, bias=True, radius=None):
    w, b, multipliers = (*free(x, y, bias), np.zeros(y.shape[1])) if radius is None else ball(x, y, bias, radius)
    case = {"name": name, "kind": "fit", "inputs": tensor(x), "targets": tensor(y), "hasBias": bias}
    if radius is not None:
        case["maxNorm"] = radius
    cases.append({**case, "weight": tensor(w), "bias": tensor(b), "multipliers": multipliers.tolist()})


x = r.normal(12, 3)
y = np.round(x @ r.normal(3, 2) + r.normal(2) + 0.3 * r.normal(12, 2), 3)
fit("free", x, y)
fit("free, without bias", x, y, bias=False)
fit("columns of different size", x * [1e-3, 1, 1e3], y)
fit("dependent columns", np.concatenate([x, x[:, :1] + 2 * x[:, 1:2], np.ones((12, 1))], 1), y)
fit("fewer rows than columns", r.normal(3, 5), r.normal(3, 1))
fit("ball", x, y, radius=0.5)
fit("ball, without bias", x, y, bias=False, radius=1.0)
fit("ball that binds one output", x, y, radius=float(np.round(np.mean(np.linalg.norm(free(x, y, True)[0], axis=0)), 3)))
fit("ball, dependent columns", np.concatenate([x, x[:, :1]], 1), y, radius=0.25)


def posterior(name, x, y, new, alpha, beta, bias=True):
    phi = lambda x: np.concatenate([x, np.ones((len(x), 1))], 1) if bias else x
    precision = alpha * np.eye(phi(x).shape[1]) + beta * phi(x).T @ phi(x)
    covariance = np.linalg.inv(precision)
    mean = beta * np.linalg.solve(precision, phi(x).T @ y)
    variance = 1 / beta + np.einsum("ni,ij,nj->n", phi(new), covariance, phi(new))
    cases.append({
        "name": name, "kind": "posterior", "inputs": tensor(x), "targets": tensor(y), "hasBias": bias,
        "priorPrecision": alpha, "noisePrecision": beta, "mean": tensor(mean), "covariance": tensor(covariance),
        "newInputs": tensor(new), "predictions": tensor(phi(new) @ mean), "variances": tensor(variance),
    })


posterior("posterior", x, y, r.normal(4, 3), 2.0, 25.0)
posterior("posterior, without bias", x, y[:, :1], r.normal(4, 3), 0.5, 4.0, bias=False)
posterior("posterior of two rows", x[:2], y[:2], r.normal(4, 3), 1.0, 1.0)

head = {
    "generator": "Tests/Reference/zoo_supervised.py", "versions": versions(np),
    "conventions": "fit: min ‖x·W + b − y‖² with each column of W of at most maxNorm; multipliers as in (XᵀX + λ·I)·w = Xᵀy of centered columns",
}
write("ZooTests/Golden/linear_regression.json", head, cases)


def conv(x, p, name, padding=0):
    y = F.conv2d(x.movedim(-1, 1), p[f"{name}.weight"].permute(3, 2, 0, 1), p[f"{name}.bias"], padding=padding)
    return y.movedim(1, -1)


def pool(x, size, stride=None, ceil=False):
    return F.max_pool2d(x.movedim(-1, 1), size, stride, ceil_mode=ceil).movedim(1, -1)


def pieces(x, count):
    return x.unflatten(-1, (-1, count)).amax(-1)


def dense(x, p, name):
    return x.flatten(1) @ p[f"{name}.weight"] + p[f"{name}.bias"]


def lenet(x, p):
    # Bias after the pooling, as the tutorial has it.
    for place in ("0", "3"):
        y = F.conv2d(x.movedim(-1, 1), p[f"{place}.conv2d.weight"].permute(3, 2, 0, 1)).movedim(1, -1)
        x = torch.tanh(pool(y, 2) + p[f"{place}.conv2d.bias"])
    return dense(torch.tanh(dense(x, p, "7.dense")), p, "8.dense")


def maxout(x, p):
    x = pieces(dense(x, p, "0.maxout"), 3)
    x = pieces(dense(x, p, "1.maxout"), 3)
    return dense(x, p, "2.dense")


def maxout_conv(x, p):
    x = pool(pieces(conv(x, p, "0.maxout-conv2d"), 2), 3, 2, ceil=True)
    x = pool(pieces(conv(x, p, "2.maxout-conv2d", padding=1), 3), 2)
    return dense(pieces(dense(x, p, "4.maxout"), 2), p, "5.dense")


networks = []


def network(name, model, function, image, classes, shapes):
    x = r.normal(3, *image)
    labels = r.integers(0, classes, 3)
    values = {k: r.normal(*shape, scale=0.5) for k, shape in shapes.items()}
    leaves = {k: torch.from_numpy(v.copy()).requires_grad_(True) for k, v in values.items()}
    output = function(torch.from_numpy(x), leaves)
    loss = F.cross_entropy(output, torch.from_numpy(labels))
    loss.backward()
    networks.append({
        "name": name, "model": model, "image": list(image), "classes": classes, "input": tensor(x), "labels": tensor(labels),
        "parameters": {k: tensor(v) for k, v in values.items()}, "output": tensor(output), "loss": float(loss.detach()),
        "gradients": {k: tensor(v.grad) for k, v in leaves.items()},
    })


def affine(name, inputs, outputs):
    return {f"{name}.weight": (*inputs, outputs), f"{name}.bias": (outputs,)}


block = lambda filters: {"filters": filters, "window": 3, "padding": "valid", "pool": 2}
network("lenet", {"name": "lenet", "blocks": [block(2), block(3)], "units": [5]}, lenet, (11, 10, 2), 4, {
    **affine("0.conv2d", (3, 3, 2), 2), **affine("3.conv2d", (3, 3, 2), 3), **affine("7.dense", (3,), 5),
    **affine("8.dense", (5,), 4)})
plain = {"dropout": 0, "inputDropout": 0, "inputScale": None}
network("maxout", {"name": "maxout", "units": [4, 3], "pieces": 3, **plain}, maxout, (3, 2, 1), 3, {
    **affine("0.maxout", (6,), 12), **affine("1.maxout", (4,), 9), **affine("2.dense", (3,), 3)})
network("maxout, convolutional", {
    "name": "maxout", "units": [4], "pieces": 2, **plain, "convolutions": [
        {"channels": 3, "pieces": 2, "window": 3, "padding": "valid", "pool": 3, "poolStrides": 2, "poolPadding": "cover"},
        {"channels": 2, "pieces": 3, "window": 2, "padding": 1, "pool": 2}]}, maxout_conv, (8, 7, 1), 3, {
    **affine("0.maxout-conv2d", (3, 3, 1), 6), **affine("2.maxout-conv2d", (2, 2, 3), 6), **affine("4.maxout", (4,), 8),
    **affine("5.dense", (4,), 3)})


def normalized(x, p, name, groups=2):
    return F.group_norm(x.movedim(-1, 1), groups, p[f"{name}.scale"], p[f"{name}.shift"]).movedim(1, -1)


def same(x, p, name, stride=1):
    """A convolution without biases; the odd missing pixel lies at the bottom and on the right."""
    w = p[f"{name}.weight"].permute(3, 2, 0, 1)
    around = []
    for size, window in zip(x.shape[1:3], w.shape[2:]):
        missing = max((-(-size // stride) - 1) * stride + window - size, 0)
        around = [missing // 2, missing - missing // 2] + around
    return F.conv2d(F.pad(x.movedim(-1, 1), around), w, None, stride).movedim(1, -1)


def vgg(x, p):
    for convolutions in [("0", "2"), ("5",)]:
        for place in convolutions:
            x = torch.relu(conv(x, p, f"{place}.conv2d", padding=1))
        x = pool(x, 2)
    return dense(torch.relu(dense(x, p, "9.dense")), p, "10.dense")


def residual(x, p, name, stride=1):
    layers = f"{name}.residual.layers"
    h = torch.relu(normalized(same(x, p, f"{layers}.0.conv2d", stride), p, f"{layers}.1.group-norm"))
    h = normalized(same(h, p, f"{layers}.3.conv2d"), p, f"{layers}.4.group-norm")
    if stride > 1:
        shortcut = f"{name}.residual.shortcut"
        x = normalized(same(x, p, f"{shortcut}.0.conv2d", stride), p, f"{shortcut}.1.group-norm")
    return torch.relu(h + x)


def resnet(x, p):
    h = torch.relu(normalized(same(x, p, "0.conv2d"), p, "1.group-norm"))
    return dense(residual(residual(h, p, "3"), p, "5", 2).mean((1, 2)), p, "8.dense")


def normalized_shapes(name, channels):
    return {f"{name}.scale": (channels,), f"{name}.shift": (channels,)}


def residual_shapes(name, inputs, outputs):
    layers, shortcut = f"{name}.residual.layers", f"{name}.residual.shortcut"
    return {
        f"{layers}.0.conv2d.weight": (3, 3, inputs, outputs), **normalized_shapes(f"{layers}.1.group-norm", outputs),
        f"{layers}.3.conv2d.weight": (3, 3, outputs, outputs), **normalized_shapes(f"{layers}.4.group-norm", outputs),
        **({f"{shortcut}.0.conv2d.weight": (1, 1, inputs, outputs), **normalized_shapes(f"{shortcut}.1.group-norm", outputs)}
           if inputs != outputs else {}),
    }


network("vgg", {"name": "vgg", "units": [4], "dropout": 0, "blocks": [
    {"filters": 2, "convolutions": 2}, {"filters": 3, "convolutions": 1}]}, vgg, (6, 5, 2), 3, {
        **affine("0.conv2d", (3, 3, 2), 2), **affine("2.conv2d", (3, 3, 2), 2), **affine("5.conv2d", (3, 3, 2), 3),
        **affine("9.dense", (3,), 4), **affine("10.dense", (4,), 3)})
network("resnet", {"name": "resnet", "blocks": [1, 1], "filters": 4, "normalization": {"name": "group-norm", "groups": 2}},
        resnet, (5, 6, 1), 3, {
            "0.conv2d.weight": (3, 3, 1, 4), **normalized_shapes("1.group-norm", 4), **residual_shapes("3", 4, 4),
            **residual_shapes("5", 4, 8), **affine("8.dense", (8,), 3)})
head = {
    "generator": "Tests/Reference/zoo_supervised.py", "versions": versions(np, torch),
    "conventions": "images [n, height, width, channels], filters [height, width, in, out], the pieces of a unit side by side; loss is the mean softmax cross-entropy",
}
write("ZooTests/Golden/networks.json", head, networks)


def mnist(folder):
    read = lambda name, header: np.frombuffer(gzip.open(folder / name).read(), np.uint8)[header:]
    train = (read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 256.0, read("train-labels-idx1-ubyte.gz", 8))
    test = (read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 256.0, read("t10k-labels-idx1-ubyte.gz", 8))
    size = 600
    (x, y), valid = (a[:50000] for a in train), tuple(a[50000:] for a in train)
    weight, bias, rows, batches = np.zeros((784, 10)), np.zeros(10), np.arange(size), 50000 // size
    patience, best, epoch, found = 5000, (np.inf, 0, 0), 0, []

    def wrong(x, y):
        count = len(x) // size * size
        return int(((x[:count] @ weight + bias).argmax(1) != y[:count]).sum())

    while epoch < 1000:
        epoch, loss = epoch + 1, 0.0
        for batch in range(batches):
            update = (epoch - 1) * batches + batch
            xb, yb = x[batch * size:(batch + 1) * size], y[batch * size:(batch + 1) * size]
            z = xb @ weight + bias
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            loss -= np.log(p[rows, yb]).mean() / batches
            p[rows, yb] -= 1
            weight, bias = weight - 0.13 / size * (xb.T @ p), bias - 0.13 / size * p.sum(0)
            if batch == batches - 1:
                error = wrong(*valid)
                if epoch in (1, 2, 5, 10, 20, 50, 73):
                    found.append({"epoch": epoch, "loss": float(loss), "validation": error, "test": wrong(*test)})
                if error < best[0]:
                    if error < best[0] * 0.995:
                        patience = max(patience, update * 2)
                    best = (error, wrong(*test), epoch)
            if patience <= update:
                return {"name": "mnist", "epochs": epoch, "validation": best[0], "test": best[1], "best": best[2], "curve": found}


folder = pathlib.Path(os.environ.get("AVIARY_DATA", "")) / "mnist"
if (folder / "train-images-idx3-ubyte.gz").is_file():
    head = {
        "generator": "Tests/Reference/zoo_supervised.py", "versions": versions(np),
        "conventions": "validation and test are numbers of wrong images of 9600; loss is the mean over an epoch's batches",
    }
    write("ZooTests/Golden/mnist_logistic.json", head, [mnist(folder)])
