package io.sirocco.embedded;

import io.sirocco.testkit.OnContainerKafka;

@OnContainerKafka
class HandoverOnContainerIT extends HandoverContract {}
