"""The benchmarks: ratios measured in one run, never run as tests."""
