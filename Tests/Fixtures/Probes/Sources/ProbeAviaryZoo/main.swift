import AviaryZoo

print("AviaryZoo")
