import AviaryData

print("AviaryData", try FontsData().load().count)
