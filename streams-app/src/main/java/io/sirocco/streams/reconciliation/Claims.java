package io.sirocco.streams.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.usage.WindowSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that was said about the requests of one user under one id: usually one bill and one receipt, more
 * when the id was used again.
 *
 * <p>What follows from them rests on which claims there are, and not on the order in which they came:
 * those that agree belong together, and the others are paired in the order of their ids. That holds for
 * the first {@value #MOST} of a side; see {@link #isFull}.
 *
 * <p>Immutable.
 *
 * @param bills each once, sorted by id
 * @param receipts each once, sorted by id
 */
public record Claims(
    @JsonProperty("bills") List<Claim> bills,
    @JsonProperty("receipts") List<Claim> receipts) {
  private static final int MOST = 100;

  /** Nothing was said. */
  public static final Claims NONE = new Claims(List.of(), List.of());

  public Claims {
    bills = List.copyOf(bills);
    receipts = List.copyOf(receipts);
  }

  /** Returns these claims with a bill; of copies the first stays. */
  public Claims withBill(Claim bill) {
    return new Claims(with(bills, bill), receipts);
  }

  /** Returns these claims with a receipt; of copies the first stays. */
  public Claims withReceipt(Claim receipt) {
    return new Claims(bills, with(receipts, receipt));
  }

  private static List<Claim> with(List<Claim> claims, Claim more) {
    if (claims.stream().anyMatch(claim -> claim.id().equals(more.id()))) {
      return claims;
    }
    return Stream.concat(claims.stream(), Stream.of(more))
        .sorted(Comparator.comparing(Claim::id))
        .toList();
  }

  /**
   * Whether there are as many of a side as are held against each other: an id that is used again and
   * again would take longer each time.
   */
  public boolean isFull() {
    return bills.size() >= MOST || receipts.size() >= MOST;
  }

  /** Returns these claims without those that agree. */
  public Claims withoutMatched() {
    Pairs pairs = Pairs.of(this);
    Stream<Claim> others = pairs.differing().stream().map(Difference::receipt);
    return new Claims(
        bills.stream().filter(bill -> !pairs.matched().contains(bill)).toList(),
        Stream.concat(others, pairs.receipts().stream())
            .sorted(Comparator.comparing(Claim::id))
            .toList());
  }

  /** Returns what adds up from them, by the first millisecond of the hour: that of the bill, if any. */
  public Map<Long, HourCounts> counts() {
    Map<Long, HourCounts> counts = new TreeMap<>();
    Pairs pairs = Pairs.of(this);
    pairs.matched().forEach(bill -> add(counts, bill, HourCounts.matched(hour(bill), bill)));
    pairs
        .differing()
        .forEach(difference -> add(
            counts, difference.bill(), HourCounts.differing(hour(difference.bill()), difference)));
    pairs.bills().forEach(bill -> add(counts, bill, HourCounts.withoutReceipt(hour(bill))));
    pairs
        .receipts()
        .forEach(receipt -> add(counts, receipt, HourCounts.withoutBill(hour(receipt))));
    return counts;
  }

  /** Returns what does not agree. */
  public List<Difference> differences() {
    return Pairs.of(this).differing();
  }

  private static void add(Map<Long, HourCounts> counts, Claim claim, HourCounts more) {
    counts.merge(hour(claim), more, HourCounts::plus);
  }

  private static long hour(Claim claim) {
    return WindowSize.HOUR.startOf(claim.endedMillis());
  }

  /** What belongs together, and what is left over on either side. */
  private record Pairs(
      List<Claim> matched, List<Difference> differing, List<Claim> bills, List<Claim> receipts) {

    static Pairs of(Claims claims) {
      List<Claim> matched = new ArrayList<>();
      List<Claim> bills = new ArrayList<>();
      List<Claim> receipts = new ArrayList<>(claims.receipts);
      for (Claim bill : claims.bills) {
        int agreeing = indexOfAgreeing(receipts, bill);
        if (agreeing < 0) {
          bills.add(bill);
        } else {
          matched.add(bill);
          receipts.remove(agreeing);
        }
      }
      int pairs = Math.min(bills.size(), receipts.size());
      List<Difference> differing = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        differing.add(new Difference(bills.get(i), receipts.get(i)));
      }
      return new Pairs(
          matched,
          differing,
          bills.subList(pairs, bills.size()),
          receipts.subList(pairs, receipts.size()));
    }

    private static int indexOfAgreeing(List<Claim> receipts, Claim bill) {
      for (int i = 0; i < receipts.size(); i++) {
        if (bill.agreesWith(receipts.get(i))) {
          return i;
        }
      }
      return -1;
    }
  }
}
