package io.sirocco.embedded;

import io.sirocco.testkit.OnEmbeddedKafka;

@OnEmbeddedKafka
class HandoverIT extends HandoverContract {}
