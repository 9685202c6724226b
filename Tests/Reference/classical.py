"""Classical models against scikit-learn.

Output: ZooTests/Golden/classical.json: inputs and targets, the splits of the tree (heap order: node n's children are 2n + 1 and
2n + 2), and its answers for other rows. ZooTests/Golden/naive_bayes.json: log-probabilities of other rows. ZooTests/Golden/k_means.json:
centers after some steps of Lloyd's algorithm. ZooTests/Golden/pca.json: components, variances, codes of other rows.
"""

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from golden import tensor, versions, write

random = np.random.RandomState(7)
cases = []


def heap(tree):
    """The splits by place in the heap."""
    splits = []

    def visit(node, place):
        if tree.children_left[node] < 0:
            return
        splits.append([place, int(tree.feature[node]), float(tree.threshold[node])])
        visit(tree.children_left[node], 2 * place + 1)
        visit(tree.children_right[node], 2 * place + 2)

    visit(0, 0)
    return sorted(splits)


def case(name, kind, x, y, others, depth, leaf, split, **more):
    """Kept if the tree does not depend on how ties are broken, which scikit-learn does at random."""
    models = [kind(max_depth=depth, min_samples_leaf=leaf, min_samples_split=split, random_state=seed, **more).fit(x, y)
              for seed in range(10)]
    splits = [heap(model.tree_) for model in models]
    if any(other != splits[0] for other in splits):
        return False
    model = models[0]
    answer = model.predict_proba(others) if hasattr(model, "predict_proba") else model.predict(others)
    settings = {"depth": depth, "leastLeaf": leaf, "leastSplit": split, **more}
    cases.append({"name": name, "inputs": tensor(x), "targets": tensor(y), "others": tensor(others),
                  "answers": tensor(answer), "splits": splits[0], "settings": settings})
    return True


def rows(count):
    x = np.round(random.normal(size=(count, 4)), 3).astype(np.float32)
    labels = (x[:, 0] + x[:, 1] * x[:, 2] + 0.3 * random.normal(size=count) > 0).astype(np.int64) + (x[:, 3] > 0.7)
    values = np.round(np.sin(2 * x[:, 0]) + x[:, 1] ** 2 + 0.1 * random.normal(size=count), 3)
    return x, labels, values


for depth, leaf, split in [(2, 1, 2), (3, 7, 20), (4, 9, 31)]:
    for name, kind, more in [("gini", DecisionTreeClassifier, {}), ("entropy", DecisionTreeClassifier, {"criterion": "entropy"}),
                             ("values", DecisionTreeRegressor, {})]:
        isKept = False
        while not isKept:
            x, labels, values = rows(150)
            y = values if name == "values" else labels
            isKept = case(f"{name}/{depth}", kind, x, y, rows(20)[0], depth, leaf, split, **more)

write("ZooTests/Golden/classical.json", {"generator": "Tests/Reference/classical.py", "versions": versions(np, sklearn)}, cases)

cases.clear()
for name, model, more in [
    ("gaussian", GaussianNB(var_smoothing=0.03), {"smoothing": 0.03}), ("gaussian/plain", GaussianNB(), {}),
    ("bernoulli", BernoulliNB(alpha=0.7), {"alpha": 0.7}), ("multinomial", MultinomialNB(alpha=1.6), {"alpha": 1.6}),
]:
    labels = random.randint(0, 3, 60)
    if name == "multinomial":
        x, others = [random.poisson(3 + k, size=(n, 5)).astype(np.float64) for k, n in [(labels[:, None], 60), (1, 8)]]
    else:
        x, others = [np.round(random.normal(size=(n, 5)) + shift, 3) for n, shift in [(60, labels[:, None]), (8, 1)]]
    model.fit(x, labels)
    cases.append({"name": name, "inputs": tensor(x), "targets": tensor(labels), "others": tensor(others),
                  "logProbabilities": tensor(model.predict_log_proba(others)),
                  "settings": {"distribution": name.split("/")[0], **more}})
write("ZooTests/Golden/naive_bayes.json", {"generator": "Tests/Reference/classical.py", "versions": versions(np, sklearn)}, cases)

cases.clear()
for steps in (1, 2, 5):
    x = np.round(random.normal(size=(70, 3)) + 4 * random.randint(0, 3, size=(70, 1)), 3)
    start = x[:4]
    model = KMeans(4, init=start, n_init=1, max_iter=steps, tol=0, algorithm="lloyd").fit(x)
    cases.append({"name": f"steps/{steps}", "steps": steps, "inputs": tensor(x), "start": tensor(start),
                  "centers": tensor(model.cluster_centers_), "distances": tensor(model.transform(x[:9]) ** 2)})
write("ZooTests/Golden/k_means.json", {"generator": "Tests/Reference/classical.py", "versions": versions(np, sklearn)}, cases)

cases.clear()
for name, rows, features, count, whitens in [("tall", 40, 6, 3, False), ("whitened", 40, 6, 6, True), ("wide", 7, 15, 4, True)]:
    x = np.round(random.normal(size=(rows, features)) @ random.normal(size=(features, features)) + 5, 3)
    others = np.round(random.normal(size=(4, features)) + 5, 3)
    model = PCA(count, whiten=whitens, svd_solver="full").fit(x)
    # Signs as here: the largest element of each component is positive.
    signs = np.sign([row[np.abs(row).argmax()] for row in model.components_])
    codes = model.transform(others) * signs
    cases.append({"name": name, "components": count, "whitens": int(whitens), "inputs": tensor(x), "others": tensor(others),
                  "weight": tensor(model.components_ * signs[:, None]), "variance": tensor(model.explained_variance_),
                  "codes": tensor(codes), "made": tensor(model.inverse_transform(model.transform(others)))})
write("ZooTests/Golden/pca.json", {"generator": "Tests/Reference/classical.py", "versions": versions(np, sklearn)}, cases)
