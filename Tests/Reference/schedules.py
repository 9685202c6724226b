"""Schedules that have a counterpart in torch.optim.lr_scheduler, step by step.

Output: OptimizersTests/Golden/further_schedules.json. `name` and `configuration` are a schedule's as the registries know
them; `optimizers.py` has the schedules of plain formulas.
"""

import math

import torch
from torch.optim import lr_scheduler as S

from golden import versions, write

AT = [0, 1, 2, 5, 6, 7, 9, 10, 11, 14, 15, 19, 20, 29, 30, 31, 44, 45, 59, 60, 61, 74, 89, 90, 99, 100, 149, 199]
cases = []


def schedule(name, case, rate, make, configuration, momentum=False, last=AT[-1]):
    """The rate (or momentum) that torch's scheduler gives an optimizer before each step, the last one included."""
    steps = [i for i in AT if i <= last]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate, momentum=0.9)
    values, scheduler = [], make(optimizer)
    for _ in range(last + 1):
        group = optimizer.param_groups[0]
        values.append(group["momentum"] if momentum else group["lr"])
        optimizer.step()
        scheduler.step()
    cases.append({"name": name, "case": case, "configuration": configuration, "steps": steps, "values": [values[i] for i in steps]})


schedule("multi-step", "three", 0.5, lambda o: S.MultiStepLR(o, [10, 15, 60], 0.3),
         {"initial": 0.5, "milestones": [10, 15, 60], "factor": 0.3})
schedule("multi-step", "rises", 0.5, lambda o: S.MultiStepLR(o, [30], 2.0), {"initial": 0.5, "milestones": [30], "factor": 2})
for power in [1.0, 2.0, 0.5, 3.7]:
    schedule("polynomial", f"power-{power}", 0.2, lambda o: S.PolynomialLR(o, 60, power),
             {"from": 0.2, "to": 0, "over": 60, "power": power})
for growth in [1, 2, 3]:
    schedule("cosine-restarts", f"growth-{growth}", 0.3, lambda o: S.CosineAnnealingWarmRestarts(o, 10, growth, 0.01),
             {"from": 0.3, "to": 0.01, "over": 10, "growth": growth})
for curve, over, rise in [("cosine", 100, 0.3), ("linear", 90, 0.45), ("cosine", 20, 0.1)]:
    one = lambda o: S.OneCycleLR(o, 0.5, total_steps=over, pct_start=rise, anneal_strategy={"cosine": "cos"}.get(curve, curve),
                                 base_momentum=0.8, max_momentum=0.95)
    shared = {"over": over, "rise": rise, "curve": curve}
    schedule("one-cycle", f"rate-{curve}-{over}", 0.1, one, {"from": 0.02, "peak": 0.5, "to": 0.02 / 1e4, **shared}, last=over - 1)
    schedule("one-cycle", f"momentum-{curve}-{over}", 0.1, one, {"from": 0.95, "peak": 0.8, "to": 0.95, **shared}, momentum=True,
             last=over - 1)
for case, options, extra in [
    ("triangular", {"mode": "triangular"}, {}), ("triangular2", {"mode": "triangular2"}, {"factor": 0.5}),
    ("exp-range", {"mode": "exp_range", "gamma": 0.98}, {"decay": 0.98}),
]:
    for fall in [None, 25]:
        schedule("cyclic", f"{case}-{fall}", 0.1,
                 lambda o: S.CyclicLR(o, 0.01, 0.4, 15, fall, cycle_momentum=False, **options),
                 {"from": 0.01, "to": 0.4, "rise": 15, **extra, **({"fall": fall} if fall else {})})
for start in [0.25, 1.0]:
    schedule("warm-up", f"number-{start}", 0.4, lambda o: S.LinearLR(o, start, 1.0, 20),
             {"schedule": 0.4, "over": 20, "start": start})
schedule("warm-up", "then-polynomial", 0.4,
         lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, 1.0, 20), S.PolynomialLR(o, 70, 2.0)], [20]),
         {"schedule": {"name": "polynomial", "from": 0.4, "over": 70, "power": 2}, "over": 20, "start": 0.1})
schedule("sequence", "three", 0.4,
         lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.5, 1000), S.PolynomialLR(o, 40), S.ExponentialLR(o, 0.97)], [10, 60]),
         {"schedules": [0.2, {"name": "polynomial", "from": 0.4, "over": 40, "power": 1},
                        {"name": "exponential", "initial": 0.4, "factor": 0.97}], "milestones": [10, 60]})
assert math.isclose(cases[-1]["values"][7], 0.4)


# A number measured after each epoch, as many as there are steps: the rate of each epoch, the first before any is known.
MEASURED = [1.0, 0.8, 0.79995, 0.9, 0.7, 0.71, 0.72, 0.73, 0.74, 0.6999, 0.75, 0.76, 0.77, 0.78, 0.6, 0.61, 0.62, 0.63, 0.64,
            0.65, 0.66, 0.59, 0.7, 0.71, 0.72, 0.73]
for case, sign, options, configuration in [
    ("loss", 1, {"factor": 0.5, "patience": 2}, {"factor": 0.5, "patience": 2}),
    ("cooldown", 1, {"factor": 0.3, "patience": 1, "cooldown": 2, "min_lr": 0.02},
     {"factor": 0.3, "patience": 1, "cooldown": 2, "floor": 0.02}),
    ("threshold", 1, {"factor": 0.7, "patience": 0, "threshold": 0.1}, {"factor": 0.7, "patience": 0, "threshold": 0.1}),
    ("accuracy", -1, {"factor": 0.5, "patience": 1, "mode": "max"},
     {"factor": 0.5, "patience": 1, "monitor": "test.accuracy"}),
]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    # torch takes a fall below eps = 1e-8 for none
    scheduler, values = S.ReduceLROnPlateau(optimizer, **{"threshold": 1e-4, **options}), [0.4]
    measured = [m if sign > 0 else 2 - m for m in MEASURED]
    for number in measured:
        optimizer.step()
        scheduler.step(number)
        values.append(optimizer.param_groups[0]["lr"])
    assert len(set(values)) > 2, case
    cases.append({"name": "reduce-on-plateau", "case": case, "configuration": {"initial": 0.4, **configuration},
                  "measured": measured, "steps": list(range(len(values))), "values": values})
write("OptimizersTests/Golden/further_schedules.json", {
    "generator": "Tests/Reference/schedules.py", "versions": versions(torch),
    "conventions": "values[k]: the schedule at step steps[k]; steps count from 0",
}, cases)
