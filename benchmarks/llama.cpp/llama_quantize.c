/*
 * Quantises a GGUF file with llama.cpp's own code.
 *
 *   llama_quantize LIBRARIES IN.gguf OUT.gguf TYPE
 *
 * TYPE is llama.cpp's number of a file type: 2 for Q4_0, 7 for Q8_0.
 */
#include "llama.h"
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "llama_quantize: expected LIBRARIES IN OUT TYPE\n");
    return 2;
  }
  ggml_backend_load_all_from_path(arguments[1]);
  llama_backend_init();
  llama_model_quantize_params params = llama_model_quantize_default_params();
  params.threads = 2;
  params.file_type = atoi(arguments[4]);
  return llama_model_quantize(arguments[2], arguments[3], &params) ? 1 : 0;
}
