/** The topics of usage and prices seen from outside of the application: create, read, write. */
@NullMarked
package io.sirocco.streams.topic;

import org.jspecify.annotations.NullMarked;
