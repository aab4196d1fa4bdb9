package io.sirocco.worker.model.folder;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a Mistral decoder by their role. Matrices are {@code [out, in]}.
 *
 * <p>Immutable.
 *
 * @param embedding {@code [vocabulary, hidden]}
 * @param layers from the first to the last
 * @param finalNorm {@code [hidden]}
 * @param head {@code [vocabulary, hidden]}; the embedding where the two are tied
 */
public record DecoderTensors(
    TensorSpec embedding, List<Layer> layers, TensorSpec finalNorm, TensorSpec head) {

  /**
   * One layer. The matrices of a list read the same input, and are computed as one.
   *
   * <p>Immutable.
   */
  public record Layer(
      TensorSpec attentionNorm,
      List<TensorSpec> queryKeyValue,
      TensorSpec attentionOutput,
      TensorSpec feedForwardNorm,
      TensorSpec gate,
      TensorSpec up,
      TensorSpec down) {}

  /** The tensors that a model of these sizes has. */
  public static DecoderTensors of(ModelConfig config) {
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(layer(config, "model.layers." + layer + "."));
    }
    TensorSpec embedding = TensorSpec.matrix(
        "model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
    TensorSpec head = config.tiedEmbeddings()
        ? embedding
        : TensorSpec.matrix("lm_head.weight", config.vocabularySize(), config.hiddenSize());
    return new DecoderTensors(
        embedding,
        List.copyOf(layers),
        TensorSpec.vector("model.norm.weight", config.hiddenSize()),
        head);
  }

  private static Layer layer(ModelConfig config, String prefix) {
    long hidden = config.hiddenSize();
    long query = (long) config.heads() * config.headDim();
    long keyValue = (long) config.kvHeads() * config.headDim();
    long wide = config.intermediateSize();
    return new Layer(
        TensorSpec.vector(prefix + "input_layernorm.weight", hidden),
        List.of(
            TensorSpec.matrix(prefix + "self_attn.q_proj.weight", query, hidden),
            TensorSpec.matrix(prefix + "self_attn.k_proj.weight", keyValue, hidden),
            TensorSpec.matrix(prefix + "self_attn.v_proj.weight", keyValue, hidden)),
        TensorSpec.matrix(prefix + "self_attn.o_proj.weight", hidden, query),
        TensorSpec.vector(prefix + "post_attention_layernorm.weight", hidden),
        TensorSpec.matrix(prefix + "mlp.gate_proj.weight", wide, hidden),
        TensorSpec.matrix(prefix + "mlp.up_proj.weight", wide, hidden),
        TensorSpec.matrix(prefix + "mlp.down_proj.weight", hidden, wide));
  }

  /** Whether the output layer is the embedding. */
  public boolean tied() {
    return head.equals(embedding);
  }

  /** Every tensor, each once. */
  public List<TensorSpec> all() {
    List<TensorSpec> all = new ArrayList<>(List.of(embedding, finalNorm));
    for (Layer layer : layers) {
      all.add(layer.attentionNorm);
      all.addAll(layer.queryKeyValue);
      all.add(layer.attentionOutput);
      all.add(layer.feedForwardNorm);
      all.add(layer.gate);
      all.add(layer.up);
      all.add(layer.down);
    }
    if (!tied()) {
      all.add(head);
    }
    return all;
  }
}
