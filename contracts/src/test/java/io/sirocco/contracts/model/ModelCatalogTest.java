package io.sirocco.contracts.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCatalogTest {
  private static ModelAnnouncement ready(String name, String worker, long at, String... aliases) {
    return announce(name, worker, at, ModelState.READY, false, aliases);
  }

  private static ModelAnnouncement loading(String name, String worker, long at) {
    return announce(name, worker, at, ModelState.LOADING, false);
  }

  private static ModelAnnouncement marked(String name, String worker, long at) {
    return announce(name, worker, at, ModelState.READY, true);
  }

  private static ModelAnnouncement announce(
      String name, String worker, long at, ModelState state, boolean mark, String... aliases) {
    return new ModelAnnouncement(
        name, List.of(aliases), Topics.requests(name), 1024, state, mark, worker, at);
  }

  private static ModelCatalog of(ModelAnnouncement... records) {
    ModelCatalog catalog = ModelCatalog.EMPTY;
    for (ModelAnnouncement announcement : records) {
      catalog = catalog.with(announcement);
    }
    return catalog;
  }

  @Test
  void modelsAreListedOnceAndByName() {
    ModelCatalog catalog =
        of(ready("gale", "w1", 1), ready("breeze", "w2", 2), loading("gale", "w3", 3));

    assertThat(catalog.models()).containsExactly(ready("breeze", "w2", 2), ready("gale", "w1", 1));
  }

  @Test
  void workerThatLoadsDoesNotHideWhatAnotherHasReady() {
    ModelAnnouncement old = ready("breeze", "w1", 1, "winds/breeze");

    assertThat(of(old, loading("breeze", "w2", 2)).find("winds/breeze")).contains(old);
    assertThat(of(loading("breeze", "w2", 2), old).find("winds/breeze")).contains(old);
  }

  @Test
  void workerThatGivesUpLoadingTakesOnlyItsOwnRecordAway() {
    ModelCatalog two = of(loading("breeze", "w1", 1), loading("breeze", "w2", 2));

    assertThat(two.find("breeze")).contains(loading("breeze", "w2", 2));
    assertThat(two.without("breeze/w2").find("breeze")).contains(loading("breeze", "w1", 1));
    assertThat(two.without("breeze/w2").without("breeze/w1").models()).isEmpty();
    assertThat(of(ready("breeze", "w1", 1)).without("breeze/w2").models()).hasSize(1);
  }

  @Test
  void ofWorkersThatDisagreeTheOneReadyLastIsRight() {
    ModelCatalog catalog = of(ready("breeze", "w2", 9, "old"), ready("breeze", "w1", 5, "new"));

    assertThat(catalog.find("new")).isPresent();
    assertThat(catalog.find("old")).isEmpty();
  }

  @Test
  void nameGoesBeforeAliasAndEitherBeforeTheSameInAnotherCase() {
    ModelAnnouncement breeze = ready("breeze", "w1", 1);
    ModelAnnouncement gale = ready("gale", "w2", 2, "breeze", "Gust");
    ModelAnnouncement gust = ready("GUST", "w3", 3, "GALE");
    ModelCatalog catalog = of(breeze, gale, gust);

    assertThat(catalog.find("breeze")).contains(breeze);
    assertThat(catalog.find("Gust")).contains(gale);
    assertThat(catalog.find("gust")).contains(gust);
    assertThat(catalog.find("GALE")).contains(gust);
    assertThat(catalog.find("Gale")).contains(gale);
    assertThat(catalog.find("storm")).isEmpty();
  }

  @Test
  void aliasThatTwoModelsClaimBelongsToTheOneAnnouncedLast() {
    ModelAnnouncement older = ready("breeze", "w1", 1, "mistral");
    ModelAnnouncement newer = ready("gale", "w2", 2, "mistral");

    assertThat(of(older, newer).find("mistral")).contains(newer);
    assertThat(of(newer, older).find("mistral")).contains(newer);
  }

  @Test
  void onlyModelIsTheDefault() {
    assertThat(of(ready("breeze", "w1", 1)).defaultModel()).contains(ready("breeze", "w1", 1));
    assertThat(ModelCatalog.EMPTY.defaultModel()).isEmpty();
  }

  @Test
  void amongSeveralTheDefaultIsTheOneMarkedLast() {
    ModelCatalog unmarked = of(ready("breeze", "w1", 1), ready("gale", "w2", 2));
    ModelCatalog once = unmarked.with(marked("gust", "w3", 3));
    ModelCatalog twice = once.with(marked("breeze", "w4", 4));

    assertThat(unmarked.defaultModel()).isEmpty();
    assertThat(once.defaultModel()).contains(marked("gust", "w3", 3));
    assertThat(twice.defaultModel()).contains(marked("breeze", "w4", 4));
  }

  @Test
  void catalogThatWasHandedOutDoesNotChange() {
    ModelCatalog before = of(ready("breeze", "w1", 1));

    ModelCatalog after = before.without("breeze");

    assertThat(before.models()).hasSize(1);
    assertThat(after.models()).isEmpty();
  }
}
