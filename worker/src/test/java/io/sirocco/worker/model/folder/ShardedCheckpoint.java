package io.sirocco.worker.model.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A checkpoint whose tensors lie in several files, as those of large models do. */
public final class ShardedCheckpoint {
  private ShardedCheckpoint() {}

  /**
   * Deals the tensors of {@code model.safetensors} to {@code model-1.safetensors} and so on, each to
   * one file only, with an index beside them; the single file is deleted.
   */
  public static void split(Path folder, int shards) throws IOException {
    Path single = folder.resolve("model.safetensors");
    ByteBuffer source = ByteBuffer.wrap(Files.readAllBytes(single)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(source.getLong())];
    source.get(header);
    ObjectNode tensors = (ObjectNode) JsonMapper.shared().readTree(header);
    tensors.remove("__metadata__");
    Map<String, String> index = new LinkedHashMap<>();
    for (int shard = 0; shard < shards; shard++) {
      String file = "model-%d.safetensors".formatted(shard + 1);
      ObjectNode dealt = JsonMapper.shared().createObjectNode();
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      int number = 0;
      for (Map.Entry<String, JsonNode> tensor : tensors.properties()) {
        if (number++ % shards == shard) {
          index.put(tensor.getKey(), file);
          dealt.set(tensor.getKey(), move((ObjectNode) tensor.getValue(), source.slice(), data));
        }
      }
      write(folder.resolve(file), dealt.toString().getBytes(UTF_8), data.toByteArray());
    }
    Files.delete(single);
    Files.write(
        folder.resolve("model.safetensors.index.json"),
        JsonMapper.shared().writeValueAsBytes(Map.of("metadata", Map.of(), "weight_map", index)));
  }

  /** Appends a tensor's bytes to {@code data}, and says where they are now. */
  private static ObjectNode move(ObjectNode tensor, ByteBuffer source, ByteArrayOutputStream data) {
    JsonNode offsets = tensor.path("data_offsets");
    byte[] bytes = new byte[offsets.get(1).intValue() - offsets.get(0).intValue()];
    source.get(offsets.get(0).intValue(), bytes);
    int begin = data.size();
    data.writeBytes(bytes);
    ObjectNode moved = tensor.deepCopy();
    moved.putArray("data_offsets").add(begin).add(data.size());
    return moved;
  }

  private static void write(Path file, byte[] header, byte[] data) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, all.putLong(header.length).put(header).put(data).array());
  }
}
