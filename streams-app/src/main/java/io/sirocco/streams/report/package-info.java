/** What people ask about usage: groups, spend and forecast, quantiles, and files for other programs. */
@NullMarked
package io.sirocco.streams.report;

import org.jspecify.annotations.NullMarked;
