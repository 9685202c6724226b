import AviaryTraining

print("AviaryTraining", ConfusionMatrix(classes: 2).total)
