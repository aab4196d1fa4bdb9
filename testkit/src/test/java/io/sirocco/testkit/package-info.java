/** Tests of the tools that other tests rely on. */
@NullMarked
package io.sirocco.testkit;

import org.jspecify.annotations.NullMarked;
