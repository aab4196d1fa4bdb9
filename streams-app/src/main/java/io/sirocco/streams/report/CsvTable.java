package io.sirocco.streams.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/**
 * A table as CSV, with a line of names first.
 *
 * <p>Text that a spreadsheet would run as a formula gets an apostrophe in front: a user may be called
 * anything.
 *
 * <p>Source: RFC 4180; OWASP, "CSV Injection".
 *
 * <p>Confined to the thread that made it.
 */
final class CsvTable {
  private static final String FORMULA = "=+-@\t\r";

  private final List<String> names;
  private final List<List<String>> rows = new ArrayList<>();

  CsvTable(String... names) {
    this.names = List.of(names);
  }

  /** Returns text of others as it may stand in a cell. */
  static String safe(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  void row(String... cells) {
    if (cells.length != names.size()) {
      throw new IllegalArgumentException(
          "expected %d cells, found %d".formatted(names.size(), cells.length));
    }
    rows.add(List.of(cells));
  }

  byte[] bytes() {
    CsvSchema.Builder schema = CsvSchema.builder().setUseHeader(true);
    names.forEach(schema::addColumn);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CsvMapper mapper =
        CsvMapper.builder().enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING).build();
    try (SequenceWriter writer =
        mapper.writerFor(List.class).with(schema.build()).writeValues(bytes)) {
      if (rows.isEmpty()) {
        return (String.join(",", names) + "\n").getBytes(UTF_8);
      }
      writer.writeAll(rows);
    }
    return bytes.toByteArray();
  }
}
