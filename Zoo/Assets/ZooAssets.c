#include "AviaryZooAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A recipe is embedded under its file's name; a test holds this list to the folders.

static const uint8_t course_cnn[] = {
#embed "../CNN/Recipes/course-cnn.json"
};

static const uint8_t course_logistic[] = {
#embed "../LogisticRegression/Recipes/course-logistic.json"
};

static const uint8_t course_mlp[] = {
#embed "../MLP/Recipes/course-mlp.json"
};

static const uint8_t course_softmax_from_zero[] = {
#embed "../LogisticRegression/Recipes/course-softmax-from-zero.json"
};

static const uint8_t digits_dbn[] = {
#embed "../DBN/Recipes/digits-dbn.json"
};

static const uint8_t digits_rbm[] = {
#embed "../RBM/Recipes/digits-rbm.json"
};

static const uint8_t fonts_cnn[] = {
#embed "../CNN/Recipes/fonts-cnn.json"
};

static const uint8_t fonts_dbn[] = {
#embed "../DBN/Recipes/fonts-dbn.json"
};

static const uint8_t fonts_logistic[] = {
#embed "../LogisticRegression/Recipes/fonts-logistic.json"
};

static const uint8_t fonts_mlp[] = {
#embed "../MLP/Recipes/fonts-mlp.json"
};

static const uint8_t fonts_mlp_stages[] = {
#embed "../MLP/Recipes/fonts-mlp-stages.json"
};

static const uint8_t fonts_network[] = {
#embed "../Network/Recipes/fonts-network.json"
};

static const uint8_t fonts_rbm[] = {
#embed "../RBM/Recipes/fonts-rbm.json"
};

static const uint8_t mlp_xor[] = {
#embed "../MLP/Recipes/mlp-xor.json"
};

static const uint8_t mnist_dbn[] = {
#embed "../DBN/Recipes/mnist-dbn.json"
};

static const uint8_t mnist_rbm[] = {
#embed "../RBM/Recipes/mnist-rbm.json"
};

static const uint8_t network_xor[] = {
#embed "../Network/Recipes/network-xor.json"
};

static const uint8_t perceptron_and[] = {
#embed "../Perceptron/Recipes/perceptron-and.json"
};

static const uint8_t perceptron_or[] = {
#embed "../Perceptron/Recipes/perceptron-or.json"
};

static const uint8_t perceptron_xor[] = {
#embed "../Perceptron/Recipes/perceptron-xor.json"
};

static const uint8_t two_class_logistic[] = {
#embed "../LogisticRegression/Recipes/two-class-logistic.json"
};

static const uint8_t card_perceptron[] = {
#embed "../Perceptron/Perceptron.md"
};

static const uint8_t card_logistic_regression[] = {
#embed "../LogisticRegression/LogisticRegression.md"
};

static const uint8_t card_mlp[] = {
#embed "../MLP/MLP.md"
};

static const uint8_t card_cnn[] = {
#embed "../CNN/CNN.md"
};

static const uint8_t card_network[] = {
#embed "../Network/Network.md"
};

static const uint8_t card_rbm[] = {
#embed "../RBM/RBM.md"
};

static const uint8_t card_dbn[] = {
#embed "../DBN/DBN.md"
};

static const aviary_zoo_text recipes[] = {
  {"course-cnn", course_cnn, sizeof course_cnn},
  {"course-logistic", course_logistic, sizeof course_logistic},
  {"course-mlp", course_mlp, sizeof course_mlp},
  {"course-softmax-from-zero", course_softmax_from_zero, sizeof course_softmax_from_zero},
  {"digits-dbn", digits_dbn, sizeof digits_dbn},
  {"digits-rbm", digits_rbm, sizeof digits_rbm},
  {"fonts-cnn", fonts_cnn, sizeof fonts_cnn},
  {"fonts-dbn", fonts_dbn, sizeof fonts_dbn},
  {"fonts-logistic", fonts_logistic, sizeof fonts_logistic},
  {"fonts-mlp", fonts_mlp, sizeof fonts_mlp},
  {"fonts-mlp-stages", fonts_mlp_stages, sizeof fonts_mlp_stages},
  {"fonts-network", fonts_network, sizeof fonts_network},
  {"fonts-rbm", fonts_rbm, sizeof fonts_rbm},
  {"mlp-xor", mlp_xor, sizeof mlp_xor},
  {"mnist-dbn", mnist_dbn, sizeof mnist_dbn},
  {"mnist-rbm", mnist_rbm, sizeof mnist_rbm},
  {"network-xor", network_xor, sizeof network_xor},
  {"perceptron-and", perceptron_and, sizeof perceptron_and},
  {"perceptron-or", perceptron_or, sizeof perceptron_or},
  {"perceptron-xor", perceptron_xor, sizeof perceptron_xor},
  {"two-class-logistic", two_class_logistic, sizeof two_class_logistic},
};

static const aviary_zoo_text cards[] = {
  {"perceptron", card_perceptron, sizeof card_perceptron},
  {"logistic-regression", card_logistic_regression, sizeof card_logistic_regression},
  {"mlp", card_mlp, sizeof card_mlp},
  {"cnn", card_cnn, sizeof card_cnn},
  {"network", card_network, sizeof card_network},
  {"rbm", card_rbm, sizeof card_rbm},
  {"dbn", card_dbn, sizeof card_dbn},
};

const aviary_zoo_text *aviary_zoo_recipe(intptr_t index) {
  const intptr_t count = sizeof recipes / sizeof *recipes;
  return index >= 0 && index < count ? &recipes[index] : 0;
}

const aviary_zoo_text *aviary_zoo_card(intptr_t index) {
  const intptr_t count = sizeof cards / sizeof *cards;
  return index >= 0 && index < count ? &cards[index] : 0;
}
