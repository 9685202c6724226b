#include "AviaryZooAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A recipe is embedded under its file's name; a test holds this list to the folders.
static const uint8_t adaline_and[] = {
#embed "../Adaline/Recipes/adaline-and.json"
};
static const uint8_t adaline_or[] = {
#embed "../Adaline/Recipes/adaline-or.json"
};
static const uint8_t adding_gru[] = {
#embed "../GRU/Recipes/adding-gru.json"
};
static const uint8_t adding_lstm[] = {
#embed "../LSTM/Recipes/adding-lstm.json"
};
static const uint8_t adding_rnn[] = {
#embed "../RNN/Recipes/adding-rnn.json"
};
static const uint8_t copy_memory_gru[] = {
#embed "../GRU/Recipes/copy-memory-gru.json"
};
static const uint8_t copy_memory_lstm[] = {
#embed "../LSTM/Recipes/copy-memory-lstm.json"
};
static const uint8_t copy_memory_rnn[] = {
#embed "../RNN/Recipes/copy-memory-rnn.json"
};
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
static const uint8_t digits_adaline[] = {
#embed "../Adaline/Recipes/digits-adaline.json"
};
static const uint8_t digits_autoencoder[] = {
#embed "../Autoencoder/Recipes/digits-autoencoder.json"
};
static const uint8_t digits_dbn[] = {
#embed "../DBN/Recipes/digits-dbn.json"
};
static const uint8_t digits_dbn_dreams[] = {
#embed "../DBN/Recipes/digits-dbn-dreams.json"
};
static const uint8_t digits_deep_autoencoder[] = {
#embed "../DeepAutoencoder/Recipes/digits-deep-autoencoder.json"
};
static const uint8_t digits_denoising_autoencoder[] = {
#embed "../DenoisingAutoencoder/Recipes/digits-denoising-autoencoder.json"
};
static const uint8_t digits_dropout[] = {
#embed "../MLP/Recipes/digits-dropout.json"
};
static const uint8_t digits_few_labels[] = {
#embed "../Network/Recipes/digits-few-labels.json"
};
static const uint8_t digits_lenet[] = {
#embed "../LeNet/Recipes/digits-lenet.json"
};
static const uint8_t digits_linear[] = {
#embed "../LinearRegression/Recipes/digits-linear.json"
};
static const uint8_t digits_lstm[] = {
#embed "../LSTM/Recipes/digits-lstm.json"
};
static const uint8_t digits_maxout[] = {
#embed "../MaxoutNetwork/Recipes/digits-maxout.json"
};
static const uint8_t digits_mlp[] = {
#embed "../MLP/Recipes/digits-mlp.json"
};
static const uint8_t digits_rbm[] = {
#embed "../RBM/Recipes/digits-rbm.json"
};
static const uint8_t digits_residual[] = {
#embed "../Network/Recipes/digits-residual.json"
};
static const uint8_t digits_sda[] = {
#embed "../StackedDenoisingAutoencoder/Recipes/digits-sda.json"
};
static const uint8_t digits_softmax[] = {
#embed "../SoftmaxRegression/Recipes/digits-softmax.json"
};
static const uint8_t digits_transformer[] = {
#embed "../Transformer/Recipes/digits-transformer.json"
};
static const uint8_t digits_vae[] = {
#embed "../VariationalAutoencoder/Recipes/digits-vae.json"
};
static const uint8_t digits_vgg[] = {
#embed "../VGG/Recipes/digits-vgg.json"
};
static const uint8_t fashion_mnist_lenet[] = {
#embed "../LeNet/Recipes/fashion-mnist-lenet.json"
};
static const uint8_t fashion_mnist_maxout[] = {
#embed "../MaxoutNetwork/Recipes/fashion-mnist-maxout.json"
};
static const uint8_t fashion_mnist_mlp[] = {
#embed "../MLP/Recipes/fashion-mnist-mlp.json"
};
static const uint8_t fashion_mnist_resnet[] = {
#embed "../ResNet/Recipes/fashion-mnist-resnet.json"
};
static const uint8_t fashion_mnist_softmax[] = {
#embed "../SoftmaxRegression/Recipes/fashion-mnist-softmax.json"
};
static const uint8_t fonts_adaline[] = {
#embed "../Adaline/Recipes/fonts-adaline.json"
};
static const uint8_t fonts_autoencoder[] = {
#embed "../Autoencoder/Recipes/fonts-autoencoder.json"
};
static const uint8_t fonts_cnn[] = {
#embed "../CNN/Recipes/fonts-cnn.json"
};
static const uint8_t fonts_convolutional_autoencoder[] = {
#embed "../ConvolutionalAutoencoder/Recipes/fonts-convolutional-autoencoder.json"
};
static const uint8_t fonts_dbn[] = {
#embed "../DBN/Recipes/fonts-dbn.json"
};
static const uint8_t fonts_deep_autoencoder[] = {
#embed "../DeepAutoencoder/Recipes/fonts-deep-autoencoder.json"
};
static const uint8_t fonts_denoising_autoencoder[] = {
#embed "../DenoisingAutoencoder/Recipes/fonts-denoising-autoencoder.json"
};
static const uint8_t fonts_lenet[] = {
#embed "../LeNet/Recipes/fonts-lenet.json"
};
static const uint8_t fonts_linear[] = {
#embed "../LinearRegression/Recipes/fonts-linear.json"
};
static const uint8_t fonts_logistic[] = {
#embed "../LogisticRegression/Recipes/fonts-logistic.json"
};
static const uint8_t fonts_maxout[] = {
#embed "../MaxoutNetwork/Recipes/fonts-maxout.json"
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
static const uint8_t fonts_resnet[] = {
#embed "../ResNet/Recipes/fonts-resnet.json"
};
static const uint8_t fonts_sda[] = {
#embed "../StackedDenoisingAutoencoder/Recipes/fonts-sda.json"
};
static const uint8_t fonts_softmax[] = {
#embed "../SoftmaxRegression/Recipes/fonts-softmax.json"
};
static const uint8_t line_augmented_lagrangian[] = {
#embed "../LinearRegression/Recipes/line-augmented-lagrangian.json"
};
static const uint8_t line_bayesian[] = {
#embed "../LinearRegression/Recipes/line-bayesian.json"
};
static const uint8_t line_gradient[] = {
#embed "../LinearRegression/Recipes/line-gradient.json"
};
static const uint8_t line_least_squares[] = {
#embed "../LinearRegression/Recipes/line-least-squares.json"
};
static const uint8_t line_unit_ball[] = {
#embed "../LinearRegression/Recipes/line-unit-ball.json"
};
static const uint8_t mlp_xor[] = {
#embed "../MLP/Recipes/mlp-xor.json"
};
static const uint8_t mnist_dae[] = {
#embed "../DenoisingAutoencoder/Recipes/mnist-dae.json"
};
static const uint8_t mnist_dbn[] = {
#embed "../DBN/Recipes/mnist-dbn.json"
};
static const uint8_t mnist_deep_autoencoder[] = {
#embed "../DeepAutoencoder/Recipes/mnist-deep-autoencoder.json"
};
static const uint8_t mnist_dropout[] = {
#embed "../MLP/Recipes/mnist-dropout.json"
};
static const uint8_t mnist_lenet[] = {
#embed "../LeNet/Recipes/mnist-lenet.json"
};
static const uint8_t mnist_logistic_theano[] = {
#embed "../SoftmaxRegression/Recipes/mnist-logistic-theano.json"
};
static const uint8_t mnist_maxout[] = {
#embed "../MaxoutNetwork/Recipes/mnist-maxout.json"
};
static const uint8_t mnist_maxout_conv[] = {
#embed "../MaxoutNetwork/Recipes/mnist-maxout-conv.json"
};
static const uint8_t mnist_mlp[] = {
#embed "../MLP/Recipes/mnist-mlp.json"
};
static const uint8_t mnist_pixels_irnn[] = {
#embed "../RNN/Recipes/mnist-pixels-irnn.json"
};
static const uint8_t mnist_rbm[] = {
#embed "../RBM/Recipes/mnist-rbm.json"
};
static const uint8_t mnist_rows_lstm[] = {
#embed "../LSTM/Recipes/mnist-rows-lstm.json"
};
static const uint8_t mnist_sda[] = {
#embed "../StackedDenoisingAutoencoder/Recipes/mnist-sda.json"
};
static const uint8_t mnist_sda_tanh[] = {
#embed "../StackedDenoisingAutoencoder/Recipes/mnist-sda-tanh.json"
};
static const uint8_t mnist_vae[] = {
#embed "../VariationalAutoencoder/Recipes/mnist-vae.json"
};
static const uint8_t motions_network[] = {
#embed "../Network/Recipes/motions-network.json"
};
static const uint8_t motions_transformer[] = {
#embed "../Transformer/Recipes/motions-transformer.json"
};
static const uint8_t moons_tree[] = {
#embed "../DecisionTree/Recipes/moons-tree.json"
};
static const uint8_t digits_tree[] = {
#embed "../DecisionTree/Recipes/digits-tree.json"
};
static const uint8_t digits_forest[] = {
#embed "../RandomForest/Recipes/digits-forest.json"
};
static const uint8_t moons_forest[] = {
#embed "../RandomForest/Recipes/moons-forest.json"
};
static const uint8_t digits_naive_bayes[] = {
#embed "../NaiveBayes/Recipes/digits-naive-bayes.json"
};
static const uint8_t digits_bernoulli[] = {
#embed "../NaiveBayes/Recipes/digits-bernoulli.json"
};
static const uint8_t digits_k_means[] = {
#embed "../KMeans/Recipes/digits-k-means.json"
};
static const uint8_t blobs_k_means[] = {
#embed "../KMeans/Recipes/blobs-k-means.json"
};
static const uint8_t digits_pca[] = {
#embed "../PCA/Recipes/digits-pca.json"
};
static const uint8_t fonts_pca[] = {
#embed "../PCA/Recipes/fonts-pca.json"
};
static const uint8_t network_xor[] = {
#embed "../Network/Recipes/network-xor.json"
};
static const uint8_t numbers_translation[] = {
#embed "../SequenceToSequence/Recipes/numbers-translation.json"
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
static const uint8_t seasonal_gru[] = {
#embed "../GRU/Recipes/seasonal-gru.json"
};
static const uint8_t sine_waves_gru[] = {
#embed "../GRU/Recipes/sine-waves-gru.json"
};
static const uint8_t sonnets_lstm[] = {
#embed "../CharacterModel/Recipes/sonnets-lstm.json"
};
static const uint8_t sonnets_transformer[] = {
#embed "../CharacterModel/Recipes/sonnets-transformer.json"
};
static const uint8_t two_class_adaline[] = {
#embed "../Adaline/Recipes/two-class-adaline.json"
};
static const uint8_t two_class_logistic[] = {
#embed "../LogisticRegression/Recipes/two-class-logistic.json"
};
static const uint8_t xor_by_hand[] = {
#embed "../Network/Recipes/xor-by-hand.json"
};

static const aviary_zoo_text recipes[] = {
  {"adaline-and", adaline_and, sizeof adaline_and},
  {"adaline-or", adaline_or, sizeof adaline_or},
  {"adding-gru", adding_gru, sizeof adding_gru},
  {"adding-lstm", adding_lstm, sizeof adding_lstm},
  {"adding-rnn", adding_rnn, sizeof adding_rnn},
  {"copy-memory-gru", copy_memory_gru, sizeof copy_memory_gru},
  {"copy-memory-lstm", copy_memory_lstm, sizeof copy_memory_lstm},
  {"copy-memory-rnn", copy_memory_rnn, sizeof copy_memory_rnn},
  {"course-cnn", course_cnn, sizeof course_cnn},
  {"course-logistic", course_logistic, sizeof course_logistic},
  {"course-mlp", course_mlp, sizeof course_mlp},
  {"course-softmax-from-zero", course_softmax_from_zero, sizeof course_softmax_from_zero},
  {"digits-adaline", digits_adaline, sizeof digits_adaline},
  {"digits-autoencoder", digits_autoencoder, sizeof digits_autoencoder},
  {"digits-dbn", digits_dbn, sizeof digits_dbn},
  {"digits-dbn-dreams", digits_dbn_dreams, sizeof digits_dbn_dreams},
  {"digits-deep-autoencoder", digits_deep_autoencoder, sizeof digits_deep_autoencoder},
  {"digits-denoising-autoencoder", digits_denoising_autoencoder, sizeof digits_denoising_autoencoder},
  {"digits-dropout", digits_dropout, sizeof digits_dropout},
  {"digits-few-labels", digits_few_labels, sizeof digits_few_labels},
  {"digits-lenet", digits_lenet, sizeof digits_lenet},
  {"digits-linear", digits_linear, sizeof digits_linear},
  {"digits-lstm", digits_lstm, sizeof digits_lstm},
  {"digits-maxout", digits_maxout, sizeof digits_maxout},
  {"digits-mlp", digits_mlp, sizeof digits_mlp},
  {"digits-rbm", digits_rbm, sizeof digits_rbm},
  {"digits-residual", digits_residual, sizeof digits_residual},
  {"digits-sda", digits_sda, sizeof digits_sda},
  {"digits-softmax", digits_softmax, sizeof digits_softmax},
  {"digits-transformer", digits_transformer, sizeof digits_transformer},
  {"digits-vae", digits_vae, sizeof digits_vae},
  {"digits-vgg", digits_vgg, sizeof digits_vgg},
  {"fashion-mnist-lenet", fashion_mnist_lenet, sizeof fashion_mnist_lenet},
  {"fashion-mnist-maxout", fashion_mnist_maxout, sizeof fashion_mnist_maxout},
  {"fashion-mnist-mlp", fashion_mnist_mlp, sizeof fashion_mnist_mlp},
  {"fashion-mnist-resnet", fashion_mnist_resnet, sizeof fashion_mnist_resnet},
  {"fashion-mnist-softmax", fashion_mnist_softmax, sizeof fashion_mnist_softmax},
  {"fonts-adaline", fonts_adaline, sizeof fonts_adaline},
  {"fonts-autoencoder", fonts_autoencoder, sizeof fonts_autoencoder},
  {"fonts-cnn", fonts_cnn, sizeof fonts_cnn},
  {"fonts-convolutional-autoencoder", fonts_convolutional_autoencoder, sizeof fonts_convolutional_autoencoder},
  {"fonts-dbn", fonts_dbn, sizeof fonts_dbn},
  {"fonts-deep-autoencoder", fonts_deep_autoencoder, sizeof fonts_deep_autoencoder},
  {"fonts-denoising-autoencoder", fonts_denoising_autoencoder, sizeof fonts_denoising_autoencoder},
  {"fonts-lenet", fonts_lenet, sizeof fonts_lenet},
  {"fonts-linear", fonts_linear, sizeof fonts_linear},
  {"fonts-logistic", fonts_logistic, sizeof fonts_logistic},
  {"fonts-maxout", fonts_maxout, sizeof fonts_maxout},
  {"fonts-mlp", fonts_mlp, sizeof fonts_mlp},
  {"fonts-mlp-stages", fonts_mlp_stages, sizeof fonts_mlp_stages},
  {"fonts-network", fonts_network, sizeof fonts_network},
  {"fonts-rbm", fonts_rbm, sizeof fonts_rbm},
  {"fonts-resnet", fonts_resnet, sizeof fonts_resnet},
  {"fonts-sda", fonts_sda, sizeof fonts_sda},
  {"fonts-softmax", fonts_softmax, sizeof fonts_softmax},
  {"line-augmented-lagrangian", line_augmented_lagrangian, sizeof line_augmented_lagrangian},
  {"line-bayesian", line_bayesian, sizeof line_bayesian},
  {"line-gradient", line_gradient, sizeof line_gradient},
  {"line-least-squares", line_least_squares, sizeof line_least_squares},
  {"line-unit-ball", line_unit_ball, sizeof line_unit_ball},
  {"mlp-xor", mlp_xor, sizeof mlp_xor},
  {"mnist-dae", mnist_dae, sizeof mnist_dae},
  {"mnist-dbn", mnist_dbn, sizeof mnist_dbn},
  {"mnist-deep-autoencoder", mnist_deep_autoencoder, sizeof mnist_deep_autoencoder},
  {"mnist-dropout", mnist_dropout, sizeof mnist_dropout},
  {"mnist-lenet", mnist_lenet, sizeof mnist_lenet},
  {"mnist-logistic-theano", mnist_logistic_theano, sizeof mnist_logistic_theano},
  {"mnist-maxout", mnist_maxout, sizeof mnist_maxout},
  {"mnist-maxout-conv", mnist_maxout_conv, sizeof mnist_maxout_conv},
  {"mnist-mlp", mnist_mlp, sizeof mnist_mlp},
  {"mnist-pixels-irnn", mnist_pixels_irnn, sizeof mnist_pixels_irnn},
  {"mnist-rbm", mnist_rbm, sizeof mnist_rbm},
  {"mnist-rows-lstm", mnist_rows_lstm, sizeof mnist_rows_lstm},
  {"mnist-sda", mnist_sda, sizeof mnist_sda},
  {"mnist-sda-tanh", mnist_sda_tanh, sizeof mnist_sda_tanh},
  {"mnist-vae", mnist_vae, sizeof mnist_vae},
  {"motions-network", motions_network, sizeof motions_network},
  {"motions-transformer", motions_transformer, sizeof motions_transformer},
  {"moons-tree", moons_tree, sizeof moons_tree},
  {"digits-tree", digits_tree, sizeof digits_tree},
  {"digits-forest", digits_forest, sizeof digits_forest},
  {"moons-forest", moons_forest, sizeof moons_forest},
  {"digits-naive-bayes", digits_naive_bayes, sizeof digits_naive_bayes},
  {"digits-bernoulli", digits_bernoulli, sizeof digits_bernoulli},
  {"digits-k-means", digits_k_means, sizeof digits_k_means},
  {"blobs-k-means", blobs_k_means, sizeof blobs_k_means},
  {"digits-pca", digits_pca, sizeof digits_pca},
  {"fonts-pca", fonts_pca, sizeof fonts_pca},
  {"network-xor", network_xor, sizeof network_xor},
  {"numbers-translation", numbers_translation, sizeof numbers_translation},
  {"perceptron-and", perceptron_and, sizeof perceptron_and},
  {"perceptron-or", perceptron_or, sizeof perceptron_or},
  {"perceptron-xor", perceptron_xor, sizeof perceptron_xor},
  {"seasonal-gru", seasonal_gru, sizeof seasonal_gru},
  {"sine-waves-gru", sine_waves_gru, sizeof sine_waves_gru},
  {"sonnets-lstm", sonnets_lstm, sizeof sonnets_lstm},
  {"sonnets-transformer", sonnets_transformer, sizeof sonnets_transformer},
  {"two-class-adaline", two_class_adaline, sizeof two_class_adaline},
  {"two-class-logistic", two_class_logistic, sizeof two_class_logistic},
  {"xor-by-hand", xor_by_hand, sizeof xor_by_hand},
};

const aviary_zoo_text *aviary_zoo_recipe(intptr_t index) {
  const intptr_t count = sizeof recipes / sizeof *recipes;
  return index >= 0 && index < count ? &recipes[index] : 0;
}
