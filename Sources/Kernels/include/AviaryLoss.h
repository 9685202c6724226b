#pragma once

// Losses from logits, without overflow and without log(0), and batch and group normalization. All for float32 and
// float64; every function returns false, and writes nothing, for other types.

#include <stdbool.h>
#include <stdint.h>

#include "AviaryTypes.h"

#pragma clang assume_nonnull begin

/// losses[r] = log Σₖ exp(z[r, k]) - z[r, labels[r]], and, unless `probabilities` is NULL, the softmax of z.
/// Labels are validated by the caller. `probabilities` may be `logits`.
bool aviary_softmax_cross_entropy_labels(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const int64_t *labels,
  void *losses, void *_Nullable probabilities);

/// losses[r] = Σₖ t[r, k] (log Σⱼ exp(z[r, j]) - z[r, k]), and, unless `probabilities` is NULL, the softmax of z.
/// A target of 0 contributes 0 even where the logit is -∞.
bool aviary_softmax_cross_entropy_targets(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *logits, const void *targets,
  void *losses, void *_Nullable probabilities);

/// gradient[r, k] = (probabilities[r, k] - [k = labels[r]]) · scale[r · scale_stride]; scale_stride is 0 or 1.
/// `gradient` may be `probabilities`.
bool aviary_softmax_cross_entropy_labels_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities,
  const int64_t *labels, const void *scale, intptr_t scale_stride, void *gradient);

/// gradient[r, k] = (probabilities[r, k] · Σⱼ t[r, j] - t[r, k]) · scale[r · scale_stride]; for targets that sum to 1
/// that is probabilities - targets. `gradient` may be `probabilities`.
bool aviary_softmax_cross_entropy_targets_gradient(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *probabilities,
  const void *targets, const void *scale, intptr_t scale_stride, void *gradient);

/// losses[i] = max(z, 0) - z t + log(1 + exp(-|z|)), the binary cross-entropy of sigmoid(z) against t.
bool aviary_sigmoid_cross_entropy(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets, void *losses);

/// gradient[i] = (sigmoid(z) - t) · scale[i · scale_stride]; scale_stride is 0 or 1. `gradient` may be `logits`.
bool aviary_sigmoid_cross_entropy_gradient(
  aviary_dtype type, intptr_t n, const void *logits, const void *targets,
  const void *scale, intptr_t scale_stride, void *gradient);

/// y[r, c] = gamma[c] (x[r, c] - mean[c] - rest[c]) / √(variance[c] + epsilon) + beta[c]; `y` may be `x`. NULL for gamma
/// means 1, for rest and beta 0. (Ioffe and Szegedy, "Batch normalization", 2015.)
bool aviary_batch_norm_forward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean,
  const void *variance, const void *_Nullable rest, double epsilon, const void *_Nullable gamma, const void *_Nullable beta,
  void *y);

/// The gradient of `aviary_batch_norm_forward` where mean and variance are those of the columns of x itself: with
/// x̂ = (x - mean) / √(variance + epsilon), dbeta = Σᵣ dy, dgamma = Σᵣ dy x̂, and
/// dx = gamma / √(variance + epsilon) · (dy - dbeta / rows - x̂ dgamma / rows). `dx` may be `dy`; dgamma and dbeta are
/// overwritten.
bool aviary_batch_norm_backward(
  aviary_dtype type, intptr_t rows, intptr_t columns, const void *x, const void *mean,
  const void *variance, double epsilon, const void *_Nullable gamma, const void *dy,
  void *dx, void *dgamma, void *dbeta);

/// The shape of a normalization of groups: x is n×places×channels, and in each of the n examples the channels are divided
/// into `groups` of neighbors, each normalized over all its positions. If `centered` is false, no mean is
/// subtracted.
typedef struct aviary_group_norm {
  intptr_t n, places, channels, groups;
  bool centered;
  double epsilon;
} aviary_group_norm;

/// y = gamma[c] (x - mean[g]) / √(variance[g] + epsilon) + beta[c], g the group of channel c; also writes mean
/// and variance [n, groups], computed in two passes. If not centered, the mean is 0 and the variance the mean square.
/// (Wu and He, "Group normalization", 2018.)
bool aviary_group_norm_forward(
  aviary_dtype type, const aviary_group_norm *shape, const void *x, const void *gamma, const void *beta, void *y,
  void *mean, void *variance);

/// The gradient of `aviary_group_norm_forward`, whose mean and variance are given; dgamma and dbeta are overwritten.
/// Requires at least one example, position and channel.
bool aviary_group_norm_backward(
  aviary_dtype type, const aviary_group_norm *shape, const void *x, const void *mean, const void *variance,
  const void *gamma, const void *dy, void *dx, void *dgamma, void *dbeta);

#pragma clang assume_nonnull end
