// Validates elementwise programs, resolves their operands, splits the arrays over threads.

#include "../Kernels.h"

/// The number of registers an operation reads: bit 0 for a, bit 1 for b, bit 2 for c.
static uint8_t operands_of(aviary_program_op op) {
  switch (op) {
    case AVIARY_PROGRAM_LOAD: case AVIARY_PROGRAM_CONSTANT: return 0;
    case AVIARY_PROGRAM_ADD: case AVIARY_PROGRAM_SUBTRACT: case AVIARY_PROGRAM_MULTIPLY: case AVIARY_PROGRAM_DIVIDE:
    case AVIARY_PROGRAM_MAXIMUM: case AVIARY_PROGRAM_MINIMUM: case AVIARY_PROGRAM_MULTIPLY_CONSTANT_ADD:
    case AVIARY_PROGRAM_GREATER: case AVIARY_PROGRAM_GREATER_EQUAL:
      return 3;
    case AVIARY_PROGRAM_MULTIPLY_ADD: case AVIARY_PROGRAM_SELECT: return 7;
    default: return 1;
  }
}

bool aviary_program_is_valid(const aviary_instruction *code, intptr_t length, intptr_t inputs, intptr_t outputs) {
  uint32_t written = 0;
  if (inputs > AVIARY_PROGRAM_ARRAYS || outputs > AVIARY_PROGRAM_ARRAYS) return false;
  for (intptr_t i = 0; i < length; i++) {
    const aviary_instruction *at = code + i;
    if (at->op > AVIARY_PROGRAM_SELECT) return false;
    if (at->op == AVIARY_PROGRAM_LOAD && at->a >= inputs) return false;
    const uint8_t reads = operands_of(at->op), registers[3] = {at->a, at->b, at->c};
    for (int o = 0; o < 3; o++) {
      if (!(reads >> o & 1)) continue;
      if (registers[o] >= AVIARY_PROGRAM_REGISTERS || !(written >> registers[o] & 1)) return false;
    }
    if (at->op == AVIARY_PROGRAM_STORE) {
      if (at->destination >= outputs) return false;
    } else {
      if (at->destination >= AVIARY_PROGRAM_REGISTERS) return false;
      written |= 1u << at->destination;
    }
  }
  return true;
}

/// The uses of the value that an instruction defines, found by a backward scan of the program.
typedef struct {
  /// The last instruction that reads it, and the first that stores it; -1 if none.
  int16_t last_use, store;
} value_facts;

enum { most_planned = 64 };

/// Finds, for each instruction, the uses of the value that it defines.
static void find_facts(const aviary_instruction *code, intptr_t length, value_facts *facts) {
  int16_t last_use[AVIARY_PROGRAM_REGISTERS], store[AVIARY_PROGRAM_REGISTERS];
  for (int r = 0; r < AVIARY_PROGRAM_REGISTERS; r++) last_use[r] = store[r] = -1;
  for (intptr_t i = length - 1; i >= 0; i--) {
    const aviary_instruction *at = code + i;
    if (at->op != AVIARY_PROGRAM_STORE) {
      facts[i] = (value_facts){last_use[at->destination], store[at->destination]};
      last_use[at->destination] = store[at->destination] = -1;
    } else {
      store[at->a] = (int16_t)i;
    }
    const uint8_t reads = operands_of((aviary_program_op)at->op), registers[3] = {at->a, at->b, at->c};
    for (int o = 0; o < 3; o++) {
      if ((reads >> o & 1) && last_use[registers[o]] < 0) last_use[registers[o]] = (int16_t)i;
    }
  }
}

/// Resolves the operands of a program. A load costs nothing if the register can refer to the input itself; a store
/// costs nothing if the instruction that computes the value can write it to the output.
static intptr_t plan(
  const aviary_instruction *code, intptr_t length, const void *const *inputs, void *const *outputs,
  uint32_t streamed, program_step *steps
) {
  value_facts facts[most_planned];
  // When an output is written: the instruction, or `length` for never.
  intptr_t written[AVIARY_PROGRAM_ARRAYS];
  uint64_t fused = 0;
  uint32_t stored = 0;
  bool simple = length <= most_planned;
  for (intptr_t o = 0; o < AVIARY_PROGRAM_ARRAYS; o++) written[o] = length;
  for (intptr_t i = 0; i < length && simple; i++) {
    if (code[i].op != AVIARY_PROGRAM_STORE) continue;
    simple = !(stored >> code[i].destination & 1);
    stored |= 1u << code[i].destination;
    written[code[i].destination] = i;
  }
  for (intptr_t o = 0; o < AVIARY_PROGRAM_ARRAYS && simple; o++) {
    for (intptr_t p = 0; p < o && simple && (stored >> o & 1); p++) simple = !(stored >> p & 1) || outputs[o] != outputs[p];
  }
  if (simple) {
    find_facts(code, length, facts);
    for (intptr_t i = 0; i < length; i++) {
      const intptr_t store = code[i].op == AVIARY_PROGRAM_STORE ? -1 : facts[i].store;
      if (store < 0 || code[i].op == AVIARY_PROGRAM_LOAD || (streamed >> code[store].destination & 1)) continue;
      // Nothing may load from the array between the early write and the store.
      bool free = true;
      for (intptr_t j = i + 1; j < store && free; j++) {
        free = code[j].op != AVIARY_PROGRAM_LOAD || inputs[code[j].a] != outputs[code[store].destination];
      }
      if (!free) continue;
      fused |= 1ull << store;
      written[code[store].destination] = i;
    }
  }
  program_operand registers[AVIARY_PROGRAM_REGISTERS];
  for (int r = 0; r < AVIARY_PROGRAM_REGISTERS; r++) registers[r] = (program_operand){NULL, (uint8_t)r};
  intptr_t count = 0;
  for (intptr_t i = 0; i < length; i++) {
    const aviary_instruction *at = code + i;
    program_step *step = steps + count;
    step->op = at->op;
    step->constant = at->constant;
    step->a = registers[at->a % AVIARY_PROGRAM_REGISTERS];
    step->b = registers[at->b % AVIARY_PROGRAM_REGISTERS];
    step->c = registers[at->c % AVIARY_PROGRAM_REGISTERS];
    if (at->op == AVIARY_PROGRAM_STORE) {
      if (fused >> i & 1) continue;
      step->d = (program_operand){outputs[at->destination], 0};
      if (!(streamed >> at->destination & 1)) step->op = AVIARY_PROGRAM_COPY;
      count++;
      continue;
    }
    const uint8_t d = at->destination;
    registers[d] = (program_operand){NULL, d};
    if (at->op == AVIARY_PROGRAM_LOAD) {
      const program_operand input = {(void *)(uintptr_t)inputs[at->a], 0};
      bool stays = simple;
      for (intptr_t o = 0; o < AVIARY_PROGRAM_ARRAYS && stays && stored >> o; o++) {
        if (!(stored >> o & 1) || outputs[o] != inputs[at->a]) continue;
        stays = written[o] < i || facts[i].last_use <= written[o];
      }
      if (stays) {
        registers[d] = input;
        continue;
      }
      step->a = input;
    } else if (simple && facts[i].store >= 0 && (fused >> facts[i].store & 1)) {
      registers[d] = (program_operand){outputs[code[facts[i].store].destination], 0};
    }
    step->d = registers[d];
    count++;
  }
  return count;
}

typedef struct {
  const float_kernels *kernels;
  const program_step *steps;
  intptr_t count;
  bool stream;
} program_work;

static void program_range(const void *context, intptr_t start, intptr_t end) {
  const program_work *w = context;
  w->kernels->run_program(start, end, w->steps, w->count, w->stream);
}

/// The longest program; longer ones are refused.
enum { longest = 1024 };

bool aviary_run_program(
  aviary_dtype type, intptr_t n, const aviary_instruction *code, intptr_t length, const void *const *inputs,
  void *const *outputs
) {
  const float_kernels *kernels = float_vectors(type);
  if (!kernels || length > longest) return false;
  uint32_t streamed = 0;
  const size_t bytes = (size_t)n * (type == AVIARY_FLOAT32 ? 4 : 8);
  if (bytes >= STREAMING_BYTES) {
    uint32_t read = 0;
    for (intptr_t i = 0; i < length; i++) {
      if (code[i].op != AVIARY_PROGRAM_STORE || !should_stream(bytes, outputs[code[i].destination])) continue;
      streamed |= 1u << code[i].destination;
      for (intptr_t j = 0; j < length; j++) {
        const bool same = code[j].op == AVIARY_PROGRAM_LOAD && inputs[code[j].a] == outputs[code[i].destination];
        read |= same ? 1u << code[i].destination : 0;
      }
    }
    streamed &= ~read;
  }
  program_step steps[length > 0 ? length : 1];
  const intptr_t count = plan(code, length, inputs, outputs, streamed, steps);
  const program_work work = {kernels, steps, count, streamed != 0};
  aviary_for_ranges(n, TASK_CHEAP, program_range, &work);
  return true;
}
