import AviaryAutograd
import AviaryCore

print("AviaryAutograd", try gradient(at: Tensor([3.0, 4.0])) { ($0 * $0).sum() })
