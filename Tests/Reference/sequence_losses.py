"""CTC and batch-hard triplet losses: values of each row, and the derivative of their mean, by PyTorch and NumPy.

Output: LayersTests/Golden/sequence_losses.json.
"""

import numpy as np
import torch

from golden import Numbers, tensor, versions, write

r = Numbers(91)
cases = []


def case(name, rows, x, target, **attributes):
    rows.mean().backward()
    cases.append({"name": name, "input": tensor(x), "target": tensor(target), "rows": tensor(rows),
                  "inputGradient": tensor(x.grad), **attributes})


for name, steps, classes, labels in [
    ("plain", 5, 4, [[1, 2], [3, 1]]), ("repeated", 6, 3, [[1, 1, 2], [2, 2, 2]]),
    ("lengths", 7, 5, [[4, 1, 3], [2, -1, -1], [-1, -1, -1], [3, 3, 0]]), ("tight", 3, 4, [[1, 2, 3]]),
]:
    labels = np.array(labels, dtype=np.int64)
    x = torch.from_numpy(r.normal(len(labels), steps, classes, scale=1.5)).requires_grad_(True)
    lengths = torch.tensor([int((row > 0).sum()) for row in labels])
    rows = torch.nn.functional.ctc_loss(
        x.log_softmax(-1).transpose(0, 1), torch.from_numpy(np.maximum(labels, 0)), torch.full((len(labels),), steps),
        lengths, blank=0, reduction="none")
    case(f"ctc/{name}", rows, x, labels)

for name, labels, margin in [("pairs", [0, 0, 1, 1, 2, 2], 0.2), ("alone", [0, 0, 1, 2], 1.0), ("wide", [3, 3, 3, 5, 5], 5.0)]:
    labels = np.array(labels, dtype=np.int64)
    x = torch.from_numpy(r.normal(len(labels), 3)).requires_grad_(True)
    distances = (x[:, None] - x[None]).square().sum(-1).clamp(min=1e-12).sqrt()
    rows = []
    for a, label in enumerate(labels):
        same = [i for i, other in enumerate(labels) if other == label and i != a]
        others = [i for i, other in enumerate(labels) if other != label]
        hard = distances[a][same].max() - distances[a][others].min() + margin if same and others else distances[a, a] * 0
        rows.append(torch.relu(hard))
    case(f"triplet/{name}", torch.stack(rows), x, labels, margin=margin)

write("LayersTests/Golden/sequence_losses.json",
      {"generator": "Tests/Reference/sequence_losses.py", "versions": versions(np, torch)}, cases)
