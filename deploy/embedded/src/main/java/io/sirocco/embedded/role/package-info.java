/** Running a role until it is told to stop: signals, draining, faults, logging. */
@NullMarked
package io.sirocco.embedded.role;

import org.jspecify.annotations.NullMarked;
