package io.sirocco.embedded;

import io.sirocco.worker.bench.DecodeLoad;
import io.sirocco.worker.bench.DecodeTraffic;
import io.sirocco.worker.bench.MatrixWork;
import io.sirocco.worker.bench.ProcessMemory;
import io.sirocco.worker.bench.Spread;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The figures of a run, as {@code --json} prints them.
 *
 * <p>Immutable.
 *
 * @param device where the model was computed
 * @param precision as the option names it
 * @param threads of the model, and of the measurement of the bandwidth
 * @param decode tokens/s of all sequences together, by the size of the batch
 * @param prefill tokens/s by the length of the prompt
 * @param bytesPerToken what decoding reads from memory for each token, by the size of the batch
 * @param bandwidthPercent how much of the bandwidth the median of decoding uses so, by the size of
 *     the batch
 * @param bandwidthGBps of the device's memory, 1e9 bytes/s
 * @param decodeMatrixPercent how much of {@code matrixTflops} the linear layers use in the median of
 *     decoding, by the size of the batch
 * @param prefillMatrixPercent the same of prefill, by the length of the prompt
 * @param matrixTflops of large plain products in the model's element type, 1e12 operations/s
 * @param memory of this process
 */
record BenchReport(
    String device,
    String precision,
    int threads,
    Map<Integer, Spread> decode,
    Map<Integer, Spread> prefill,
    Map<Integer, Long> bytesPerToken,
    Map<Integer, Double> bandwidthPercent,
    Spread bandwidthGBps,
    Map<Integer, Double> decodeMatrixPercent,
    Map<Integer, Double> prefillMatrixPercent,
    Spread matrixTflops,
    ProcessMemory memory) {
  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;

  static BenchReport of(
      String device,
      String precision,
      int threads,
      Map<Integer, Spread> decode,
      Map<Integer, Spread> prefill,
      DecodeTraffic traffic,
      Spread bandwidth,
      MatrixWork work,
      Spread matrixRate,
      ProcessMemory memory) {
    Map<Integer, Long> bytesPerToken = new LinkedHashMap<>();
    Map<Integer, Double> percent = new LinkedHashMap<>();
    decode.forEach((batch, rates) -> {
      double bytes = traffic.bytesPerToken(DecodeLoad.of(batch));
      bytesPerToken.put(batch, Math.round(bytes));
      percent.put(batch, round(100 * bytes * rates.median() / bandwidth.median()));
    });
    return new BenchReport(
        device,
        precision,
        threads,
        rounded(decode),
        rounded(prefill),
        bytesPerToken,
        percent,
        bandwidth.map(bytes -> round(bytes / GIGA)),
        percent(decode, work.ofAnswer(), matrixRate),
        percent(prefill, work.ofPrompt(), matrixRate),
        matrixRate.map(operations -> round(operations / TERA)),
        memory);
  }

  private static Map<Integer, Double> percent(
      Map<Integer, Spread> rates, double operationsPerToken, Spread matrixRate) {
    Map<Integer, Double> percent = new LinkedHashMap<>();
    rates.forEach((key, rate) ->
        percent.put(key, round(100 * operationsPerToken * rate.median() / matrixRate.median())));
    return percent;
  }

  private static Map<Integer, Spread> rounded(Map<Integer, Spread> spreads) {
    Map<Integer, Spread> rounded = new LinkedHashMap<>();
    spreads.forEach((key, spread) -> rounded.put(key, spread.map(BenchReport::round)));
    return rounded;
  }

  /** To what a person may want to read of it. */
  private static double round(double value) {
    return Math.rint(value * 100) / 100;
  }

  void print(PrintWriter out) {
    TextTable table = new TextTable(
        "tokens/s", "min", "median", "max", "MB per token", "% of bandwidth", "% of matrix rate");
    decode.forEach((batch, rates) -> table.row(
        "decode, batch " + batch,
        whole(rates.min()),
        whole(rates.median()),
        whole(rates.max()),
        tenths(bytesPerToken.getOrDefault(batch, 0L) / 1e6),
        whole(bandwidthPercent.getOrDefault(batch, 0.0)),
        whole(decodeMatrixPercent.getOrDefault(batch, 0.0))));
    prefill.forEach((prompt, rates) -> table.row(
        "prefill, %d tokens".formatted(prompt),
        whole(rates.min()),
        whole(rates.median()),
        whole(rates.max()),
        "",
        "",
        whole(prefillMatrixPercent.getOrDefault(prompt, 0.0))));
    table.print(out, "nothing measured");
    out.printf("%n%s on %s, %d thread%s%n", precision, device, threads, threads == 1 ? "" : "s");
    out.printf(
        "memory bandwidth: %s GB/s (%s to %s)%n",
        tenths(bandwidthGBps.median()), tenths(bandwidthGBps.min()), tenths(bandwidthGBps.max()));
    out.printf(
        "matrix rate: %s Tflop/s (%s to %s), of plain products in the model's element type%n",
        hundredths(matrixTflops.median()),
        hundredths(matrixTflops.min()),
        hundredths(matrixTflops.max()));
    out.printf(
        "memory: %s MB resident, %s MB of it private%n",
        whole(memory.residentBytes() / 1e6), whole(memory.privateBytes() / 1e6));
    out.flush();
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String hundredths(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
