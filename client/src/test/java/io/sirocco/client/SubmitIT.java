package io.sirocco.client;

import io.sirocco.testkit.OnEmbeddedKafka;

@OnEmbeddedKafka
class SubmitIT extends SubmitContract {}
