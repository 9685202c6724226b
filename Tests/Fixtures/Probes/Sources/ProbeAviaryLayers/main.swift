import AviaryLayers

print("AviaryLayers")
