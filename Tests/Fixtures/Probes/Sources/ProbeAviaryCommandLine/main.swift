import AviaryCommandLine

print("AviaryCommandLine")
