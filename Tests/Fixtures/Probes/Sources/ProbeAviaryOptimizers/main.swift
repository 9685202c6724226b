import AviaryOptimizers

print("AviaryOptimizers")
