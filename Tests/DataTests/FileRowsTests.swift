import AviaryCore
import AviaryData
import AviaryFormats
import Testing

/// Rows of files, read for a trained model.
@Suite struct FileRowsTests {
  private static let table = InputForm(
    shape: [2],
    schema: DataSchema(featureNames: ["a", "b"], targetName: "kind", classNames: ["x", "y"], targetKind: .labels))

  private func all(_ rows: FileRows) throws -> (inputs: [Double], places: [StoredRows.Place]) {
    var (inputs, places) = ([Double](), [StoredRows.Place]())
    while let some = try rows.next() {
      inputs += some.inputs.contiguous().scalars(as: Double.self)
      places.append(some.place)
    }
    return (inputs, places)
  }

  private func inputs(
    _ text: String, _ form: InputForm = table, notes: [String] = []
  ) throws -> [Double] {
    try withTemporaryFolder { folder in
      try write(Array(text.utf8), to: folder + "/new.csv")
      let rows = try FileRows([folder + "/new.csv"], form: form)
      let found = try all(rows)
      #expect(rows.notes == notes && rows.share == 1 && !rows.areImages && !rows.hasSeveralFiles)
      #expect(found.places == [.rows(of: folder + "/new.csv", 0..<found.inputs.count / 2)])
      return found.inputs
    }
  }

  @Test func columnsAreFoundByName() throws {
    #expect(try inputs("a,b\n1,2\n3,4\n") == [1, 2, 3, 4])
    #expect(try inputs("b;kind;a\n2,5;y;1\n") == [1, 2.5])
    // Targets may be missing, unknown or not classes at all; they are not read.
    #expect(try inputs("kind,b,a\n,2,1\nz,4,3\n") == [1, 2, 3, 4])
    #expect(
      try inputs("a,b,id\n1,2,7\n", notes: ["columns not used in training are ignored: 'id'"]) == [1, 2])
    #expect(dataError { _ = try inputs("a,c\n1,2\n") }.contains("the column 'b'"))
    #expect(dataError { _ = try inputs("a,b\n1,x\n") }.contains("line 2, column 2 ('b'): expected a number"))
  }

  @Test func columnsWithoutNamesAreTakenByPosition() throws {
    let note = "the file has no column names; columns are matched by position: a, b"
    #expect(try inputs("1,2\n3,4\n", notes: [note]) == [1, 2, 3, 4])
    let nameless = InputForm(shape: [2], schema: DataSchema(targetKind: .labels), source: CSVData())
    #expect(try inputs("1,2\n3,4\n", nameless) == [1, 2, 3, 4])
    // The last column is the target, as in the training.
    let order = "columns are taken in their order, since the training data had no names"
    #expect(
      try inputs("1,2,0\n3,4,1\n", nameless, notes: ["\(order); the target's column is left out"]) == [1, 2, 3, 4])
    #expect(dataError { _ = try inputs("1,2,3,4\n", nameless) }.contains("the table has 4 columns"))
    // Of a run on arrays nothing tells which column is none of the inputs.
    let arrays = InputForm(shape: [2])
    #expect(try inputs("id,b\n1,2\n", arrays, notes: [order]) == [1, 2])
    #expect(dataError { _ = try inputs("id,a,b\n1,2,3\n", arrays) }.contains("but the model takes 2 numbers"))
  }

  @Test func rowsOfNumbersTakeTheShapeOfInputs() throws {
    try withTemporaryFolder { folder in
      try write(Array("1,2,3,4\n5,6,7,8\n".utf8), to: folder + "/images.csv")
      let rows = try FileRows([folder + "/images.csv"], form: InputForm(shape: [2, 2, 1]))
      #expect(try rows.next()?.inputs.shape == [2, 2, 2, 1])
    }
  }

  /// Elements in another order would be other inputs.
  @Test func arraysOfAnotherOrderAreRefused() throws {
    try withTemporaryFolder { folder in
      for (stored, wanted, fits) in [
        ([3, 4, 6], [4, 6, 3], false), ([6, 4], [4, 6], false), ([72], [4, 6, 3], true), ([4, 6, 3], [72], true),
        ([1, 4, 6], [4, 6], true), ([4, 6], [4, 6, 1], true),
      ] as [(Shape, Shape, Bool)] {
        try NPY.write(Tensor.zeros(stored.inserting(2, at: 0)), to: folder + "/a.npy")
        let rows = try FileRows([folder + "/a.npy"], form: InputForm(shape: wanted))
        if fits {
          #expect(try rows.next()?.inputs.shape == wanted.inserting(2, at: 0))
        } else {
          #expect(dataError { _ = try rows.next() }.contains("the model was trained on inputs \(wanted)"))
        }
      }
    }
  }

  @Test func arraysAreFoundByShape() throws {
    try withTemporaryFolder { folder in
      let images = Tensor((0..<12).map { UInt8($0) }).reshaped(to: [3, 2, 2])
      let path = folder + "/a.npz"
      try NPZ.write(["pictures": images, "labels": Tensor([0, 1, 0]), "more": Tensor([[1.0]])], to: path)
      let rows = try FileRows([path], form: InputForm(shape: [2, 2, 1]))
      let some = try #require(try rows.next())
      #expect(some.inputs.shape == [3, 2, 2, 1] && some.inputs.dtype == .uint8)
      #expect(some.place == .rows(of: path, 0..<3))
      #expect(try rows.next() == nil && rows.notes == ["inputs: the array 'pictures'"])
      #expect(
        dataError { _ = try FileRows([path], form: InputForm(shape: [5])).next() }.contains("no array has rows"))
      try NPZ.write(["first": images, "second": images], to: path)
      let both = dataError { _ = try FileRows([path], form: InputForm(shape: [2, 2])).next() }
      #expect(both.contains("several arrays") && both.contains("'second' uint8[3, 2, 2]"))
      var named = InputForm(shape: [2, 2])
      named.arrayName = "second"
      #expect(try FileRows([path], form: named).next()?.inputs.shape == [3, 2, 2])
      try NPY.write(images, to: folder + "/a.npy")
      #expect(try FileRows([folder + "/a.npy"], form: InputForm(shape: [4])).next()?.inputs.shape == [3, 4])
    }
  }

  @Test func imagesBecomeInputs() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder + "/" + name }
      try PNG.write(Tensor([0, 100, 200, 255] as [UInt8]).reshaped(to: [2, 2]), to: path("b.png"))
      try PNM.write(Tensor([1, 2, 3, 4] as [UInt8]).reshaped(to: [2, 2]), to: path("a.pgm"))
      // Colors by the weights of BT.601: 0.299·100 + 0.587·200 + 0.114·50 = 153.
      let color = Tensor.concatenate((0..<4).map { _ in Tensor([100, 200, 50] as [UInt8]) }).reshaped(to: [2, 2, 3])
      try PNG.write(color, to: path("c.png"))
      let opaque = Tensor.concatenate((0..<4).map { _ in Tensor([9, 255] as [UInt8]) }).reshaped(to: [2, 2, 2])
      try PNG.write(opaque, to: path("d.PNG"))
      try write(Array("no image".utf8), to: path("notes.txt"))
      let form = InputForm(shape: [2, 2, 1], range: 0...255)
      let rows = try FileRows([folder], form: form)
      #expect(rows.areImages && rows.hasSeveralFiles)
      let found = try all(rows)
      #expect(found.inputs == [1, 2, 3, 4, 0, 100, 200, 255, 153, 153, 153, 153, 9, 9, 9, 9])
      #expect(found.places == [.images(["a.pgm", "b.png", "c.png", "d.PNG"].map(path))])
      // A model of color images sees gray three times; a model of rows of numbers sees all pixels in a row.
      #expect(
        try all(FileRows([path("a.pgm")], form: InputForm(shape: [2, 2, 3]))).inputs.prefix(6) == [1, 1, 1, 2, 2, 2])
      #expect(try all(FileRows([path("a.pgm")], form: InputForm(shape: [4]))).inputs == [1, 2, 3, 4])
      #expect(try all(FileRows([path("c.png")], form: InputForm(shape: [12]))).inputs.prefix(3) == [100, 200, 50])
      var inverted = form
      inverted.invertsImages = true
      #expect(try all(FileRows([path("a.pgm")], form: inverted)).inputs == [254, 253, 252, 251])
    }
  }

  @Test func pixelsTakeTheRangeOfTheTraining() throws {
    try withTemporaryFolder { folder in
      try PNG.write(Tensor([0, 51, 255, 102] as [UInt8]).reshaped(to: [2, 2]), to: folder + "/a.png")
      let rows = try FileRows([folder + "/a.png"], form: InputForm(shape: [2, 2, 1], range: 0...20))
      #expect(try all(rows).inputs == [0, 4, 20, 8])
      #expect(rows.notes == ["pixels are scaled from 0…255 to 0.0…20.0, the range of the training inputs"])
      try PNG.write(Tensor([0, 65535, 257, 514] as [UInt16]).reshaped(to: [2, 2]), to: folder + "/b.png")
      #expect(try all(FileRows([folder + "/b.png"], form: InputForm(shape: [4]))).inputs == [0, 255, 1, 2])
    }
  }

  @Test func whatIsNoInputIsTold() throws {
    try withTemporaryFolder { folder in
      let image = folder + "/a.png"
      try PNG.write(Tensor([0, 1, 2, 3] as [UInt8]).reshaped(to: [2, 2]), to: image)
      func problem(_ form: InputForm, _ path: String = image) -> String {
        dataError { _ = try FileRows([path], form: form).next() }
      }
      #expect(problem(InputForm(shape: [3, 2, 1])).contains("2 × 2 pixels, but the model was trained on 3 × 2"))
      #expect(problem(InputForm(shape: [5])).contains("rows of 5 numbers"))
      #expect(problem(InputForm(shape: [2, 2, 5])).contains("not gray or color images"))
      let half = Tensor([0, 128] as [UInt8]).reshaped(to: [1, 1, 2])
      try PNG.write(half, to: folder + "/half.png")
      #expect(problem(InputForm(shape: [1, 1, 1]), folder + "/half.png").contains("transparent pixels"))
      try write([0xFF, 0xD8, 0xFF, 0xE0], to: folder + "/photo.jpg")
      #expect(problem(InputForm(shape: [2, 2, 1]), folder + "/photo.jpg").contains("save it as PNG"))
      #expect(problem(InputForm(shape: [2, 2, 1]), folder + "/none.png").contains("no such file"))
      try write([0x1F, 0x8B], to: folder + "/packed.csv")
      #expect(problem(InputForm(shape: [2]), folder + "/packed.csv").contains("gzip"))
      try withTemporaryFolder { empty in
        #expect(problem(InputForm(shape: [2, 2, 1]), empty).contains("no images"))
      }
    }
  }
}
