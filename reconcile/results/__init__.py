"""What a run finds: typed rows and the tables they stand in."""
