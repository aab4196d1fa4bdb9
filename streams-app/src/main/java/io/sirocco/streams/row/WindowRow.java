package io.sirocco.streams.row;

import io.sirocco.contracts.usage.WindowSize;

/**
 * The sizes of windows as numbers, which are for ever: the names of the sizes may change.
 *
 * <p>Stateless.
 */
final class WindowRow {
  private WindowRow() {}

  static int number(WindowSize window) {
    return switch (window) {
      case HOUR -> 1;
      case DAY -> 2;
      case MONTH -> 3;
    };
  }

  static WindowSize window(int number) {
    return switch (number) {
      case 1 -> WindowSize.HOUR;
      case 2 -> WindowSize.DAY;
      case 3 -> WindowSize.MONTH;
      default -> throw new IllegalArgumentException("expected 1 to 3 as a window, found " + number);
    };
  }
}
