/** What tests are made of: brokers to run on, eyes on reply logs, and the guarantees to hold. */
@NullMarked
package io.sirocco.testkit;

import org.jspecify.annotations.NullMarked;
