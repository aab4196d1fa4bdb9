package io.sirocco.testkit;

@OnContainerKafka
class BrokerToolsOnContainerIT extends BrokerToolsContract {}
