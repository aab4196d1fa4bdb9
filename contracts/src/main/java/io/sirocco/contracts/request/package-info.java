/** What is known about a request by its id: who may cancel it, and where its answer lives. */
@NullMarked
package io.sirocco.contracts.request;

import org.jspecify.annotations.NullMarked;
