package io.sirocco.embedded.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrowAwayTopicTest {
  @Test
  void recordStampedWhileItWasOnItsWaySaysThatClocksAgree() {
    Finding finding = ThrowAwayTopic.clocks(1000, 1003, 1007);

    assertThat(finding.status()).isEqualTo(Status.OK);
    assertThat(finding.found()).isEqualTo("the broker's is 0 ms ahead, give or take 7 ms");
  }

  @Test
  void recordStampedBeforeItWasSentSaysThatTheBrokerIsBehind() {
    Finding finding = ThrowAwayTopic.clocks(10_000, 5_000, 10_007);

    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).contains("-5000 ms ahead");
  }

  @Test
  void recordStampedAfterItWasTakenSaysThatTheBrokerIsAhead() {
    assertThat(ThrowAwayTopic.clocks(10_000, 15_007, 10_007).found()).contains("5000 ms ahead");
  }
}
