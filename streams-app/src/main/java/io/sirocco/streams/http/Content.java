package io.sirocco.streams.http;

import org.jspecify.annotations.Nullable;

/**
 * The body of an answer.
 *
 * <p>Confined to the thread of the request.
 *
 * @param type the media type
 * @param body the bytes
 * @param fileName what a browser saves it as, or null where it is shown
 */
@SuppressWarnings("ArrayRecordComponent") // It is written once and compared with nothing.
record Content(String type, byte[] body, @Nullable String fileName) {
  static Content json(byte[] body) {
    return new Content("application/json", body, null);
  }
}
