"""Steps of contrastive divergence, in float64: ZooTests/Golden/contrastive_divergence.json.

The machine's formulas in NumPy, with the random numbers that RandomSource documents: Philox 4x32-10 keyed by the seed and the
purposes' names. So chains are compared sample by sample, not by their means.
"""

import numpy as np

from golden import tensor, versions, write

MASK = (1 << 64) - 1


def mix(value):
    """SplitMix64's finalizer."""
    z = (value + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Source:
    """RandomSource: a key of seed and purposes, and a step."""

    def __init__(self, key, stream=0):
        self.key, self.stream = key, stream

    def __getitem__(self, purpose):
        if isinstance(purpose, int):
            return Source(mix((self.key + 0x9E3779B97F4A7C15 * (purpose + 1)) & MASK), self.stream)
        digest = 0xCBF29CE484222325
        for byte in purpose.encode():
            digest = ((digest ^ byte) * 0x100000001B3) & MASK
        return Source(mix(self.key ^ mix(digest)), self.stream)

    def words(self, count):
        low = (1 << 32) - 1
        found = []
        for block in range((count + 3) // 4):
            counter = [block & low, block >> 32, self.stream & low, self.stream >> 32]
            key = [self.key & low, self.key >> 32]
            for _ in range(10):
                a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
                counter = [(b >> 32) ^ counter[1] ^ key[0], b & low, (a >> 32) ^ counter[3] ^ key[1], a & low]
                key = [(key[0] + 0x9E3779B9) & low, (key[1] + 0xBB67AE85) & low]
            found += counter
        return found[:count]

    def uniform(self, shape):
        """[0, 1) with 53 bits of two words."""
        words = self.words(2 * int(np.prod(shape)))
        numbers = [((words[i + 1] << 32 | words[i]) >> 11) / 2.0**53 for i in range(0, len(words), 2)]
        return np.array(numbers).reshape(shape)

    def sample(self, p):
        return (self.uniform(p.shape) < p).astype(float)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def step(case, w, b, c, inputs, targets, chains=None):
    """One step's gradients and loss, and the chains' hidden units."""
    classes = case.get("labels", 0)
    source = Source(mix(case["seed"]))["contrastive-divergence"]
    v = inputs if not classes else np.concatenate([inputs, np.eye(classes)[targets]], 1)
    if case.get("samplesInputs"):
        v = source["inputs"].sample(v)

    def up(v):
        return sigmoid(v @ w + c)

    def down(h):
        total = h @ w.T + b
        if not classes:
            return sigmoid(total)
        return np.concatenate([sigmoid(total[:, :-classes]), softmax(total[:, -classes:])], 1)

    def draw(means, source):
        if not classes:
            return source.sample(means)
        level = source["labels"].uniform((len(means), 1))
        label = (np.cumsum(means[:, -classes:], 1) <= level).sum(1).clip(0, classes - 1)
        return np.concatenate([source["inputs"].sample(means[:, :-classes]), np.eye(classes)[label]], 1)

    positive = up(v)
    h = source["start"].sample(positive) if chains is None else chains
    first = None
    for k in range(case["steps"]):
        means = down(h)
        first = means if first is None else first
        negative = means if case.get("reconstruction") == "means" else draw(means, source["visible"][k])
        last = up(negative)
        h = source["hidden"][k].sample(last)
    driven = positive
    if "sparsityCost" in case:
        driven = positive - case["sparsityCost"] * (positive.mean(0) - case["sparsityTarget"])
    gradients = [
        negative.T @ last / len(negative) - v.T @ driven / len(v), last.mean(0) - driven.mean(0), negative.mean(0) - v.mean(0)
    ]
    reconstruction = first if chains is None else down(positive)
    loss = ((v - reconstruction) ** 2).sum(1).mean()
    return gradients, loss, h


def pseudo_likelihood(w, b, c, v, place):
    def free_energy(v):
        return -v @ b - np.log1p(np.exp(v @ w + c)).sum(1)

    flipped = v.copy()
    flipped[:, place] = 1 - flipped[:, place]
    return np.mean(len(b) * np.log(sigmoid(free_energy(flipped) - free_energy(v))))


SETTINGS = [
    {"name": "CD-1", "steps": 1, "seed": 7},
    {"name": "CD-3 with means", "steps": 3, "seed": 8, "reconstruction": "means"},
    {"name": "CD-1 of bits, sparse", "steps": 1, "seed": 9, "samplesInputs": True, "sparsityTarget": 0.2, "sparsityCost": 0.5},
    {"name": "PCD-2", "steps": 2, "seed": 10, "persistent": True},
    {"name": "CD-2 with labels", "steps": 2, "seed": 11, "labels": 3},
]
random = np.random.RandomState(20)
cases = []
for case in SETTINGS:
    visible, hidden, rows = 6, 4, 5
    units = visible + case.get("labels", 0)
    w, b, c = random.normal(size=(units, hidden)), random.normal(size=units), random.normal(size=hidden)
    inputs, targets = random.uniform(size=(rows, visible)), random.randint(0, 3, size=rows)
    stored = {**case, "weight": tensor(w), "visible-bias": tensor(b), "hidden-bias": tensor(c), "inputs": tensor(inputs)}
    if "labels" in case:
        stored["targets"] = tensor(targets)
    chains = np.zeros((rows, hidden)) if case.get("persistent") else None
    stored["found"] = []
    # The second step goes on where persistent chains were left.
    for _ in range(2 if case.get("persistent") else 1):
        gradients, loss, h = step(case, w, b, c, inputs, targets, chains)
        chains = h if case.get("persistent") else None
        found = dict(zip(["weight", "hidden-bias", "visible-bias"], map(tensor, gradients)), loss=float(loss))
        if case.get("persistent"):
            found["chains"] = tensor(h)
            found["pseudo-likelihood"] = float(pseudo_likelihood(w, b, c, np.round(inputs), len(stored["found"])))
        stored["found"].append(found)
    cases.append(stored)
head = {
    "generator": "Tests/Reference/boltzmann.py", "versions": versions(np),
    "conventions": "random numbers of RandomSource(seed:) as documented there; found: gradients, step by step at the same weights",
}
write("ZooTests/Golden/contrastive_divergence.json", head, cases)
