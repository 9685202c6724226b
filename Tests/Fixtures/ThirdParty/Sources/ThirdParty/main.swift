import Aviary
import AviaryCommandLine

var registries = Registries.standard
try registries.registerActivation(Gaussian.self)
try registries.register(ResidualDense.self)
try registries.register(SignDescent.self)
try registries.register(Tower.self)

let xor = try Recipe(
  parsing: """
    {
      "version": 1,
      "name": "tower-xor",
      "summary": "A tower of bumps learns XOR.",
      "data": {"name": "gates", "gate": "xor"},
      "split": "same",
      "model": {
        "name": "tower", "width": 4, "height": 1,
        "block": {"name": "residual-dense", "activation": "gaussian"}
      },
      "optimizer": {"name": "sign-descent", "learningRate": 0.02},
      "batchSize": null,
      "shuffle": false,
      "epochs": 100
    }
    """, source: "tower-xor.json")

AviaryCommand.main(in: registries, recipes: Zoo.recipes + [xor])
