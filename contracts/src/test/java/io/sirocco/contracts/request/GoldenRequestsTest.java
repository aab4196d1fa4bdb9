package io.sirocco.contracts.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.json.GoldenJson;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenRequestsTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void keyNamesTheUserAndTheRequest() throws Exception {
    assertThat(read("request-key", RequestKey.class)).isEqualTo(RequestKey.of("u-17", "r-1"));
  }

  @Test
  void keyOfAnyUserNamesTheRequestAlone() throws Exception {
    assertThat(read("request-key-any-user", RequestKey.class))
        .isEqualTo(RequestKey.ofAnyUser("r-1"));
  }

  @Test
  void cancelIsReadFieldByField() throws Exception {
    ControlCommand command = read("control-cancel", ControlCommand.class);

    assertThat(command).isEqualTo(ControlCommand.cancel(1_754_000_000_123L));
    assertThat(command.cancels()).isTrue();
  }

  @Test
  void streamLocationIsReadFieldByField() throws Exception {
    assertThat(read("stream-location", StreamLocation.class))
        .isEqualTo(new StreamLocation(
            "chat.replies.backend-1.7",
            0,
            42,
            RequestFingerprint.of(new byte[] {'{', '}'}),
            "chat.requests.breeze-7b",
            3,
            42,
            1_754_000_000_000L));
  }

  @Test
  void handleIsReadFromItsText() {
    ReplyHandle handle = ReplyHandle.parse(GoldenJson.v1("reply-handle"));

    assertThat(handle).isEqualTo(new ReplyHandle("u-17", "r-1", "chat.replies.backend-1.7", 0, 42));
    assertThat(handle.text()).isEqualTo(GoldenJson.v1("reply-handle"));
    assertThat(handle.key()).isEqualTo(RequestKey.of("u-17", "r-1"));
  }

  @Test
  void textThatIsNoHandleIsRefused() {
    assertThatThrownBy(() -> ReplyHandle.parse("{\"user\":\"u-17\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the text of a handle");
  }

  @ParameterizedTest
  @CsvSource({
    "request-key, RequestKey",
    "request-key-any-user, RequestKey",
    "control-cancel, ControlCommand",
    "stream-location, StreamLocation",
    "reply-handle, ReplyHandle"
  })
  void everyRecordIsWrittenAsItWasRead(String name, String type) throws Exception {
    Class<?> record = Class.forName("io.sirocco.contracts.request." + type);

    assertThat(codec.write(read(name, record))).isEqualTo(GoldenJson.v1(name));
  }

  @Test
  void commandOfALaterVersionIsNoFaultAndNoCancel() throws Exception {
    String later = GoldenJson.v1("control-cancel").replace("\"cancel\"", "\"pause\",\"for_ms\":3");

    assertThat(codec.read(later, ControlCommand.class).cancels()).isFalse();
  }

  @Test
  void locationOutsideOfATopicIsRefused() {
    String broken =
        GoldenJson.v1("stream-location").replace("\"reply_offset\":42", "\"reply_offset\":-1");

    assertThatThrownBy(() -> codec.read(broken, StreamLocation.class))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("expected 0 or more in reply_offset, found -1");
  }

  private <T> T read(String name, Class<T> type) throws MalformedJsonException {
    return codec.read(GoldenJson.v1(name), type);
  }
}
