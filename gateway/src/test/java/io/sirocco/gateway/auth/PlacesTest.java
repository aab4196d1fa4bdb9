package io.sirocco.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.gateway.refusal.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final Caller ANN = new Caller("ann", "a", null, 1);
  private static final Caller BOB = new Caller("bob", "b", null, 5);

  @Test
  void callerWithTooManyIsToldSoWhileOthersGoOn() {
    Places places = new Places(3);
    Places.Place first = places.ask(ANN, null);
    places.ask(BOB, null);

    assertThatThrownBy(() -> places.ask(ANN, null))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().status()).isEqualTo(429));

    first.close();
    first.close();
    places.ask(ANN, null);
    assertThat(places.open()).isEqualTo(2);
  }

  @Test
  void moreThanThereIsRoomForIsRefusedAtOnce() {
    Places places = new Places(1);
    places.ask(BOB, null);

    assertThatThrownBy(() -> places.ask(ANN, null))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().status()).isEqualTo(503));
  }

  @Test
  void answerThatNobodyReadsLeavesItsPlaceToReadersAndTakesOneOfItsOwn() {
    Places places = new Places(3);
    Places.Place left = places.ask(ANN, null);
    left.leave();
    left.leave();

    assertThat(places.open()).isZero();
    assertThat(places.unread()).isOne();
    assertRefused(429, () -> places.ask(ANN, null));
    assertRefused(429, () -> places.askInBackground(ANN, null));
    places.read(ANN).close();

    left.close();
    left.close();
    left.leave();
    assertThat(places.unread()).isZero();
    places.ask(ANN, null);
  }

  @Test
  void whoeverAsksAgainUnderTheKeyOfAnAnswerThatNobodyReadsMayReadIt() {
    Places places = new Places(1);
    Places.Place first = places.ask(ANN, "k");
    first.leave();

    assertRefused(429, () -> places.ask(ANN, "other"));
    assertRefused(503, () -> places.ask(BOB, "k"));
    Places.Place again = places.ask(ANN, "k");
    assertThat(places.open()).isOne();

    again.leave();
    first.close();
    places.ask(ANN, "k").close();
    again.close();
    assertThat(places.unread()).isZero();
    places.ask(ANN, "other");
  }

  @Test
  void asManyAnswersGoOnWithoutAReaderAsMayBeRead() {
    Places places = new Places(2);
    places.askInBackground(BOB, null);
    Places.Place second = places.askInBackground(BOB, null);

    assertRefused(503, () -> places.askInBackground(ANN, null));
    assertRefused(503, () -> places.ask(ANN, null));
    places.read(ANN).close();
    second.close();
    places.askInBackground(ANN, null);
    assertThat(places.unread()).isEqualTo(2);
  }

  private static void assertRefused(int status, ThrowingCallable take) {
    assertThatThrownBy(take)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().status()).isEqualTo(status));
  }
}
