/*
 * Measures llama.cpp the way that "sirocco bench engine" measures us, and prints the rates as JSON.
 *
 *   llama_bench LIBRARIES MODEL.gguf THREADS REPETITIONS BATCH,BATCH,... PROMPT,PROMPT,...
 *
 * Decode: one sequence alone generates 128 tokens from nothing; several go on from 128 tokens each,
 * for 256 tokens in all but at least 32 each. Every token is the likeliest one. Prefill: one prompt in
 * one call. Of each, a repetition before the first is not counted.
 */
#include "llama.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_TOKENS = 4096, MOST_SEQUENCES = 256, MOST_REPETITIONS = 256 };

static llama_model *model;
static llama_batch batch;
static int vocabulary, threads, repetitions;

static void fail(const char *message) {
  fprintf(stderr, "llama_bench: %s\n", message);
  exit(2);
}

static void log_errors(int level, const char *text, void *user) {
  (void)user;
  if (level == 4) fputs(text, stderr);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static llama_context *open_context(int sequences, int tokens) {
  llama_context_params params = llama_context_default_params();
  params.threads = params.batch_threads = threads;
  params.batch_tokens = 2048;
  params.physical_batch_tokens = 512;
  params.sequences = sequences;
  params.context_tokens = sequences * ((tokens + 255) / 256 * 256);
  llama_context *context = llama_init_from_model(model, params);
  if (!context) fail("expected a context, found none");
  return context;
}

static void add(int token, int position, int sequence, int wants_logits) {
  int row = batch.tokens++;
  batch.token[row] = token;
  batch.position[row] = position;
  batch.sequence_count[row] = 1;
  batch.sequence[row][0] = sequence;
  batch.wants_logits[row] = wants_logits;
}

static void compute(llama_context *context) {
  if (llama_decode(context, batch)) fail("expected a step, found a fault");
  llama_synchronize(context);
}

static int argmax(const float *logits) {
  int best = 0;
  for (int i = 1; i < vocabulary; i++)
    if (logits[i] > logits[best]) best = i;
  return best;
}

/* Takes a random prompt in, and returns a token to go on with. */
static int fill(llama_context *context, int sequence, int tokens) {
  if (tokens == 0) return rand() % vocabulary;
  batch.tokens = 0;
  for (int i = 0; i < tokens; i++) add(rand() % vocabulary, i, sequence, i == tokens - 1);
  compute(context);
  return argmax(llama_get_logits_ith(context, tokens - 1));
}

static double decode_once(llama_context *context, int sequences, int prompt, int steps, const int *last) {
  int tokens[MOST_SEQUENCES];
  memcpy(tokens, last, sizeof(int) * sequences);
  double begin = seconds();
  for (int step = 0; step < steps; step++) {
    batch.tokens = 0;
    for (int s = 0; s < sequences; s++) add(tokens[s], prompt + step, s, 1);
    compute(context);
    for (int s = 0; s < sequences; s++) tokens[s] = argmax(llama_get_logits_ith(context, s));
  }
  return sequences * steps / (seconds() - begin);
}

static void decode(int sequences, double *rates) {
  int prompt = sequences == 1 ? 0 : 128;
  int steps = sequences == 1 ? 128 : 256 / sequences < 32 ? 32 : 256 / sequences;
  llama_context *context = open_context(sequences, prompt + steps);
  int last[MOST_SEQUENCES];
  for (int s = 0; s < sequences; s++) last[s] = fill(context, s, prompt);
  for (int i = -1; i < repetitions; i++) {
    double rate = decode_once(context, sequences, prompt, steps, last);
    if (i >= 0) rates[i] = rate;
    for (int s = 0; s < sequences; s++) llama_memory_seq_rm(llama_get_memory(context), s, prompt, -1);
  }
  llama_free(context);
}

static void prefill(int tokens, double *rates) {
  llama_context *context = open_context(1, tokens);
  for (int i = -1; i < repetitions; i++) {
    llama_memory_clear(llama_get_memory(context), true);
    double begin = seconds();
    fill(context, 0, tokens);
    if (i >= 0) rates[i] = tokens / (seconds() - begin);
  }
  llama_free(context);
}

/* Measures each number of a list, and prints the rates of all repetitions. */
static void print_all(const char *name, char *list, int most, void (*measure)(int, double *)) {
  printf("\"%s\":{", name);
  const char *comma = "";
  for (char *number = strtok(list, ","); number; number = strtok(NULL, ",")) {
    int size = atoi(number);
    if (size < 1 || size > most) fail("expected other sizes");
    double rates[MOST_REPETITIONS];
    measure(size, rates);
    printf("%s\"%d\":[", comma, size);
    for (int i = 0; i < repetitions; i++) printf("%s%.2f", i ? "," : "", rates[i]);
    printf("]");
    comma = ",";
  }
  printf("}");
}

int main(int count, char **arguments) {
  if (count != 7) fail("expected LIBRARIES MODEL THREADS REPETITIONS BATCHES PROMPTS");
  threads = atoi(arguments[3]);
  repetitions = atoi(arguments[4]);
  if (threads < 1 || repetitions < 1 || repetitions > MOST_REPETITIONS) fail("expected other numbers");
  llama_log_set(log_errors, NULL);
  ggml_backend_load_all_from_path(arguments[1]);
  llama_backend_init();
  model = llama_model_load_from_file(arguments[2], llama_model_default_params());
  if (!model) fail("expected a model, found none");
  vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
  batch = llama_batch_init(MOST_TOKENS, 0, 1);
  printf("{\"version\":\"%s\",", llama_version());
  print_all("decode", arguments[5], MOST_SEQUENCES, decode);
  printf(",");
  print_all("prefill", arguments[6], MOST_TOKENS, prefill);
  printf("}\n");
  return 0;
}
