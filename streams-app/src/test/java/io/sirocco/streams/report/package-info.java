/** Tests of reports. */
@NullMarked
package io.sirocco.streams.report;

import org.jspecify.annotations.NullMarked;
