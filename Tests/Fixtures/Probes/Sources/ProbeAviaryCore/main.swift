import AviaryCore

print("AviaryCore")
