FROM debian:12
RUNN true
