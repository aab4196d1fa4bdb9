package io.sirocco.worker.app;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.LoadProgress;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.util.Set;

/**
 * A model with all that is needed to answer with it.
 *
 * <p>Immutable, but for the model, which belongs to the worker that serves it.
 *
 * @param causalModel computes logits
 * @param tokenizer text to token ids and back
 * @param prompts conversations to token ids
 * @param endIds the tokens that end an answer
 */
public record ServedModel(
    CausalModel causalModel, Tokenizer tokenizer, PromptEncoder prompts, Set<Integer> endIds)
    implements AutoCloseable {

  public ServedModel {
    endIds = Set.copyOf(endIds);
  }

  /**
   * Loads a checkpoint folder; the weights come last, so that any other fault is found at once.
   *
   * @param progress hears how far the weights are
   * @throws ModelLoadException when the folder cannot be served
   */
  public static ServedModel load(
      ModelFolder folder, TorchModelSettings settings, LoadProgress progress)
      throws ModelLoadException {
    Tokenizer tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    try {
      requireKnownTokens(tokenizer, folder);
      PromptEncoder prompts = new PromptEncoder(ChatTemplate.load(folder), tokenizer);
      CausalModel model = TorchModel.load(folder, settings, progress);
      return new ServedModel(model, tokenizer, prompts, folder.generation().eosTokenIds());
    } catch (ModelLoadException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void requireKnownTokens(Tokenizer tokenizer, ModelFolder folder)
      throws ModelLoadException {
    int known = folder.config().vocabularySize();
    if (tokenizer.vocabularySize() > known) {
      throw new ModelLoadException("%s: expected a tokenizer of at most %d tokens, found %d"
          .formatted(folder.path(), known, tokenizer.vocabularySize()));
    }
  }

  /** Frees the model and the tokenizer, when no worker has taken them over. */
  @Override
  public void close() {
    causalModel.close();
    tokenizer.close();
  }
}
