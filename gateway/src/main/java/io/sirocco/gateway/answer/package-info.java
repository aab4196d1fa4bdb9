/** What is answered: the records of a reply log as each provider's clients read them. */
@NullMarked
package io.sirocco.gateway.answer;

import org.jspecify.annotations.NullMarked;
