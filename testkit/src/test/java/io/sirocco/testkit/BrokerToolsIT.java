package io.sirocco.testkit;

@OnEmbeddedKafka
class BrokerToolsIT extends BrokerToolsContract {}
