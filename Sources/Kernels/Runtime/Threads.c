#include "AviaryThreads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

// A job is one call of aviary_parallel. `ticket` holds its number in the high half and the number of tasks not yet
// taken in the low half. Taking a task is one compare-and-swap, which fails if the job is no longer the one whose body
// and context were read. Nothing of a job is written before all tasks of the previous one have ended.

enum { most_threads = 256 };
static const int64_t spin_nanoseconds = 20000;

static _Atomic uint64_t ticket;
static _Atomic(void (*)(void *, intptr_t)) job_body;
static _Atomic(void *) job_context;
static _Atomic intptr_t job_tasks;
static _Atomic intptr_t unfinished;
static uint32_t job_number;  // the owner's

static atomic_flag owned = ATOMIC_FLAG_INIT;
static _Atomic intptr_t limit;     // threads to use, the caller included; 0: not yet known
static _Atomic intptr_t started;   // workers that exist
static _Atomic intptr_t sleeping;  // workers that wait for `work`
static _Atomic bool caller_sleeps;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

static _Thread_local bool inside;

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/// Takes and runs tasks of the current job until none are left.
static void run_tasks(void) {
  uint64_t seen = atomic_load_explicit(&ticket, memory_order_acquire);
  while ((uint32_t)seen != 0) {
    void (*body)(void *, intptr_t) = atomic_load_explicit(&job_body, memory_order_relaxed);
    void *context = atomic_load_explicit(&job_context, memory_order_relaxed);
    intptr_t tasks = atomic_load_explicit(&job_tasks, memory_order_relaxed);
    if (!atomic_compare_exchange_weak_explicit(
            &ticket, &seen, seen - 1, memory_order_acq_rel, memory_order_acquire))
      continue;
    body(context, tasks - (intptr_t)(uint32_t)seen);
    if (atomic_fetch_sub_explicit(&unfinished, 1, memory_order_seq_cst) == 1 &&
        atomic_load_explicit(&caller_sleeps, memory_order_seq_cst)) {
      pthread_mutex_lock(&mutex);
      pthread_cond_broadcast(&done);
      pthread_mutex_unlock(&mutex);
    }
    seen = atomic_load_explicit(&ticket, memory_order_acquire);
  }
}

static bool may_work(intptr_t index) {
  return index < atomic_load_explicit(&limit, memory_order_relaxed) &&
         (uint32_t)atomic_load_explicit(&ticket, memory_order_seq_cst) != 0;
}

/// A worker; `argument` is its index, from 1.
static void *worker(void *argument) {
  intptr_t index = (intptr_t)argument;
  inside = true;
  for (;;) {
    if (may_work(index)) run_tasks();
    int64_t start = now();
    bool found = false;
    while (!found && now() - start < spin_nanoseconds)
      for (int i = 0; i < 32 && !(found = may_work(index)); i++) relax();
    if (found) continue;
    pthread_mutex_lock(&mutex);
    atomic_fetch_add_explicit(&sleeping, 1, memory_order_seq_cst);
    while (!may_work(index)) pthread_cond_wait(&work, &mutex);
    atomic_fetch_sub_explicit(&sleeping, 1, memory_order_seq_cst);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

void aviary_set_threads(intptr_t count) {
  if (count < 1) count = 1;
  if (count > most_threads) count = most_threads;
  atomic_store(&limit, count);
}

intptr_t aviary_threads(void) {
  intptr_t count = atomic_load_explicit(&limit, memory_order_relaxed);
  if (count == 0) {
    aviary_set_threads(aviary_processors());
    count = atomic_load_explicit(&limit, memory_order_relaxed);
  }
  return count;
}

intptr_t aviary_free_threads(void) { return inside ? 1 : aviary_threads(); }

/// Starts missing workers. Only the owner calls it.
static void start_workers(intptr_t wanted) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  intptr_t count = atomic_load(&started);
  pthread_t thread;
  while (count < wanted && pthread_create(&thread, &attributes, worker, (void *)(count + 1)) == 0) count++;
  atomic_store(&started, count);
  pthread_attr_destroy(&attributes);
}

static void wait_for_end(void) {
  int64_t start = now();
  while (atomic_load_explicit(&unfinished, memory_order_acquire) != 0) {
    for (int i = 0; i < 32 && atomic_load_explicit(&unfinished, memory_order_acquire) != 0; i++) relax();
    if (now() - start < spin_nanoseconds) continue;
    pthread_mutex_lock(&mutex);
    atomic_store_explicit(&caller_sleeps, true, memory_order_seq_cst);
    while (atomic_load_explicit(&unfinished, memory_order_seq_cst) != 0) pthread_cond_wait(&done, &mutex);
    atomic_store_explicit(&caller_sleeps, false, memory_order_seq_cst);
    pthread_mutex_unlock(&mutex);
  }
}

void aviary_parallel(intptr_t tasks, void (*body)(void *context, intptr_t task), void *context) {
  intptr_t threads = aviary_threads();
  if (tasks <= 1 || threads == 1 || inside || tasks > UINT32_MAX ||
      atomic_flag_test_and_set_explicit(&owned, memory_order_acquire)) {
    for (intptr_t task = 0; task < tasks; task++) body(context, task);
    return;
  }
  inside = true;
  if (atomic_load_explicit(&started, memory_order_relaxed) < threads - 1) start_workers(threads - 1);
  atomic_store_explicit(&job_body, body, memory_order_relaxed);
  atomic_store_explicit(&job_context, context, memory_order_relaxed);
  atomic_store_explicit(&job_tasks, tasks, memory_order_relaxed);
  atomic_store_explicit(&unfinished, tasks, memory_order_relaxed);
  job_number++;
  atomic_store_explicit(&ticket, (uint64_t)job_number << 32 | (uint64_t)tasks, memory_order_seq_cst);
  if (atomic_load_explicit(&sleeping, memory_order_seq_cst) > 0) {
    pthread_mutex_lock(&mutex);
    // Wakes all of them, because a worker beyond the limit could swallow a single signal.
    pthread_cond_broadcast(&work);
    pthread_mutex_unlock(&mutex);
  }
  run_tasks();
  wait_for_end();
  inside = false;
  atomic_flag_clear_explicit(&owned, memory_order_release);
}
