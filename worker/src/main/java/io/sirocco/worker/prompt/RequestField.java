package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;

/**
 * A field of a request: what it may be, what it is when it is absent, and what it does.
 *
 * <p>Immutable, and its reader stateless.
 *
 * @param name its name in the request
 * @param range what it may be, for people
 * @param absent what an absent one means, for people
 * @param effect what it does, for people: one sentence
 * @param absentValue what an absent one, or null, is read as
 * @param reader checks and reads a present one
 */
record RequestField<T>(
    String name, String range, String absent, String effect, T absentValue, Reader<T> reader) {

  /** Returns the value in {@code fields}, or the absent one. */
  T in(RequestFields fields) throws InvalidRequestException {
    Object value = fields.value(name);
    return value == null ? absentValue : reader.read(name, value);
  }

  /** Checks and reads a JSON value. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Reads {@code value}.
     *
     * @param field where it stands, for errors
     * @param value a string, a boolean, a number, a list or a map
     * @throws InvalidRequestException when it is not as the field's range says
     */
    T read(String field, Object value) throws InvalidRequestException;
  }
}
