import Aviary
import AviaryTestSupport
import Testing

@Suite(.withTool) struct PredictCommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func aviary(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, in: folder) }

  /// A run on flowers that one column distinguishes.
  private func trainOnTable() throws {
    let rows = (0..<60).map { "\($0 % 6),\($0 % 2),\($0 % 2 == 0 ? "\"rose, red\"" : "tulip")" }
    try folder.write(Array(("size,stem,kind\n" + rows.joined(separator: "\n") + "\n").utf8), to: "flowers.csv")
    let trained = try aviary("new", "--data", "flowers.csv", "--output", "flowers.json")
    #expect(trained.status == 0, "\(trained.errors)")
    let run = try aviary("train", "flowers.json", "--epochs", "60", "--output", "run", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func tablesArePredictedRowByRow() throws {
    try trainOnTable()
    try folder.write(Array("stem,size\n0,3\n1,2\n".utf8), to: "new.csv")
    let table = try aviary("predict", "run", "new.csv")
    #expect(table.status == 0 && table.errors.isEmpty, "\(table.errors)")
    #expect(table.lines.count == 3 && table.lines[0] == "row,class,probability")
    #expect(table.lines[1].hasPrefix("0,\"rose, red\",0.") && table.lines[2].hasPrefix("1,tulip,0."))
    let lines = try aviary("predict", "run", "new.csv", "new.csv", "--json", "--top", "2", "--probabilities").lines
    #expect(lines.count == 4 && lines[0] == lines[2])
    let json = try ConfigurationValue(parsing: lines[1])
    #expect(json.objectValue?.keys == ["file", "row", "class", "probability", "top", "probabilities"])
    #expect(json["file"] == "new.csv" && json["row"] == 1 && json["class"] == "tulip")
    #expect(json["top"]?.arrayValue?.count == 2 && json["top"]?.arrayValue?[1]["class"] == "rose, red")
    #expect(json["probabilities"]?["tulip"] == json["probability"])
    let all = try aviary("predict", "run", "new.csv", "--top=3", "--probabilities").lines
    #expect(
      all[0] == "row,class,probability,class-2,probability-2,\"probability(rose, red)\",probability(tulip)")
  }

  @Test func filesAreWritten() throws {
    try trainOnTable()
    let rows = (0..<3000).map { "\($0 % 2),\($0 % 5)" }
    try folder.write(Array(("stem,size\n" + rows.joined(separator: "\n")).utf8), to: "many.csv")
    let csv = try aviary("predict", "run", "many.csv", "--output", "found.csv")
    #expect(csv.status == 0 && csv.output.hasPrefix("3000 predictions in found.csv ("), "\(csv.errors)")
    let lines = try folder.text("found.csv").split(separator: "\n")
    #expect(lines.count == 3001 && lines[3000].hasPrefix("2999,tulip,"))
    #expect(try aviary("predict", "run", "many.csv", "--output", "found.npy", "--quiet").output.isEmpty)
    let array = try NPY.read(folder["found.npy"])
    #expect(array.shape == [3000, 2] && abs(array.sum().item() - 3000) < 0.01)
    #expect(try aviary("predict", "run", "many.csv", "--output", "found.jsonl").status == 0)
    #expect(try folder.text("found.jsonl").split(separator: "\n").count == 3000)
    let same = try aviary("predict", "run", "many.csv", "--output", "./many.csv")
    #expect(same.status == 2 && same.errors.contains("is the input 'many.csv'") && folder.holds("many.csv"))
    // A failed prediction leaves no file.
    try folder.write(Array("stem,size\n1,2\n1,x\n".utf8), to: "bad.csv")
    let bad = try aviary("predict", "run", "bad.csv", "--output", "bad.npy")
    #expect(bad.status == 1 && bad.errors.contains("line 3, column 2 ('size')") && !folder.holds("bad.npy"))
  }

  @Test func imagesAndCodesOfAnAutoencoder() throws {
    let trained = try aviary("train", "digits-autoencoder", "--epochs", "1", "--output", "run", "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    for index in 0..<2 {
      let pixels = Tensor((0..<64).map { UInt8($0 * 4) }).reshaped(to: [8, 8])
      try folder.write(PNG.encode(pixels), to: "images/\(index).png")
    }
    let codes = try aviary("predict", "run", "images", "--codes")
    #expect(codes.status == 0, "\(codes.errors)")
    #expect(codes.lines.count == 3 && codes.lines[0].hasPrefix("file,code-0,code-1"))
    #expect(codes.lines[1].hasPrefix("images/0.png,") && codes.errors.contains("note: pixels are scaled from 0…255 to"))
    #expect(codes.lines[1].dropFirst(12) == codes.lines[2].dropFirst(12))
    let pictures = try aviary("predict", "run", "images", "--output", "pictures.npy")
    #expect(pictures.status == 0, "\(pictures.errors)")
    #expect(try NPY.read(folder["pictures.npy"]).shape == [2, 8, 8, 1])
    let top = try aviary("predict", "run", "images", "--top", "2")
    #expect(top.status == 2 && top.errors.contains("--top is for classes"))
  }

  @Test func wrongArgumentsAreTold() throws {
    for (arguments, message) in [
      (["predict", "run"], "expected a run's folder and the files"),
      (["predict", "run", "a.csv", "--output", "a.txt"], "--output: expected a name that ends in"),
      (["predict", "run", "a.csv", "--output", "a.npy", "--json"], "leave one of them out"),
      (["predict", "run", "a.csv", "--top", "0"], "--top: expected a whole number"),
    ] {
      let outcome = try Tool.run(arguments, in: folder)
      #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    }
    #expect(try aviary("predict", "nowhere", "a.csv").status == 1)
  }

  /// What follows the end of a table, with naive forecasts beside it.
  @Test func seriesAreForecast() throws {
    let rows = (0..<60).map { "\(1990 + $0),\(50 + $0 + 5 * ($0 % 4))" }
    try folder.write(Array((["year,\"sales, net\""] + rows).joined(separator: "\n").utf8), to: "sales.csv")
    let data = #"{"name": "series", "file": "sales.csv", "steps": 8, "horizon": 2, "period": 4}"#
    let run = try aviary(
      "train", "seasonal-gru", "--set", "data=\(data)", "--set", #"transforms=[{"name": "difference", "lag": 4}]"#,
      "--epochs", "2", "--output", "run", "--json", "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    let scores = try ConfigurationValue(parsing: run.lines.last ?? "")["test"]
    #expect(scores?["mae-seasonal"]?.numberValue == 4 && scores?["mae"]?.numberValue != nil)
    let table = try aviary("predict", "run", "sales.csv")
    #expect(table.status == 0 && table.errors.isEmpty, "\(table.errors)")
    #expect(table.lines[0] == "row,\"sales, net\",\"sales, net-last-value\",\"sales, net-seasonal\"")
    #expect(table.lines.count == 3 && table.lines[1].hasPrefix("60,") && table.lines[1].hasSuffix(",124.0,106.0"))
    #expect(table.lines[2].hasPrefix("61,") && table.lines[2].hasSuffix(",124.0,112.0"))
    let json = try aviary("predict", "run", "sales.csv", "sales.csv", "--json")
    let line = try ConfigurationValue(parsing: json.lines[3])
    #expect(line["file"] == "sales.csv" && line["row"] == 61 && line["sales, net-seasonal"]?.numberValue == 112)
    let refused = try aviary("predict", "run", "sales.csv", "--top", "2")
    #expect(refused.status != 0 && refused.errors.contains("forecasts a time series"))
    let array = try aviary("predict", "run", "sales.csv", "--output", "next.npy", "--quiet")
    #expect(try array.status == 0 && folder.bytes("next.npy").count > 128)
  }
}
