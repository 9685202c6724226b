import AviaryCore
import AviaryData
import AviaryRegistry
import Testing

/// The course's own images, which may be used but not redistributed.
@Suite(.enabled(if: courseFolder != nil, "set AVIARY_DATA to a folder with fonts/data_with_labels.npz to run these"))
struct CourseDataTests {
  private let folder = courseFolder ?? ""

  @Test func imagesAreRead() throws {
    let set = try FontsData().load(DataEnvironment(file: folder + "/data_with_labels.npz"))
    #expect(set.inputs.spec == TensorSpec([2790, 36, 36, 1], .uint8))
    #expect(set.labels?.scalars(as: Int.self) == (0..<5).flatMap { [Int](repeating: $0, count: 558) })
    #expect(abs(set.inputs.cast(to: .float64).mean().item() - 17.3079) < 5e-5)
    let relative = try dataRegistries().make(.dataSet, "npz", ["file": "fonts/data_with_labels.npz"])
    #expect(try relative.load(DataEnvironment(folder: dataFolder)).inputs.shape == [2790, 36, 36])
  }

  @Test(arguments: [(1, "first"), (2, "second")])
  func splitIsTheCourses(_ draw: Int, _ name: String) throws {
    let set = try FontsData().load(DataEnvironment(file: folder + "/data_with_labels.npz"))
    let environment = DataEnvironment(folder: dataFolder)
    let file = ConfigurationValue.string("fonts/permutation_seed100_\(name).txt")
    let listed = try dataRegistries().make(.split, "indices", ["trainFile": file]).partition(set, in: environment)
    let drawn = try NumPyLegacySplit(seed: 100, draw: draw).partition(set, random: RandomSource(seed: 1))
    #expect(drawn.test + drawn.train == listed.train)
    #expect(drawn.test.count == 279)
  }
}
