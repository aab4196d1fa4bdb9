@NullMarked
package io.sirocco.embedded.doctor;

import org.jspecify.annotations.NullMarked;
