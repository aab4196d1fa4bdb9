package io.sirocco.streams.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The dashboard's files and the description of the API, from the class path.
 *
 * <p>Immutable.
 */
final class Pages {
  private static final String HTML = "text/html;charset=utf-8";
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final String STYLE = "text/css;charset=utf-8";

  private Pages() {}

  static Map<String, Endpoint> endpoints() {
    Map<String, Endpoint> pages = new HashMap<>();
    pages.put("/", page("index.html", HTML));
    pages.put("/dashboard.js", page("dashboard.js", SCRIPT));
    pages.put("/format.js", page("format.js", SCRIPT));
    pages.put("/dashboard.css", page("dashboard.css", STYLE));
    pages.put("/uplot.js", page("uplot/uPlot.esm.js", SCRIPT));
    pages.put("/uplot.css", page("uplot/uPlot.min.css", STYLE));
    pages.put("/openapi.json", page("openapi.json", "application/json"));
    return pages;
  }

  private static Endpoint page(String name, String type) {
    Content content = new Content(type, read(name), null);
    return request -> content;
  }

  private static byte[] read(String name) {
    try (InputStream file =
        Pages.class.getResourceAsStream("/io/sirocco/streams/dashboard/" + name)) {
      if (file == null) {
        throw new IllegalStateException("expected " + name + " on the class path, found nothing");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
