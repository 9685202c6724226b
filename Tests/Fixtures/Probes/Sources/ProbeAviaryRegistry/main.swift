import AviaryRegistry

print("AviaryRegistry")
