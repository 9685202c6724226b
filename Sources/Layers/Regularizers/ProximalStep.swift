import AviaryRegistry

/// The field shared by penalties with a sum of absolute values.
struct ProximalStep: FieldGroup {
  @Field(
    "Makes exact zeros by a proximal step with the learning rate η after each update; needs sgd without momentum"
  )
  var proximal = false

  init() {}
}
