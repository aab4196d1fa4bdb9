/** Which models are served, by which names, and on which topics. */
@NullMarked
package io.sirocco.contracts.model;

import org.jspecify.annotations.NullMarked;
