import AviaryFormats

print("AviaryFormats", try CSVTable(Array("a,b\n1,2\n".utf8)).numbers(columns: ["b"]))
