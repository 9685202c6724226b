import Aviary

print("Aviary")
