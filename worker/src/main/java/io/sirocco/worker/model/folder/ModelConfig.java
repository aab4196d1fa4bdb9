package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and constants of a Mistral or Mixtral decoder, as {@code config.json} gives them.
 *
 * <p>Immutable.
 *
 * @param hiddenSize width of the residual stream
 * @param layers number of decoder layers
 * @param heads query heads of a layer
 * @param kvHeads key and value heads of a layer; divides {@code heads}
 * @param headDim width of a head; even
 * @param intermediateSize width of the feed-forward, and of each expert
 * @param vocabularySize number of tokens
 * @param ropeTheta base of the rotary position embedding
 * @param rmsNormEpsilon added to the mean square before its root is taken
 * @param slidingWindow how many keys a query sees, its own included; null for all
 * @param maxPositions the longest sequence the model was made for, in tokens
 * @param tiedEmbeddings whether the output layer is the embedding
 * @param experts the experts of a Mixtral feed-forward; null for Mistral's dense one
 */
public record ModelConfig(
    int hiddenSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int intermediateSize,
    int vocabularySize,
    double ropeTheta,
    double rmsNormEpsilon,
    @Nullable Integer slidingWindow,
    int maxPositions,
    boolean tiedEmbeddings,
    @Nullable Experts experts) {
  private static final String DENSE = "MistralForCausalLM";
  private static final String SPARSE = "MixtralForCausalLM";
  private static final double DEFAULT_ROPE_THETA = 10_000.0;

  /** Reads {@code config.json}, and refuses what the decoder does not compute. */
  static ModelConfig read(Path file) throws ModelLoadException {
    FolderJson json = FolderJson.read(file);
    boolean sparse = architecture(json).equals(SPARSE);
    if (json.optional("quantization_config") != null) {
      throw json.fault("quantization_config", "no quantised weights");
    }
    if (!"silu".equals(json.optionalText("hidden_act"))) {
      throw json.fault("hidden_act", "\"silu\"");
    }
    int hiddenSize = json.positiveInt("hidden_size");
    int heads = json.positiveInt("num_attention_heads");
    return new ModelConfig(
        hiddenSize,
        json.positiveInt("num_hidden_layers"),
        heads,
        kvHeads(json, heads),
        headDim(json, hiddenSize, heads),
        json.positiveInt("intermediate_size"),
        json.positiveInt("vocab_size"),
        ropeTheta(json),
        json.positiveDouble("rms_norm_eps"),
        json.optionalPositiveInt("sliding_window"),
        json.positiveInt("max_position_embeddings"),
        json.flag("tie_word_embeddings"),
        sparse ? Experts.read(json) : null);
  }

  private static String architecture(FolderJson json) throws ModelLoadException {
    JsonNode found = json.root().path("architectures");
    String name = found.isArray() && found.size() == 1 ? found.get(0).asString("") : "";
    if (!name.equals(DENSE) && !name.equals(SPARSE)) {
      throw json.fault("architectures", "[\"%s\"] or [\"%s\"]".formatted(DENSE, SPARSE));
    }
    return name;
  }

  private static int kvHeads(FolderJson json, int heads) throws ModelLoadException {
    Integer kvHeads = json.optionalPositiveInt("num_key_value_heads");
    if (kvHeads != null && heads % kvHeads != 0) {
      throw json.fault("num_key_value_heads", "a divisor of " + heads + " heads");
    }
    return kvHeads == null ? heads : kvHeads;
  }

  private static int headDim(FolderJson json, int hiddenSize, int heads) throws ModelLoadException {
    Integer explicit = json.optionalPositiveInt("head_dim");
    int headDim = explicit == null ? hiddenSize / heads : explicit;
    if (headDim == 0 || headDim % 2 != 0) {
      throw json.fault("head_dim", "an even width of a head");
    }
    return headDim;
  }

  /** Newer folders keep the rotary constants together in {@code rope_parameters}. */
  private static double ropeTheta(FolderJson json) throws ModelLoadException {
    if (json.optional("partial_rotary_factor") != null) {
      throw json.fault("partial_rotary_factor", "a rotation of whole heads");
    }
    FolderJson rope = json.member("rope_parameters");
    requirePlainRope(json, json.member("rope_scaling"), "rope_scaling");
    requirePlainRope(json, rope, "rope_parameters");
    for (FolderJson place : new FolderJson[] {rope, json}) {
      if (place.optional("rope_theta") != null) {
        return place.positiveDouble("rope_theta");
      }
    }
    return DEFAULT_ROPE_THETA;
  }

  /** What is not known would be computed wrongly, and nobody would see it. */
  private static void requirePlainRope(FolderJson json, FolderJson rope, String name)
      throws ModelLoadException {
    for (String key : rope.names()) {
      boolean isType = key.equals("rope_type") || key.equals("type");
      if (isType ? !"default".equals(rope.optionalText(key)) : !key.equals("rope_theta")) {
        throw json.fault(name, "no scaling of positions");
      }
    }
  }
}
