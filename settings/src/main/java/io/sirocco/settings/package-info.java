/** Settings: what each has by way of name, type, range and default, and how they are loaded. */
@NullMarked
package io.sirocco.settings;

import org.jspecify.annotations.NullMarked;
