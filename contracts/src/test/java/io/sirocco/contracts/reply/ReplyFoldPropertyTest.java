package io.sirocco.contracts.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random logs of three confused workers, against the rule written down a second time. */
class ReplyFoldPropertyTest {
  private static final int LOGS = 20_000;

  @Test
  void foldAgreesWithTheRuleWrittenAsASearch() {
    int ended = 0;
    int takenOver = 0;
    for (int seed = 0; seed < LOGS; seed++) {
      List<ReplyRecord> log = randomLog(new Random(seed));

      List<ReplyRecord> answer = folded(log);

      assertThat(answer).as("seed %d", seed).isEqualTo(searched(log));
      ended += answer.stream().anyMatch(reply -> reply.event().isTerminal()) ? 1 : 0;
      takenOver += answer.stream().map(ReplyRecord::attempt).distinct().count() > 1 ? 1 : 0;
    }
    // Else the logs are too tame, or too wild, to say anything.
    assertThat(ended).isGreaterThan(LOGS / 20);
    assertThat(takenOver).isGreaterThan(LOGS / 20);
  }

  @Test
  void lateReaderThatBeginsAtTheReplyOffsetSeesTheSameAnswer() {
    for (int seed = 0; seed < LOGS / 10; seed++) {
      List<ReplyRecord> log = randomLog(new Random(seed));
      for (int seen = 0; seen < log.size(); seen++) {
        List<ReplyRecord> early = folded(log.subList(0, seen));

        assertThat(folded(log).subList(0, early.size())).as("seed %d", seed).isEqualTo(early);
      }
    }
  }

  private static List<ReplyRecord> folded(List<ReplyRecord> log) {
    ReplyFold fold = new ReplyFold("r0");
    return log.stream()
        .filter(reply -> switch (fold.accept(reply)) {
          case APPENDED, ENDED -> true;
          case STARTED, DROPPED -> false;
        })
        .toList();
  }

  /**
   * The rule without state: the n-th record of the answer is the first one behind the (n-1)-th that
   * carries sequence n and the writer and attempt of the start that was in force where it stands.
   */
  private static List<ReplyRecord> searched(List<ReplyRecord> log) {
    List<ReplyRecord> answer = new ArrayList<>();
    for (int at = 0; at < log.size(); at++) {
      ReplyRecord reply = log.get(at);
      if (isOfAnswer(reply, answer.size()) && isInForce(reply, log.subList(0, at))) {
        answer.add(reply);
        if (reply.event() != ReplyEvent.DELTA) {
          return answer;
        }
      }
    }
    return answer;
  }

  private static boolean isOfAnswer(ReplyRecord reply, long sequence) {
    return reply.requestId().equals("r0")
        && List.of(ReplyEvent.DELTA, ReplyEvent.END, ReplyEvent.ERROR).contains(reply.event())
        && Long.valueOf(sequence).equals(reply.sequence());
  }

  private static boolean isInForce(ReplyRecord reply, List<ReplyRecord> before) {
    List<ReplyRecord> starts = before.stream()
        .filter(other -> other.requestId().equals("r0") && other.event() == ReplyEvent.START)
        .toList();
    int greatest = starts.stream().mapToInt(ReplyRecord::attempt).max().orElse(0);
    return starts.stream()
        .filter(start -> start.attempt() == greatest)
        .findFirst()
        .filter(start -> start.writer().equals(reply.writer()) && greatest == reply.attempt())
        .isPresent();
  }

  /** Workers that mostly behave: each writes under its last start, at about the right sequence. */
  private static List<ReplyRecord> randomLog(Random random) {
    LogWriter log = new LogWriter();
    int[] attempts = {1, 1, 1};
    long sequence = 0;
    int length = 5 + random.nextInt(25);
    for (int i = 0; i < length; i++) {
      int worker = random.nextInt(10) < 7 ? i * 3 / length : random.nextInt(3);
      String writer = "w" + worker;
      log.request(random.nextInt(10) == 0 ? "r1" : "r0");
      long at = Math.max(0, sequence + (random.nextInt(6) == 0 ? random.nextInt(3) - 1 : 0));
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> {
          attempts[worker] = 1 + worker + random.nextInt(2);
          log.start(writer, attempts[worker]);
        }
        case 3 -> log.release(writer, attempts[worker]);
        case 4 -> log.progress(writer, attempts[worker]);
        case 5 -> log.end(writer, attempts[worker], at);
        case 6 -> log.error(writer, attempts[worker], at);
        default -> log.delta(writer, attempts[worker], at, "t" + i);
      }
      sequence = folded(log.records()).size();
    }
    return log.records();
  }
}
