package io.sirocco.worker.prompt;

import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Copies of the shipped model with another chat template. */
final class TemplateFolders {
  private static final Path TEMPLATES = Path.of("src/test/resources/templates");

  private TemplateFolders() {}

  /** An encoder with a template of the test resources. */
  static PromptEncoder encoder(Path folder, String template, HuggingFaceTokenizer tokenizer)
      throws Exception {
    Files.copy(
        TEMPLATES.resolve(template),
        copyOfDemo(folder).resolve("chat_template.jinja"),
        StandardCopyOption.REPLACE_EXISTING);
    return new PromptEncoder(ChatTemplate.load(ModelFolder.open(folder)), tokenizer);
  }

  static Path copyOfDemo(Path folder) {
    CheckpointFolders.copy(CheckpointFolders.DEMO, folder);
    return folder;
  }
}
