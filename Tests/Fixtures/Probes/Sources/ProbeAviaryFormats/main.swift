import AviaryFormats

print("AviaryFormats")
