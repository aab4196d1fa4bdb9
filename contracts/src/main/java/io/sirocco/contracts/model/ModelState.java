package io.sirocco.contracts.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far a worker was with a model when it announced it.
 *
 * <p>Immutable.
 */
public enum ModelState {
  /** A worker loads it for the first time; requests may be written already, and wait. */
  @JsonProperty("loading")
  LOADING,
  /** A worker has loaded it and takes requests, or did: whether one lives tells its group. */
  @JsonProperty("ready")
  READY
}
