import AviaryRegistry

print("AviaryRegistry", Suggestion.nearest(to: "adma", in: ["adam", "sgd"]) ?? "nothing")
