/** Tests of settings. */
@NullMarked
package io.sirocco.settings;

import org.jspecify.annotations.NullMarked;
