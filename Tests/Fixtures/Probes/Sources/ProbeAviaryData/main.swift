import AviaryData

print("AviaryData")
