#if defined(__x86_64__)
#include "../Dense/Dense.h"
#include "../Templates/Begin.AVX512.h"
#include "../Templates/VectorMath.h"

#include "../Templates/Real32.h"
#include "../Templates/Dense.h"
#include "../Templates/RealEnd.h"

#include "../Templates/Real64.h"
#include "../Templates/Dense.h"
#include "../Templates/RealEnd.h"

#include "../Templates/End.h"

const dense_table dense_avx512 = {
    .gemm_f32 = gemm_f32,
    .gemm_f64 = gemm_f64,
    .gemm_plan_f32 = gemm_plan_f32,
    .activation_backward_f32 = activation_backward_f32,
    .activation_backward_f64 = activation_backward_f64,
    .convolve_f32 = convolve_f32,
    .convolve_f64 = convolve_f64,
    .convolve_back_input_f32 = convolve_back_input_f32,
    .convolve_back_input_f64 = convolve_back_input_f64,
    .convolve_back_filter_f32 = convolve_back_filter_f32,
    .convolve_back_filter_f64 = convolve_back_filter_f64,
    .depthwise_f32 = depthwise_f32,
    .depthwise_f64 = depthwise_f64,
    .depthwise_back_input_f32 = depthwise_back_input_f32,
    .depthwise_back_input_f64 = depthwise_back_input_f64,
    .depthwise_back_filter_f32 = depthwise_back_filter_f32,
    .depthwise_back_filter_f64 = depthwise_back_filter_f64,
    .max_pool_f32 = max_pool_f32,
    .max_pool_f64 = max_pool_f64,
    .max_pool_back_f32 = max_pool_back_f32,
    .max_pool_back_f64 = max_pool_back_f64,
    .mean_pool_f32 = mean_pool_f32,
    .mean_pool_f64 = mean_pool_f64,
    .mean_pool_back_f32 = mean_pool_back_f32,
    .mean_pool_back_f64 = mean_pool_back_f64,
};
#endif
