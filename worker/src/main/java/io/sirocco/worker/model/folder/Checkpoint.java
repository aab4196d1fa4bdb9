package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of a folder, in one safetensors file or in several that an index lists.
 *
 * <p>Immutable and thread-safe.
 */
public final class Checkpoint {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Map<String, SafetensorsFile> fileByTensor;

  private Checkpoint(Path folder, Map<String, SafetensorsFile> fileByTensor) {
    this.folder = folder;
    this.fileByTensor = Map.copyOf(fileByTensor);
  }

  /** Reads the headers of the folder's safetensors files; a single file wins, as elsewhere. */
  static Checkpoint open(Path folder) throws ModelLoadException {
    if (!Files.isRegularFile(folder.resolve(SINGLE))) {
      if (!Files.isRegularFile(folder.resolve(INDEX))) {
        throw new ModelLoadException(
            "%s: expected %s or %s, found neither".formatted(folder, SINGLE, INDEX));
      }
      return new Checkpoint(folder, indexed(folder));
    }
    SafetensorsFile single = SafetensorsFile.open(folder.resolve(SINGLE));
    Map<String, SafetensorsFile> files = new HashMap<>();
    single.names().forEach(name -> files.put(name, single));
    return new Checkpoint(folder, files);
  }

  private static Map<String, SafetensorsFile> indexed(Path folder) throws ModelLoadException {
    FolderJson index = FolderJson.read(folder.resolve(INDEX)).member("weight_map");
    Map<String, SafetensorsFile> byFileName = new HashMap<>();
    Map<String, SafetensorsFile> byTensor = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : index.root().properties()) {
      String fileName = entry.getValue().asString("");
      if (!byFileName.containsKey(fileName)) {
        byFileName.put(fileName, SafetensorsFile.open(shard(folder, index, entry.getKey())));
      }
      byTensor.put(entry.getKey(), byFileName.get(fileName));
    }
    return byTensor;
  }

  /** An index may name files of its own folder only. */
  private static Path shard(Path folder, FolderJson index, String tensor)
      throws ModelLoadException {
    String fileName = index.root().path(tensor).asString("");
    if (!fileName.endsWith(".safetensors") || fileName.contains("/") || fileName.contains("\\")) {
      throw index.fault(tensor, "the name of a safetensors file in the folder");
    }
    Path file = folder.resolve(fileName);
    if (!Files.isRegularFile(file)) {
      throw new ModelLoadException(
          "%s: expected %s, which %s names, found no such file".formatted(folder, fileName, INDEX));
    }
    return file;
  }

  /** Checks that a tensor can be mapped, and returns its size in bytes. */
  public long check(TensorSpec spec) throws ModelLoadException {
    return fileOf(spec).check(spec).bytes();
  }

  /** Maps a tensor. */
  public StoredTensor map(TensorSpec spec) throws ModelLoadException {
    return fileOf(spec).map(spec);
  }

  private SafetensorsFile fileOf(TensorSpec spec) throws ModelLoadException {
    SafetensorsFile file = fileByTensor.get(spec.name());
    if (file == null) {
      throw new ModelLoadException("%s: expected tensor %s in the safetensors files, found none"
          .formatted(folder, spec.name()));
    }
    return file;
  }
}
