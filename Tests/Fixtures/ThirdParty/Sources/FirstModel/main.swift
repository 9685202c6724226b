import Aviary

var recipe = try Recipe(
  parsing: """
    {
      "version": 1,
      "data": "fonts", "split": {"name": "stratified", "test": 0.2},
      "transforms": [{"name": "scale", "divisor": 255}],
      "model": {"name": "mlp", "units": [64]},
      "optimizer": "adam", "batchSize": 32, "epochs": 20
    }
    """)
try recipe.set("optimizer.learningRate=0.002")
let result = try Trainer(recipe, in: .standard).run()
print(result.model.summary)
print("test accuracy", result.scores["test"]?.values["accuracy"] ?? .nan)
