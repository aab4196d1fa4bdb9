package io.sirocco.worker.model.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir
  private Path folder;

  @BeforeEach
  void copy() {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, folder);
  }

  @Test
  void configurationIsRead() throws Exception {
    ModelConfig config = ModelFolder.open(CheckpointFolders.DEMO).config();
    assertThat(config)
        .isEqualTo(
            new ModelConfig(256, 5, 8, 2, 32, 640, 2560, 10_000.0, 1e-5, 256, 1024, true, null));
  }

  @Test
  void absentHeadDimIsTheHiddenSizeDividedByTheHeads() throws Exception {
    replaceInConfig("\"head_dim\": 16", "\"head_dim\": null");
    assertThat(open().config().headDim()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"rope_theta\": 5000.0 | 5000",
        "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1000000.0} | 1000000",
        "\"rope_theta\": 5000.0, \"rope_scaling\": {\"type\": \"default\"} | 5000",
        "\"other\": 1 | 10000"
      })
  void ropeThetaIsFoundWhereverItStands(String field, double theta) throws Exception {
    replaceInConfig("\"rope_theta\": 10000.0", field);
    assertThat(open().config().ropeTheta()).isEqualTo(theta);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 3 | tensor model.layers.2.input_layernorm.weight",
        "\"intermediate_size\": 128 | \"intermediate_size\": 96 | model.layers.0.mlp.gate_proj.weight of shape [96, 64], found [128, 64]",
        "MistralForCausalLM | LlamaForCausalLM | [\"MistralForCausalLM\"] or [\"MixtralForCausalLM\"] in \"architectures\", found [\"LlamaForCausalLM\"]",
        "MistralForCausalLM | MixtralForCausalLM | a positive whole number in \"num_local_experts\", found nothing",
        "\"head_dim\": 16 | \"head_dim\": 32 | model.layers.0.self_attn.q_proj.weight of shape [128, 64], found [64, 64]",
        "\"head_dim\": 16 | \"head_dim\": 15 | an even width of a head in \"head_dim\", found 15",
        "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | \"silu\" in \"hidden_act\", found \"gelu\"",
        "\"vocab_size\": 320 | \"vocab_size\": -1 | a positive whole number in \"vocab_size\", found -1",
        "\"vocab_size\": 320 | \"vocab_size\": 3e99 | a positive whole number in \"vocab_size\"",
        "\"hidden_size\": 64, | `` | a positive whole number in \"hidden_size\", found nothing",
        "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | a divisor of 4 heads in \"num_key_value_heads\", found 3",
        "\"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": \"x\" | a positive number in \"rms_norm_eps\", found \"x\"",
        "\"rope_theta\": 10000.0 | \"rope_scaling\": {\"factor\": 2} | no scaling of positions in \"rope_scaling\"",
        "\"rope_theta\": 10000.0 | \"rope_parameters\": {\"type\": \"linear\"} | no scaling of positions in \"rope_parameters\"",
        "\"rope_theta\": 10000.0 | \"partial_rotary_factor\": 0.5 | a rotation of whole heads in \"partial_rotary_factor\"",
        "\"use_cache\": true | \"quantization_config\": {\"bits\": 4} | no quantised weights in \"quantization_config\""
      })
  void folderThatDoesNotFitItsConfigurationIsNamed(String text, String replacement, String fault) {
    replaceInConfig(text, replacement == null ? "" : replacement);
    assertFault("expected " + fault);
  }

  @Test
  void expertsAreRead() throws Exception {
    CheckpointFolders.copy(CheckpointFolders.EXPERTS, folder);
    assertThat(open().config())
        .isEqualTo(new ModelConfig(
            64, 2, 4, 2, 16, 96, 320, 1e6, 1e-5, null, 512, false, new Experts(4, 2)));
  }

  /** As newer versions of the transformers library write them. */
  @Test
  void newerFolderWithExpertsIsRead() throws Exception {
    ModelConfig older =
        ModelFolder.openWithoutTokenizer(CheckpointFolders.EXPERTS).config();
    CheckpointFolders.copy(CheckpointFolders.EXPERTS, folder);
    replaceInConfig(
        "\"rope_theta\": 1000000.0",
        "\"rope_parameters\": {\"rope_theta\": 1000000.0, \"rope_type\": \"default\"}");
    replaceInConfig("\"torch_dtype\"", "\"dtype\"");
    replaceInConfig("\"head_dim\": 16", "\"head_dim\": null");
    assertThat(open().config()).isEqualTo(older);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"num_experts_per_tok\": 2 | \"num_experts_per_tok\": 5 | at most 4 experts in \"num_experts_per_tok\", found 5",
        "\"num_experts_per_tok\": 2 | \"other\": 2 | a positive whole number in \"num_experts_per_tok\", found nothing",
        "\"num_local_experts\": 4 | \"num_local_experts\": 8 | block_sparse_moe.gate.weight of shape [8, 64], found [4, 64]",
        "\"intermediate_size\": 96 | \"intermediate_size\": 128 | block_sparse_moe.experts.0.w1.weight of shape [128, 64], found [96, 64]"
      })
  void expertsThatDoNotFitTheConfigurationAreNamed(String text, String replacement, String fault) {
    CheckpointFolders.copy(CheckpointFolders.EXPERTS, folder);
    replaceInConfig(text, replacement);
    assertFault(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors"})
  void missingFileIsNamed(String name) throws Exception {
    Files.delete(folder.resolve(name));
    assertFault(name);
  }

  @Test
  void missingTokenizerIsNamed() {
    assertThatThrownBy(() -> ModelFolder.open(folder))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(folder + ": expected a file tokenizer.json, found none");
  }

  @Test
  void missingFolderIsNamed() {
    assertThatThrownBy(() -> ModelFolder.open(folder.resolve("absent")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(folder.resolve("absent") + ": expected a folder with config.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "nonsense"})
  void configurationThatIsNoObjectIsNamed(String content) throws Exception {
    Files.writeString(folder.resolve("config.json"), content);
    assertFault("config.json: expected ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"model.norm.weight\": 1}",
        "{\"model.norm.weight\": {\"dtype\":\"F32\",\"shape\":[64],\"data_offsets\":[0,999999999]}}",
        "{\"model.norm.weight\": {\"dtype\":\"F32\",\"shape\":[64],\"data_offsets\":[256,0]}}",
        "{\"model.norm.weight\": {\"dtype\":\"F32\",\"shape\":[-64],\"data_offsets\":[0,256]}}",
        "{\"model.norm.weight\": {\"dtype\":\"F32\",\"shape\":[64],\"data_offsets\":[0,1e30]}}",
        "{\"model.norm.weight\": {\"dtype\":\"F32\",\"shape\":[64],\"data_offsets\":[0]}}"
      })
  void hostileHeaderIsNamed(String header) throws Exception {
    writeSafetensors(header.length(), header, 1_000);
    assertFault("model.safetensors: expected ");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1_003, 1L << 40, Long.MAX_VALUE})
  void hostileHeaderLengthIsNamed(long length) throws Exception {
    writeSafetensors(length, "{}", 1_000);
    assertFault("model.safetensors: expected a header within its 1010 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"F32\" | \"I64\" | in F32, F16 or BF16, found I64",
        "\"F32\" | \"F16\" | bytes (at most 2 GiB), found"
      })
  void elementTypeThatDoesNotFitIsNamed(String type, String other, String fault) throws Exception {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(bytes, 8, length, UTF_8).replace(type, other);
    writeSafetensors(header.length(), header, bytes.length - 8 - length);
    assertFault(fault);
  }

  @Test
  void shardsAreReadByTheirIndex() throws Exception {
    ShardedCheckpoint.split(folder, 3);
    Checkpoint single =
        ModelFolder.openWithoutTokenizer(CheckpointFolders.NO_WINDOW).checkpoint();
    Checkpoint sharded = open().checkpoint();
    for (TensorSpec spec : DecoderTensors.of(open().config()).all()) {
      assertThat(sharded.map(spec).bytes())
          .as(spec.name())
          .isEqualTo(single.map(spec).bytes());
    }
  }

  @Test
  void shardThatLacksItsTensorIsNamed() throws Exception {
    ShardedCheckpoint.split(folder, 2);
    replaceInIndex("model-1.safetensors", "model-2.safetensors");
    assertFault("expected tensor ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"../model.safetensors\"",
        "\"/etc/passwd\"",
        "\"absent.safetensors\"",
        "7",
        "null"
      })
  void indexThatLeadsElsewhereIsNamed(String file) throws Exception {
    ShardedCheckpoint.split(folder, 2);
    replaceInIndex("\"model-2.safetensors\"", file);
    assertFault("expected ");
  }

  @Test
  void aSingleFileWinsOverAnIndexThatIsLeftOver() throws Exception {
    Files.writeString(folder.resolve("model.safetensors.index.json"), "left over");

    assertThat(open()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"2 | 2", "[2, 7] | 2 7", "null | 2", "[] | ``"})
  void endOfSequenceTokensAreRead(String json, String ids) throws Exception {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": " + json + "}");
    assertThat(open().generation().eosTokenIds().stream().sorted().map(String::valueOf))
        .containsExactly(ids == null || ids.isEmpty() ? new String[0] : ids.split(" "));
  }

  @Test
  void endOfSequenceThatIsNoTokenIsNamed() throws Exception {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": \"x\"}");
    assertFault("expected a token id or a list of them in \"eos_token_id\", found \"x\"");
  }

  private void writeSafetensors(long headerLength, String header, int dataBytes)
      throws IOException {
    byte[] text = header.getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerLength).put(text);
    Files.write(folder.resolve("model.safetensors"), file.array());
  }

  private void replaceInConfig(String text, String replacement) {
    CheckpointFolders.replace(folder.resolve("config.json"), text, replacement);
  }

  private void replaceInIndex(String text, String replacement) {
    CheckpointFolders.replace(folder.resolve("model.safetensors.index.json"), text, replacement);
  }

  private ModelFolder open() throws ModelLoadException {
    return ModelFolder.openWithoutTokenizer(folder);
  }

  private void assertFault(String message) {
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
