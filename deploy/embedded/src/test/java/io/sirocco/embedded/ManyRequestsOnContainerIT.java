package io.sirocco.embedded;

import io.sirocco.testkit.OnContainerKafka;

@OnContainerKafka
class ManyRequestsOnContainerIT extends ManyRequestsContract {}
