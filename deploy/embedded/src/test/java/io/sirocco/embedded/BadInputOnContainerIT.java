package io.sirocco.embedded;

import io.sirocco.testkit.OnContainerKafka;

@OnContainerKafka
class BadInputOnContainerIT extends BadInputContract {}
