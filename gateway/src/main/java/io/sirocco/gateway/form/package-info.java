/** What is asked: the bodies of each provider's routes as one request. */
@NullMarked
package io.sirocco.gateway.form;

import org.jspecify.annotations.NullMarked;
