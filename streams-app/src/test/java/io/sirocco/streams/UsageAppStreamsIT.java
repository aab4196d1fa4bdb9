package io.sirocco.streams;

import io.sirocco.testkit.OnEmbeddedKafka;

@OnEmbeddedKafka
class UsageAppStreamsIT extends UsageAppContract {
  UsageAppStreamsIT() {
    super(GroupProtocol.STREAMS);
  }
}
