import AviaryLayers

let model = try Model(Dense(5), input: .image(36, 36, 1), seed: 1)
print("AviaryLayers", model.outputShape)
