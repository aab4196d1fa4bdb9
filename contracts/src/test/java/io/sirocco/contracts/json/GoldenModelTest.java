package io.sirocco.contracts.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenModelTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void readyModelTellsAllAboutItself() throws Exception {
    ModelAnnouncement model = read("model-ready");

    assertThat(model)
        .isEqualTo(new ModelAnnouncement(
            "breeze-7b",
            List.of("winds/Breeze-7B-Instruct", "breeze"),
            "chat.requests.breeze-7b",
            32768,
            ModelState.READY,
            true,
            "w-1",
            1_754_000_000_123L));
    assertThat(model.key()).isEqualTo("breeze-7b");
  }

  @Test
  void loadingModelHasAKeyOfItsWorkersAndNoContextLength() throws Exception {
    ModelAnnouncement model = read("model-loading");

    assertThat(model.state()).isEqualTo(ModelState.LOADING);
    assertThat(model.contextLength()).isNull();
    assertThat(model.key()).isEqualTo("gale-2b/w-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model-ready", "model-loading"})
  void announcementIsWrittenAsItWasRead(String name) throws Exception {
    assertThat(codec.write(read(name))).isEqualTo(GoldenJson.v1(name));
  }

  @Test
  void membersOfALaterVersionAreNoFault() throws Exception {
    String later = GoldenJson.v1("model-ready").replace("{\"name\"", "{\"gpu\":\"x\",\"name\"");

    assertThat(codec.read(later, ModelAnnouncement.class)).isEqualTo(read("model-ready"));
  }

  @Test
  void announcementThatNamesNoUsableTopicIsRefused() {
    String broken = GoldenJson.v1("model-ready").replace("chat.requests.breeze-7b", "a topic");

    assertThatThrownBy(() -> codec.read(broken, ModelAnnouncement.class))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("expected a topic's name in request_topic, found 'a topic'");
  }

  private ModelAnnouncement read(String name) throws MalformedJsonException {
    return codec.read(GoldenJson.v1(name), ModelAnnouncement.class);
  }
}
