/*
 * How fast threads together read memory that no cache holds: each sums a part of one buffer.
 *
 *   bandwidth THREADS MIB REPETITIONS
 *
 * Prints the median, in GB/s.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { MOST_THREADS = 256 };

/* As wide as a cache line, so that the compiler takes the widest loads there are. */
typedef uint64_t line __attribute__((vector_size(64)));

static line *buffer;
static size_t lines_each;
static int threads, repetitions;
static double *rates;
static pthread_barrier_t together;
static volatile uint64_t sink;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static void *read_part(void *number) {
  size_t thread = (size_t)number;
  const line *part = buffer + thread * lines_each;
  for (int repetition = 0; repetition < repetitions; repetition++) {
    pthread_barrier_wait(&together);
    double begin = seconds();
    line sums[8] = {0};
    for (size_t i = 0; i + 7 < lines_each; i += 8)
      for (int j = 0; j < 8; j++) sums[j] += part[i + j];
    for (int j = 0; j < 8; j++) sink += sums[j][0];
    pthread_barrier_wait(&together);
    if (thread == 0) rates[repetition] = lines_each * sizeof(line) * threads / (seconds() - begin) / 1e9;
  }
  return NULL;
}

static int ascending(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  threads = atoi(arguments[1]);
  size_t bytes = (size_t)atol(arguments[2]) << 20;
  repetitions = atoi(arguments[3]);
  if (threads < 1 || threads > MOST_THREADS || bytes == 0 || repetitions < 1) return 2;
  lines_each = bytes / threads / sizeof(line);
  buffer = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (buffer == MAP_FAILED) return 2;
  madvise(buffer, bytes, MADV_HUGEPAGE);
  memset(buffer, 1, bytes); /* Else all pages would be one and the same page of zeros. */
  rates = calloc(repetitions, sizeof(double));
  pthread_barrier_init(&together, NULL, threads);
  pthread_t started[MOST_THREADS];
  for (size_t i = 0; i < (size_t)threads; i++) pthread_create(&started[i], NULL, read_part, (void *)i);
  for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
  qsort(rates, repetitions, sizeof(double), ascending);
  printf("%.1f\n", rates[repetitions / 2]);
  return 0;
}
