package io.sirocco.worker.model.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a Mistral or Mixtral decoder by their role. Matrices are {@code [out, in]}.
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
  private static final String ROUTER = "block_sparse_moe.gate.weight";

  /**
   * One layer. The matrices of {@code queryKeyValue} read the same input, and are computed as one.
   *
   * <p>Immutable.
   *
   * @param router {@code [experts, hidden]}; null where there is one expert, which computes all
   * @param experts in the order of the router's rows
   */
  public record Layer(
      TensorSpec attentionNorm,
      List<TensorSpec> queryKeyValue,
      TensorSpec attentionOutput,
      TensorSpec feedForwardNorm,
      @Nullable TensorSpec router,
      List<Expert> experts) {}

  /**
   * The feed-forward, or one of several.
   *
   * <p>Immutable.
   */
  public record Expert(TensorSpec gate, TensorSpec up, TensorSpec down) {}

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
    Experts sparse = config.experts();
    return new Layer(
        TensorSpec.vector(prefix + "input_layernorm.weight", hidden),
        List.of(
            TensorSpec.matrix(prefix + "self_attn.q_proj.weight", query, hidden),
            TensorSpec.matrix(prefix + "self_attn.k_proj.weight", keyValue, hidden),
            TensorSpec.matrix(prefix + "self_attn.v_proj.weight", keyValue, hidden)),
        TensorSpec.matrix(prefix + "self_attn.o_proj.weight", hidden, query),
        TensorSpec.vector(prefix + "post_attention_layernorm.weight", hidden),
        sparse == null ? null : TensorSpec.matrix(prefix + ROUTER, sparse.count(), hidden),
        sparse == null
            ? List.of(expert(config, prefix + "mlp.", "gate_proj", "up_proj", "down_proj"))
            : experts(config, sparse.count(), prefix + "block_sparse_moe.experts."));
  }

  private static List<Expert> experts(ModelConfig config, int count, String prefix) {
    return IntStream.range(0, count)
        .mapToObj(index -> expert(config, prefix + index + ".", "w1", "w3", "w2"))
        .toList();
  }

  private static Expert expert(
      ModelConfig config, String prefix, String gate, String up, String down) {
    long hidden = config.hiddenSize();
    long wide = config.intermediateSize();
    return new Expert(
        TensorSpec.matrix(prefix + gate + ".weight", wide, hidden),
        TensorSpec.matrix(prefix + up + ".weight", wide, hidden),
        TensorSpec.matrix(prefix + down + ".weight", hidden, wide));
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
      if (layer.router != null) {
        all.add(layer.router);
      }
      for (Expert expert : layer.experts) {
        all.add(expert.gate);
        all.add(expert.up);
        all.add(expert.down);
      }
    }
    if (!tied()) {
      all.add(head);
    }
    return all;
  }
}
