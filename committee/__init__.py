"""The Committee's rules: plain values and pure functions; no I/O, no clock, no library."""
