import Aviary

print("Aviary", Registries.standard.entries.count, "names")
