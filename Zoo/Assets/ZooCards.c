#include "AviaryZooAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A card is embedded under its model's name; a test holds this list to the folders.
static const uint8_t card_perceptron[] = {
#embed "../Perceptron/Perceptron.md"
};
static const uint8_t card_pca[] = {
#embed "../PCA/PCA.md"
};
static const uint8_t card_k_means[] = {
#embed "../KMeans/KMeans.md"
};
static const uint8_t card_naive_bayes[] = {
#embed "../NaiveBayes/NaiveBayes.md"
};
static const uint8_t card_random_forest[] = {
#embed "../RandomForest/RandomForest.md"
};
static const uint8_t card_decision_tree[] = {
#embed "../DecisionTree/DecisionTree.md"
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
static const uint8_t card_adaline[] = {
#embed "../Adaline/Adaline.md"
};
static const uint8_t card_lenet[] = {
#embed "../LeNet/LeNet.md"
};
static const uint8_t card_linear_regression[] = {
#embed "../LinearRegression/LinearRegression.md"
};
static const uint8_t card_maxout[] = {
#embed "../MaxoutNetwork/MaxoutNetwork.md"
};
static const uint8_t card_softmax_regression[] = {
#embed "../SoftmaxRegression/SoftmaxRegression.md"
};
static const uint8_t card_autoencoder[] = {
#embed "../Autoencoder/Autoencoder.md"
};
static const uint8_t card_denoising_autoencoder[] = {
#embed "../DenoisingAutoencoder/DenoisingAutoencoder.md"
};
static const uint8_t card_stacked_denoising_autoencoder[] = {
#embed "../StackedDenoisingAutoencoder/StackedDenoisingAutoencoder.md"
};
static const uint8_t card_deep_autoencoder[] = {
#embed "../DeepAutoencoder/DeepAutoencoder.md"
};
static const uint8_t card_vgg[] = {
#embed "../VGG/VGG.md"
};
static const uint8_t card_resnet[] = {
#embed "../ResNet/ResNet.md"
};
static const uint8_t card_convolutional_autoencoder[] = {
#embed "../ConvolutionalAutoencoder/ConvolutionalAutoencoder.md"
};
static const uint8_t card_rnn[] = {
#embed "../RNN/RNN.md"
};
static const uint8_t card_lstm[] = {
#embed "../LSTM/LSTM.md"
};
static const uint8_t card_gru[] = {
#embed "../GRU/GRU.md"
};
static const uint8_t card_transformer[] = {
#embed "../Transformer/Transformer.md"
};
static const uint8_t card_character_model[] = {
#embed "../CharacterModel/CharacterModel.md"
};
static const uint8_t card_variational_autoencoder[] = {
#embed "../VariationalAutoencoder/VariationalAutoencoder.md"
};
static const uint8_t card_sequence_to_sequence[] = {
#embed "../SequenceToSequence/SequenceToSequence.md"
};

static const aviary_zoo_text cards[] = {
  {"perceptron", card_perceptron, sizeof card_perceptron},
  {"pca", card_pca, sizeof card_pca},
  {"k-means", card_k_means, sizeof card_k_means},
  {"naive-bayes", card_naive_bayes, sizeof card_naive_bayes},
  {"random-forest", card_random_forest, sizeof card_random_forest},
  {"decision-tree", card_decision_tree, sizeof card_decision_tree},
  {"logistic-regression", card_logistic_regression, sizeof card_logistic_regression},
  {"mlp", card_mlp, sizeof card_mlp},
  {"cnn", card_cnn, sizeof card_cnn},
  {"network", card_network, sizeof card_network},
  {"rbm", card_rbm, sizeof card_rbm},
  {"dbn", card_dbn, sizeof card_dbn},
  {"adaline", card_adaline, sizeof card_adaline},
  {"lenet", card_lenet, sizeof card_lenet},
  {"linear-regression", card_linear_regression, sizeof card_linear_regression},
  {"maxout", card_maxout, sizeof card_maxout},
  {"softmax-regression", card_softmax_regression, sizeof card_softmax_regression},
  {"autoencoder", card_autoencoder, sizeof card_autoencoder},
  {"denoising-autoencoder", card_denoising_autoencoder, sizeof card_denoising_autoencoder},
  {"stacked-denoising-autoencoder", card_stacked_denoising_autoencoder, sizeof card_stacked_denoising_autoencoder},
  {"deep-autoencoder", card_deep_autoencoder, sizeof card_deep_autoencoder},
  {"vgg", card_vgg, sizeof card_vgg},
  {"resnet", card_resnet, sizeof card_resnet},
  {"convolutional-autoencoder", card_convolutional_autoencoder, sizeof card_convolutional_autoencoder},
  {"rnn", card_rnn, sizeof card_rnn},
  {"lstm", card_lstm, sizeof card_lstm},
  {"gru", card_gru, sizeof card_gru},
  {"transformer", card_transformer, sizeof card_transformer},
  {"character-model", card_character_model, sizeof card_character_model},
  {"variational-autoencoder", card_variational_autoencoder, sizeof card_variational_autoencoder},
  {"sequence-to-sequence", card_sequence_to_sequence, sizeof card_sequence_to_sequence},
};

const aviary_zoo_text *aviary_zoo_card(intptr_t index) {
  const intptr_t count = sizeof cards / sizeof *cards;
  return index >= 0 && index < count ? &cards[index] : 0;
}
