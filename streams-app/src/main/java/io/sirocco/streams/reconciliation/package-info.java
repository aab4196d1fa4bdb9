/** Bills held against what readers saw: what belongs together, and what adds up from it. */
@NullMarked
package io.sirocco.streams.reconciliation;

import org.jspecify.annotations.NullMarked;
