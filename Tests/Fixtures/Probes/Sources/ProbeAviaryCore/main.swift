import AviaryCore

let pair = Tensor([3.0, 4.0])
print("AviaryCore", (pair * pair).sum().scalar())
