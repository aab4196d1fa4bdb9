/** Tests. */
@NullMarked
package io.sirocco.gateway.form;

import org.jspecify.annotations.NullMarked;
