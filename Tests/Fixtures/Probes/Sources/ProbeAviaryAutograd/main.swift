import AviaryAutograd

print("AviaryAutograd")
