import AviaryZoo

print("AviaryZoo", Zoo.recipes.count, "recipes")
