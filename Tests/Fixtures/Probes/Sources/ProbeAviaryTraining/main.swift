import AviaryTraining

print("AviaryTraining")
