"""Training speed beside PyTorch: the cases of `aviary benchmark --case train` and `infer`, in turns.

    swift build -c release --product aviary
    python Tests/Reference/speed.py .build/release/aviary --threads 2

prints a Markdown table of medians. A step is a forward pass, a loss, a backward pass and an update on minibatches that
are in memory; data are random. PyTorch has its fused optimizers, and images in channels-last memory, which is
faster here than its default. Others on the machine spoil the numbers, above all those of two threads; with one thread,
--processor measures the time of the processor in place of the clock's.
"""
import argparse
import json
import statistics
import subprocess
import time
from itertools import cycle

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS_LAST = torch.channels_last


class Maxout(nn.Module):
    def __init__(self, inputs, units, pieces):
        super().__init__()
        self.linear, self.pieces = nn.Linear(inputs, units * pieces), pieces

    def forward(self, x):
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)


class LastState(nn.LSTM):
    def __init__(self, features, units):
        super().__init__(features, units, batch_first=True)

    def forward(self, x):
        return super().forward(x)[0][:, -1]


class MeanOverSteps(nn.Module):
    def forward(self, x):
        return x.mean(1)


def classifiers():
    """Name: input shape, classes, rows a batch, batches, whether samples are counted, optimizer, layers."""
    sgd = lambda rate, momentum=0.0: lambda p: torch.optim.SGD(p, rate, momentum, fused=True)
    adam = lambda p: torch.optim.Adam(p, 1e-3, fused=True)
    linear, relu, pool = nn.Linear, nn.ReLU, lambda: nn.MaxPool2d(2)
    fonts = lambda: [linear(1296, 128), nn.Sigmoid(), linear(128, 32), nn.Sigmoid(), linear(32, 5)]
    same = lambda i, o: [nn.Conv2d(i, o, 3, padding=1), relu(), nn.Conv2d(o, o, 3, padding=1), relu(), pool()]
    return {
        "lr-fonts": ((1296,), 5, 100, 25, False, sgd(0.1), lambda: [linear(1296, 5)]),
        "lr-mnist": ((784,), 10, 600, 50, False, sgd(0.1), lambda: [linear(784, 10)]),
        "mlp-fonts-full": ((1296,), 5, 2511, 1, False, sgd(0.5), fonts),
        "mlp-fonts-b100": ((1296,), 5, 100, 25, False, sgd(0.5), fonts),
        "mlp-mnist": ((784,), 10, 128, 50, True, adam, lambda: [
            linear(784, 512), relu(), nn.Dropout(0.2), linear(512, 512), relu(), nn.Dropout(0.2), linear(512, 10)]),
        "cnn-fonts": ((1, 36, 36), 5, 50, 50, True, sgd(0.1), lambda: [
            nn.Conv2d(1, 4, 5, padding=2), relu(), pool(), nn.Flatten(), linear(1296, 32), relu(), nn.Dropout(0.5),
            linear(32, 5)]),
        "lenet-mnist": ((1, 28, 28), 10, 128, 50, True, sgd(0.01, 0.9), lambda: [
            nn.Conv2d(1, 20, 5), pool(), nn.Conv2d(20, 50, 5), pool(), nn.Flatten(), linear(800, 500), relu(),
            linear(500, 10)]),
        "cnn-cifar": ((3, 32, 32), 10, 128, 20, True, adam, lambda: [
            *same(3, 32), *same(32, 64), nn.Flatten(), linear(4096, 512), relu(), nn.Dropout(0.5), linear(512, 10)]),
        "maxout-mnist": ((784,), 10, 100, 50, True, sgd(0.01, 0.9), lambda: [
            nn.Dropout(0.2), Maxout(784, 240, 5), nn.Dropout(0.5), Maxout(240, 240, 5), nn.Dropout(0.5),
            linear(240, 10)]),
        "lstm-100": ((100, 128), 10, 64, 5, True, sgd(0.01), lambda: [LastState(128, 128), linear(128, 10)]),
        "transformer-128": ((128, 128), 10, 32, 5, True, sgd(0.01), lambda: [
            nn.TransformerEncoderLayer(128, 4, 512, 0.0, "gelu", batch_first=True, norm_first=True), MeanOverSteps(),
            linear(128, 10)]),
    }


def network(case):
    layers = nn.Sequential(*classifiers()[case][-1]())
    return layers.to(memory_format=CHANNELS_LAST) if len(classifiers()[case][0]) == 3 else layers


def images(rows, shape):
    x = torch.rand(rows, *shape)
    return x.contiguous(memory_format=CHANNELS_LAST) if len(shape) == 3 else x


def classifier(case):
    shape, classes, rows, batches, counts, optimizer, _ = classifiers()[case]
    net = network(case)
    update = optimizer(net.parameters())
    data = cycle([(images(rows, shape), torch.randint(classes, (rows,))) for _ in range(batches)])

    def step():
        x, y = next(data)
        update.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), y).backward()
        update.step()
    return step, rows if counts else 1


def bits(rows):
    return cycle([(torch.rand(rows, 784) < 0.2).float() for _ in range(50)])


def denoising(rows):
    """784-500-784 with tied weights, masking noise 0.3, the cross-entropy."""
    data, w = bits(rows), (torch.randn(784, 500) * 0.05).requires_grad_()
    b, c = torch.zeros(500, requires_grad=True), torch.zeros(784, requires_grad=True)
    update = torch.optim.SGD([w, b, c], 0.1, fused=True)

    def step():
        x = next(data)
        update.zero_grad(set_to_none=True)
        h = torch.sigmoid(torch.addmm(b, x * torch.empty_like(x).bernoulli_(0.7), w))
        (F.binary_cross_entropy_with_logits(torch.addmm(c, h, w.t()), x, reduction="sum") / rows).backward()
        update.step()
    return step, rows


def boltzmann(rows):
    """784-500, one step of contrastive divergence, both sides sampled, means at the end; nothing to differentiate."""
    data, w = bits(rows), torch.randn(784, 500) * 0.05
    b, c = torch.zeros(784), torch.zeros(500)

    @torch.inference_mode()
    def step():
        v = next(data)
        up = torch.sigmoid(torch.addmm(c, v, w))
        dream = torch.bernoulli(torch.sigmoid(torch.addmm(b, torch.bernoulli(up), w.t())))
        down = torch.sigmoid(torch.addmm(c, dream, w))
        rate = 0.1 / rows
        w.addmm_(v.t(), up, alpha=rate).addmm_(dream.t(), down, alpha=-rate)
        b.add_((v - dream).sum(0), alpha=rate)
        c.add_((up - down).sum(0), alpha=rate)
    return step, rows


def inference(case, rows):
    net = network(case).eval()
    data = cycle([images(rows, classifiers()[case][0]) for _ in range(20)])
    return torch.inference_mode()(lambda: net(next(data))), rows


CASES = {name: lambda name=name: classifier(name) for name in classifiers()}
for size in (20, 128):
    CASES[f"dae-mnist-b{size}"] = lambda size=size: denoising(size)
    CASES[f"rbm-mnist-b{size}"] = lambda size=size: boltzmann(size)
for size in (1, 256):
    for name in ("mlp-mnist", "lenet-mnist"):
        CASES[f"infer-{name}-b{size}"] = lambda name=name, size=size: inference(name, size)


clock = time.perf_counter


def seconds(call, count):
    start = clock()
    for _ in range(count):
        call()
    return clock() - start


def torch_rates(case, runs, least):
    """Steps or samples a second, one number a run; runs are at least so many seconds long."""
    call, work = CASES[case]()
    seconds(call, 3)
    count = 1
    while (spent := seconds(call, count)) < least:
        count = max(count + 1, int(count * min(10, 1.1 * least / max(spent, 1e-9))))
    return [work * count / seconds(call, count) for _ in range(runs)]


def aviary_rates(program, case, threads, runs, least):
    line = subprocess.run(
        [program, "benchmark", "--case", case, "--threads", str(threads), "--runs", str(runs), "--seconds", str(least),
         "--json"] + (["--processor"] if clock is time.process_time else []), capture_output=True, text=True, check=True).stdout
    found = json.loads(line)
    return [1e6 / r if found["unit"] == "us" else r for r in found["runs"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aviary", help="the program, built for release")
    parser.add_argument("--case", help="names, comma-separated; all unless given")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="how often the two take turns")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of a round")
    parser.add_argument("--seconds", type=float, default=0.15, help="the least length of a run")
    parser.add_argument("--processor", action="store_true", help="measure the processor's time; for one thread")
    arguments = parser.parse_args()
    if arguments.processor:
        global clock
        clock = time.process_time
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    print(f"PyTorch {torch.__version__}, {arguments.threads} thread(s), a second:\n")
    print("| case | counted | PyTorch | Aviary | ratio |\n| --- | --- | --- | --- | --- |")
    for case in arguments.case.split(",") if arguments.case else CASES:
        theirs, ours = [], []
        for _ in range(arguments.rounds):
            theirs += torch_rates(case, arguments.runs, arguments.seconds)
            ours += aviary_rates(arguments.aviary, case, arguments.threads, arguments.runs, arguments.seconds)
        a, b = statistics.median(theirs), statistics.median(ours)
        is_steps = case in classifiers() and not classifiers()[case][4]
        print(f"| `{case}` | {'steps' if is_steps else 'samples'} | {a:,.0f} | {b:,.0f} | {b / a:.1f} |", flush=True)


if __name__ == "__main__":
    main()
