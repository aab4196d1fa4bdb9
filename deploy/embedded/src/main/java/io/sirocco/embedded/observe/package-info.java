/** What a process tells those who operate it: metrics, and whether it is well. */
@NullMarked
package io.sirocco.embedded.observe;

import org.jspecify.annotations.NullMarked;
