"""Tables that somebody hands in, CSV or XLSX: hostile until they are read, in a process of their own."""
