package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.folder.ModelFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Models that are computed as on a card, but on the processors: the program is the same, and what
 * the kernel of flash attention is asked is answered by plain arithmetic from the same arguments.
 */
final class RemoteModels {
  private static final String KERNEL = "torch._flash_attention_forward(";

  /**
   * What the kernel computes, and what it requires. Of a sequence it reads its queries, and so many
   * keys from where they begin; its last query follows its last key.
   *
   * <p>Source: Dao 2023, "FlashAttention-2"; libtorch 2.7, {@code flash_api.cpp}, {@code
   * mha_varlen_fwd}, and {@code block_info.h}.
   */
  private static final String REFERENCE = """

        def reference_attention(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, rows: Tensor, begins: Tensor, most_queries: int, most_keys: int, dropout: float, causal: bool, debug: bool, scale: Optional[float], window_size_left: int, window_size_right: int, seqused_k: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
          assert rows.dtype == 3 and begins.dtype == 3 and seqused_k.dtype == 3, "expected int32"
          assert rows.is_contiguous() and begins.is_contiguous() and seqused_k.is_contiguous(), "expected one piece"
          assert rows.size(0) == begins.size(0) and rows.size(0) == seqused_k.size(0) + 1, "expected as many"
          assert k.size(0) == v.size(0) and k.stride(2) == 1 and v.stride(2) == 1 and q.stride(2) == 1, "expected rows"
          assert int(torch.select(rows, 0, rows.size(0) - 1)) == q.size(0), "expected all queries"
          shared, dim = q.size(1) // k.size(1), q.size(2)
          y = torch.full([q.size(0), q.size(1), dim], inf, dtype=q.dtype)
          for i in range(seqused_k.size(0)):
            first, keys = int(torch.select(rows, 0, i)), int(torch.select(seqused_k, 0, i))
            count = int(torch.select(rows, 0, i + 1)) - first
            assert count > 0 and count <= most_queries and keys <= most_keys, "expected no more"
            own = torch.narrow(q, 0, first, count).to(6).transpose(0, 1)
            place = int(torch.select(begins, 0, i))
            some_k = torch.narrow(k, 0, place, keys).to(6).repeat_interleave(shared, 1).transpose(0, 1)
            some_v = torch.narrow(v, 0, place, keys).to(6).repeat_interleave(shared, 1).transpose(0, 1)
            last = torch.arange(keys - count, keys).unsqueeze(1)
            ages = torch.sub(last, torch.arange(0, keys))
            hidden = torch.lt(ages, 0 if causal else -keys)
            if window_size_left >= 0:
              hidden = torch.logical_or(hidden, torch.gt(ages, window_size_left))
            scores = torch.mul(torch.matmul(own, some_k.transpose(1, 2)), float(dim) ** -0.5)
            some = torch.matmul(torch.softmax(torch.masked_fill(scores, hidden, -inf), 2), some_v)
            torch.copy_(torch.narrow(y, 0, first, count), some.transpose(0, 1))
          return (y, q, q, q, q)
      """;

  private RemoteModels() {}

  /** The program with the kernel replaced. */
  static String program() {
    String program = TorchProgram.decoder();
    if (program.split(KERNEL.replace("(", "\\("), -1).length != 2) {
      throw new IllegalStateException("expected one call of the kernel");
    }
    return program.replace(KERNEL, "self.reference_attention(").stripTrailing() + "\n" + REFERENCE;
  }

  /** Loads a model. */
  static TorchModel load(Path folder, TorchModelSettings settings, boolean flash) throws Exception {
    return load(folder, settings, flash, program());
  }

  /** Loads a model of which another program computes the steps. */
  static TorchModel load(Path folder, TorchModelSettings settings, boolean flash, String source)
      throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        settings,
        (loaded, total) -> {},
        source,
        (program, scope, precision) ->
            Optional.of(new Computation(LinearKernel.PLAIN, flash, true)));
  }
}
