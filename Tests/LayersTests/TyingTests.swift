import AviaryAutograd
import AviaryCore
import AviaryLayers
import Testing

/// Two layers with one weight: an autoencoder whose decoder is the transposed encoder.
struct TyingTests {
  static let autoencoder = Sequential {
    Dense(3, activation: Tanh())
    Dense(5, tiedTo: "0.dense.weight")
  }

  @Test func aTiedWeightIsStoredOnce() throws {
    let model = try Model(Self.autoencoder, input: [5], seed: 1)
    #expect(model.parameters.entries.map(\.name) == ["0.dense.weight", "0.dense.bias", "1.dense.bias"])
    #expect(model.parameters.trainableCount == 15 + 3 + 5)
    #expect(model.summaryRows().map(\.parameters) == [18, 5])
  }

  @Test(arguments: [true, false]) func itsDerivativeIsTheSumOfBothUses(_ bias: Bool) throws {
    let network = Sequential {
      Dense(3, activation: Tanh(), bias: bias)
      Dense(5, bias: bias, tiedTo: "0.dense.weight")
    }
    let tied = try Model(network, input: [5], dtype: .float64, seed: 1)
    let weight = tied.parameters["0.dense.weight"]
    let apart = Sequential {
      Dense(3, activation: Tanh(), bias: bias)
      Dense(5, bias: bias)
    }
    var free = try Model(apart, input: [5], dtype: .float64, seed: 1)
    free.parameters["0.dense.weight"] = weight
    free.parameters["1.dense.weight"] = weight.transposed()
    let (x, cotangent) = (normal([4, 5], 1), normal([4, 5], 2))
    let (one, two) = (
      try derivatives(of: tied, at: x, cotangent: cotangent), try derivatives(of: free, at: x, cotangent: cotangent)
    )
    #expect(distance(one.output, two.output) < 1e-14)
    let sum = two.parameters[0] + two.parameters[bias ? 2 : 1].transposed()
    #expect(distance(one.parameters[0], sum) < 1e-14)
    #expect(distance(one.parameters[0], two.parameters[0]) > 1e-3)
  }

  @Test func mistakesAreRefusedWhenTheModelIsBuilt() {
    let cases: [(Sequential, String, String)] = [
      (
        Sequential {
          Dense(3); Dense(5, tiedTo: "0.dense.wieght")
        }, "1.dense", "did you mean '0.dense.weight'?"
      ),
      (
        Sequential {
          Dense(3); Dense(4, tiedTo: "0.dense.weight")
        }, "1.dense", "transposed it must be [3, 4]"
      ),
      (
        Sequential {
          Dense(3, tiedTo: "1.dense.weight"); Dense(5)
        }, "0.dense", "none is known"
      ),
    ]
    for (network, path, message) in cases {
      let error = #expect(throws: LayerError.self) { try Model(network, input: [5], seed: 1) }
      #expect(error?.path == path)
      #expect(error?.problem.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }
}
