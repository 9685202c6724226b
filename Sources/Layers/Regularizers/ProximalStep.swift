import AviaryRegistry

/// How a sum of absolute values is made small: what the penalties with one share.
struct ProximalStep: FieldGroup {
  @Field(
    "Makes exact zeros: each update is followed by a proximal step with the learning rate η; the optimizer is sgd without momentum"
  )
  var proximal = false

  init() {}
}
