package io.sirocco.streams;

import io.sirocco.testkit.OnEmbeddedKafka;

@OnEmbeddedKafka
class UsageAppClassicIT extends UsageAppContract {
  UsageAppClassicIT() {
    super(GroupProtocol.CLASSIC);
  }
}
