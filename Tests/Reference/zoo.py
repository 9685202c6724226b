"""Softmax regression on fonts without a random number, in float64: ZooTests/Golden/softmax_from_zero.json.

Weights and biases begin as zero; full batches, plain gradient descent of rate 0.01, pixels divided by 255. The sets are the
embedded one and, where AVIARY_DATA names a folder with fonts/data_with_labels.npz, the course's.
"""

import os
import pathlib

import numpy as np

from golden import TESTS, versions, write

RATE, STEPS = 0.01, [0, 1, 2, 10, 100]


def train(images, labels, rows):
    x = images[rows].reshape(len(rows), -1) / 255.0
    targets = np.eye(5)[labels[rows]]
    weight, bias = np.zeros((x.shape[1], 5)), np.zeros(5)
    found = []
    for step in range(STEPS[-1] + 1):
        logits = x @ weight + bias
        logits -= logits.max(1, keepdims=True)
        exponentials = np.exp(logits)
        sums = exponentials.sum(1, keepdims=True)
        if step in STEPS:
            loss = np.mean(np.log(sums[:, 0]) - (logits * targets).sum(1))
            found.append({"step": step, "loss": float(loss), "norm": float(np.linalg.norm(weight)), "bias": bias.tolist()})
        error = (exponentials / sums - targets) / len(x)
        weight = weight - RATE * (x.T @ error)
        bias = bias - RATE * error.sum(0)
    return found


embedded = np.load(TESTS.parent / "Sources/Data/Assets/Fonts/fonts.npz")
sets = {"embedded": (embedded["images"], embedded["labels"])}
course = pathlib.Path(os.environ.get("AVIARY_DATA", "")) / "fonts/data_with_labels.npz"
if course.is_file():
    arrays = np.load(course)
    sets["course"] = (arrays["arr_0"], arrays["arr_1"])
cases = []
for name, (images, labels) in sets.items():
    random = np.random.RandomState(100)
    splits = {"none": np.arange(len(images))}
    for draw in (1, 2):
        splits[f"draw {draw}"] = random.permutation(len(images))[len(images) // 10 :]
    for split, rows in splits.items():
        cases.append({"name": f"{name}, {split}", "steps": train(images, labels.astype(int), rows)})
head = {
    "generator": "Tests/Reference/zoo.py", "versions": versions(np),
    "conventions": "loss, norm of the weights and bias before a step, steps counted from 0",
}
write("ZooTests/Golden/softmax_from_zero.json", head, cases)
