/*
 * The part of llama.cpp's C interface that the harness calls, declared here because the prebuilt
 * library comes without headers. The layout is that of the release that compare.py fetches.
 */
#include <stdbool.h>
#include <stdint.h>

typedef struct llama_model llama_model;
typedef struct llama_context llama_context;
typedef struct llama_vocab llama_vocab;
typedef struct llama_memory llama_memory;

/* Structures that are only passed on are larger here than there: what lies behind is not looked at. */
typedef struct {
  void *devices, *buffer_overrides;
  int32_t gpu_layers, split_mode, main_gpu, load_mode;
  uint8_t rest[512];
} llama_model_params;

typedef struct {
  uint32_t context_tokens, batch_tokens, physical_batch_tokens, sequences, rollback, outputs, other;
  int32_t threads, batch_threads;
  uint8_t rest[512];
} llama_context_params;

typedef struct {
  int32_t tokens;
  int32_t *token;
  float *embedding;
  int32_t *position;
  int32_t *sequence_count;
  int32_t **sequence;
  int8_t *wants_logits;
} llama_batch;

typedef struct {
  int32_t threads, file_type;
  uint8_t rest[512];
} llama_model_quantize_params;

void ggml_backend_load_all_from_path(const char *folder);
void llama_backend_init(void);
void llama_log_set(void (*log)(int level, const char *text, void *user), void *user);
const char *llama_version(void);

llama_model_params llama_model_default_params(void);
llama_model *llama_model_load_from_file(const char *path, llama_model_params params);
const llama_vocab *llama_model_get_vocab(const llama_model *model);
int32_t llama_vocab_n_tokens(const llama_vocab *vocab);

llama_model_quantize_params llama_model_quantize_default_params(void);
uint32_t llama_model_quantize(const char *from, const char *to, const llama_model_quantize_params *params);

llama_context_params llama_context_default_params(void);
llama_context *llama_init_from_model(llama_model *model, llama_context_params params);
void llama_free(llama_context *context);
llama_memory *llama_get_memory(const llama_context *context);
void llama_memory_clear(llama_memory *memory, bool data);
bool llama_memory_seq_rm(llama_memory *memory, int32_t sequence, int32_t from, int32_t to);

llama_batch llama_batch_init(int32_t tokens, int32_t embedding, int32_t sequences);
int32_t llama_decode(llama_context *context, llama_batch batch);
void llama_synchronize(llama_context *context);
float *llama_get_logits_ith(llama_context *context, int32_t row);
