/// A short list: up to two elements lie inline, so that the record of a common operation allocates nothing for its lists.
enum Few<Element>: RandomAccessCollection {
  case none
  case one(Element)
  case two(Element, Element)
  case many([Element])

  init(_ elements: [Element]) {
    switch elements.count {
    case 0: self = .none
    case 1: self = .one(elements[0])
    case 2: self = .two(elements[0], elements[1])
    default: self = .many(elements)
    }
  }

  var startIndex: Int { 0 }

  var endIndex: Int {
    switch self {
    case .none: 0
    case .one: 1
    case .two: 2
    case .many(let elements): elements.count
    }
  }

  subscript(position: Int) -> Element {
    switch self {
    case .one(let element) where position == 0: element
    case .two(let first, let second) where position == 0 || position == 1: position == 0 ? first : second
    case .many(let elements): elements[position]
    default: preconditionFailure("position \(position) of a list of \(count)")
    }
  }
}
