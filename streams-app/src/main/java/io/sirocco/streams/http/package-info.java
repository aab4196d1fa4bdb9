/** Usage over HTTP: questions, updates, and the page that asks them. */
@NullMarked
package io.sirocco.streams.http;

import org.jspecify.annotations.NullMarked;
