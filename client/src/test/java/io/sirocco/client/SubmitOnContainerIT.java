package io.sirocco.client;

import io.sirocco.testkit.OnContainerKafka;

@OnContainerKafka
class SubmitOnContainerIT extends SubmitContract {}
