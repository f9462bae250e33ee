"""The world a control works in: an engine with canonical tables, reference data, options and periods."""
