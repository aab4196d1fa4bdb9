/** One real Kafka node inside this process: the broker that the embedded form and the tests run on. */
@NullMarked
package io.sirocco.broker;

import org.jspecify.annotations.NullMarked;
